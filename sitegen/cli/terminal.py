"""What a person at a terminal sees of a run: progress while it lasts, a report at its end.

Progress goes to standard error and vanishes when it is done, or where that is no terminal; reports go to standard
output. Text of records is printed as text: nothing in it is taken for markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sitegen.analysis.attribution.occlusion import Occlusion
    from sitegen.corpus.records import Collection
    from sitegen.pipeline.build import RenderReport, ScoreReport


class _Rate(ProgressColumn):
    """Steps a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


class Watcher:
    """Shows a run's progress on a terminal, one line a stage, and says at once what it is told to."""

    def __init__(self, progress: Progress | None, console: Console) -> None:
        self._progress, self._console = progress, console
        self._tasks: dict[str, TaskID] = {}

    def advance(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `stage` are finished."""
        if self._progress:
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=total)
            self._progress.update(self._tasks[stage], completed=done, total=total, refresh=done == total)

    def note(self, message: str) -> None:
        """Say something at once, above the progress."""
        self._console.print(Text(message), soft_wrap=True)


@contextmanager
def watching() -> Iterator[Watcher]:
    """A Watcher on standard error; its bars vanish at the end, and are not drawn where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Watcher(None, console)
        return
    description = TextColumn("{task.description}")
    with Progress(
        description, BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        yield Watcher(progress, console)


def show_scores(report: ScoreReport, seconds: float | None) -> None:
    """The report of a scoring run; `seconds` where it is a run of its own."""
    from sitegen.web.text.numbers import count

    records: Collection = report.collection
    skipped = records.rows - len(records.records)
    told = f"{skipped:,} skipped (the methods page says why)" if skipped else "none skipped"
    print(f"Records   {len(records.records):,} of {records.rows:,} rows, {told}")
    took = f", in {seconds:.1f} s" if seconds is not None else ""
    print(f"Scores    {report.scored:,} computed, {report.found:,} found in {report.store}{took}")
    if report.shapley:
        print(f"Shapley   values of {report.shapley:,} abstracts computed")
    if report.members:
        print(f"Ensemble  {report.members:,} readings by its further checkpoints")
    if report.tried:
        print(f"Tried     how truthful the effects of {count(report.tried, 'model')} are (see the site's pages)")
    for precision in report.precisions:
        print(
            f"Precision {precision.name}: probabilities differ by at most {precision.deviation:.4f} from float32's, in "
            f"{precision.time:.2f} times its time ({precision.records} records tried)"
        )
        if precision.time >= 1:
            print('          Not faster here: precision = "float32" is exact and costs no more.')
    if report.pruned:
        print(f"          {report.pruned:,} no longer used: deleted")
    elif report.stale:
        print(f"          {report.stale:,} no longer used; delete them with --prune")


def show_site(report: RenderReport, seconds: float) -> None:
    """The report of a rendering run."""
    from sitegen.web.text.numbers import count, megabytes, percent
    from sitegen.web.text.verdicts import corpus_line

    summary = report.summary
    if summary.labelled:
        share = percent(summary.right / summary.labelled) if summary.right < summary.labelled else "100%"
        print(f"Right     {summary.right:,} of {summary.labelled:,} labels ({share})")
    done = "unchanged" if report.unchanged else f"in {seconds:.1f} s"
    if summary.sentences:
        line = corpus_line(passing=summary.distinguishable, sentences=summary.sentences)
        print(f"Sentences {line} (see {report.folder / 'significance.html'})")
    print(f"Site      {count(report.files, 'file')}, {megabytes(report.bytes)}, {done}")
    print(f"Open      {report.folder / 'index.html'}")


def show_explanation(occlusion: Occlusion, *, classes: tuple[str, str]) -> None:
    """One text's verdict, how it forms, and what its sentences and words do. classes: (negative, positive)."""
    from sitegen.analysis.attribution.occlusion import probability
    from sitegen.web.text.numbers import log_odds, percent, points

    console = Console()
    verdict = classes[occlusion.margin >= 0]
    console.print(Text(f"{verdict}: probability of “{classes[1]}” {percent(occlusion.probability)}", style="bold"))
    document = occlusion.document
    if occlusion.sentences.size:
        table = Table(
            "no.", "sentence", "so far", "effect, points", "log-odds", title="Sentences", title_justify="left"
        )
        so_far = probability(occlusion.grid.margins[-1, document.abstract.sentence_ends - 1])
        changes = occlusion.change(occlusion.sentences)
        for k, (start, end) in enumerate(document.abstract.sentence_spans.tolist()):
            sentence = Text(" ".join(document.abstract.text[start:end].split()))
            effect = log_odds(float(occlusion.sentences[k]))
            table.add_row(str(k + 1), sentence, percent(so_far[k]), points(changes[k]), effect)
        console.print(table)
    words = [
        (float(effect), text.text[a:b])
        for text, effects in ((document.title, occlusion.title_words), (document.abstract, occlusion.abstract_words))
        for effect, (a, b) in zip(effects, text.spans.tolist(), strict=True)
    ]
    console.print(Text("Words with the largest effects", style="italic"))
    table = Table("word", "log-odds")
    for effect_of_word, word in sorted(words, key=lambda item: -abs(item[0]))[:10]:
        table.add_row(Text(word), log_odds(effect_of_word))
    console.print(table)
    unknown = int((~occlusion.title_known).sum() + (~occlusion.abstract_known).sum())
    console.print(Text(f"{unknown} of {len(words)} words are unknown to the model, which skips them."))
