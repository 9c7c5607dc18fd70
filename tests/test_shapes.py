"""The checker of shapes finds what it is there for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from jaxtyping import Float, TypeCheckError, jaxtyped

from sitegen.models.probabilities import probability
from tests.shapes import checked

Array = np.ndarray


@jaxtyped(typechecker=checked)
def joined(a: Float[Array, "n"], b: Float[Array, "n"], *, lost: int = 0) -> Float[Array, "2*n"]:
    """Both behind each other, without the last `lost` numbers."""
    return np.concatenate([a, b])[: 2 * len(a) - lost]


def made(result: object) -> Callable[[int], object]:
    """A function within a function."""

    @jaxtyped(typechecker=checked)
    def give(times: int) -> int:
        return result  # type: ignore[return-value]

    return give


def test_what_fits_passes() -> None:
    assert len(joined(np.zeros(2), np.zeros(2))) == 4
    assert made(3)(1) == 3


def test_arguments_and_results_are_held_to_their_shapes() -> None:
    with pytest.raises(TypeCheckError, match="checking the parameters"):
        joined(np.zeros(2), np.zeros(3))
    with pytest.raises(TypeCheckError, match="checking the parameters"):
        joined(np.zeros(2), np.zeros((2, 1)))
    with pytest.raises(TypeCheckError, match="checking the parameters"):
        joined(np.zeros(2), np.zeros(2), lost="none")  # type: ignore[arg-type]
    with pytest.raises(TypeCheckError, match="checking the return value"):
        joined(np.zeros(2), np.zeros(2), lost=1)  # as many as the arguments have, and not less


def test_a_function_within_a_function_is_checked_each_time_it_is_made() -> None:
    for _ in range(2):
        with pytest.raises(TypeCheckError, match="checking the parameters"):
            made(3)("once")  # type: ignore[arg-type]
        with pytest.raises(TypeCheckError, match="checking the return value"):
            made("three")(1)


def test_models_and_analysis_are_under_it() -> None:
    with pytest.raises(TypeCheckError):
        probability("no margin")  # type: ignore[call-overload]
