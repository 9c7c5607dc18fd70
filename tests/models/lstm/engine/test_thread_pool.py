"""Chunks side by side are chunks one after the other; buffers are cut from one block and given back."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import pytest
import torch

from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.prefixes import pool_for, without_features
from sitegen.models.lstm.engine.thread_pool import LEAST, ThreadPool, runs
from tests.models.lstm.engine.test_prefixes import some_ranges, texts, tower

LIKE = torch.empty(0)


@pytest.fixture
def _two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_runs_are_as_long_as_the_limit_allows() -> None:
    assert list(runs([3, 4, 5, 20, 1], limit=8)) == [slice(0, 2), slice(2, 3), slice(3, 4), slice(4, 5)]
    assert list(runs([], limit=8)) == []


@pytest.mark.usefixtures("_two_threads")
def test_parts_are_even_cover_everything_once_and_are_done_by_threads_of_one() -> None:
    sizes = np.full(100, LEAST // 10)
    seen: list[tuple[slice, int, str]] = []
    pool = ThreadPool(LIKE, budget=12 * LEAST)
    work = lambda part, space: seen.append((part, torch.get_num_threads(), threading.current_thread().name))  # noqa: E731
    pool.work(lambda part, space: None, sizes)  # what holds at the start holds later
    pool.work(work, sizes)

    parts = sorted((part.start, part.stop) for part, _, _ in seen)
    assert [stop - start for start, stop in parts] == [26, 26, 26, 22]  # 10 MB in turns of twice 3 MB
    assert [start for start, _ in parts] == [0, *(stop for _, stop in parts[:-1])]
    assert {threads for _, threads, _ in seen} == {1}
    assert threading.current_thread().name not in {name for _, _, name in seen}
    assert torch.get_num_threads() == 2
    told: list[int] = []
    other = threading.Thread(target=lambda: told.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert told == [2]


@pytest.mark.usefixtures("_two_threads")
def test_little_work_is_done_in_one_part() -> None:
    seen = []
    pool = ThreadPool(LIKE, budget=12 * LEAST)
    pool.work(lambda part, space: seen.append((part, torch.get_num_threads())), np.full(3, 100))
    pool.work(lambda part, space: seen.append((part, torch.get_num_threads())), np.zeros(0, dtype=np.int64))
    assert seen == [(slice(0, 3), 1)]


@pytest.mark.usefixtures("_two_threads")
def test_the_threads_of_the_caller_are_left_as_they_are() -> None:
    pool = ThreadPool(LIKE, budget=4 * LEAST)
    torch.set_num_threads(1)
    pool.side_by_side([lambda space: None] * 2)
    assert torch.get_num_threads() == 1


@pytest.mark.usefixtures("_two_threads")
def test_when_one_job_fails_no_other_is_running_any_more() -> None:
    fails, goes_on, done = threading.Event(), threading.Event(), []

    def fail(space: Arena) -> None:
        fails.wait(30)
        raise MemoryError

    def slow(space: Arena) -> None:
        fails.set()
        goes_on.wait(0.3)
        done.append(True)

    with pytest.raises(MemoryError):
        ThreadPool(LIKE, budget=4 * LEAST).side_by_side([fail, slow])
    assert done == [True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_memory_and_workers_of_its_own() -> None:
    pool = ThreadPool(LIKE, budget=4 * LEAST)
    before = torch.get_num_threads()
    with pool.taken() as space:
        ours = space.take(1, 1)
        ours.fill_(1)
        context = multiprocessing.get_context("fork")
        child = context.Process(target=lambda: ours.fill_(2))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        assert ours.item() == 1
    assert torch.get_num_threads() == before


def test_a_copy_has_memory_of_its_own() -> None:
    pool = ThreadPool(LIKE, budget=4 * LEAST)
    copy = deepcopy(pool)
    assert (copy.workers, copy.common) == (pool.workers, pool.common)
    with pool.taken() as ours, copy.taken() as others:
        assert ours.take(1, 1).data_ptr() != others.take(1, 1).data_ptr()


def test_a_crew_made_where_gradients_are_off_works_where_they_are_on() -> None:
    with torch.inference_mode():
        pool = ThreadPool(LIKE, budget=4 * LEAST)
    with pool.taken() as space:
        assert space.take(1, 1).fill_(3).item() == 3


@pytest.mark.usefixtures("_two_threads")
def test_an_error_in_a_thread_is_an_error() -> None:
    def fail(part: slice, space: Arena) -> None:
        raise ValueError(part)

    pool = ThreadPool(LIKE, budget=4 * LEAST)
    for _ in range(2):  # and the pool goes on
        with pytest.raises(ValueError, match="slice"):
            pool.work(fail, np.full(100, LEAST // 10))


@pytest.mark.usefixtures("_two_threads")
def test_jobs_side_by_side_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=30)
    ThreadPool(LIKE, budget=4 * LEAST).side_by_side([lambda space: meeting.wait() and None] * 2)


def test_a_crew_keeps_its_memory_and_serves_one_caller_at_a_time() -> None:
    pool = ThreadPool(LIKE, budget=4 * LEAST)
    with pool.taken() as space:
        first = space.take(2, 2)
        waiting = threading.Thread(target=lambda: others.append(pool.taken().__enter__().take(2, 2).data_ptr()))
        others: list[int] = []
        waiting.start()
        waiting.join(timeout=0.05)
        assert waiting.is_alive()
    waiting.join()
    assert others == [first.data_ptr()]


@pytest.mark.parametrize("inference", [True, False])
def test_two_threads_find_what_one_finds(inference: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.lstm.engine.thread_pool.LEAST", 1000)
    rnn, many = tower(layers=3, bidirectional=True), texts([1, 2, 0, 17, 30, 5])
    ranges = [some_ranges(len(text)) for text in many]
    found = []
    before = torch.get_num_threads()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        with torch.inference_mode(inference):
            found.append(
                torch.cat(
                    without_features(rnn, many, ranges, readout="final-state", pool=pool_for(rnn, budget=200_000))
                )
            )
    torch.set_num_threads(before)
    torch.testing.assert_close(found[1], found[0], rtol=1e-12, atol=1e-13)


def test_a_workspace_cuts_gives_back_and_never_runs_out() -> None:
    space = Arena(LIKE, size=10)
    first = space.take(2, 3)
    with space.scope():
        second = space.take(1, 4)
        beyond = space.take(1, 1)
        assert second.data_ptr() == first.data_ptr() + 6 * 4
        assert beyond.untyped_storage().data_ptr() != first.untyped_storage().data_ptr()
    assert space.take(2, 2).data_ptr() == second.data_ptr()
    assert first.shape == (2, 3)
    assert first.dtype == LIKE.dtype
