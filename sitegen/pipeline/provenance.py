"""Where a site's numbers come from, in words for its readers: its rows, its models, its records' past, its versions.

What is peculiar to a kind of model comes from the model's manifest in the kind's own words; here is what can be said of
every model.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Site
from sitegen.corpus.records import Collection, Problem, Record, text_hash
from sitegen.corpus.tokens import token_rule
from sitegen.corpus.values import limit_text
from sitegen.models.manifest import Manifest, digest_of
from sitegen.version import __version__
from sitegen.web.components import Fact
from sitegen.web.export.models import ModelFile
from sitegen.web.pages.methods import ModelFacts, Treatment
from sitegen.web.text.markdown import markdown
from sitegen.web.text.nouns import PAPERS, Nouns

EXAMPLES = 3  # messages shown on the methods page for each kind of problem
_SHOWN_VERSIONS = ("numpy", "nupunkt", "altair", "vl-convert-python", "itables")  # beside those that models need
_MEASURES = {
    "accuracy": ("Accuracy", "share of {many} on the right side"),
    "auc": ("AUC", "how often {a} of the positive class gets the higher probability of a pair; a coin gets 0.5"),
    "brier": ("Brier score", "mean squared distance of probability and label; 0 is best, always 50% gets 0.25"),
    "ece": ("Calibration error", "how far probabilities are from the shares that came true, on average"),
}


def treatments(collection: Collection) -> tuple[Treatment, ...]:
    """Unusual rows of the source by kind: how many, what was done, and the first few messages."""
    return tuple(
        Treatment(
            kind=kind,
            action=action,
            count=n,
            examples=tuple(
                f"{_place(problem, collection)}: {problem.message}"
                for problem in [p for p in collection.problems if (p.kind, p.action) == (kind, action)][:EXAMPLES]
            ),
        )
        for (kind, action), n in collection.counts().items()
    )


def _place(problem: Problem, collection: Collection) -> str:
    """Where a problem is, for readers who may not have the files: the line, and the file where there are several."""
    return (
        f"{problem.counted} {problem.line}"
        if len(collection.files) < 2
        else f"{Path(problem.source).name}:{problem.line}"
    )


def parts_of(records: Sequence[Record], manifest: Manifest) -> tuple[str, ...]:
    """Which part of the model's own data each record was in: train, validation, test, or none (""), by its text."""
    parts = {text: part for part in ("test", "validation", "train") for text in getattr(manifest.texts, part)}
    return tuple(parts.get(text_hash(record.title, record.abstract), "") for record in records)


def model_facts(
    site: Site, number: int, manifest: Manifest, parts: Sequence[str], *, asked: Sequence[bool] | None = None
) -> ModelFacts:
    """The site's model of that number as pages show it; `parts` are those of the site's records, `asked` whether it is
    asked about each, None: about all."""
    asked = asked or [True] * len(parts)
    counts = Counter(part for part, wanted in zip(parts, asked, strict=True) if wanted)
    seen = (
        ("trained on", counts["train"]),
        ("used to decide when to stop", counts["validation"]),
        ("kept back for testing", counts["test"]),
        ("never met before", counts[""]),
    )
    return ModelFacts(
        name=site.models[number].name,
        additive=manifest.additive,
        reads_texts=manifest.reads == "texts",
        softmax=manifest.softmax,
        strips_title=manifest.segmentation.strip_title,
        fingerprint=manifest.fingerprint,
        facts=(*(Fact(name=n, value=value, note=note) for n, value, note in manifest.facts), *_common_facts(manifest)),
        notes=tuple(map(Nouns.of(site).say, manifest.notes)),
        probability_note=manifest.probability_note,
        metrics=_metrics(manifest, Nouns.of(site)),
        card=markdown(manifest.card, below=4),
        seen=tuple(Fact(name=n, value=f"{count:,}") for n, count in seen) if manifest.texts.seen else (),
        tokens=token_rule(manifest.segmentation.tokenizer),
        files=tuple(Fact(name=file, value=digest) for file, digest in manifest.files.items()),
        format=markdown(manifest.format, below=3),
        settings=manifest.settings,
        published=_published(manifest) if site.output.model == "data" else (),
        recompute=manifest.recompute if _recomputable(site) else "",
        no_network="" if manifest.network else manifest.no_network,
        in_memory=bool(site.models[number].in_memory),
        scope=_scope(site, number, asked),
    )


def _scope(site: Site, number: int, asked: Sequence[bool]) -> str:
    """Which records the model is asked about, in a sentence; "" where it is all of them."""
    if not (only := site.models[number].only):
        return ""
    nouns = Nouns.of(site)
    return nouns.say(
        f"This model reads only the {{many}} whose {limit_text(only)}: {sum(asked):,} of {len(asked):,}. Of "
        "the others it says nothing, neither on their pages nor in the data."
    )


def _published(manifest: Manifest) -> tuple[ModelFile, ...]:
    """The files that belong to a model: those that influence results, and its card where it has one."""
    return tuple(
        ModelFile(name=name, source=file, size=file.stat().st_size, digest=manifest.files.get(name) or digest_of(file))
        for name, file in manifest.all_files.items()
    )


def _recomputable(site: Site) -> bool:
    """Whether a program that has data and model can be expected to come to the published numbers: it has the texts,
    deletes text, and computes with at least float32."""
    return (
        site.output.model == "data"
        and site.records.publish == "all"
        and not BASELINES[site.occlusion.baseline].replaces
        and site.occlusion.precision != "bfloat16"
    )


def _common_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """Facts that can be stated of any model."""
    negative, positive = manifest.classes
    segmentation = manifest.segmentation
    called = "as these pages call them" if manifest.settings else "as trained"
    tokens = "lower-cased" if manifest.reads == "tokens" else "to be taken out; the model is given whole texts"
    return (
        Fact(name="Classes", value=f"{positive} / {negative}", note=f"positive / negative, {called}"),
        Fact(name="Words cut by", value=segmentation.tokenizer, note=tokens),
        Fact(name="Sentences cut by", value=segmentation.splitter),
        Fact(
            name="Fingerprint",
            value=manifest.fingerprint[:16],
            note=f"SHA-256 of {_covered(manifest)}, first 16 digits",
        ),
    )


def _covered(manifest: Manifest) -> str:
    """What its fingerprint is made of."""
    parts = ["the model's files"] if manifest.files else []
    return " and ".join([*parts, *(["its settings"] if manifest.settings else [])])


def _metrics(manifest: Manifest, nouns: Nouns) -> tuple[Fact, ...]:
    """Each measure on the model's own test part with its interval; none where it lists none."""
    facts = []
    test = manifest.metrics.get("test")
    for key, (name, meaning) in _MEASURES.items():
        estimate: Any = test.get(key) if isinstance(test, Mapping) else None
        if isinstance(estimate, Mapping) and {"value", "low", "high"} <= set(estimate):
            value, low, high = (float(estimate[part]) for part in ("value", "low", "high"))
            facts.append(Fact(name=name, value=f"{value:.3f}", note=f"[{low:.3f}, {high:.3f}]: {nouns.say(meaning)}"))
    return tuple(facts)


def notes_on(parts: Sequence[str], manifest: Manifest, *, nouns: Nouns = PAPERS) -> dict[int, tuple[str, ...]]:
    """Sentences below the picture of a record on what its numbers are worth, by the record's number."""
    by_part = {
        "train": "The model was trained on this {one}: it may know it by heart.",
        "validation": "This {one} helped to decide when training should stop.",
    }
    notes: dict[int, tuple[str, ...]] = {}
    for k, part in enumerate(parts):
        sentences = [nouns.say(by_part[part])] if part in by_part else []
        if manifest.record_note:
            sentences.append(manifest.record_note)
        if sentences:
            notes[k] = tuple(sentences)
    return notes


def standing(parts: Sequence[str], manifest: Manifest) -> tuple[Standing, ...]:
    """Whether the model has seen each record's text; a model that lists no texts does not say."""
    if not manifest.texts.seen:
        return (Standing.UNKNOWN,) * len(parts)
    seen = {"train": Standing.TRAINING, "validation": Standing.VALIDATION}
    return tuple(seen.get(part, Standing.HELD_OUT) for part in parts)


def versions(manifests: Sequence[Manifest]) -> tuple[Fact, ...]:
    """The programs that made the numbers and the pages, those first that the models need."""
    own = Fact(name="sitegen", value=__version__)
    python = Fact(name="Python", value=platform.python_version())
    needed = dict.fromkeys(name for manifest in manifests for name in manifest.libraries)
    packages = dict.fromkeys([*needed, *_SHOWN_VERSIONS])
    return (own, python, *(Fact(name=name, value=_version(name)) for name in packages))


def _version(package: str) -> str:
    """The version that is installed. What only a model needs may be missing where its answers are merely shown."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed where these pages were written"
