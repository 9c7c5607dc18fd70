"""The matter of all sections of the corpus page: all records, and what was counted over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.corpus.overview import Tally
from sitegen.config import Classes
from sitegen.corpus.arrays import Array
from sitegen.web.charts.style import Palette
from sitegen.web.layout import Frame
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import Nouns

LISTED = 50  # papers and words of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All records of a site, for sections: each is a function that takes this and gives what it shows."""

    frame: Frame  # of the page: its links, the classes, the palette
    summaries: Sequence[RecordSummary]  # in corpus order
    effects: SentenceEffects  # of the sentences of the same records, in that order
    tally: Tally  # counted over them

    @property
    def classes(self) -> Classes:
        """The classes' names, and the threshold between them."""
        return self.frame.site.classes

    @property
    def nouns(self) -> Nouns:
        """What the site calls a record."""
        return self.frame.nouns

    @property
    def palette(self) -> Palette:
        """The colours of charts."""
        return self.frame.palette

    @property
    def positive(self) -> Array:
        """Which records are predicted to be of the positive class, (N,)."""
        return np.array([summary.predicted == 1 for summary in self.summaries], dtype=bool)
