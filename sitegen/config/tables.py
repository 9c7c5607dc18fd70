"""The tables of site.toml, a class each, whose fields are the keys with their defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

Policy = Literal["keep", "skip", "error"]
NonEmpty = Annotated[str, Field(min_length=1)]
Separator = Annotated[str, StringConstraints(strip_whitespace=False)]


def _listed(value: Any) -> Any:
    """One value as a list of values; a year may be written as a number."""
    values = value if isinstance(value, list | tuple) else (value,)
    if not values:
        raise ValueError("names no value. Give one, or remove it")
    return tuple(str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in values)


FacetValues = Annotated[tuple[NonEmpty, ...], BeforeValidator(_listed)]


class SiteTable(BaseModel):
    """A table: no key but those declared."""

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

    def as_usual(self, key: str) -> bool:
        """Whether a setting is what it is where site.toml does not say."""
        return bool(getattr(self, key) == type(self).model_fields[key].default)


class Classes(SiteTable):
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
            raise ValueError('"positive" and "negative" must differ. Name each class')
        return self


class Policies(SiteTable):
    """How rows are treated that are not as they should be; whatever is done is counted and reported.

    field_count also decides about rows that cannot be read at all, such as those whose quotes do not close.
    """

    duplicate_id: Literal["rename", "skip", "error"] = "rename"
    duplicate_text: Policy = "keep"
    missing_title: Policy = "keep"
    missing_abstract: Policy = "keep"
    field_count: Literal["skip", "error"] = "error"
    not_utf8: Literal["replace", "skip", "error"] = "error"


class Records(SiteTable):
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

    @field_validator("path", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        files = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(file, str | Path) and str(file).strip() for file in files):
            raise ValueError('must be a file in quotes, or a list of files: ["a.ris", "b.csv"]')
        if isinstance(value, list) and not value:
            raise ValueError('names no file. Write one, or several: ["a.ris", "b.csv"]')
        return value

    @field_validator("path")
    @classmethod
    def _once(cls, value: Path | tuple[Path, ...]) -> Path | tuple[Path, ...]:
        if isinstance(value, tuple) and (twice := [path for path in value if value.count(path) > 1]):
            raise ValueError(f'names the file "{twice[0]}" twice')
        return value[0] if isinstance(value, tuple) and len(value) == 1 else value


class Model(SiteTable):
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
    card: its model card, a file of Markdown for the methods page, on which no number depends. seen: a file that says
    which texts it learned from (models/learned.py).

    For models with and without one: device, where it runs: `cpu`, or `cuda` for a graphics card. only: by facet, the
    values of the records that the model is asked about; a record needs one of the values of each facet. Without it all
    records are, and of the site's first model they always are.
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
    card: Path | None = None
    seen: Path | None = None
    version: str = ""
    trust: bool = False
    timeout: Annotated[float, Field(gt=0)] = 60.0
    pieces: Annotated[int, Field(ge=1)] | None = None
    device: Literal["", "cpu", "cuda"] = ""
    only: dict[NonEmpty, FacetValues] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Model:
        needed, other = ("command", "path") if self.kind == "command" else ("path", "command")
        if not getattr(self, needed):
            raise ValueError(f'"{needed}" is missing. Add it')
        if getattr(self, other):
            raise ValueError(f'"{other}" does not go with this kind of model. Remove it')
        own = sorted(self.model_fields_set - {"name", "path", "ensemble", "kind", "device", "only"})
        if own and not self.kind:
            raise ValueError(
                f'"{own[0]}" is for models with a "kind"; a model directory says such things by itself. Name the kind, '
                f"or remove it"
            )
        return self


class Occlusion(SiteTable):
    """How records are scored.

    depth: how much is asked of a model, `whole`, `alone`, `without`, `shares`, `sentences` or `words`, which is all
    (analysis/attribution/depth.py). `auto` asks for as much as fits into `minutes` of answering at the speed that a
    model showed on this machine when it was first used; other `minutes` measure it again. A model whose title and
    abstract add up is always asked everything.
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


class Significance(SiteTable):
    """The test of sentences read alone. alpha: the share of false marks that the author accepts. neutral: a file of
    sentences that say nothing of either class, one a line; without one those of the site's language."""

    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    neutral: Path | None = None


class Faithfulness(SiteTable):
    """The trial of how truthful the three measures are. records: on how many it is made (0: on none). hybrids: how many
    documents are mixed from two others for it. seed: of whatever is drawn at random."""

    records: Annotated[int, Field(ge=0, le=100_000)] = 200
    hybrids: Annotated[int, Field(ge=0, le=100_000)] = 200
    seed: Annotated[int, Field(ge=0)] = 0


class Network(SiteTable):
    """The pages on what happens inside the network, of models that show it. show: whether there are any. papers: on how
    many papers at most, of the site's, they rest. lower: of how many of these the states below the top layer are
    published, too."""

    show: bool = True
    papers: Annotated[int, Field(ge=1, le=100_000)] = 1000
    lower: Annotated[int, Field(ge=0, le=100_000)] = 200


class Live(SiteTable):
    """The page on which readers try the models on texts of their own. show: whether there is one. megabytes: of each
    model's numbers in it at most; more of them are rounded, and in the end rare words left out."""

    show: bool = False
    megabytes: Annotated[float, Field(gt=0, le=100)] = 16.0


class Output(SiteTable):
    """Where things are written. folder: the site. cache: scores and drawn figures, kept between runs. figures: whether
    a static figure is drawn for each record. ranked: how many sentences the page of sentences lists. model: whether the
    models' files are published with the data."""

    folder: Path = Path("_site")
    cache: Path = Path(".sitegen")
    figures: bool = True
    ranked: Annotated[int, Field(ge=1, le=10_000)] = 50
    model: Literal["none", "data"] = "none"
