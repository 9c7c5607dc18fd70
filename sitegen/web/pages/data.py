"""The page about the data files: each with its size, what it holds, and a dictionary of its columns; and the models'
files, where they are published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sitegen.web import routes
from sitegen.web.export.columns import Column
from sitegen.web.export.files import files_of
from sitegen.web.export.models import RECOMPUTE
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.methods import ModelFacts
from sitegen.web.text.numbers import megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedFile:
    """A file of the data folder, as the data dictionary describes it."""

    name: str
    href: str
    size: str
    meaning: str
    columns: tuple[Column[Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file of a model, in a list. href and size: "" where it is not published. digest: its SHA-256, hex."""

    name: str
    href: str
    size: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """The files of one model."""

    model: str  # its name
    folder: str  # where they lie within the data folder, "" where they are not published
    files: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPage(Page):
    """The data dictionary."""

    template: ClassVar[str] = "data.html"
    files: tuple[DescribedFile, ...]  # in the order in which they are declared
    models: tuple[ModelFiles, ...]  # in the site's order
    recompute: DescribedFile | None  # the program that recomputes numbers, where there is one


def model_files(frame: Frame, number: int, model: ModelFacts) -> ModelFiles:
    """The files of the site's model of that number: those that its fingerprint covers, in that order; where they are
    published, with the card."""
    if not model.published:
        plain = (ListedFile(name=file.name, href="", size="", digest=file.value) for file in model.files)
        return ModelFiles(model=model.name, folder="", files=tuple(plain))
    folder = routes.model_folder(number, model.name)
    return ModelFiles(
        model=model.name,
        folder=folder,
        files=tuple(
            ListedFile(
                name=file.name,
                href=frame.data(f"{folder}/{file.name}"),
                size=megabytes(file.size),
                digest=file.digest,
            )
            for file in model.published
        ),
    )


def data_page(inputs: SiteInputs, frame: Frame, *, size: Callable[[str], int]) -> DataPage:
    """The dictionary; `size` gives the bytes of a file of the site, by its path."""

    def described(name: str, meaning: str, columns: tuple[Column[Any], ...] = ()) -> DescribedFile:
        say = frame.nouns.say
        columns = tuple(replace(column, meaning=say(column.meaning)) for column in columns)
        in_words = megabytes(size(routes.data(name)))
        return DescribedFile(name=name, href=frame.data(name), size=in_words, meaning=say(meaning), columns=columns)

    recompute = "A short program that recomputes {many} from these files and the first model, and compares."
    return DataPage(
        frame=frame,
        files=tuple(described(file.name, file.meaning, tuple(file.columns(inputs))) for file in files_of(inputs)),
        models=tuple(model_files(frame, number, model) for number, model in enumerate(inputs.models)),
        recompute=described(RECOMPUTE, recompute) if inputs.models[0].recompute else None,
    )


def page(inputs: SiteInputs, frames: Frames, *, size: Callable[[str], int]) -> DataPage:
    """The page, once all files that it describes are written."""
    return data_page(inputs, frames("data", "Data"), size=size)
