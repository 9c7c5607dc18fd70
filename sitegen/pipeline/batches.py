"""Texts under their keys, batch by batch: while one is computed, the next is segmented and the last one kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from sitegen.corpus.segment import Document, segment
from sitegen.pipeline.keys import TextKeys, Texts
from sitegen.pipeline.prefetch import overlapped

Advance = Callable[[str, int, int], None]  # stage, done, total
Answer = TypeVar("Answer")


def in_batches(
    keys: Sequence[str],
    texts: TextKeys,
    compute: Callable[[Sequence[Document]], Answer],
    keep: Callable[[Sequence[str], Answer], None],
    *,
    size: int,
    advance: Callable[[int, int], None],
) -> int:
    """Segment, compute and keep the texts under `keys`, `size` at a time, all three at once; returns how many."""
    if not keys:
        return 0
    advance(0, len(keys))
    finished = itertools.accumulate(itertools.repeat(size))
    overlapped(
        _batched(keys, size),
        prepare=partial(segmented, texts),
        compute=compute,
        keep=keep,
        advance=lambda _: advance(min(next(finished), len(keys)), len(keys)),
    )
    return len(keys)


def segmented(texts: TextKeys, keys: Sequence[str]) -> list[Document]:
    records = [texts.texts[key] for key in keys]
    return [segment(record.title, record.abstract, texts.manifest.segmentation) for record in records]


def shortest_first(texts: Texts, keys: Iterable[str]) -> list[str]:
    """Keys in the order in which they are computed: texts of similar length together."""
    return sorted(keys, key=lambda key: (len(texts[key].abstract), key))


def _batched(keys: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(itertools.islice(rest, size)):
        yield batch
