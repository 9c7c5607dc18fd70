"""The negative controls: texts that should not pass, and what came of them on this site."""

from __future__ import annotations

from math import isnan

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.significance.negative_control import WARN
from sitegen.config import Site
from sitegen.corpus.neutral import LEAST
from sitegen.web.components import Answer, Section, Values
from sitegen.web.pages.significance.parts import Control, ControlList
from sitegen.web.pages.significance.results import Results
from sitegen.web.text.numbers import count, counted_share, percent, upper
from sitegen.web.text.verdicts import partly_for

HOLDS, FAILS, UNKNOWN = "holds", "fails", "unknown"
DEALT = 20  # papers below which labels can be dealt in too few ways
RATE = 0.1  # of sentences with p <= .05 under labels dealt anew, up to which the control holds; .05 is expected
NOTHING_PASSES = "But no sentence of these {many} is clear, so none of these could be either: this says nothing here."
TOO_OFTEN = f"{100 * WARN:.0f}%"


def controls(results: Results, site: Site) -> Section:
    """All negative controls."""
    tried = [_neutral(results, site), _stripped(results), _permuted(results)]
    failed = [control for control in tried if control.outcome == FAILS]
    known = [control for control in tried if control.outcome != UNKNOWN]
    verdict = (
        "That cannot be said here."
        if not known
        else f"{len(failed)} of {count(len(known), 'check')} failed: read the warning there."
        if failed
        else "Hardly any, as it should be."
        if len(known) == len(tried)
        else "Hardly any, as far as could be tried."
    )
    return Section(
        head=Answer(
            key="controls",
            question="Do sentences pass that say nothing?",
            answer=f"{verdict} A test that finds something in everything is worth nothing, so it was also given texts "
            "that should not pass: its negative controls.",
        ),
        parts=(ControlList(controls=tuple(tried)),),
    )


def _neutral(results: Results, site: Site) -> Control:
    """Neutral sentences that were put in."""
    name, found, answers = "Neutral sentences", results.verdicts.controls, results.answers
    if not found.neutral:
        return Control(
            outcome=UNKNOWN,
            name=name,
            answer=f"None was put in: sitegen has no list of neutral sentences in this site's language "
            f"(“{site.language}”).",
            meaning=(
                "What “says nothing either way” is, is then taken from what the model says of no text at all.",
                f"To add this check, write at least {LEAST} sentences that say nothing of either class into a file, "
                'one a line, and name it in site.toml, under [significance]: neutral = "neutral.txt".',
            ),
        )
    passing = {text: one for one in results.tested for text in one.control.neutral}
    named = [f"“{text}” (for “{one.toward}”)" for text, one in passing.items()]
    rows = sorted(zip(answers.neutral_margins.tolist(), answers.neutral, strict=True), reverse=True)
    return Control(
        outcome=UNKNOWN if not results.passed else FAILS if len(passing) > WARN * found.neutral else HOLDS,
        name=name,
        answer=f"{count(found.neutral, 'neutral sentence')} were put in: {len(passing) or 'none'} passed.",
        meaning=(
            *([f"{'This one' if len(named) == 1 else 'These'} passed: {'; '.join(named)}."] if named else []),
            *([results.nouns.say(NOTHING_PASSES)] if not results.passed else []),
            f"These are sentences such as “All rights reserved.”, which stand in {results.nouns.texts} of every field. "
            "Where they pass, the test takes emptiness for a message.",
        ),
        values=Values(
            head=("Neutral sentence", "Alone it says", "Passed"),
            rows=tuple(
                (
                    text,
                    percent(float(probability(margin))),
                    f"for “{passing[text].toward}”" if text in passing else "no",
                )
                for margin, text in rows
            ),
        ),
    )


def _stripped(results: Results) -> Control:
    """Sentences of these papers without the words that tell the classes apart."""
    name, found = "Sentences without their class's words", results.verdicts.controls
    tried = [one for one in results.tested if one.control.stripped]
    if not tried or not found.class_words:
        return Control(
            outcome=UNKNOWN,
            name=name,
            answer=f"None could be made: that takes {results.nouns.many} with labels, of both classes, which the "
            "model was not trained on."
            if not tried
            else "None could be made: no word is told more often in one class than in the other.",
            meaning=(),
        )
    known = [one for one in tried if one.test.passed]
    counts = "; ".join(
        f"of {count(one.control.stripped, 'sentence')} from “{one.toward}” {results.nouns.many} "
        f"{one.control.stripped_passing or 'none'} passed"
        + (
            f" ({counted_share(one.control.stripped_passing, one.control.stripped)})"
            if one.control.stripped_passing
            else ""
        )
        for one in tried
    )
    warned = [one for one in known if one.control.warns]
    one_word = found.class_words == 1
    return Control(
        outcome=UNKNOWN if not known else FAILS if warned else HOLDS,
        name=name,
        answer=upper(f"{counts}."),
        meaning=(
            *(
                f"Warning: more than {TOO_OFTEN} pass for “{one.toward}”. "
                f"{partly_for(toward=one.toward, other=one.other)}"
                for one in warned
            ),
            *([results.nouns.say(NOTHING_PASSES)] if not known else []),
            f"{count(found.class_words, 'word')} that {'stands' if one_word else 'stand'} more often in "
            f"{results.nouns.many} of one class than of the other {'was' if one_word else 'were'} taken out of these "
            "sentences. What still passes does so for being empty of the other class's words, or by words too rare to "
            f"be counted. Up to {TOO_OFTEN} is put up with.",
        ),
    )


def _permuted(results: Results) -> Control:
    """Labels dealt anew among the papers."""
    name, found = "Labels dealt anew", results.verdicts.controls
    tried = [one for one in results.tested if not isnan(one.control.permuted_p)]
    if not tried:
        return Control(
            outcome=UNKNOWN,
            name=name,
            answer=f"This could not be tried: it takes {results.nouns.many} of both classes which the model was not "
            "trained on.",
            meaning=(),
        )
    shares = " and ".join(
        f"for {100 * one.control.permuted_p:.1f}% of sentences from “{one.toward}” {results.nouns.many}"
        for one in tried
    )
    passing = sum(one.control.permuted_passing for one in tried)
    average = f"on average {passing:.2f} sentences were clear" if passing else "none was clear"
    few = results.papers < DEALT
    bad = not few and (passing >= 1 or any(one.control.permuted_p > RATE for one in tried))
    return Control(
        outcome=UNKNOWN if few else FAILS if bad else HOLDS,
        name=name,
        answer=f"p was at most .05 {shares}, where 5% are expected; {average}.",
        meaning=(
            *(["Warning: that is more than should pass by luck; trust the marks of this site less."] if bad else []),
            *(
                [
                    f"But among {results.nouns.count(results.papers)} there are few ways to deal them: this says "
                    "little here."
                ]
                if few
                else []
            ),
            f"The {results.nouns.of_many} labels were shuffled among them, {count(found.permutations, 'time')}. After "
            "that no sentence can differ from those of the other class but by luck, and hardly ever should one be "
            "clear.",
        ),
    )
