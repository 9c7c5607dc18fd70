"""The checker of shapes and types that conftest.py puts over models/ and analysis/: beartype, at half the price.

jaxtyping asks for two checks of a call: one of the arguments before it, one of arguments and result after it. Here the
second is of the result alone: the sizes that the arguments gave to the names of axes are still known by then.

A function within a function is made anew whenever the outer one is called, and preparing its checks takes longer than
most such functions run: they are prepared once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from beartype import beartype

Function = Callable[..., Any]

_prepared: dict[tuple[object, ...], Function] = {}


def checked(function: Function) -> Function:
    """What jaxtyping calls in place of `function`, which has the arguments of the function to check: with those of a
    result's check it has the result as one more, and returns it."""
    hints = function.__annotations__
    if hints.get("return", Any) is not Any:
        function.__annotations__ = {"return": hints["return"]}
    if "<locals>" not in function.__qualname__:
        return beartype(function)
    key = (function.__module__, function.__qualname__, function.__code__.co_varnames, *hints.items())
    if key not in _prepared:
        _prepared[key] = beartype(function)
    return _prepared[key]
