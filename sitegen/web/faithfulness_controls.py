"""The checks of faithfulness that know the right answer beforehand: mixed abstracts, and models that learned nothing.

The first words of an answer are the verdict, by the rules of `faithfulness_checks`.
"""

from __future__ import annotations

from sitegen.analysis.faithfulness import Faithfulness
from sitegen.analysis.pointing import Pointing
from sitegen.analysis.randomised import Randomised
from sitegen.web.faithfulness_charts import interval_spec
from sitegen.web.faithfulness_checks import (
    ERRORS,
    QUESTIONS,
    Check,
    Outcome,
    missing,
    pointing_outcome,
    randomised_outcome,
)
from sitegen.web.findings import Finding, Values
from sitegen.web.wording import count, log_odds, whole_percent


def pointing_check(result: Faithfulness, suffix: str) -> Check:
    game = result.pointing
    if game is None:
        return missing(result, "pointing", suffix, needs="pointing")
    outcome, hits = pointing_outcome(game), game.leave_one_out
    methods = [("leave-one-out", hits)] + ([("Shapley", game.shapley)] if game.shapley else [])
    shapley = (
        f" Shapley values, the slower method beside it, hit in {whole_percent(game.shapley.rate)}."
        if game.shapley
        else ""
    )
    finding = Finding(
        key="pointing" + suffix,
        question=QUESTIONS["pointing"],
        answer=(
            f"{outcome.value}: in {whole_percent(hits.rate)} of {game.hybrids:,} mixed abstracts the strongest "
            f"sentence comes from a paper of the right class (95% interval: {whole_percent(hits.low)} to "
            f"{whole_percent(hits.high)}); pointing at random hits in {whole_percent(game.chance)}.{shapley}",
            *_rules_of_the_game(game),
        ),
        caption="How often the strongest sentence comes from the right class, with the 95% interval.",
        chart=interval_spec(
            [(name, found.rate, found.low, found.high) for name, found in methods],
            compared=(game.chance, game.chance),
            says="chance",
            title="hits",
            limits=(0.0, 1.0),
            percent=True,
        ),
        values=Values(
            head=("Method", "Hits", "Of", "Rate", "95% interval"),
            rows=tuple(
                (
                    name,
                    f"{found.hits:,}",
                    f"{game.hybrids:,}",
                    f"{100 * found.rate:.1f}%",
                    f"{100 * found.low:.1f} to {100 * found.high:.1f}%",
                )
                for name, found in methods
            ),
        ),
    )
    return Check(finding=finding, outcome=outcome)


def _rules_of_the_game(game: Pointing) -> tuple[str, ...]:
    each = count(game.per_class, "sentence")
    left_out = f" {count(game.misread, 'paper')} that the model gets wrong gave none." if game.misread else ""
    return (
        f"A mixed abstract has {each} of papers of one class and as many of the other, shuffled, and no title. The "
        "model says which class it sees; what pushes most toward that class should be a sentence of a paper of it.",
        f"The sentences come from {game.sources[0] + game.sources[1]:,} papers, {game.sources[1]:,} of the positive "
        f"class.{left_out}",
    )


def randomised_check(result: Faithfulness, suffix: str) -> Check:
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
        return (f"The model: {same}, next to nothing ({passes}).",)
    place = (
        "Both models' effects are larger the nearer a sentence stands to an end of its abstract (correlations with "
        f"the distance: {log_odds(found.place)} for ours, {log_odds(found.random_place)} for random weights)."
    )
    if outcome is Outcome.IN_PART:
        return (
            f"In part the text: {same}, more than nothing ({passes}).",
            f"{place} Among sentences in like places {log_odds(found.partial or 0.0)} is left. So the agreement comes "
            "from where sentences stand, which any model of this build weighs, and not from the method being blind to "
            "what was learned.",
            _direction(found),
        )
    return (
        f"Too much the text: {same}, more than nothing ({passes}), and not explained by where the sentences stand.",
        place,
        _direction(found),
    )


def _direction(found: Randomised) -> str:
    small = abs(found.signed) <= found.limit
    said = "comes from what was learned" if small else "does not come from what was learned alone"
    return f"The direction in which a sentence pushes {said}: there the correlation is {log_odds(found.signed)}."
