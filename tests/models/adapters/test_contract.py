"""An object that answers with a probability for each of its classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sitegen.errors import ModelError
from sitegen.models.adapters.contract import Adapted, positive_of
from sitegen.models.protocol import Text
from sitegen.models.registry import describe
from tests.models.adapters.test_python import source

TEXTS = [Text(title="a", abstract=""), Text(title="b", abstract="")]
TABLE = [[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]]
NAMES = ("law", "Economics", "physics")
ECONOMICS = ("not economics", "economics")


class Fixed:
    """Answers with some columns of a table, whatever the texts."""

    def __init__(self, columns: int, *names: str) -> None:
        self._columns = columns
        if names:
            self.classes = list(names)

    def probabilities(self, texts: list[object]) -> object:
        return [row[: self._columns] for row in TABLE[: len(texts)]]


def margins(model: object, classes: tuple[str, str] = ECONOMICS, *, rest: bool = True) -> np.ndarray:
    return Adapted(model, name="mine", join=None, classes=classes, rest=rest).margins(TEXTS)


@pytest.mark.parametrize(("classes", "column"), [(ECONOMICS, 1), (("rest", "law"), 0), (("rest", " PHYSICS"), 2)])
def test_the_column_is_that_of_the_positive_class(classes: tuple[str, str], column: int) -> None:
    p = np.array(TABLE)[:, column]
    np.testing.assert_allclose(margins(Fixed(3, *NAMES), classes), np.log(p / (1 - p)), atol=1e-12)


def test_two_columns_go_by_their_names_where_they_have_some() -> None:
    p = np.array(TABLE)
    pairs = ((("economics", "law"), 0), (("a", "b"), 1), ((), 1), (("trade", "Not economics"), 0), (("Yes", "no"), 0))
    for names, column in pairs:
        found = margins(Fixed(2, *names), rest=False)
        np.testing.assert_allclose(found, np.log(p[:, column] / (1 - p[:, column])), atol=1e-12)


@pytest.mark.parametrize(
    ("labels", "place", "certain"),
    [
        (("a", "ECONOMICS "), 1, True),
        (("a", "not economics"), 0, True),
        (("LABEL_0", "LABEL_1"), 1, True),
        (("true", "false"), 0, True),
        (("1", "-1"), 0, True),
        (("a", "b"), 1, False),
    ],
)
def test_of_two_labels_one_is_the_positive_class_by_its_name_or_the_others(labels, place, certain) -> None:
    assert positive_of(labels, ECONOMICS) == (place, certain)


@pytest.mark.parametrize(
    ("model", "rest", "said"),
    [
        (Fixed(3), True, r"shape \(2, 3\).*names of its classes, column by column, in an attribute `classes`"),
        (Fixed(3, "a", "economics", "b", "c"), True, r"shape \(2, 3\).*a column for each of the 4 names in `classes`"),
        (Fixed(3, *NAMES), False, r"tells 3 classes apart \(law, Economics, physics\).*rest = true"),
        (Fixed(3, "law", "history", "physics"), True, "none of which is “economics”. Set classes.positive"),
    ],
)
def test_what_is_missing_is_said(model: object, rest: bool, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        margins(model, rest=rest)


def test_classes_that_are_no_list_are_refused() -> None:
    model = Fixed(3)
    model.classes = "law"  # type: ignore[assignment]
    with pytest.raises(ModelError, match="classes is 'law'; it must be a list of names"):
        margins(model)


def test_the_methods_page_says_which_classes_there_are(tmp_path: Path) -> None:
    program = (
        "class Model:\n    classes = ['law', 'economics', 'physics']\n\n"
        "    def probabilities(self, texts):\n        return [[0.2, 0.7, 0.1]] * len(texts)\n\n\nclassifier = Model\n"
    )
    found = [
        describe(source(tmp_path, program, classes=(f"not {one}", one), rest=True)) for one in ("economics", "law")
    ]
    assert "tells 3 classes apart: law, economics, physics" in found[0].notes[0]
    assert "“economics”, against all the others together, which are called “not economics” here" in found[0].notes[0]
    assert found[0].fingerprint != found[1].fingerprint
