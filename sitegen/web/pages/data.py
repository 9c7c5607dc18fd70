"""The page about the data files: each with its size, what it holds, and a dictionary of its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.web import routes
from sitegen.web.export.columns import Column
from sitegen.web.export.files import FILES
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
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
class DataPage(Page):
    """The data dictionary."""

    template: ClassVar[str] = "data.html"
    files: tuple[DescribedFile, ...]  # in the order in which they are declared


def data_page(inputs: SiteInputs, frame: Frame, *, size: Callable[[str], int]) -> DataPage:
    """The dictionary; `size` gives the bytes of a file of the site, by its path."""
    return DataPage(
        frame=frame,
        files=tuple(
            DescribedFile(
                name=file.name,
                href=frame.data(file.name),
                size=megabytes(size(routes.data(file.name))),
                meaning=file.meaning,
                columns=tuple(file.columns(inputs)),
            )
            for file in FILES
        ),
    )


def page(inputs: SiteInputs, frames: Frames, *, size: Callable[[str], int]) -> DataPage:
    """The page, once all files that it describes are written."""
    return data_page(inputs, frames("data", "Data"), size=size)
