"""One text by one model, without files: what the command `explain` and the function `sitegen.explain` share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.segment import segment
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier
from sitegen.models.registry import describe, load
from sitegen.web.explanation import Explanation

SHARED = 30  # sentences of an abstract up to which shares are computed: a second or two, by up to 1,700 texts


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A model in memory: what its directory says of it, and the classifier that answers."""

    manifest: Manifest
    classifier: Classifier

    def __repr__(self) -> str:
        """The model in one line: its folder, its classes, whether its fields add up."""
        negative, positive = self.manifest.classes
        kind = "additive" if self.classifier.additive else "not additive"
        return f"LoadedModel({str(self.manifest.path)!r}: {positive!r} against {negative!r}, {kind})"


def load_model(path: Path) -> LoadedModel:
    """The model in the directory at `path`; ModelError where it cannot be used."""
    return LoadedModel(manifest=describe(path), classifier=load(path))


def explain(model: LoadedModel, *, title: str, abstract: str, threshold: float = 0.5) -> Explanation:
    """The explanation of one text, in the words of the model's own classes."""
    document = segment(title, abstract, model.manifest.segmentation)
    (occlusion,) = occlude([document], model.classifier)
    (alone,) = read_alone([document], model.classifier)
    shares = shapley([document], model.classifier) if occlusion.sentences.size <= SHARED else [None]
    return Explanation(
        occlusion=occlusion, alone=alone, shapley=shares[0], classes=model.manifest.classes, threshold=threshold
    )
