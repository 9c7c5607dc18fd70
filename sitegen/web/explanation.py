"""One text explained, as a value that shows itself: a few lines in a terminal, a figure and a table in a notebook.

The figure is the one that record pages carry for print: the reading curve, the probabilities as the title grows word by
word and the abstract sentence by sentence, and the sentences' shares. It is drawn to a static SVG here and now, and
stands in the HTML as an image of its own, so that several explanations on one page cannot mix up their gradients, and
nothing in it can run.
"""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion, predicted, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.pages.record.account import Account, account
from sitegen.web.pages.record.sentences import without_sentences
from sitegen.web.pages.record.static import record_figure
from sitegen.web.pages.record.story import story
from sitegen.web.text.numbers import count, excerpt, percent, points

STRONGEST = 3  # sentences that the terminal shows


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceExplanation:
    """One sentence of the abstract: what it says, what it did, whether it was needed.

    number: from 1. alone: the probability when it is read by itself. share: its Shapley value in log-odds; points: that
    of the probability; None where they are not known. without: the probability without it; effect: the same as
    leave-one-out, in log-odds. so_far: the probability after it was read, under the whole title.
    """

    number: int
    text: str
    alone: float
    share: float | None
    points: float | None
    without: float
    effect: float
    so_far: float

    @property
    def leading(self) -> float:
        """What the colour follows, in log-odds: the share, leave-one-out where it is not known."""
        return self.effect if self.share is None else self.share

    @property
    def size(self) -> float:
        """What the sentences of one text are ordered by: the share's points, leave-one-out where it is not known."""
        return abs(self.effect if self.points is None else self.points)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """One model's answer about one text, and how it came about.

    occlusion, alone, shapley: the numbers, in log-odds; shapley is None where the abstract has too many sentences, or
    the model is too slow. classes: (negative, positive). threshold: the probability from which on the text counts as
    positive. not_asked: what a slow model was not asked, and why; such numbers are NaN.
    """

    occlusion: Occlusion
    alone: ReadAlone
    shapley: Shapley | None
    classes: tuple[str, str]
    threshold: float = 0.5
    not_asked: str = ""

    @property
    def probability(self) -> float:
        """The probability of the positive class, 0..1."""
        return self.occlusion.probability

    @property
    def predicted(self) -> str:
        """The name of the predicted class."""
        return self.classes[predicted(self.occlusion.margin, self.threshold)]

    @property
    def sentences(self) -> tuple[SentenceExplanation, ...]:
        """The sentences of the abstract in their order."""
        occlusion, abstract = self.occlusion, self.occlusion.document.abstract
        if not abstract.sentence_ends.size:
            return ()
        so_far = probability(occlusion.cells[-1, abstract.sentence_ends - 1]).tolist()
        alone = probability(self.alone.sentences.astype(float)).tolist()
        without = without_sentences(occlusion)
        return tuple(
            SentenceExplanation(
                number=k + 1,
                text=" ".join(abstract.text[start:end].split()),
                alone=alone[k],
                share=None if self.shapley is None else float(self.shapley.values[k]),
                points=None if self.shapley is None else float(self.shapley.points[k]),
                without=without[k],
                effect=float(occlusion.sentences[k]),
                so_far=so_far[k],
            )
            for k, (start, end) in enumerate(abstract.sentence_spans.tolist())
        )

    @property
    def account(self) -> Account:
        """All that the story is told from, the words with the largest effects among it."""
        return account(
            self.occlusion,
            self.alone,
            self.shapley,
            names=self.classes,
            threshold=self.threshold,
            label=None,
            replaced=False,
        )

    @property
    def story(self) -> tuple[str, ...]:
        """How the answer came about, in plain sentences: the path from nothing to the title to both, and what did most
        of it."""
        return story(self.account)

    @property
    def answer(self) -> str:
        """The answer in one line."""
        return f"{self.predicted}: probability of “{self.classes[1]}” {percent(self.probability)}"

    def figure(self) -> str:
        """The figure as an SVG picture: self-contained text without scripts; "" where a slow model was not asked how
        its answer forms."""
        if not self.occlusion.drawn:
            return ""
        from sitegen.web.publish.figures import draw  # vl-convert takes half a second to load
        from sitegen.web.publish.render import Renderer

        return draw(
            record_figure(
                self.occlusion,
                self.alone,
                self.shapley,
                classes=self.classes,
                threshold=self.threshold,
                palette=Renderer().palette,
            )
        )

    def __repr__(self) -> str:
        """The answer, how it came about, and the sentences with the largest shares."""
        strongest = sorted(self.sentences, key=lambda one: -one.size)[:STRONGEST]
        lines = [
            f"  sentence {one.number}: {'; '.join(self._numbers(one))}  {excerpt(one.text, 50)}" for one in strongest
        ]
        more = len(self.sentences) - len(strongest)
        return "\n".join(
            [
                self.answer,
                *self.story,
                *self._limits,
                *lines,
                *([f"  and {count(more, 'more sentence')}"] if more else []),
            ]
        )

    @property
    def _limits(self) -> list[str]:
        return [self.not_asked] if self.not_asked else []

    def _numbers(self, one: SentenceExplanation) -> list[str]:
        share = [] if one.points is None else [f"share {points(one.points)}"]
        return [f"alone {percent(one.alone)}", *share, f"without it {percent(one.without)}"]

    def _repr_html_(self) -> str:
        """The answer, how it came about, the figure and a table of all sentences, for notebooks. Every text is
        escaped."""
        picture = base64.b64encode(self.figure().encode()).decode() if self.occlusion.drawn else ""
        shared = self.shapley is not None
        rows = "".join(
            f"<tr><td>{one.number}</td><td style='text-align:left'>{html.escape(one.text)}</td>"
            f"<td>{percent(one.alone)}</td>"
            f"{'' if one.points is None else f'<td>{points(one.points)}</td>'}<td>{percent(one.without)}</td></tr>"
            for one in self.sentences
        )
        heads = ("no.", "sentence", "alone it says", *(("its share, points",) if shared else ()), "without it")
        head = "".join(f"<th>{name}</th>" for name in heads)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        alternative = html.escape(f"How the answer forms as title and abstract are read. {self.answer}")
        told = "".join(f"<p>{html.escape(line)}</p>" for line in [*self.story, *self._limits])
        image = f'<img alt="{alternative}" src="data:image/svg+xml;base64,{picture}">' if picture else ""
        return f"<div><p><strong>{html.escape(self.answer)}</strong></p>{told}{image}{table}</div>"
