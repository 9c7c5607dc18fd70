"""The checks of faithfulness that know the right answer beforehand: mixed abstracts, and models that learned nothing.

The first words of an answer are the verdict, by the rules of `checks`.
"""

from __future__ import annotations

from sitegen.analysis.faithfulness.pointing import Pointing
from sitegen.analysis.faithfulness.randomised import Randomised
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.pages.faithfulness.charts import interval_spec
from sitegen.web.pages.faithfulness.checks import (
    ERRORS,
    QUESTIONS,
    Check,
    Outcome,
    missing,
    pointing_outcome,
    randomised_outcome,
)
from sitegen.web.text.numbers import count, excerpt, log_odds, whole_percent


def pointing_check(result: Faithfulness, classes: tuple[str, str], suffix: str, *, palette: Palette) -> Check:
    """How often the strongest sentence of a mixed abstract is of the class explained. classes: (negative, positive)."""
    game = result.pointing
    if game is None:
        return missing(result, "pointing", suffix, needs="pointing")
    outcome, hits = pointing_outcome(game), game.leave_one_out
    said = [
        (f"said {excerpt(classes[y], 22)}", found, game.explained[y]) for y in (1, 0) if (found := game.by_class[y])
    ]
    methods = [("all", hits, game.hybrids), *said]
    if game.shapley:
        methods.append(("all, by Shapley", game.shapley, game.hybrids))
    finding = Finding(
        key="pointing" + suffix,
        question=QUESTIONS["pointing"],
        answer=(
            f"{outcome.value}: in {whole_percent(hits.rate)} of {count(game.hybrids, 'mixed abstract')} the strongest "
            f"sentence comes from a paper of the right class; pointing at random hits in {whole_percent(game.chance)}.",
            *_rules_of_the_game(game, classes),
            *_by_class(game, classes),
        ),
        caption="How often the strongest sentence comes from the right class, with the 95% interval: in all mixed "
        "abstracts, and in those that the model said to be of either class.",
        chart=interval_spec(
            [(name, found.rate, found.low, found.high) for name, found, _ in methods],
            palette=palette,
            compared=(game.chance, game.chance),
            says="chance",
            title="hits",
            limits=(0.0, 1.0),
            percent=True,
        ),
        values=Values(
            head=("Mixed abstracts", "Hits", "Of", "Rate", "95% interval"),
            rows=tuple(
                (
                    name,
                    f"{found.hits:,}",
                    f"{of:,}",
                    f"{100 * found.rate:.1f}%",
                    f"{100 * found.low:.1f} to {100 * found.high:.1f}%",
                )
                for name, found, of in methods
            ),
        ),
    )
    return Check(finding=finding, outcome=outcome)


def _rules_of_the_game(game: Pointing, classes: tuple[str, str]) -> tuple[str, ...]:
    each = count(game.per_class, "sentence")
    left_out = f" {count(game.misread, 'paper')} that the model gets wrong gave none." if game.misread else ""
    return (
        f"A mixed abstract has {each} of papers of one class and as many of the other, shuffled, and no title. The "
        "model says which class it sees; what pushes most toward that class should be a sentence of a paper of it.",
        f"The sentences come from {count(game.sources[1], 'paper')} of class “{classes[1]}” and {game.sources[0]:,} of "
        f"“{classes[0]}”.{left_out}",
    )


def _by_class(game: Pointing, classes: tuple[str, str]) -> tuple[str, ...]:
    """The rates of the two classes where they differ beyond doubt, and what that may mean."""
    negative, positive = game.by_class
    if negative is None or positive is None:
        return ()
    (low, name), (high, other) = sorted(((negative, classes[0]), (positive, classes[1])), key=lambda pair: pair[0].rate)
    if low.high >= high.low:
        return ()
    return (
        f"Where the model said “{other}” it hit in {whole_percent(high.rate)}, where it said “{name}” in "
        f"{whole_percent(low.rate)} only. Such misses need not be the method's: if nothing but the lack of the one "
        "speaks for the other class, sentences that say nothing push toward it from either.",
    )


def randomised_check(result: Faithfulness, suffix: str, *, palette: Palette) -> Check:
    """Whether models that have learned nothing put a paper's sentences into the same order."""
    found = result.randomised
    if found is None:
        return missing(result, "randomised", suffix, needs="randomised")
    spread = ERRORS * (found.error or 0.0)
    measured = [("size", found.correlation, found.correlation - spread, found.correlation + spread)]
    if found.partial is not None:
        measured.append(("size, same place", found.partial, found.partial, found.partial))
    measured.append(("direction", found.signed, found.signed, found.signed))
    left_out = f"; {count(found.left_out, 'paper')} with nothing to rank left out" if found.left_out else ""
    finding = Finding(
        key="randomised" + suffix,
        question=QUESTIONS["randomised"],
        answer=(
            *_randomised_answer(found),
            f"{count(found.records, 'paper')}, {count(len(found.by_model), 'model')} with random weights{left_out}.",
        ),
        caption="Rank correlation between the effects of this model and those of models with random weights, mean over "
        "papers: 0 is none, 1 the same order. The line is two standard errors to either side.",
        chart=interval_spec(
            measured,
            palette=palette,
            compared=(-found.limit, found.limit),
            says="passes",
            title="rank correlation",
            limits=(-1.0, 1.0),
            percent=False,
        ),
        values=Values(
            head=("Rank correlation", "Papers", "Mean"),
            rows=(
                ("size of the effect", f"{found.records:,}", log_odds(found.correlation)),
                *((f"the same, random model {k}", "", log_odds(r)) for k, r in enumerate(found.by_model, 1)),
                *(
                    [("size, among sentences in like places", f"{found.partial_records:,}", log_odds(found.partial))]
                    if found.partial is not None
                    else []
                ),
                ("direction of the effect", f"{found.records:,}", log_odds(found.signed)),
                ("size with distance from an end, this model", f"{found.records:,}", log_odds(found.place)),
                ("the same, random models", f"{found.records:,}", log_odds(found.random_place)),
            ),
        ),
    )
    return Check(finding=finding, outcome=randomised_outcome(found))


def _randomised_answer(found: Randomised) -> tuple[str, ...]:
    outcome = randomised_outcome(found)
    same = (
        "if the weights that the model learned are replaced by random ones, the sizes of a paper's effects fall into "
        f"an order whose correlation with ours is {log_odds(found.correlation)}"
    )
    passes = f"up to {found.limit:g} either way passes"
    if outcome is Outcome.HOLDS:
        return (f"The model: {same}, next to nothing ({passes}).", _direction(found))
    verdict = "In size, partly the text" if outcome is Outcome.IN_PART else "In size, too much the text"
    place = (_place(found, found.partial),) if found.partial is not None else ()
    return (f"{verdict}: {same} ({passes}).", *place, _direction(found))


def _place(found: Randomised, partial: float) -> str:
    """How much of the agreement is due to where in their abstract the sentences stand."""
    ends = max(found.place, found.random_place) < -found.limit
    both = (
        "Both kinds of model move more with sentences near an end of their abstract (correlation with the distance: "
        f"{log_odds(found.place)} for ours, {log_odds(found.random_place)} for random weights). "
        if ends
        else ""
    )
    left = f"{both}Among sentences in like places a correlation of {log_odds(partial)} is left"
    if abs(partial) > found.limit:
        return f"{left}, still more than passes."
    return (
        f"{left}, which passes: the agreement comes from where sentences stand, which any model of this build weighs, "
        "and not from the method being blind to what was learned."
    )


def _direction(found: Randomised) -> str:
    small = abs(found.signed) <= found.limit
    said = "comes from what was learned" if small else "does not come from what was learned alone"
    return f"The direction in which a sentence pushes {said}: there the correlation is {log_odds(found.signed)}."
