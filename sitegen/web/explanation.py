"""One text explained, as a value that shows itself: a few lines in a terminal, a figure and a table in a notebook.

The figure is the one that record pages carry for print: probabilities as the title grows word by word and the abstract
sentence by sentence. It is drawn to a static SVG here and now, and stands in the HTML as an image of its own, so that
several explanations on one page cannot mix up their gradients, and nothing in it can run.
"""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from typing import Any

from sitegen.analysis.attribution.occlusion import Occlusion, predicted, probability
from sitegen.web.charts.style import Palette
from sitegen.web.text.numbers import count, excerpt, percent, points

STRONGEST = 3  # sentences that the terminal shows


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceExplanation:
    """One sentence of the abstract.

    number: from 1. so_far: the probability after it was read, under the whole title. effect: leave-one-out, in
    log-odds; change: the same in probability. without: the probability without it.
    """

    number: int
    text: str
    so_far: float
    effect: float
    change: float
    without: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """One model's answer about one text, and how it came about.

    occlusion: the numbers, in log-odds. classes: (negative, positive). threshold: the probability from which on the
    text counts as positive.
    """

    occlusion: Occlusion
    classes: tuple[str, str]
    threshold: float = 0.5

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
        so_far = probability(occlusion.grid.margins[-1, abstract.sentence_ends - 1]).tolist()
        changes = occlusion.change(occlusion.sentences).tolist()
        return tuple(
            SentenceExplanation(
                number=k + 1,
                text=" ".join(abstract.text[start:end].split()),
                so_far=so_far[k],
                effect=float(occlusion.sentences[k]),
                change=changes[k],
                without=min(max(self.probability - changes[k], 0.0), 1.0),
            )
            for k, (start, end) in enumerate(abstract.sentence_spans.tolist())
        )

    @property
    def answer(self) -> str:
        """The answer in one line."""
        return f"{self.predicted}: probability of “{self.classes[1]}” {percent(self.probability)}"

    def figure(self) -> str:
        """The sentence grid as an SVG picture: self-contained text without scripts."""
        from sitegen.web.publish.figures import draw  # vl-convert takes half a second to load
        from sitegen.web.publish.render import Renderer

        return draw(sentence_figure(self.occlusion, classes=self.classes, palette=Renderer().palette))

    def __repr__(self) -> str:
        """The answer, and the sentences without which it would change most."""
        strongest = sorted(self.sentences, key=lambda one: -abs(one.effect))[:STRONGEST]
        lines = [
            f"  without sentence {one.number}: {percent(one.without)}  {excerpt(one.text, 70)}" for one in strongest
        ]
        more = len(self.sentences) - len(strongest)
        return "\n".join([self.answer, *lines, *([f"  and {count(more, 'more sentence')}"] if more else [])])

    def _repr_html_(self) -> str:
        """The answer, the figure and a table of all sentences, for notebooks. Every text is escaped."""
        picture = base64.b64encode(self.figure().encode()).decode()
        rows = "".join(
            f"<tr><td>{one.number}</td><td style='text-align:left'>{html.escape(one.text)}</td>"
            f"<td>{percent(one.so_far)}</td><td>{percent(one.without)}</td>"
            f"<td>{points(one.change)}</td></tr>"
            for one in self.sentences
        )
        heads = ("no.", "sentence", "so far", "without it", "points")
        head = "".join(f"<th>{name}</th>" for name in heads)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        alternative = html.escape(f"How the answer forms as title and abstract are read. {self.answer}")
        return (
            f"<div><p><strong>{html.escape(self.answer)}</strong></p>"
            f'<img alt="{alternative}" src="data:image/svg+xml;base64,{picture}">{table}</div>'
        )


def sentence_figure(occlusion: Occlusion, *, classes: tuple[str, str], palette: Palette) -> dict[str, Any]:
    """The Vega-Lite specification of the static figure of one text: see charts.heatmap.sentence_figure_spec."""
    from sitegen.web.charts.heatmap import sentence_figure_spec  # Altair takes half a second to load

    document, ends = occlusion.document, occlusion.document.abstract.sentence_ends
    cells = probability(occlusion.grid.margins)
    return sentence_figure_spec(
        cells[:, ends - 1] if ends.size else cells[:, :1],
        title=[document.title.text[a:b] for a, b in document.title.spans.tolist()],
        sentences=int(ends.size),
        classes=classes,
        palette=palette,
    )
