"""The page about the data files: each with its size, what it holds, and a dictionary of its columns; and the models'
files, where they are published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sitegen.config import Site
from sitegen.web import routes
from sitegen.web.export.columns import Column
from sitegen.web.export.files import files_of
from sitegen.web.export.models import RECOMPUTE
from sitegen.web.export.settings import in_memory
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
    in_memory: str  # what of all this stood in no file, in sentences; "" where everything did


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

    recompute = "A short program that recomputes {many} from these files and the models of its kind, and compares."
    return DataPage(
        frame=frame,
        files=tuple(described(file.name, file.meaning, tuple(file.columns(inputs))) for file in files_of(inputs)),
        models=tuple(model_files(frame, number, model) for number, model in enumerate(inputs.models)),
        recompute=described(RECOMPUTE, recompute) if inputs.models[0].recompute else None,
        in_memory=not_in_files(inputs.site),
    )


def not_in_files(site: Site) -> str:
    """Sentences on the records and the model that a program had in memory; "" where all stood in files."""
    given = in_memory(site) if site.in_memory else {"records": None, "models": {}}
    records = f"The records were {given['records']}, in the memory of a Python program. " if given["records"] else ""
    models = "".join(
        f"The model {name} was an object in that memory, of the class {kind}; there is no file of it, so its numbers "
        f"cannot be computed again from files. "
        for name, kind in given["models"].items()
    )
    return (records + (models if records else models.replace("that memory", "the memory of a Python program"))).strip()


def page(inputs: SiteInputs, frames: Frames, *, size: Callable[[str], int]) -> DataPage:
    """The page, once all files that it describes are written."""
    return data_page(inputs, frames("data", "Data"), size=size)
