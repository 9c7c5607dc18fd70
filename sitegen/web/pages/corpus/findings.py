"""What the corpus as a whole shows, in plain words: each question with the sentence that answers it and its numbers.

A Finding is made from the analysis's numbers and knows nothing of pages. Its first sentence is the answer; what follows
says how far it reaches. Where a question cannot be answered, the finding says why and has no chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.analysis.corpus.calibration import Bin, calibration_error
from sitegen.analysis.corpus.overview import Decisions, PlaceEffect, Vocabulary
from sitegen.config import Classes
from sitegen.web.components import Finding, Values
from sitegen.web.pages.corpus import charts as corpus_charts
from sitegen.web.pages.corpus.charts import Dot
from sitegen.web.text.numbers import count, log_odds, percent, points

FEWEST_LABELS = 30  # labelled papers below which nothing is said of the calibration
CHARTED_WORDS = 20


def places(found: Sequence[PlaceEffect], *, alone: int) -> Finding:
    """Where in the abstract the effects are. alone: how many abstracts are one sentence."""
    key, question = "places", "Does the model read the first and the last sentence only?"
    by_name = {place.place: place for place in found}
    between = [place for place in found if place.place not in ("first", "last")]
    if not between:
        return Finding(key=key, question=question, answer=("No abstract here has more than two sentences.",))
    first, last = by_name["first"], by_name["last"]
    groups = ((first,), (last,), tuple(between))
    sizes = [_pooled(group, [place.size.mean for place in group]) for group in groups]
    tokens = [_pooled(group, [place.tokens for place in group]) for group in groups]
    toward = [_pooled(group, [place.toward.mean for place in group]) for group in groups]
    tens = [10 * size / length for size, length in zip(sizes, tokens, strict=True)]
    ends = _pooled((first, last), sizes[:2])
    verdict = "No." if sizes[2] >= ends / 2 else "Mostly." if sizes[2] >= ends / 10 else "Almost."
    answer = [
        f"{verdict} Taking a sentence out changes the answer by {_size(sizes[0])} log-odds on average if it is the "
        f"first of its abstract, by {_size(sizes[1])} if it is the last, and by {_size(sizes[2])} if it stands between "
        "them.",
        f"Length counts, too: first sentences have {tokens[0]:.0f} words on average, last ones {tokens[1]:.0f}, those "
        f"between {tokens[2]:.0f}; for every ten words that is {_size(tens[0])}, {_size(tens[1])} and "
        f"{_size(tens[2])} log-odds.",
        "Pushes toward the model's answer and against it partly cancel out: on balance a first sentence pushes by "
        f"{log_odds(toward[0])} toward it, a last one by {log_odds(toward[1])}, one between by {log_odds(toward[2])}.",
    ]
    if alone:
        answer.append(f"Left out: {count(alone, 'abstract')} of a single sentence, where the first is the last.")
    return Finding(
        key=key,
        question=question,
        answer=tuple(answer),
        caption="Effect of a sentence by its place. Dot: the mean; line: the middle half of the sentences (a mean "
        "above its line: few sentences do most). Early, middle and late are the three thirds of what stands between "
        "first and last.",
        chart=corpus_charts.places_spec(found),
        values=Values(
            head=(
                "Place",
                "Sentences",
                "Size, mean",
                "middle half",
                "Toward the answer",
                "middle half",
                "Words",
                "Size for ten words",
            ),
            rows=tuple(
                (
                    place.place,
                    f"{place.sentences:,}",
                    _size(place.size.mean),
                    f"{_size(place.size.low)} to {_size(place.size.high)}",
                    log_odds(place.toward.mean),
                    f"{log_odds(place.toward.low)} to {log_odds(place.toward.high)}",
                    f"{place.tokens:.1f}",
                    _size(10 * place.per_token),
                )
                for place in found
            ),
        ),
    )


def fields(found: Decisions | None, *, additive: bool, dots: Sequence[Dot], classes: Classes) -> Finding:
    """Which field decided. dots: one per record where each has its own (see corpus_charts.fields_spec)."""
    key, question = "fields", "Which decided, the title or the abstract?"
    if not additive:
        said = (
            "This model reads title and abstract together, so its answer is no sum of a title's and an abstract's part."
        )
        return Finding(key=key, question=question, answer=(said,))
    if found is None:
        said = "The model can read no title here, or no abstract: there is nothing to compare."
        return Finding(key=key, question=question, answer=(said,))
    n = found.title.size
    both, neither = found.count(title=True, abstract=True), found.count(title=False, abstract=False)
    only_title, only_abstract = found.count(title=True, abstract=False), found.count(title=False, abstract=True)
    abstract_leads = found.abstract_further >= found.title_further
    further = found.abstract_further if abstract_leads else found.title_further
    one, other = ("abstract", "title") if abstract_leads else ("title", "abstract")
    verdict = f"Mostly the {one}:" if 3 * further >= 2 * n else "Both:"
    where = (
        "Squares count papers: to the right are those whose title pushes more toward"
        if n > corpus_charts.MOST_POINTS
        else "Each dot is a paper and leads to its page: to the right, its title pushes more toward"
    )
    return Finding(
        key=key,
        question=question,
        answer=(
            f"{verdict} the {one}'s part of the model's answer lies further from the average than the {other}'s in "
            f"{further:,} of {count(n, 'paper')} ({share(further, n)}).",
            f"The title alone (beside an average abstract) would have led to another answer in "
            f"{only_abstract + neither:,} of them, the abstract alone (beside an average title) in "
            f"{only_title + neither:,}. Both lead to the model's answer in {both:,} ({share(both, n)}).",
            "The model adds up a part for the title, a part for the abstract and a constant. A part by itself says "
            "little, therefore each is shown less its average over these papers.",
        ),
        caption=f"{where} “{classes.positive}” than the average title; upward, the same for abstracts. The model's "
        "answer turns at the dashed line.",
        chart=corpus_charts.fields_spec(found, dots, classes=classes.names),
        values=Values(
            head=("Papers", "abstract alone: same answer", "abstract alone: another"),
            rows=(
                ("title alone: same answer", f"{both:,}", f"{only_title:,}"),
                ("title alone: another", f"{only_abstract:,}", f"{neither:,}"),
            ),
        ),
    )


def calibration(bins: Sequence[Bin], *, classes: Classes) -> Finding:
    """Whether probabilities are what they say, from the labelled records' bins."""
    key, question = "calibration", "Is 80% really 80%?"
    labelled = sum(b.records for b in bins)
    if not labelled:
        said = "That cannot be said: these papers have no labels to compare with."
        return Finding(key=key, question=question, answer=(said,))
    held = sum(b.holds for b in bins)
    agree = f"in {held} of {count(len(bins), 'group')} of papers with similar probability"
    verdict = (
        f"{count(labelled, 'labelled paper')} cannot tell;"
        if labelled < FEWEST_LABELS
        else f"As far as {labelled:,} labelled papers can tell, yes:"
        if held == len(bins)
        else "Nearly:"
        if held == len(bins) - 1
        else "Not everywhere:"
    )
    answer = [
        f"{verdict} {agree} the share labelled “{classes.positive}” agrees with what the model said, within the range "
        "of chance.",
        _eighty(bins, classes),
        f"On average over all groups, what it said and what is labelled differ by {_points(calibration_error(bins))} "
        "percentage points. Even for a perfect model one or more of ten groups fall outside their range in 4 cases "
        "of 10.",
    ]
    return Finding(
        key=key,
        question=question,
        answer=tuple(answer),
        caption="Ten groups of papers by probability, with the number of papers. A perfect model's dots lie on the "
        "dashed line; lines are 95% intervals (Wilson's).",
        chart=corpus_charts.calibration_spec(bins, positive=classes.positive),
        values=Values(
            head=("Probability", "Papers", "Said on average", f"Labelled “{classes.positive}”", "95% interval"),
            rows=tuple(
                (
                    f"{100 * b.low:.0f}–{100 * b.high:.0f}%",
                    f"{b.records:,}",
                    percent(b.said),
                    f"{b.positive:,} ({share(b.positive, b.records)})",
                    f"{_bound(b.share_low)} to {_bound(b.share_high)}",
                )
                for b in bins
            ),
        ),
    )


def vocabulary(found: Vocabulary, *, papers: int) -> Finding:
    """How much of the texts the model does not know."""
    key, question = "unknown", "Which words does it not know?"
    if not found.unknown:
        return Finding(key=key, question=question, answer=(f"It knows all {found.tokens:,} words of these papers.",))
    most = found.words[:CHARTED_WORDS]
    return Finding(
        key=key,
        question=question,
        answer=(
            f"Of {found.tokens:,} words in titles and abstracts it does not know {found.unknown:,} "
            f"({share(found.unknown, found.tokens)}): {len(found.words):,} different ones, in {found.records:,} of "
            f"{count(papers, 'paper')}.",
            "The model skips them, as if they were not there; in the texts they are dotted.",
        ),
        caption="The unknown words that stand in the texts most often.",
        chart=corpus_charts.unknown_spec(most),
    )


def _eighty(bins: Sequence[Bin], classes: Classes) -> str:
    """What became of the papers that were given 80% to 90%."""
    for b in bins:
        if round(10 * b.low) == 8:
            return (
                f"It gave {count(b.records, 'paper')} 80% to 90%, {percent(b.said)} on average; {b.positive:,} of them "
                f"({share(b.positive, b.records)}) carry the label “{classes.positive}”."
            )
    return "It gave no labelled paper 80% to 90%."


def _pooled(group: Sequence[PlaceEffect], means: Sequence[float]) -> float:
    """The mean over all sentences of some places, from the places' means."""
    weights = [place.sentences for place in group]
    return sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / sum(weights)


def _bound(p: float) -> str:
    return {0.0: "0%", 1.0: "100%"}.get(p) or percent(p)


def _size(effect: float) -> str:
    return log_odds(abs(effect)).lstrip("+")


def _points(change: float) -> str:
    return points(abs(change)).lstrip("+")


def share(part: int, whole: int) -> str:
    """A counted share: none is 0%, all is 100%."""
    return {0: "0%", whole: "100%"}.get(part) or percent(part / whole)
