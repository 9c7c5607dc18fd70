"""The answer of the page in this corpus's numbers, and a section with its chart for each class."""

from __future__ import annotations

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.components import Finding, Section, Tile, Values
from sitegen.web.pages.significance.charts import alone_bins, alone_spec
from sitegen.web.pages.significance.missing import none_passes, untested
from sitegen.web.pages.significance.results import ClassResults, Results
from sitegen.web.text import verdicts
from sitegen.web.text.numbers import count, percent, tenths, upper


def answer(results: Results) -> tuple[str, ...]:
    """What the test found, in sentences; the answer itself first."""
    if not results.tested:
        return untested(results)
    alpha = results.verdicts.significance.alpha
    if not results.passed:
        none = [none_passes(one, alpha=alpha, papers=results.papers, nouns=results.nouns) for one in results.tested]
        tested = count(sum(one.test.family for one in results.tested), "sentence")
        few = all(one.few for one in none)
        return (
            f"None of {tested} is clear (◆)" + (f": {results.nouns.say(verdicts.TOO_FEW)}" if few else "."),
            *(one.why for one in none),
            *dict.fromkeys(one.help for one in none),
        )
    counts = [_count(results, one, again=k > 0) for k, one in enumerate(results.tested)]
    verb = "is" if results.passed == 1 and len(counts) == 1 else "are"
    warned = [one for one in results.tested if one.test.passed and one.control.warns]
    return (
        upper(f"{' and '.join(counts)} {verb} clear (◆)."),
        results.nouns.say(verdicts.CLEAR),
        verdicts.expected(alpha),
        *(verdicts.partly_for(toward=one.toward, other=one.other) for one in warned),
    )


def _count(results: Results, one: ClassResults, *, again: bool = False) -> str:
    """`175 of 385 sentences from “X” papers`; again: where the word "sentences" stands before."""
    number = f"{one.test.passed:,}" if one.test.passed else "none"
    family = f"{one.test.family:,}" if again else count(one.test.family, "sentence")
    return f"{number} of {family} from “{one.toward}” {results.nouns.many}"


def tiles(results: Results) -> tuple[Tile, ...]:
    """How many of how many pass in each class, and of the neutral sentences."""
    if not results.tested:
        return ()
    shown = [
        Tile(
            value=f"{one.test.passed:,} of {one.test.family:,}",
            caption=f"sentences from “{one.toward}” {results.nouns.many} are clear (◆)",
        )
        for one in results.tested
    ]
    neutral = results.verdicts.controls.neutral
    if neutral and results.passed:
        passing = sum(len(one.control.neutral) for one in results.tested)
        shown.append(Tile(value=f"{passing:,} of {neutral:,}", caption="neutral sentences, put in as a check, passed"))
    return tuple(shown)


def of_class(results: Results, one: ClassResults) -> Section | None:
    """The section of one class; None where it was not tested."""
    if not one.tested:
        return None
    tau = one.test.tau
    line = one.zero + one.direction * float(tau[0]) if tau.size == 1 and one.test.passed else None
    bins = alone_bins(one, results.answers.neutral_margins, line=line)
    positive = results.verdicts.names[1]
    return Section(
        head=Finding(
            key="toward-positive" if one.y else "toward-negative",
            question=f"Which sentences speak clearly for “{one.toward}”?",
            answer=_class_answer(results, one),
            caption=_caption(results, one),
            chart=alone_spec(
                one,
                bins,
                neutral=tuple(zip(results.answers.neutral, results.answers.neutral_margins.tolist(), strict=True)),
                positive=positive,
                palette=results.frame.palette,
                nouns=results.nouns,
            ),
            values=Values(
                head=("Alone it says", "to", "Sentences", "of these clear", f"From “{one.other}” {results.nouns.many}"),
                rows=tuple(
                    (
                        "less" if k == 0 else tenths(float(probability(b.low))),
                        "more" if k == len(bins) - 1 else tenths(float(probability(b.high))),
                        f"{b.clear + b.rest:,}",
                        f"{b.clear:,}",
                        f"{b.others:,}",
                    )
                    for k, b in enumerate(bins)
                ),
            ),
        )
    )


def _class_answer(results: Results, one: ClassResults) -> tuple[str, ...]:
    found = results.verdicts.significance
    if not one.test.passed:
        none = none_passes(one, alpha=found.alpha, papers=results.papers, nouns=results.nouns)
        return (none.answer, none.why, none.help)
    as_far = "none goes" if not one.as_far else "one goes" if one.as_far == 1 else f"{one.as_far:,} go"
    of_length = " of their length" if one.test.edges.size else ""
    return (
        upper(f"{_count(results, one)} {'is' if one.test.passed == 1 else 'are'} clear (◆)."),
        f"Of each of them these pages say: “{verdicts.clear(toward=one.toward, other=one.other, nouns=results.nouns)}”",
        f"Of {count(one.test.null, 'sentence')} from “{one.other}” {results.nouns.many}, {as_far} as far as the "
        f"weakest clear one{of_length}.",
        *([verdicts.partly_for(toward=one.toward, other=one.other)] if one.control.warns else []),
    )


def _caption(results: Results, one: ClassResults) -> str:
    """What the chart shows."""
    neutral = results.verdicts.controls.neutral
    middle = "the middle of the neutral sentences" if neutral else "the answer to no text at all"
    lines = [
        f"How likely the model finds “{results.verdicts.names[1]}” after a sentence alone. Bars: sentences from "
        f"“{one.toward}” {results.nouns.many}; grey area: those from “{one.other}” {results.nouns.many}, with which "
        "they are compared.",
        f"Thin line: {percent(float(probability(one.zero)))}, {middle}, which says nothing either way: to its right a "
        f"sentence speaks for “{results.verdicts.names[1]}”, to its left for “{results.verdicts.names[0]}”.",
    ]
    if one.test.passed:
        lines.append(
            "Dashed line: the weakest clear sentence; the pale band is where it would lie nine times in ten, "
            f"had other {results.nouns.many} of this kind been tested."
            if one.test.tau.size == 1
            else "Dashed lines: the weakest clear sentence of each length; the pale bands are where it would lie "
            f"nine times in ten, had other {results.nouns.many} of this kind been tested."
        )
    lines.append("The outermost bars hold all beyond them. The upright scale is compressed, to show low bars.")
    return " ".join(lines)
