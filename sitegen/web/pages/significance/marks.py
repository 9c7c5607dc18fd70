"""What the marks mean, why some sentences have no q, and examples of sentences with and without a mark."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool

from sitegen.analysis.significance.evidence import Mark, Why
from sitegen.web.components import Answer, Section
from sitegen.web.pages.significance.parts import ClassExamples, Examples, Quoted, Wording, Wordings
from sitegen.web.pages.significance.results import ClassResults, Results
from sitegen.web.text.numbers import count
from sitegen.web.text.verdicts import WHY_AT_LENGTH, WHY_IN_SHORT, meanings

EXAMPLES = 3  # of each kind


def marks(results: Results) -> Section:
    """The marks with how often each stands."""
    found = results.verdicts.significance
    return Section(
        head=Answer(
            key="marks",
            question="What do the marks mean?",
            answer="A mark stands beside a sentence. It changes neither the sentence's colour nor its place in a list: "
            f"these follow what the sentence did in its {results.nouns.one}, and the mark says how clearly it speaks "
            "alone.",
        ),
        parts=(
            Wordings(
                rows=tuple(
                    _wording(results, words, meaning, found.mark == mark)
                    for mark, words, meaning in meanings(
                        alpha=found.alpha, some=results.passed > 0, nouns=results.nouns
                    )
                )
            ),
        ),
    )


def reasons(results: Results) -> Section:
    """Why sentences have no q: the reasons that occur."""
    why = results.verdicts.significance.why
    occurring = [one for one in WHY_AT_LENGTH if np.any(why == one)]
    without = int(np.sum(why != Why.JUDGED))
    head = Answer(
        key="reasons",
        question="Why are some sentences not judged?",
        answer=f"{without:,} of {count(why.size, 'sentence')} {'has' if without == 1 else 'have'} no q, which is the "
        f"number of the test. {'It' if without == 1 else 'They'} may still say a lot."
        if occurring
        else "Here every sentence has a q, the number of the test.",
    )
    rows = tuple(
        _wording(results, results.nouns.say(WHY_IN_SHORT[one]), results.nouns.say(WHY_AT_LENGTH[one]), why == one)
        for one in occurring
    )
    return Section(head=head, parts=(Wordings(rows=rows),) if rows else ())


def _wording(results: Results, words: str, meaning: str, rows: Bool[np.ndarray, " M"]) -> Wording:
    return Wording(words=words, meaning=meaning, papers=results.papers_of(rows), sentences=int(rows.sum()))


def examples(results: Results) -> Section | None:
    """The strongest sentences that are clear and that are not, by class; None where nothing is tested."""
    groups = tuple(_group(results, one) for one in results.tested)
    if not groups:
        return None
    return Section(
        head=Answer(
            key="examples",
            question="Some that are clear, and some that are not",
            answer=f"The strongest of each kind, at most one of {results.nouns.a}."
            + (
                ""
                if results.frame.site.records.publish == "scores"
                else f" Read them: would you have guessed the {results.nouns.one}'s class from this sentence alone?"
            ),
        ),
        parts=(Examples(groups=groups),),
    )


def _group(results: Results, one: ClassResults) -> ClassExamples:
    found = results.verdicts.significance
    toward = (found.toward == one.y) & found.judged
    return ClassExamples(
        toward=one.toward,
        positive=one.y == 1,
        passing=_strongest(results, toward & found.passes),
        failing=_strongest(results, toward & (found.mark == Mark.NONE)),
    )


def _strongest(results: Results, among: Bool[np.ndarray, " M"]) -> tuple[Quoted, ...]:
    """The sentences that go furthest, one of a paper, the furthest first."""
    rows = np.flatnonzero(among)
    rows = rows[np.argsort(-results.verdicts.significance.x[rows], kind="stable")]
    _, first = np.unique(results.effects.record[rows], return_index=True)
    return tuple(_quoted(results, int(rows[k])) for k in sorted(first.tolist())[:EXAMPLES])


def _quoted(results: Results, row: int) -> Quoted:
    summary, number = results.summaries[int(results.effects.record[row])], int(results.effects.number[row])
    verdict = results.verdicts.of_row(row)
    return Quoted(
        text=summary.quoted(number),
        href=results.frame.to(summary.sentence(number)),
        title=summary.title,
        alone=verdict.alone,
        q=verdict.q,
    )
