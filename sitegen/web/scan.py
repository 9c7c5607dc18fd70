"""The first pass over a site's records: what lists, rankings and the test need to know of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.corpus.influence import SentenceEffects, WordEffects, WordInfluence
from sitegen.analysis.corpus.near_duplicates import Repeats, group_repeats
from sitegen.analysis.corpus.overview import Tally
from sitegen.web.export import tables as data
from sitegen.web.inputs import Material, Reporter
from sitegen.web.publish.staging import Output
from sitegen.web.publish.thumbnails import thumbnail
from sitegen.web.sentence_verdicts import Judged
from sitegen.web.summary import Reading, read

GROUPED = 300_000  # sentences up to which near-duplicates are looked for (22 s, 0.9 GB); of more, equal ones alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known of all records once each was read: readings by record; effects, judged and repeats by sentence;
    words, most positive first; tally of the corpus."""

    readings: tuple[Reading, ...]
    effects: SentenceEffects
    judged: Judged
    repeats: Repeats
    words: tuple[WordInfluence, ...]
    tally: Tally


def survey(output: Output, material: Material, *, metadata: tuple[str, ...], reporter: Reporter) -> Survey:
    """Read every record's scores once; the thumbnails and the data files of records, grids and words are written."""
    readings: list[Reading] = []
    members: list[list[np.ndarray[tuple[int], np.dtype[np.float32]]]] = []  # by record, by checkpoint
    words, tally = WordEffects(), Tally()
    site, total = material.site, len(material.records)
    shown = site.models[0].name

    def occlusions() -> Iterator[Occlusion]:
        for k, record in enumerate(material.records):
            all_models = material.occlusions(k)
            occlusion = all_models[shown]
            reading = read(record, occlusion, classes=site.classes)
            readings.append(reading)
            members.append([effects for _, effects in material.further(k).members])
            writers.add(reading, all_models)
            words.add(k, occlusion)
            tally.add(occlusion)
            output.write(reading.thumbnail, thumbnail(probability(occlusion.grid.margins)))
            reporter.advance("Reading the scores", k + 1, total)
            yield occlusion

    with output.stream("data/records.csv") as records, output.stream("data/grids.jsonl") as grids:
        writers = data.RecordWriters(site, metadata=metadata, records=records, grids=grids)
        effects = SentenceEffects.collect(occlusions())
    ranked = words.all()
    with output.stream("data/words.csv") as out:
        data.write_words(out, ranked)
    checkpoints = min((len(found) for found in members), default=0)
    sentences = [reading.record.abstract[start:end] for reading in readings for start, end in reading.sentences]
    return Survey(
        readings=tuple(readings),
        effects=effects,
        judged=Judged.of(
            site,
            material.records,
            effects,
            lengths=tally.lengths,
            standing=material.standing,
            members=[np.concatenate([found[r] for found in members]) for r in range(checkpoints)],
        ),
        repeats=group_repeats(sentences, near=len(sentences) <= GROUPED),
        words=tuple(ranked),
        tally=tally,
    )
