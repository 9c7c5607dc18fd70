"""The sentence on top of the page, which measure to trust, and the table beside it: measures by checks.

The sentence follows from analysis/faithfulness/trust.py alone: which measures find the known answer more often than
guessing, and which of those cannot be told from the best. Below GOOD, halfway from guessing to always right, even the
best is called not good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.analysis.faithfulness.trust import CHANCE, ERRORS, MATTERS, Trust
from sitegen.web.pages.faithfulness.wording import NAMES, listed, points_text, rate_text
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import correlation, excerpt, upper

GOOD = 0.75
NONE = "–"  # a cell of a check that was not made
HERE = "On these {many}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One check of the table."""

    name: str  # in plain words
    term: str  # the field's word, or what better means
    link: str  # the key of the check that says more


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One measure's number in one check."""

    text: str
    best: bool  # whether no other measure's is better


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure's line of the table, or what guessing would do."""

    name: str  # in readers' words
    asks: str  # the question the measure answers
    term: str  # the field's word
    trusted: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustTable:
    """The three measures side by side."""

    columns: tuple[Column, ...]
    rows: tuple[MeasureRow, ...]


def trust_sentence(result: Faithfulness, *, nouns: Nouns = PAPERS) -> str:
    """Which measure to trust, in one sentence."""
    found, here = result.trust, nouns.say(HERE)
    if found is None:
        return f"Which measure to trust is not known here. {nouns.say(result.reasons.get('trust', ''))}".strip()
    trusted = [measure for measure in MEASURES if measure in found.trusted]
    others = [NAMES[measure].phrase for measure in MEASURES if measure not in trusted]
    names = listed([NAMES[measure].phrase for measure in trusted]) if trusted else ""
    best = max(score.score for score in found.scores)
    if not trusted:
        return f"{here}, trust none of the three measures: none is right more often than guessing."
    if best < GOOD:
        verb, right = ("is", "It is right") if len(trusted) == 1 else ("are", "They are right")
        return (
            f"{here}, no measure is good. The best {verb} {names}. {right} about {rate_text(best)} of pairs of "
            f"sentences{' at most' if len(trusted) > 1 else ''}; guessing is right about {rate_text(CHANCE)}."
        )
    if not others:
        return f"{here}, trust {names} alike: they are right about equally often."
    if len(trusted) == 1:
        return f"{here}, trust {names}. It is right more often than the other two measures."
    return f"{here}, trust {names}. Both are right more often than {others[0]}."


def trust_evidence(result: Faithfulness, *, nouns: Nouns = PAPERS) -> tuple[str, ...]:
    """The numbers from which the sentence follows, and by which rule."""
    found = result.trust
    if found is None:
        return ()
    scores = listed([f"{NAMES[score.measure].phrase} in {rate_text(score.score)}" for score in found.scores])
    return (
        "The test: of two sentences it is known which one speaks more for a class. In how many of such pairs is each "
        f"measure right? {upper(scores)}; guessing in {rate_text(CHANCE)}. {_basis(found, nouns=nouns)}",
        f"Two measures count as equally good if they differ by at most {points_text(MATTERS)} percentage points, or by "
        f"no more than luck may do ({ERRORS:g} standard errors of the difference).",
    )


def _basis(found: Trust, *, nouns: Nouns = PAPERS) -> str:
    mixed = f"a sentence of one class and one of the other, from {nouns.texts} mixed for this test"
    planted = f"a sentence of {nouns.a} and a neutral one that was put beside it"
    if found.hybrids and found.planted:
        return f"There are two kinds of pairs, and each counts half: {mixed}; {planted}."
    return f"A pair is {mixed if found.hybrids else planted}."


def trust_table(result: Faithfulness, classes: tuple[str, str], suffix: str, *, nouns: Nouns = PAPERS) -> TrustTable:
    """All measures in all checks, and what guessing would do. classes: (negative, positive)."""
    columns = _columns(result, classes, suffix, nouns=nouns)
    trusted = result.trust.trusted if result.trust else ()
    rows = []
    for m, measure in enumerate(MEASURES):
        name = NAMES[measure]
        cells = tuple(Cell(text=_text(column, column.values[m]), best=_best(column, m)) for column in columns)
        rows.append(
            MeasureRow(name=name.short, asks=name.asks, term=name.term, trusted=measure in trusted, cells=cells)
        )
    guessing = tuple(Cell(text=_text(column, column.chance), best=False) for column in columns)
    rows.append(MeasureRow(name="guessing", asks="", term="chance", trusted=False, cells=guessing))
    return TrustTable(columns=tuple(column.head for column in columns), rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column with its numbers, None where the check was not made. distance: whether the best is the one nearest to 0,
    else the largest."""

    head: Column
    values: Sequence[float | None]
    chance: float | None
    unit: str = "rate"
    distance: bool = False


def _columns(result: Faithfulness, classes: tuple[str, str], suffix: str, *, nouns: Nouns = PAPERS) -> list[_Column]:
    none = [None] * len(MEASURES)
    mixed, planted, random = result.hybrids, result.planted, result.randomised
    removed = result.sentences.comprehensiveness if result.sentences else None

    def head(name: str, term: str, link: str) -> Column:
        return Column(name=name, term=term, link=link + suffix)

    return [
        _Column(
            head=head("Tells the classes of two sentences apart", f"in mixed {nouns.texts}", "hybrids"),
            values=[one.auc.value for one in mixed.by_measure] if mixed else none,
            chance=CHANCE if mixed else None,
        ),
        _Column(
            head=head("Its strongest sentence is of the right class", f"in mixed {nouns.texts}", "hybrids"),
            values=[one.strongest.value for one in mixed.by_measure] if mixed else none,
            chance=mixed.chance if mixed else None,
        ),
        *(
            _Column(
                head=head(
                    "Puts a sentence above a neutral one", f"in “{excerpt(classes[y], 22)}” {nouns.many}", "planted"
                ),
                values=[rate.value if (rate := one.above[y]) else None for one in planted.by_measure]
                if planted
                else none,
                chance=CHANCE if planted and planted.by_class[y] else None,
            )
            for y in (1, 0)
        ),
        _Column(
            head=head("Answer falls without its strongest sentences", "percentage points", "sentences"),
            values=[one.value for one in removed.by_measure] if removed else none,
            chance=removed.random if removed else None,
            unit="points",
        ),
        _Column(
            head=head("Same order by a model that learned nothing", "1 is the same, 0 is best", "randomised"),
            values=[one.correlation for one in random.by_measure] if random else none,
            chance=0.0 if random else None,
            unit="correlation",
            distance=True,
        ),
    ]


def _text(column: _Column, value: float | None) -> str:
    if value is None:
        return NONE
    return {"rate": rate_text, "points": points_text, "correlation": correlation}[column.unit](value)


def _best(column: _Column, m: int) -> bool:
    """Whether the number is the best of its column, or reads the same."""
    values = [value for value in column.values if value is not None]
    if column.values[m] is None:
        return False
    best = min(values, key=abs) if column.distance else max(values)
    return _text(column, column.values[m]) == _text(column, best)


def papers_left_out(*, used: int, available: int, misread: int, nouns: Nouns = PAPERS) -> str:
    """Why a check rests on fewer papers than the corpus has; "" where it does not."""
    reasons = []
    if misread:
        reasons.append(f"{nouns.count(misread)} that the model gets wrong left out")
    if used < available:
        reasons.append(f"of {available:,}; more would take long")
    return f" ({'; '.join(reasons)})" if reasons else ""
