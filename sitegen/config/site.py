"""A site.toml as a whole: read, validated, its relative paths resolved against its folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from sitegen.config.appearance import Colors, NavEntry
from sitegen.config.problems import lines_of_keys, problem_line, syntax_problem
from sitegen.config.tables import (
    Classes,
    Faithfulness,
    Live,
    Model,
    Network,
    NonEmpty,
    Occlusion,
    Output,
    Records,
    Significance,
    SiteTable,
)
from sitegen.errors import ConfigError

_EMAIL = re.compile(r"[^\s@:/?#<>\"',;%&]+@[^\s@:/?#<>\"',;%&.]+(\.[^\s@:/?#<>\"',;%&.]+)+")
T = TypeVar("T", bound=SiteTable)


def _names_a_host(address: str) -> bool:
    """Whether an address begins with https:// or http://, names a host, and has no blank in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not re.search(r"\s", address)


class Site(SiteTable):
    """One site as described by its site.toml. All paths are absolute.

    url: where it will be published, "" where that is not known. contact: where readers may comment: an email address,
    or the http(s) address of an issue tracker. pages: the folder of prose pages. logo: a picture beside the site's
    name, SVG or PNG. nav: the entries of the navigation in their order; None: all there are. file: the site.toml
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
    logo: Path | None = None
    nav: tuple[NavEntry, ...] | None = None
    colors: Colors = Colors()
    classes: Classes = Classes()
    records: Records
    models: tuple[Model, ...]
    occlusion: Occlusion = Occlusion()
    significance: Significance = Significance()
    faithfulness: Faithfulness = Faithfulness()
    network: Network = Network()
    live: Live = Live()
    output: Output = Output()
    file: Path = Field(exclude=True)

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"https", "http"} or not parts.hostname):
            raise ValueError("must begin with https:// or http:// and name a host, as https://you.github.io/mysite/")
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
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f'two models are called "{twice}". Give each a name of its own')
        if value[0].only:
            others = [model.name for model in value if not model.only]
            remedy = f'Put "{others[0]}" first' if others else "Put one before it that reads all"
            raise ValueError(
                f'the first model, "{names[0]}", is limited by "only", and the pages are made of what the first model '
                f'says of all records. {remedy}, or remove its "only"'
            )
        return value

    @field_validator("nav")
    @classmethod
    def _entries(cls, value: tuple[NavEntry, ...] | None) -> tuple[NavEntry, ...] | None:
        names = [entry.page for entry in value or ()]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f'names the page "{twice[0]}" twice')
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
        for model in self.models:
            for column in model.only:
                if column not in records.facets:
                    named = ", ".join(f'"{name}"' for name in records.facets)
                    known = f"Name one of them, {named}, or add it there" if named else "Add it there"
                    raise ValueError(f'models.only of "{model.name}": "{column}" is none of records.facets. {known}')
        return self

    @model_validator(mode="after")
    def _public_model(self) -> Site:
        if self.live.show and self.output.model != "data":
            raise ValueError(
                'live.show = true hands the model to every reader, and output.model is "none". Publish the model, with '
                'output.model = "data", or set live.show = false'
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
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such file. Write one with: sitegen init DIR") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is not UTF-8 at byte {error.start}. Save it as UTF-8 in your editor.") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}). Correct the path.") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, said = syntax_problem(error, text)
        raise ConfigError(f"{file}{f':{line}' if line else ''}: {said}") from None
    if "file" in data:
        raise ConfigError(f'{file}: "file" is not a known key. Remove it.')
    if model is not None:
        data.setdefault("models", [dict(model)])
    lines = lines_of_keys(text)
    return site_of(data, file=file, explain=lambda file, item: problem_line(str(file), item, lines=lines, site=Site))


def site_of(data: Mapping[str, Any], *, file: Path, explain: Callable[[Path, Any], str]) -> Site:
    """The Site of site.toml's tables, paths resolved against the folder of `file`. explain: a line of the ConfigError
    for each of pydantic's errors."""
    try:
        site = Site.model_validate({**data, "file": file})
    except ValidationError as error:
        raise ConfigError("\n".join(explain(file, item) for item in error.errors())) from None
    return _resolve(site)


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

    tables = {key: resolved(table) for key, table in site if isinstance(table, SiteTable)}
    models = tuple(map(resolved, site.models))
    own = {"logo": at(site.logo)} if site.logo else {}
    return site.model_copy(update={**tables, "models": models, "pages": at(site.pages), **own})
