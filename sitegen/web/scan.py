"""The first pass over a site's records: what lists, rankings and the test need to know of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.corpus.influence import SentenceEffects, WordEffects, WordInfluence
from sitegen.analysis.corpus.near_duplicates import Repeats, group_repeats
from sitegen.analysis.corpus.overview import Tally
from sitegen.web.charts.style import Palette
from sitegen.web.export import tables as data
from sitegen.web.inputs import Reporter, SiteInputs
from sitegen.web.publish.staging import Output
from sitegen.web.publish.thumbnails import thumbnail
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary, read

GROUPED = 300_000  # sentences up to which near-duplicates are looked for (22 s, 0.9 GB); of more, equal ones alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What is known of all records once each was read: summaries by record; effects, judged and repeats by sentence;
    words, most positive first; tally of the corpus."""

    summaries: tuple[RecordSummary, ...]
    effects: SentenceEffects
    verdicts: Verdicts
    repeats: Repeats
    words: tuple[WordInfluence, ...]
    tally: Tally


def scan_records(
    output: Output, inputs: SiteInputs, *, metadata: tuple[str, ...], palette: Palette, reporter: Reporter
) -> Scan:
    """Read every record's scores once; the thumbnails, in the palette's colours, and the data files of records, grids
    and words are written."""
    summaries: list[RecordSummary] = []
    members: list[list[np.ndarray[tuple[int], np.dtype[np.float32]]]] = []  # by record, by checkpoint
    words, tally = WordEffects(), Tally()
    site, total = inputs.site, len(inputs.records)
    shown = site.models[0].name

    def occlusions() -> Iterator[Occlusion]:
        for k, record in enumerate(inputs.records):
            all_models = inputs.occlusions(k)
            occlusion = all_models[shown]
            summary = read(record, occlusion, classes=site.classes)
            summaries.append(summary)
            members.append([effects for _, effects in inputs.extras(k).members])
            writers.add(summary, all_models)
            words.add(k, occlusion)
            tally.add(occlusion)
            output.write(summary.thumbnail, thumbnail(probability(occlusion.grid.margins), palette=palette))
            reporter.advance("Reading the scores", k + 1, total)
            yield occlusion

    with output.stream("data/records.csv") as records, output.stream("data/grids.jsonl") as grids:
        writers = data.RecordWriters(site, metadata=metadata, records=records, grids=grids)
        effects = SentenceEffects.collect(occlusions())
    ranked = words.all()
    with output.stream("data/words.csv") as out:
        data.write_words(out, ranked)
    checkpoints = min((len(found) for found in members), default=0)
    sentences = [summary.record.abstract[start:end] for summary in summaries for start, end in summary.sentences]
    return Scan(
        summaries=tuple(summaries),
        effects=effects,
        verdicts=Verdicts.of(
            site,
            inputs.records,
            effects,
            lengths=tally.lengths,
            standing=inputs.standing,
            members=[np.concatenate([found[r] for found in members]) for r in range(checkpoints)],
        ),
        repeats=group_repeats(sentences, near=len(sentences) <= GROUPED),
        words=tuple(ranked),
        tally=tally,
    )
