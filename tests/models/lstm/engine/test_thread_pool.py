"""Chunks side by side give the results of one after the other; an arena cuts and frees buffers of one block."""

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
from sitegen.models.lstm.engine.prefixes import deletion_features, encode, pool_for, subset_features
from sitegen.models.lstm.engine.thread_pool import MIN_CHUNK_BYTES, SHARES, ThreadPool, runs
from tests.models.lstm.engine.towers import some_ranges, texts, tower

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
def test_chunks_are_even_cover_everything_once_and_are_done_by_threads_of_one() -> None:
    sizes = np.full(100, MIN_CHUNK_BYTES // 10)
    seen: list[tuple[slice, int, str]] = []
    pool = ThreadPool(LIKE, budget=2 * SHARES * 3 * MIN_CHUNK_BYTES)
    work = lambda chunk, arena: seen.append((chunk, torch.get_num_threads(), threading.current_thread().name))  # noqa: E731
    pool.run_chunks(lambda chunk, arena: None, sizes)  # what holds at the start holds later
    pool.run_chunks(work, sizes)

    chunks = sorted((chunk.start, chunk.stop) for chunk, _, _ in seen)
    assert [stop - start for start, stop in chunks] == [26, 26, 26, 22]  # 10 MB in a turn of four times 3 MB
    assert [start for start, _ in chunks] == [0, *(stop for _, stop in chunks[:-1])]
    assert {threads for _, threads, _ in seen} == {1}
    assert threading.current_thread().name not in {name for _, _, name in seen}
    assert torch.get_num_threads() == 2
    later_threads: list[int] = []
    other = threading.Thread(target=lambda: later_threads.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert later_threads == [2]


@pytest.mark.usefixtures("_two_threads")
def test_little_work_is_done_in_one_chunk() -> None:
    seen = []
    pool = ThreadPool(LIKE, budget=12 * MIN_CHUNK_BYTES)
    pool.run_chunks(lambda chunk, arena: seen.append((chunk, torch.get_num_threads())), np.full(3, 100))
    pool.run_chunks(lambda chunk, arena: seen.append((chunk, torch.get_num_threads())), np.zeros(0, dtype=np.int64))
    assert seen == [(slice(0, 3), 1)]


@pytest.mark.usefixtures("_two_threads")
def test_the_threads_of_the_caller_are_left_as_they_are() -> None:
    pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    torch.set_num_threads(1)
    pool.run([lambda arena: None] * 2)
    assert torch.get_num_threads() == 1


@pytest.mark.usefixtures("_two_threads")
def test_when_one_job_fails_no_other_is_running_any_more() -> None:
    fails, goes_on, done = threading.Event(), threading.Event(), []

    def fail(arena: Arena) -> None:
        fails.wait(30)
        raise MemoryError

    def slow(arena: Arena) -> None:
        fails.set()
        goes_on.wait(0.3)
        done.append(True)

    with pytest.raises(MemoryError):
        ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES).run([fail, slow])
    assert done == [True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_memory_and_threads_of_its_own() -> None:
    pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    before = torch.get_num_threads()
    with pool.shared_arena() as arena:
        ours = arena.take(1, 1)
        ours.fill_(1)
        context = multiprocessing.get_context("fork")
        child = context.Process(target=lambda: ours.fill_(2))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        assert ours.item() == 1
    assert torch.get_num_threads() == before


def test_a_copy_has_memory_of_its_own() -> None:
    pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    copy = deepcopy(pool)
    assert (copy.threads, copy.shared_bytes) == (pool.threads, pool.shared_bytes)
    with pool.shared_arena() as ours, copy.shared_arena() as others:
        assert ours.take(1, 1).data_ptr() != others.take(1, 1).data_ptr()


def test_a_pool_made_where_gradients_are_off_works_where_they_are_on() -> None:
    with torch.inference_mode():
        pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    with pool.shared_arena() as arena:
        assert arena.take(1, 1).fill_(3).item() == 3


@pytest.mark.usefixtures("_two_threads")
def test_an_error_in_a_thread_is_an_error() -> None:
    def fail(chunk: slice, arena: Arena) -> None:
        raise ValueError(chunk)

    pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    for _ in range(2):  # and the pool goes on
        with pytest.raises(ValueError, match="slice"):
            pool.run_chunks(fail, np.full(100, MIN_CHUNK_BYTES // 10))


@pytest.mark.usefixtures("_two_threads")
def test_jobs_side_by_side_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=30)
    ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES).run([lambda arena: meeting.wait() and None] * 2)


def test_a_pool_keeps_its_memory_and_serves_one_caller_at_a_time() -> None:
    pool = ThreadPool(LIKE, budget=4 * MIN_CHUNK_BYTES)
    with pool.shared_arena() as arena:
        first = arena.take(2, 2)
        waiting = threading.Thread(target=lambda: others.append(pool.shared_arena().__enter__().take(2, 2).data_ptr()))
        others: list[int] = []
        waiting.start()
        waiting.join(timeout=0.05)
        assert waiting.is_alive()
    waiting.join()
    assert others == [first.data_ptr()]


@pytest.mark.parametrize("inference", [True, False])
def test_two_threads_find_what_one_finds(inference: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.lstm.engine.thread_pool.MIN_CHUNK_BYTES", 1000)
    rnn, many = tower(layers=3, bidirectional=True), texts([1, 2, 0, 17, 30, 5])
    ranges = [some_ranges(len(text)) for text in many]
    found = []
    before = torch.get_num_threads()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        with torch.inference_mode(inference):
            found.append(
                torch.cat(
                    deletion_features(rnn, many, ranges, readout="final-state", pool=pool_for(rnn, budget=80_000))
                )
            )
    torch.set_num_threads(before)
    torch.testing.assert_close(found[1], found[0], rtol=1e-12, atol=1e-13)


def test_an_arena_cuts_frees_and_never_runs_out() -> None:
    arena = Arena(LIKE, size=10)
    first = arena.take(2, 3)
    with arena.scope():
        second = arena.take(1, 4)
        beyond = arena.take(1, 1)
        assert second.data_ptr() == first.data_ptr() + 6 * 4
        assert beyond.untyped_storage().data_ptr() != first.untyped_storage().data_ptr()
    assert arena.take(2, 2).data_ptr() == second.data_ptr()
    assert first.shape == (2, 3)
    assert first.dtype == LIKE.dtype


def test_results_do_not_depend_on_the_number_of_threads() -> None:
    """To the last bit, for work that is divided into many chunks."""
    torch.manual_seed(3)
    rnn = torch.nn.LSTM(30, 50, 2, bidirectional=True)
    read = [torch.randn(length, 30) for length in (*range(20, 60, 3), 150)]
    masks = [torch.rand(40, len(text)).numpy() < 0.7 for text in read]
    ranges = [some_ranges(len(text)) for text in read]
    before, seen = torch.get_num_threads(), []
    for threads in (1, 2, 5):
        torch.set_num_threads(threads)
        pool = ThreadPool(rnn.weight_hh_l0, budget=2**24)
        with torch.inference_mode():
            results = [encode(rnn, read, readout="final-state", pool=pool, budget=2**20)]
            results += deletion_features(rnn, read, ranges, readout="final-state", pool=pool)
            results += subset_features(rnn, read, masks, readout="final-state", pool=pool)
        assert pool.threads == threads == torch.get_num_threads()
        seen.append(torch.cat(results))
    torch.set_num_threads(before)
    assert all(torch.equal(one, seen[0]) for one in seen)
