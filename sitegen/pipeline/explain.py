"""One text by one model, without files: what the command `explain` and the function `sitegen.explain` share."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.analysis.attribution.depth import reaches
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, Shapley, least_exact, shapley
from sitegen.corpus.segment import segment
from sitegen.errors import ModelError
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier
from sitegen.models.registry import describe, load
from sitegen.models.source import Source
from sitegen.pipeline.given_model import ModelSettings, source_of_given
from sitegen.pipeline.plan import depth_of
from sitegen.web.explanation import Explanation
from sitegen.web.text.asked import not_asked

SECONDS = 60.0  # that a slow model may take
SHARED = 30  # sentences of an abstract up to which shares are computed: a second or two, by up to 1,700 texts


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A model that is ready to answer: where it is, what can be said of it, and the classifier itself.

    classes: (negative, positive), as pages and figures call them.
    """

    source: Source
    manifest: Manifest
    classifier: Classifier
    classes: tuple[str, str]

    def __repr__(self) -> str:
        """The model in one line: where it is, its classes, whether its fields add up."""
        negative, positive = self.classes
        kind = "additive" if self.classifier.additive else "not additive"
        where = self.source.name if self.source.held else repr(self.source.name)
        return f"LoadedModel({where}: {positive!r} against {negative!r}, {kind})"


def load_model(given: object, settings: ModelSettings | None = None, *, caller: str = "load_model") -> LoadedModel:
    """The model that a person has given, see given_model.py; ModelError where it cannot be used, TypeError where it is
    none."""
    settings = settings or ModelSettings()
    if isinstance(given, LoadedModel):
        if settings != ModelSettings():
            raise ModelError(f"{given!r}: is loaded already. Give such settings to load_model.")
        return given
    source = source_of_given(given, settings, caller=caller)
    manifest = describe(source)
    classes = manifest.classes if settings.classes is None else settings.classes
    return LoadedModel(source=source, manifest=manifest, classifier=load(source), classes=classes)


def explain(
    model: LoadedModel, *, title: str, abstract: str, threshold: float = 0.5, seconds: float = SECONDS
) -> Explanation:
    """The explanation of one text. seconds: how long a model may take whose fields do not add up, about: one that is
    slow is asked less (analysis/attribution/depth.py). TypeError where title or abstract is no text."""
    for field, text in (("title", title), ("abstract", abstract)):
        if not isinstance(text, str):
            raise TypeError(f'explain: {field} is {text!r:.80}, no text. Give a string; "" where there is none.')
    document, classifier = segment(title, abstract, model.manifest.segmentation), model.classifier
    plan = depth_of(document, classifier, seconds=seconds)
    (occlusion,) = occlude([document], classifier, depth=plan.depth)
    (alone,) = read_alone([document], classifier, depth=plan.depth)
    shares: list[Shapley | None] = [None]
    if occlusion.sentences.size <= SHARED and reaches(plan.depth, "shares"):
        limit = EXACT_LIMIT if plan.exact else least_exact(plan.pairs)
        shares = [*shapley([document], classifier, limit=limit, pairs=plan.pairs)]
    return Explanation(
        occlusion=occlusion,
        alone=alone,
        shapley=shares[0],
        classes=model.classes,
        threshold=threshold,
        not_asked=not_asked(occlusion, plan),
    )
