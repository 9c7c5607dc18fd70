"""What readers are told of where a site's numbers come from: its rows, its models, its records' past, its versions."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version

from sitegen.analysis.significance.evidence import Standing
from sitegen.corpus.records import Collection, Record, text_hash
from sitegen.models.lstm import facts
from sitegen.models.manifest import ModelDescription
from sitegen.version import __version__
from sitegen.web.components import Fact
from sitegen.web.pages.methods import ModelFacts, Treatment
from sitegen.web.pages.prose import markdown

EXAMPLES = 3  # messages shown on the methods page for each kind of problem
_SHOWN_VERSIONS = ("torch", "numpy", "gensim", "nupunkt", "altair", "vl-convert-python", "itables")


def treatments(collection: Collection) -> tuple[Treatment, ...]:
    """What was unusual about the source's rows, what was done, and the first few messages of each kind."""
    return tuple(
        Treatment(
            kind=kind,
            action=action,
            count=n,
            examples=tuple(
                f"line {problem.line}: {problem.message}"
                for problem in [p for p in collection.problems if (p.kind, p.action) == (kind, action)][:EXAMPLES]
            ),
        )
        for (kind, action), n in collection.counts().items()
    )


def parts_of(records: Sequence[Record], description: ModelDescription) -> tuple[str, ...]:
    """Which part of the model's own data each record was in: train, validation, test, or none (""), by its text."""
    parts = {text: part for part in ("test", "validation", "train") for text in getattr(description.texts, part)}
    return tuple(parts.get(text_hash(record.title, record.abstract), "") for record in records)


def model_facts(name: str, description: ModelDescription, parts: Sequence[str]) -> ModelFacts:
    """What the methods page says of a model; `parts` are those of the site's records."""
    counts = Counter(parts)
    told = (
        ("trained on", counts["train"]),
        ("used to decide when to stop", counts["validation"]),
        ("kept back for testing", counts["test"]),
        ("never met before", counts[""]),
    )
    return ModelFacts(
        name=name,
        additive=not description.architecture.joint,
        last_step=description.architecture.readout == "last-step",
        strips_title=description.segmentation.strip_title,
        fingerprint=description.fingerprint,
        facts=tuple(Fact(name=n, value=value, note=note) for n, value, note in facts.facts(description)),
        metrics=tuple(Fact(name=n, value=value, note=note) for n, value, note in facts.metrics(description)),
        card=markdown(description.card, below=4),
        seen=tuple(Fact(name=n, value=f"{count:,}") for n, count in told) if any(description.texts.seen) else (),
    )


def notes_on(parts: Sequence[str], description: ModelDescription) -> dict[int, tuple[str, ...]]:
    """What readers should know of a record's reading beside what its page says already, by the record's number."""
    sayings = {
        "train": "The model was trained on this paper: it may know it by heart.",
        "validation": "This paper helped to decide when training should stop.",
    }
    notes: dict[int, tuple[str, ...]] = {}
    for k, part in enumerate(parts):
        said = [sayings[part]] if part in sayings else []
        if description.architecture.readout == "last-step":
            said.append("This model looks at the last word only in one of its two reading directions (see Methods).")
        if said:
            notes[k] = tuple(said)
    return notes


def standing(parts: Sequence[str], description: ModelDescription) -> tuple[Standing, ...]:
    """Whether the model has seen each record's text; a model that lists no texts does not say."""
    if not description.texts.seen:
        return (Standing.UNKNOWN,) * len(parts)
    seen = {"train": Standing.TRAINING, "validation": Standing.VALIDATION}
    return tuple(seen.get(part, Standing.HELD_OUT) for part in parts)


def versions() -> tuple[Fact, ...]:
    """The programs that made the numbers and the pages."""
    own = Fact(name="sitegen", value=__version__)
    python = Fact(name="Python", value=platform.python_version())
    return (own, python, *(Fact(name=name, value=version(name)) for name in _SHOWN_VERSIONS))
