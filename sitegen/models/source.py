"""A model that sitegen did not make: where it is, how it is to be used, and what its kind must be able to do.

A model directory says everything of itself (manifest.py). All other models are a file or a program that knows nothing
of sitegen; what is to be known of them stands in a site's [[models]], with a `kind`, and becomes a `Source`. A kind is
a `SourceKind`: one module, and one line in registry.py; a package of anybody's adds one by an entry point of the group
"sitegen.models", whose name is the kind's.

*Trust.* To read some models is to run code: an import runs a module, a pickle can run anything, a command is a
program. Such a kind says what it would run for a source (`runs`), and registry.py asks for the user's consent before
anything of the kind is called, so no kind can forget it. Consent is `trust = true` in site.toml, or an option of the
command line where a site.toml is not the user's own: one that lies in an archive is never taken at its word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from sitegen.config import Classes, Model, Site
from sitegen.corpus.segment import Segmentation, splitter_names, tokenizer_names
from sitegen.corpus.tokens import OWN
from sitegen.errors import ModelError
from sitegen.models.learned import texts_in
from sitegen.models.live import LiveKind
from sitegen.models.manifest import Fact, Manifest, Texts, digest_of
from sitegen.models.protocol import Classifier, Precision

JOIN = " "  # between title and abstract, for models that read one string: what people write who train them
_BAG = "bagit.txt"  # stands beside the folder of an archive's site.toml
_CONSENT = "write trust = true below its [[models]] in site.toml"
_PLACE = "below its [[models]] in site.toml"
ARGUMENT_CONSENT, ARGUMENT_PLACE = "pass trust=True", "among the arguments"  # of a model that a program gives
IN_MEMORY = "in memory"  # the kind of an object that a program hands over; no site.toml can name it


class Held:
    """A model that is an object in memory, and in no file that sitegen knows of. Two are equal where they are the same,
    whatever the object itself says."""

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def name(self) -> str:
        """The name of its class."""
        return type(self.value).__name__

    @property
    def whole_name(self) -> str:
        """The name of its class with that of the module."""
        return f"{type(self.value).__module__}.{type(self.value).__qualname__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model of some kind, as site.toml names it.

    kind: its kind's name; "" for a model directory. path: the directory or file, or file:attribute; None of a command.
    command: the program and its arguments. folder: of site.toml, where a command is started. classes: (negative,
    positive), the site's. join: what stands between title and abstract; None where site.toml does not say. words,
    splitter, strip_title: as in Segmentation. files: what it reads beside its own file. card: its model card. seen:
    what lists the texts that it learned from. version: a word of the user's that tells one state of the model from
    another. timeout: seconds. pieces: how many pieces of words a transformer's texts are cut to, None where its folder
    says so. device: torch's name of where it runs, "" for the processor. trust: whether the user lets it run code;
    consent: how the user would, place: where such settings stand, both for messages.
    held: the object, of a model in memory.
    """

    kind: str = ""
    path: Path | None = None
    command: tuple[str, ...] = ()
    folder: Path = Path()
    classes: tuple[str, str] = ("negative", "positive")
    rest: bool = False
    join: str | None = None
    words: str = "words"
    splitter: str = "nupunkt"
    strip_title: bool = False
    files: tuple[Path, ...] = ()
    card: Path | None = None
    seen: Path | None = None
    version: str = ""
    timeout: float = 60.0
    pieces: int | None = None
    device: str = ""
    trust: bool = False
    consent: str = _CONSENT
    place: str = _PLACE
    held: Held | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.held:
            return f"the {self.held.name} in memory"
        return str(self.path) if self.path else " ".join(self.command)

    @property
    def short_name(self) -> str:
        """The same without folders."""
        return self.path.name if self.path else self.name

    @property
    def file(self) -> Path:
        """The path of a model that is one file; ModelError where there is no such file."""
        assert self.path is not None  # config.py has seen to it
        if not self.path.is_file():
            raise ModelError(f'{self.path}: there is no such file. Correct "path" {self.place}.')
        return self.path

    def name_of(self, file: Path) -> str:
        """What a file of the model is called in data and archives: its path from the folder of site.toml, or, where it
        lies elsewhere, its name, behind that of the model's folder where the model is one."""
        top = self.folder
        if not file.is_relative_to(top) and self.path and self.path != file and file.is_relative_to(self.path):
            top = self.path.parent
        return file.relative_to(top).as_posix() if file.is_relative_to(top) else file.name

    @property
    def segmentation(self) -> Segmentation:
        """How its texts are cut into what is hidden at once; ModelError where a name is not known."""
        for key, name, names in (
            ("words", self.words, tokenizer_names()),
            ("splitter", self.splitter, splitter_names()),
        ):
            if name not in names:
                known = ", ".join(f'"{one}"' for one in names)
                raise ModelError(f'{self.name}: {key} = "{name}" {self.place} is not known. Use one of: {known}.')
        return Segmentation(tokenizer=self.words, splitter=self.splitter, strip_title=self.strip_title)


def source_of(site: Site, model: Model) -> Source:
    """A model of a site. What lies in an archive is not trusted, whatever its site.toml says."""
    if site.in_memory:
        told = {"consent": ARGUMENT_CONSENT, "place": ARGUMENT_PLACE}
        return source_from(model, classes=site.classes, folder=site.folder, **told)
    archived = (site.folder.parent / _BAG).is_file()
    return source_from(
        model.model_copy(update={"trust": model.trust and not archived}),
        classes=site.classes,
        folder=site.folder,
        consent=f"copy the site out of its archive, and there {_CONSENT}" if archived else _CONSENT,
    )


def source_from(
    model: Model, *, classes: Classes, folder: Path, consent: str = _CONSENT, place: str = _PLACE
) -> Source:
    """A model as site.toml describes it. folder: of site.toml. consent: how the user would let it run code. place:
    where its settings stand."""
    return Source(
        kind=model.kind,
        path=model.path,
        command=model.command,
        folder=folder,
        classes=classes.names,
        rest=classes.rest,
        join=model.join,
        words=model.words,
        splitter=model.splitter,
        strip_title=model.strip_title,
        files=model.files,
        card=model.card,
        seen=model.seen,
        version=model.version,
        timeout=model.timeout,
        pieces=model.pieces,
        device=model.device,
        trust=model.trust,
        consent=consent,
        place=place,
        held=model.in_memory,
    )


def checkpoints_of(site: Site, model: Model) -> list[Source]:
    """The further checkpoints of a model's ensemble: all alike but for where they are."""
    return [replace(source_of(site, model), path=path) for path in model.ensemble]


@runtime_checkable
class SourceLoader(Protocol):
    """Loads the classifier; a kind ignores what does not concern it."""

    def __call__(self, source: Source, *, precision: Precision, device: str) -> Classifier: ...


@runtime_checkable
class RandomisedSourceLoader(Protocol):
    """Makes the classifier with random weights drawn from `seed`."""

    def __call__(self, source: Source, *, seed: int, precision: Precision, device: str) -> Classifier: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """One kind of model that site.toml names by `kind`. All functions raise ModelError with problem and remedy.

    name: the word in site.toml. runs: what code, not sitegen's, would be run for a source, as a clause ("imports
    mymodel.py, ..."); "" where none. describe: the manifest, without loading heavy libraries where that can be helped.
    load: the classifier. load_randomised, live: None where there is no such thing; each manifest then
    says why not. holds: whether a path that a program gives without a kind (`sitegen.load_model`) is that of such a
    model; of kinds that other packages bring it is not asked, since they would have to be imported.
    """

    name: str
    describe: Callable[[Source], Manifest]
    load: SourceLoader
    runs: Callable[[Source], str] = lambda _: ""
    load_randomised: RandomisedSourceLoader | None = None
    live: LiveKind | None = None
    holds: Callable[[Path], bool] = lambda _: False


def check_trusted(source: Source, runs: str) -> None:
    """Raise ModelError where a source would run code and the user has not consented."""
    if runs and not source.trust:
        raise ModelError(
            f"{source.name}: to use this model is to run code that is not sitegen's: it {runs}. Nothing was run. If "
            f"you trust it, {source.consent}."
        )


def manifest_of_source(
    source: Source,
    *,
    files: Sequence[Path],
    size: str,
    facts: Sequence[Fact],
    fingerprint: str = "",
    settings: Mapping[str, Any] | None = None,
    texts: Texts | None = None,
    words: Callable[[str], Sequence[tuple[int, int]]] | None = None,
    **wording: Any,
) -> Manifest:
    """The manifest of a source.

    files: those of its own that results depend on; those that site.toml lists come behind them. texts: those it learned
    from, where site.toml does not say. fingerprint: what the
    model itself says of its state. settings: further settings that results depend on. words: the model's own way to cut
    words, which goes before site.toml's.
    """
    segmentation = source.segmentation
    if words is not None:
        segmentation = replace(segmentation, tokenizer=OWN, own=words)
    named: dict[str, Path] = {}
    if source.seen is not None:
        texts = texts_in(source.seen, place=source.place)
    for file in dict.fromkeys((*files, *source.files, *([source.seen] if source.seen else []))):
        if named.setdefault(source.name_of(file), file) != file:
            raise ModelError(
                f"{source.name}: has two files that are called {source.name_of(file)}. Give one of them another name."
            )
    card = "" if source.card is None else source.name_of(source.card)
    if source.card is not None:
        if not source.card.is_file():
            raise ModelError(f'{source.card}: there is no such file. Correct "card" {source.place}.')
        named.setdefault(card, source.card)
    depends = {
        "kind": source.kind,
        "join": source.join,
        "words": segmentation.tokenizer,
        "splitter": segmentation.splitter,
        "strip_title": segmentation.strip_title,
        "version": source.version,
        "fingerprint": fingerprint,
        **(settings or {}),
    }
    return Manifest(
        path=source.folder if source.path is None else source.path.parent,
        kind=source.kind,
        additive=False,
        reads="texts",
        segmentation=segmentation,
        classes=source.classes,
        texts=texts or Texts(),
        metrics=MappingProxyType({}),
        training=MappingProxyType({}),
        files=MappingProxyType({name: digest_of(file) for name, file in named.items() if name != card}),
        located=MappingProxyType(named),
        settings=json.dumps(depends, ensure_ascii=False, sort_keys=True),
        card_file=card,
        size=size,
        facts=tuple(facts),
        **wording,
    )
