"""Stages that overlap: order, bounds, and what is kept when something goes wrong."""

from __future__ import annotations

import threading

import pytest

from sitegen.pipeline.prefetch import overlapped


def test_every_batch_goes_through_all_stages_in_order():
    kept, told = [], []
    overlapped(
        range(7),
        prepare=lambda n: 10 * n,
        compute=lambda n: n + 1,
        keep=lambda batch, answer: kept.append((batch, answer)),
        advance=told.append,
    )
    assert kept == [(n, 10 * n + 1) for n in range(7)]
    assert told == list(range(7))


def test_nothing_is_asked_of_no_batches():
    overlapped([], prepare=int, compute=int, keep=lambda *_: pytest.fail("kept"), advance=pytest.fail)


def test_the_next_is_prepared_and_the_last_is_kept_while_one_is_computed():
    prepared, release = threading.Event(), threading.Event()

    def prepare(n):
        if n == 1:
            prepared.set()
        return n

    def compute(n):
        if n == 0:
            assert prepared.wait(10)  # never, if preparing had to wait for computing
        if n == 1:
            release.set()
        return n

    def keep(batch, _):
        if batch == 0:
            assert release.wait(10)  # never, if computing had to wait for keeping

    overlapped(range(3), prepare=prepare, compute=compute, keep=keep, advance=lambda _: None)


def test_at_most_four_batches_are_in_memory():
    lock, now, most = threading.Lock(), 0, 0

    def prepare(n):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        return n

    def keep(*_):
        nonlocal now
        with lock:
            now -= 1

    overlapped(range(50), prepare=prepare, compute=lambda n: n, keep=keep, advance=lambda _: None)
    assert 1 < most <= 4


@pytest.mark.parametrize("stage", ["prepare", "compute", "keep"])
def test_an_error_of_any_stage_ends_the_run_and_what_was_kept_stays(stage):
    kept, told = [], []

    def fails_at_five(of, n):
        if of == stage and n == 5:
            raise OSError("the disk is full")
        return n

    with pytest.raises(OSError, match="the disk is full"):
        overlapped(
            range(20),
            prepare=lambda n: fails_at_five("prepare", n),
            compute=lambda n: fails_at_five("compute", n),
            keep=lambda n, _: kept.append(fails_at_five("keep", n)),
            advance=told.append,
        )
    assert kept[:4] == [0, 1, 2, 3]
    assert 5 not in told
    assert set(told) <= set(kept)
