"""site.toml as a frozen `Site`: every key validated, every relative path resolved against the file's folder.

Each table of the file is one class below, each key a field with its default. This module knows nothing of the stages
that use them: names of kinds (of a baseline, say) are strings here. Messages name the key as the user wrote it
(`records.title`), the problem and the remedy; all of a file's problems are reported together. Unknown keys are refused:
a misspelt option that is silently ignored is worse than an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from sitegen.errors import ConfigError

Policy = Literal["keep", "skip", "error"]
_EMAIL = re.compile(r"[^\s@:/?#<>\"',;%&]+@[^\s@:/?#<>\"',;%&.]+(\.[^\s@:/?#<>\"',;%&.]+)+")
NonEmpty = Annotated[str, Field(min_length=1)]
T = TypeVar("T", bound="_Table")
Separator = Annotated[str, StringConstraints(strip_whitespace=False)]


def _names_a_host(address: str) -> bool:
    """Whether an address begins with https:// or http://, names a host, and has no blank in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not re.search(r"\s", address)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    _in_memory: Any = PrivateAttr(None)

    @property
    def in_memory(self) -> Any:
        """What a program gave that no site.toml can: a model's object, what the records were, in words; of a site, that
        a program described it. None else."""
        return self._in_memory

    def with_memory(self, value: Any, **update: Any) -> Self:
        """The same with such a thing, and other values."""
        table = self.model_copy(update=update)
        table._in_memory = value
        return table


class Classes(_Table):
    """The two classes, and the probability from which on a record counts as positive.

    rest: whether the negative class is all that a model or the label column has beside the positive one, whatever it is
    called there; pages call it `negative` all the same, where nothing is said "not" and the name of the positive one.
    """

    positive: NonEmpty = "positive"
    negative: NonEmpty = "negative"
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    rest: bool = False

    @classmethod
    def named(cls, positive: str, negative: str | None = None, *, rest: bool = False) -> Classes:
        """The classes of these names; None: what the negative one is called where nothing is said."""
        names = {"positive": positive} if negative is None else {"positive": positive, "negative": negative}
        return cls.model_validate({**names, "rest": rest})

    @property
    def names(self) -> tuple[str, str]:
        """(negative, positive): the order of the model's logits."""
        return (self.negative, self.positive)

    @model_validator(mode="before")
    @classmethod
    def _all_others(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("rest") is True and "negative" not in data:
            return {**data, "negative": f"not {data.get('positive', 'positive')}".strip()}
        return data

    @model_validator(mode="after")
    def _two(self) -> Classes:
        if self.positive.casefold() == self.negative.casefold():
            raise ValueError('"positive" and "negative" must differ')
        return self


class Policies(_Table):
    """How rows are treated that are not as they should be; whatever is done is counted and reported.

    field_count also decides about rows that cannot be read at all, such as those whose quotes do not close.
    """

    duplicate_id: Literal["rename", "skip", "error"] = "rename"
    duplicate_text: Policy = "keep"
    missing_title: Policy = "keep"
    missing_abstract: Policy = "keep"
    field_count: Literal["skip", "error"] = "error"
    not_utf8: Literal["replace", "skip", "error"] = "error"


class Records(_Table):
    """Where the records are and which column has which role; every column not named here is metadata.

    path: a file, or several that are read as one. noun: what pages call a record; a word, whose plural is made by rule,
    or the two. title: "" where records have a single text, whose column `abstract` names. In a bibliography (RIS, say)
    title, abstract and id are known. label: its column; without it decisions of a screening with ASReview count, with
    "" there are no gold labels.
    positive_labels, negative_labels: values of the label column that mean a class (none: the class's name, and the
    usual ways to write yes and no). facets: columns to filter by. separators: of facets whose cells hold several
    values, what stands between these; a bibliography's keywords, authors, subjects and types need none. missing: cells
    that count as empty, whatever their capitals. policy: how rows are treated that are not as they should be. publish:
    what the site shows of the texts: `all`; `excerpts`, of each sentence of an abstract its first `excerpt_words`
    words; `scores`, titles and numbers. publish_reason: why texts are withheld, in a sentence for readers. only:
    `held-out` leaves out what the first model was trained on or stopped by.
    """

    path: Path | Annotated[tuple[Path, ...], Field(min_length=1)]
    noun: NonEmpty | tuple[NonEmpty, NonEmpty] = "paper"
    id: str | None = None
    title: str = "title"
    abstract: NonEmpty = "abstract"
    label: str | None = None
    positive_labels: tuple[str, ...] = ()
    negative_labels: tuple[str, ...] = ()
    facets: tuple[NonEmpty, ...] = ()
    separators: dict[str, Separator] = Field(default_factory=dict)
    missing: tuple[str, ...] = ("", "NA", "N/A", "[No abstract available]")
    encoding: str = "utf-8"
    policy: Policies = Policies()
    publish: Literal["all", "excerpts", "scores"] = "all"
    excerpt_words: Annotated[int, Field(ge=1, le=100)] = 8
    publish_reason: str = ""
    only: Literal["", "held-out"] = ""

    @property
    def titled(self) -> bool:
        """Whether records have titles; else their abstract is all that they are."""
        return bool(self.title)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in the order in which they are read."""
        return self.path if isinstance(self.path, tuple) else (self.path,)

    @property
    def files(self) -> str:
        """The names of the files, as pages and messages name them together."""
        return str(self.in_memory or "") or ", ".join(path.name for path in self.paths)

    @field_validator("noun", mode="before")
    @classmethod
    def _one_or_two(cls, value: object) -> object:
        words = value if isinstance(value, list | tuple) and len(value) == 2 else [value]
        if not all(isinstance(word, str) and word.strip() for word in words):
            raise ValueError('must be a word, or the word and its plural: ["hypothesis", "hypotheses"]')
        return value

    @field_validator("path")
    @classmethod
    def _once(cls, value: Path | tuple[Path, ...]) -> Path | tuple[Path, ...]:
        if isinstance(value, tuple) and (twice := [path for path in value if value.count(path) > 1]):
            raise ValueError(f'names the file "{twice[0]}" twice')
        return value[0] if isinstance(value, tuple) and len(value) == 1 else value


class Model(_Table):
    """One model and the name readers see for it.

    kind: what it is; without it a model directory, which says all else by itself. path: the directory, the file, or
    `mymodel.py:classifier`. command: the program of the kind `command`, and its arguments. ensemble: other checkpoints
    of the same model, trained from other seeds, whose shares are set beside its own.

    For models with a kind, how texts are given to it: join, what stands between title and abstract where it reads one
    string; words, splitter, how texts are cut into what is hidden at once; strip_title, whether a title that an
    abstract repeats at its beginning is left out. files: what the model reads beside what `path` or `command` names, so
    that a change of it is seen, and archives have it. version: changed by hand where the model changed in a way that no
    file shows. trust: whether code that is not sitegen's may be run. timeout: seconds that a command may take to answer
    a text. pieces: how many pieces of words a transformer's texts are cut to, where that is less than it can read.

    For models with and without one: device, where it runs: `cpu`, or `cuda` for a graphics card.
    """

    name: NonEmpty
    kind: str = ""
    path: Path | None = None
    command: tuple[NonEmpty, ...] = ()
    ensemble: tuple[Path, ...] = ()
    join: Annotated[str, StringConstraints(strip_whitespace=False)] | None = None
    words: NonEmpty = "words"
    splitter: NonEmpty = "nupunkt"
    strip_title: bool = False
    files: tuple[Path, ...] = ()
    version: str = ""
    trust: bool = False
    timeout: Annotated[float, Field(gt=0)] = 60.0
    pieces: Annotated[int, Field(ge=1)] | None = None
    device: Literal["", "cpu", "cuda"] = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Model:
        needed, other = ("command", "path") if self.kind == "command" else ("path", "command")
        if not getattr(self, needed):
            raise ValueError(f'"{needed}" is missing. Add it')
        if getattr(self, other):
            raise ValueError(f'"{other}" does not go with this kind of model. Remove it')
        own = sorted(self.model_fields_set - {"name", "path", "ensemble", "kind", "device"})
        if own and not self.kind:
            raise ValueError(f'"{own[0]}" is for models with a "kind"; a model directory says such things by itself')
        return self


class Occlusion(_Table):
    """How records are scored.

    depth: how much is asked of a model, `whole`, `alone`, `without`, `shares`, `sentences` or `words`, which is all
    (analysis/attribution/depth.py). `auto` asks for as much as fits into `minutes` of work at the speed that a model
    showed on this machine when it was first used; a model whose title and abstract add up is always asked everything.
    batch: how many are scored at once, which changes no result. baseline: the name of what stands in for hidden text,
    see analysis/attribution/baselines.py. precision: of the model's numbers. shapley: `exact` for abstracts of at most
    10 sentences, the others are sampled; `sampled` for all; `off`. `auto` lowers the limit of 10 until the whole corpus
    takes at most `shapley_minutes`; these are counted at 250,000 words a second and not by the clock, so that every
    machine decides alike. The site's first model, where it is not additive, is then
    given as many texts again, without their titles.
    """

    batch: Annotated[int, Field(ge=1, le=100_000)] = 32
    baseline: NonEmpty = "deleted"
    precision: Literal["float32", "float64", "bfloat16"] = "float32"
    shapley: Literal["auto", "exact", "sampled", "off"] = "auto"
    shapley_minutes: Annotated[float, Field(ge=0)] = 5.0
    depth: Literal["auto", "whole", "alone", "without", "shares", "sentences", "words"] = "auto"
    minutes: Annotated[float, Field(gt=0)] = 60.0


class Significance(_Table):
    """The test of sentences read alone. alpha: the share of false marks that the author accepts. neutral: a file of
    sentences that say nothing of either class, one a line; without one those of the site's language."""

    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    neutral: Path | None = None


class Faithfulness(_Table):
    """The trial of how truthful the three measures are. records: on how many it is made (0: on none). hybrids: how many
    documents are mixed from two others for it. seed: of whatever is drawn at random."""

    records: Annotated[int, Field(ge=0, le=100_000)] = 200
    hybrids: Annotated[int, Field(ge=0, le=100_000)] = 200
    seed: Annotated[int, Field(ge=0)] = 0


class Network(_Table):
    """The pages on what happens inside the network, of models that show it. show: whether there are any. papers: on how
    many papers at most, of the site's, they rest. lower: of how many of these the states below the top layer are
    published, too."""

    show: bool = True
    papers: Annotated[int, Field(ge=1, le=100_000)] = 1000
    lower: Annotated[int, Field(ge=0, le=100_000)] = 200


class Output(_Table):
    """Where things are written. folder: the site. cache: scores and drawn figures, kept between runs. figures: whether
    a static figure is drawn for each record. ranked: how many sentences the page of sentences lists. model: whether the
    models' files are published with the data."""

    folder: Path = Path("_site")
    cache: Path = Path(".sitegen")
    figures: bool = True
    ranked: Annotated[int, Field(ge=1, le=10_000)] = 50
    model: Literal["none", "data"] = "none"


class Site(_Table):
    """One site as described by its site.toml. All paths are absolute.

    url: where it will be published, "" where that is not known. contact: where readers may comment: an email address,
    or the http(s) address of an issue tracker. pages: the folder of prose pages. file: the site.toml
    itself.
    """

    title: NonEmpty
    subtitle: str = ""
    description: str = ""
    authors: tuple[NonEmpty, ...] = ()
    url: str = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")] = "en"
    license: str = ""
    citation: str = ""
    source: str = ""
    contact: str = ""
    pages: Path = Path("pages")
    classes: Classes = Classes()
    records: Records
    models: tuple[Model, ...]
    occlusion: Occlusion = Occlusion()
    significance: Significance = Significance()
    faithfulness: Faithfulness = Faithfulness()
    network: Network = Network()
    output: Output = Output()
    file: Path = Field(exclude=True)

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"https", "http"} or not parts.hostname):
            raise ValueError("must begin with https:// or http:// and name a host")
        if parts.query or parts.fragment:
            raise ValueError("must end with a path, without ? or #")
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if value and not _EMAIL.fullmatch(value) and not _names_a_host(value):
            raise ValueError("must be an email address, as me@example.org, or begin with https:// or http://")
        return value

    @field_validator("models")
    @classmethod
    def _names(cls, value: tuple[Model, ...]) -> tuple[Model, ...]:
        names = [model.name for model in value]
        if not names:
            raise ValueError("a site needs a model; add [[models]]")
        if len(set(names)) < len(names):
            raise ValueError("two models have the same name; names must differ")
        return value

    @model_validator(mode="after")
    def _columns(self) -> Site:
        records = self.records
        roles = [(role, name) for role in ("title", "abstract", "id", "label") if (name := getattr(records, role))]
        seen: dict[str, str] = {}
        for role, column in roles:
            if column in seen:
                raise ValueError(f'records.{role} and records.{seen[column]} are both column "{column}"')
            seen[column] = role
        for column in records.facets:
            if column in (records.title, records.abstract):
                raise ValueError(f'records.facets: "{column}" is the column of records.{seen[column]}, no facet')
            if records.facets.count(column) > 1:
                raise ValueError(f'records.facets names column "{column}" twice')
        for column in records.separators:
            if column not in records.facets:
                raise ValueError(
                    f'records.separators: "{column}" is none of records.facets. Add it there, or remove it'
                )
        return self

    def written_to(self, folder: Path) -> Site:
        """The same site with another output folder."""
        return self.model_copy(update={"output": self.output.model_copy(update={"folder": folder.resolve()})})

    @property
    def folder(self) -> Path:
        """The folder of site.toml, against which relative paths in it are resolved."""
        return self.file.parent

    def address(self, path: str) -> str:
        """The address on the web of the file at `path` within the site; for sites that have a url."""
        return self.url + quote(path)

    @property
    def base_path(self) -> str:
        """The path under which the site will be published, with slashes at both ends (`/gallery/`)."""
        path = self.url.split("://", 1)[-1].partition("/")[2]
        return f"/{path}" if path else "/"


def load_site(file: Path, *, model: Mapping[str, str] | None = None) -> Site:
    """Read and validate a site.toml. model: the keys of the one that stands in where the file names none.

    Raises ConfigError with one line per problem, each naming the file and the key.
    """
    file = file.resolve()
    if file.is_dir():
        file = file / "site.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such file. Write one with: sitegen init DIR") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}.") from None
    if "file" in data:
        raise ConfigError(f'{file}: "file" is not a known key. Remove it.')
    if model is not None:
        data.setdefault("models", [dict(model)])
    return site_of(data, file=file, explain=_explain)


def site_of(data: Mapping[str, Any], *, file: Path, explain: Callable[[Path, Any], str]) -> Site:
    """The Site of site.toml's tables, paths resolved against the folder of `file`. explain: a line of the ConfigError
    for each of pydantic's errors."""
    try:
        site = Site.model_validate({**data, "file": file})
    except ValidationError as error:
        raise ConfigError("\n".join(explain(file, item) for item in error.errors())) from None
    return _resolve(site)


def _explain(file: Path, item: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in item["loc"]) or "the file"
    match item["type"]:
        case "missing":
            return f'{file}: "{key}" is missing. Add it.'
        case "extra_forbidden":
            return f'{file}: "{key}" is not a known key. Check its spelling, or remove it.'
        case "tuple_type":
            return f'{file}: "{key}" must be a list. Write [...]' + (", or [[models]]." if key == "models" else ".")
        case "value_error":
            return f'{file}: "{key}": {item["ctx"]["error"]}.'
        case _:
            return f'{file}: "{key}": {item["msg"]} (found: {item["input"]!r}).'


def _resolve(site: Site) -> Site:
    """The same site with every path made absolute, relative ones against the file's folder."""

    def at(path: Path) -> Path:
        return (site.folder / path.expanduser()).resolve()

    def resolved(table: T) -> T:
        """A table with all of its paths made absolute."""
        update: dict[str, Any] = {}
        for key in type(table).model_fields:
            value = getattr(table, key)
            if isinstance(value, Path):
                update[key] = at(value)
            elif isinstance(value, tuple) and any(isinstance(one, Path) for one in value):
                update[key] = tuple(map(at, value))
        return table.model_copy(update=update)

    tables = {key: resolved(table) for key, table in site if isinstance(table, _Table)}
    models = tuple(map(resolved, site.models))
    return site.model_copy(update={**tables, "models": models, "pages": at(site.pages)})
