"""A model on disk, as far as all kinds of model are alike.

A model of sitegen's is a folder of plain files, none of which can run code. Two of them every kind has:

    config.json   what the model is: its kind (`architecture.type`), how it wants texts cut, its classes, hashes of the
                  texts it has seen, measures, how it was trained; and whatever keys its kind has beside these
                  (config_file.py)
    card.md       the model card, for people; it may be missing

(Models that sitegen did not make have no such folder: see source.py. Their manifests come from site.toml.)

All others belong to the kind, which is a `ModelKind`: functions that describe such a folder and load it. registry.py
knows all kinds, and the rest of the program asks the registry alone.

To *describe* a model is to read its `Manifest`, without the library that runs it, so that pages can be rendered where
that is not installed. Whatever pages or commands say of a model, they say from the manifest.

How texts are cut belongs to the model, since a model must be fed what it was trained on. So do the hashes of the texts
it was trained, stopped and tested on: significance may only be claimed for texts it has not seen, and ids can be
renumbered where texts cannot. The fingerprint is the SHA-256 of the bytes of all files that influence results (all but
the card); scores are kept under it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from sitegen.corpus.segment import Segmentation
from sitegen.errors import ModelError
from sitegen.models.live import LiveKind
from sitegen.models.protocol import Classifier, Network, Precision

CONFIG, CARD = "config.json", "card.md"
KIND_OF_FOLDER = "model directory"  # what messages call it
# What to do about a model of more than two classes, wherever it is named.
AGAINST_REST = (
    "To explain one of them against all the others together, name it: in site.toml with positive below [classes], and "
    "rest = true; in Python with classes=(negative, positive) and rest=True; in the terminal with --positive and --rest"
)
SET_POSITIVE = "Set classes.positive in site.toml (in Python classes, in the terminal --positive) to one of them"
Hashes = tuple[str, ...]
Fact = tuple[str, str, str]  # name, value, and a note or nothing
Reads = Literal["tokens", "texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Hashes of the texts of each part, as `text_hash` of corpus/texts.py makes them."""

    train: Hashes = ()
    validation: Hashes = ()
    test: Hashes = ()

    @property
    def seen(self) -> frozenset[str]:
        """Texts that shaped the model: trained on, or used to decide when to stop."""
        return frozenset(self.train) | frozenset(self.validation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that can be said of a model without loading it.

    What it is:
        path, kind: its folder, and its kind's name in the registry.
        additive: whether it answers as an AdditiveClassifier; False, too, where only the loaded model can tell.
        reads: "tokens" where it is given the tokens that `segmentation` makes; "texts" where it is given whole texts as
            they were written, and `segmentation` only says what pages hide at once.
        classes: (negative, positive). texts: which texts it has seen. metrics: part ("test") -> measures. training:
            options and counts, as written.
        files: those that influence results, in the kind's order, each with the SHA-256 of its bytes, hex. located:
            where those of them lie that are not in the folder. settings: what else influences results and stands in no
            file, as JSON; empty for a model directory of two classes. fingerprint: of all of it, see `fingerprint_of`.
        given: "" for a model. Else there is none to ask, but a file of answers, of this depth (the names are those of
            analysis/attribution/depth.py); what it does not have is NaN.
        volatile: nothing tells whether the model is what it was, so it is asked anew whenever scores are wanted.
        card_file: the name of the model card, "" where it can have none.
    What readers are told of it, in the kind's words:
        size: one line for the terminal, to follow "Wrote model: ".
        facts: what the methods page lists of it, before what can be said of any model.
        notes: paragraphs below that list. record_note: a sentence below each record's picture, or nothing.
        softmax: whether its probability is the softmax of two outputs; else it is the logistic function of one.
        probability_note: a sentence on its probabilities for the methods page, or nothing.
        format: how its files become an answer, in Markdown, so exactly that a stranger could write a program that
            answers the same: what the files hold, what becomes of a word, of an empty text, which number means what.
        recompute: such a program, whole, to be published beside a site's data; empty where the kind has none.
        network: the shape of the network whose units can be shown (then it is loaded as a ShowsUnits), or None;
            no_network: then why not, which the methods page says.
        no_live: why it cannot run in a page of the site, in a sentence; empty where the kind has `live`, see live.py.
        limited: whether it may not read long texts to their end (then it is loaded as a ReadsUpTo).
        libraries: packages whose versions the methods page names because this model needs them.
        not_randomised: why it cannot be made with random weights, which the page on faithfulness says; empty where the
            kind has `load_randomised`.
    """

    path: Path
    kind: str
    additive: bool
    reads: Reads
    segmentation: Segmentation
    classes: tuple[str, str]
    texts: Texts
    metrics: Mapping[str, Any]
    training: Mapping[str, Any]
    files: Mapping[str, str]
    size: str
    facts: tuple[Fact, ...]
    located: Mapping[str, Path] = field(default_factory=dict)
    settings: str = ""
    given: str = ""
    volatile: bool = False
    card_file: str = CARD
    notes: tuple[str, ...] = ()
    record_note: str = ""
    softmax: bool = False
    probability_note: str = ""
    format: str = ""
    recompute: str = ""
    network: Network | None = None
    no_network: str = "This kind of model has no units whose parts of the answer could be shown."
    no_live: str = "This kind of model cannot run in a page."
    limited: bool = False
    libraries: tuple[str, ...] = ()
    not_randomised: str = "This kind of model cannot be made with random weights to compare with."

    @property
    def fingerprint(self) -> str:
        """SHA-256, hex, over the bytes of all files that influence results, and the settings."""
        return fingerprint_of(self.files, self.settings)

    @property
    def card(self) -> str:
        """The model card, Markdown; empty where there is none."""
        file = self._card
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    @property
    def _card(self) -> Path:
        return self.located.get(self.card_file, self.path / self.card_file)

    @property
    def all_files(self) -> dict[str, Path]:
        """Where each file lies that influences results, and the card where there is one: by their names."""
        names = [*self.files, *([self.card_file] if self._card.is_file() else [])]
        return {name: self.located.get(name, self.path / name) for name in names}


@runtime_checkable
class Loader(Protocol):
    """Loads the classifier in a folder. `device` is torch's name of where it runs; a kind that computes in one
    precision, or in one place only, ignores what does not concern it."""

    def __call__(self, path: Path, *, precision: Precision, device: str) -> Classifier: ...


@runtime_checkable
class RandomisedLoader(Protocol):
    """Makes the classifier in a folder as it was before any training, with random weights drawn from `seed`."""

    def __call__(self, path: Path, *, seed: int, precision: Precision, device: str) -> Classifier: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelKind:
    """One kind of model. All functions raise ModelError naming the file, the key, the problem and the remedy.

    name: `architecture.type` of its config.json. describe: reads the manifest and needs no library that runs a model.
    load: reads the weights, too, and checks that all fits. load_randomised: None where there is no such thing; each
    manifest then says why not. against_rest: the kind of a folder of more than two classes of which one is asked for,
    from the site's names (negative, positive); None where the kind has none such. live: how it runs in a page; None
    where it cannot, and each manifest then says why not (`no_live`).
    """

    name: str
    describe: Callable[[Path], Manifest]
    load: Loader
    load_randomised: RandomisedLoader | None = None
    against_rest: Callable[[tuple[str, str]], ModelKind] | None = None
    live: LiveKind | None = None


def digests(path: Path, names: Sequence[str]) -> dict[str, str]:
    """The SHA-256, hex, of each of the folder's files; ModelError where one is missing."""
    return {name: digest_of(path / name) for name in names}


def fingerprint_of(digests: Mapping[str, str], settings: str = "") -> str:
    """A model's fingerprint from the digests of the files that influence results, in the kind's order: the SHA-256 of
    one line a file, its name, a blank and its digest, joined by line feeds. Settings, where there are any, are one line
    more, as if they were a file without a name. The page on the format says so, too."""
    lines = [f"{name} {digest}" for name, digest in digests.items()]
    if settings:
        lines.append(f" {hashlib.sha256(settings.encode()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, hex; ModelError where it is missing."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise ModelError(f"{file}: there is no such file. Restore it, or train the model again.") from None
