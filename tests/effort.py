"""How many random examples a test with hypothesis is given.

conftest.py makes profiles of these: `make quick` runs with a quarter of the examples of `make test`, `make nightly`
with ten times as many, and others each time. A test that needs more or fewer than the usual hundred says how many
`make test` runs, and the profile scales that:

    @settings(max_examples=examples(40))
"""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
PROFILES = {"quick": USUAL // 4, "sitegen": USUAL, "nightly": 10 * USUAL}


def examples(count: int) -> int:
    """As many examples of `count` as the profile in use takes of the usual number, at least five."""
    return max(5, count * settings().max_examples // USUAL)
