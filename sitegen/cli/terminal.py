"""A run as a person at a terminal sees it: progress while it lasts, a report at its end.

Progress goes to standard error: on a terminal as bars that vanish when they are done, elsewhere (in a log, say) as a
plain line at the start of each stage and one now and then. Reports go to standard output. Text of records is printed as
text: nothing in it is taken for markup.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    from pathlib import Path

    from sitegen.analysis.significance.evidence import Standing
    from sitegen.corpus.records import Collection
    from sitegen.pipeline.archive import ArchiveReport
    from sitegen.pipeline.build import RenderReport, ScoreReport
    from sitegen.pipeline.importing import Imported
    from sitegen.pipeline.inspect import Inspection
    from sitegen.pipeline.rescore import Rescoring
    from sitegen.pipeline.single_file import SingleFile
    from sitegen.pipeline.verify import Verification
    from sitegen.web.explanation import Explanation
    from sitegen.web.summary import Accuracy
    from sitegen.web.text.nouns import Nouns


WORDS = 10  # that an explanation lists
WIDE = 150  # characters of a title or a message that a line shows
SECONDS_BETWEEN_LINES = 30  # of one stage, where standard error is no terminal


class _Rate(ProgressColumn):
    """Steps a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


class LogWatcher:
    """Writes a run's progress as plain lines, where nobody looks on: a stage's start, then a line each half minute."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._begun: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def advance(self, stage: str, done: int, total: int) -> None:
        """Write a line if the stage is new, or its last line is SECONDS_BETWEEN_LINES old."""
        now = self._clock()
        if stage not in self._begun:
            self._begun[stage] = self._last[stage] = now
            self.note(f"{stage} ...")
        elif now - self._last[stage] >= SECONDS_BETWEEN_LINES:
            self._last[stage] = now
            self.note(f"{stage}: {100 * done // max(total, 1)}% after {now - self._begun[stage]:.0f} s")

    def note(self, message: str) -> None:
        """Write a line at once."""
        self._console.print(Text(message), soft_wrap=True)


class Watcher:
    """Shows a run's progress on a terminal, one bar a stage, and says at once what it is told to."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress, self._console = progress, console
        self._tasks: dict[str, TaskID] = {}

    def advance(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `stage` are finished."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total, refresh=done == total)

    def note(self, message: str) -> None:
        """Say something at once, above the progress."""
        self._console.print(Text(message), soft_wrap=True)


@contextmanager
def watching() -> Iterator[Watcher | LogWatcher]:
    """A Reporter on standard error: bars that vanish at the end on a terminal, else plain lines."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield LogWatcher(console)
        return
    description = TextColumn("{task.description}")
    with Progress(
        description, BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        yield Watcher(progress, console)


def show_new_site(folder: Path, files: Sequence[Path], *, builds_there: bool, own: bool, address: str) -> None:
    """What `init` wrote, and what to do with it. address: what its workflow installs, where it builds the site."""
    print(f"Wrote {len(files)} files into {folder}. Build the site with:\n")
    print(f"    sitegen build {_typed(folder / 'site.toml')}\n")
    if own:
        print(f"Its model is the demo's: name your own, and its classes, in {folder / 'site.toml'}.")
    else:
        print(f"Then put your own papers into {folder / 'records.csv'} and describe them in {folder / 'site.toml'}.")
    print("To publish it on GitHub Pages, make the folder a repository and push it;", end=" ")
    if builds_there:
        print(f"GitHub then installs\n{address} and builds the site (see .github/workflows/pages.yml).")
    else:
        print(
            "build the site before, and commit\n_site, too: it is published as it is (see .github/workflows/pages.yml)."
        )


def show_inspection(found: Inspection) -> None:
    """What files of records are, their columns, what is odd, the first records, and the settings to paste."""
    from sitegen.web.text.numbers import count

    for file in found.files:
        print(f"{file.shown}: {file.format}, {count(file.rows, 'record')}")
    skipped = found.rows - found.records
    told = f", {skipped:,} left out; a build stops at such rows, unless it is given --skip-invalid" if skipped else ""
    print(f"\nRecords   {found.records:,} of {found.rows:,} are read{told}")
    width = max(len(column.name) for column in found.columns)
    for k, column in enumerate(found.columns):
        made_of = ", ".join(f"{tag} ({n:,})" for tag, n in column.origins if tag != column.name)
        made_of = f", from {made_of}" if made_of else ""
        start = "" if k else "Columns"
        print(f"{start:<10}{column.name:<{width}}  {column.role}, {column.filled:,} filled{made_of}")
    if found.unused:
        print(f"Not used  {', '.join(f'{tag} ({n:,})' for tag, n in found.unused)}")
    for k, odd in enumerate(found.odd):
        print(f"{'' if k else 'Odd':<10}{odd.kind}: {odd.count:,} {odd.action}")
        if odd.example:
            print(f"{'':<10}    {_shown(odd.example)}")
        if odd.kind == "abstract repeats title":
            print(
                f"{'':<10}    A model with a kind is not given the repetition with strip_title = true below [[models]]"
            )
    if not found.odd:
        print("Odd       nothing")
    for note in found.notes:
        print(f"Note      {note}")
    for k, (place, title) in enumerate(found.preview):
        print(f"{'' if k else 'Begins':<10}{place}: {_shown(title) or '(no title)'}")
    print(f"\nFor site.toml:\n\n{found.block}", end="")


def _shown(text: str) -> str:
    """Text of a record in one line of a terminal, without the codes that would move its cursor."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= WIDE else f"{plain[: WIDE - 1]}…"


def _typed(path: Path) -> str:
    """A path as it is typed into a terminal: in quotes where it has blanks."""
    return shlex.quote(str(path))


def show_questions(written: int, file: Path, site_file: Path) -> None:
    """How many texts were written, and what to do with them."""
    from sitegen.web.text.numbers import count

    print(f"Wrote {count(written, 'text')} to {file}.")
    print(f'Add to each its "margin" (or "probability"), then: sitegen import {_typed(file)} {_typed(site_file)}')


def show_import(imported: Imported, site_file: Path) -> None:
    """What was imported, how much of what pages need that is, and what to do next."""
    from sitegen.web.text.asked import QUESTIONS
    from sitegen.web.text.numbers import count, upper

    print(f"{count(imported.rows, 'answer')} to {count(imported.texts, 'text')}: {imported.file}")
    some = "" if imported.counted == imported.records else f" (counted over {imported.counted} records)"
    print(f"Of what pages show, the answers are there to{some}:")
    for depth, (known, every) in imported.answered.items():
        print(f"  {known:>9,} of {every:>9,} texts  {upper(QUESTIONS[depth])}")
    if not imported.named:
        print("Add these lines to site.toml:\n")
        print(f'[[models]]\nname = "Model"\nkind = "scores"\npath = "{imported.file.name}"\n')
    print(f"Then: sitegen build {_typed(site_file)}")


def show_scores(report: ScoreReport, seconds: float | None) -> None:
    """Print the report of a scoring run; seconds: how long it took, where it was a command by itself."""
    from sitegen.web.text.numbers import count

    records: Collection = report.collection
    left_out = records.selection.left_out if records.selection else 0
    skipped = records.rows - len(records.records) - left_out
    told = f"{skipped:,} skipped (the methods page says why)" if skipped else "none skipped"
    print(f"Records   {len(records.records):,} of {records.rows:,} rows, {told}")
    if chosen := records.selection:
        print(
            f"Held out  {len(records.records):,} of {chosen.read:,}; left out: {chosen.trained:,} that {chosen.model} "
            f"was trained on, {chosen.stopped:,} that its training was stopped by"
        )
    took = f", in {seconds:.1f} s" if seconds is not None else ""
    print(f"Scores    {report.scored:,} computed, {report.found:,} found in {report.store}{took}")
    if report.alone:
        print(f"Alone     pieces of {count(report.alone, 'text')} read by themselves")
    if report.shapley:
        print(f"Shapley   values of {count(report.shapley, 'abstract')} computed")
    if report.untitled:
        print(f"Untitled  all subsets of sentences of {count(report.untitled, 'abstract')} read without the title")
    if report.members:
        print(f"Ensemble  {report.members:,} readings by its further checkpoints")
    if report.looked:
        print(f"Looked    into the network at {count(report.looked, 'text')}")
    if report.tried:
        print(f"Tried     how truthful the measures of {count(report.tried, 'model')} are (see the site's pages)")
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
    from sitegen.web.text.numbers import count, megabytes
    from sitegen.web.text.verdicts import corpus_line

    totals = report.totals
    print(*_accuracy(totals.accuracy, report.nouns), sep="\n", end="\n" if totals.accuracy else "")
    done = "unchanged" if report.unchanged else f"in {seconds:.1f} s"
    if totals.tested:
        line = corpus_line(passing=totals.passing, judged=totals.tested)
        print(f"Sentences {line} (see {report.folder / 'significance.html'})")
    print(f"Site      {count(report.files, 'file')}, {megabytes(report.bytes)}, {done}")
    print(f"Open      {report.folder / 'index.html'}")


def show_single_file(single: SingleFile) -> None:
    """The report of a page that was written as one file."""
    from sitegen.web.text.numbers import count, megabytes

    print(f"Site      {count(single.site.files, 'file')} in {single.site.folder}")
    one = single.site.nouns.one
    print(f"File      {megabytes(single.bytes)}, one {one} with all that its page needs; it opens by itself, offline")
    print(f"Open      {single.file}")


def _accuracy(accuracy: Mapping[Standing, Accuracy], nouns: Nouns) -> list[str]:
    """The lines on predictions that are right: of held-out records first, of those the model learned from apart.
    nouns: what the site calls a record."""
    from sitegen.analysis.significance.evidence import Standing
    from sitegen.web.text.numbers import counted_share

    where = {
        Standing.HELD_OUT: "of held-out {many}",
        Standing.TRAINING: "of {many} that the model was trained on",
        Standing.VALIDATION: "of {many} that decided when training stopped",
        Standing.UNKNOWN: "of {many}; the model does not say which of them it has learned from",
    }
    lines = []
    for standing, one in accuracy.items():
        share = counted_share(one.right, one.labelled)
        lines.append(f"{one.right:,} of {one.labelled:,} labels ({share}) {nouns.say(where[standing])}")
    if accuracy and not accuracy.keys() & {Standing.HELD_OUT, Standing.UNKNOWN}:
        lines.insert(0, f"no labelled {nouns.one} was held out")
    return [f"{'' if k else 'Right':<10}{line}" for k, line in enumerate(lines)]


def show_archive(report: ArchiveReport) -> None:
    """The report of writing an archive."""
    from sitegen.web.text.numbers import count, megabytes

    held = f"{count(report.files, 'file')}, {megabytes(report.bytes)}"
    print(f"Archive   {held}, in {megabytes(report.size)}: {report.file}")
    for place in report.left_out:
        print(f"Left out  {place}, but for its hashes; what the site itself publishes of it stays")


def show_live(address: str) -> None:
    """Where a live preview is, and how it ends."""
    print(f"{address}\nWatching the files that the site is made of; stop with Ctrl+C.", flush=True)


def show_rebuilt(report: RenderReport, seconds: float) -> None:
    """A line on a site that was written anew while it is watched."""
    done = "Nothing to write" if report.unchanged else f"Wrote {report.files:,} files"
    print(f"{time.strftime('%H:%M:%S')} {done} in {seconds:.1f} s.", flush=True)


def show_failed(problem: str) -> None:
    """Why a site that is watched could not be written."""
    print(f"{time.strftime('%H:%M:%S')} Not written; the last site stays:\n{problem}", file=sys.stderr, flush=True)


def show_verification(found: Verification) -> None:
    """What is not as it was made, a line a file, and the sum of it."""
    from sitegen.web.text.numbers import count

    for word, names in (("changed", found.changed), ("missing", found.missing), ("added", found.added)):
        for name in names:
            print(f"{word:<8} {name}")
    for name in found.foreign:
        print(f"{'foreign':<8} {name} (not of the {found.kind}; put there by a host or a system, and no fault)")
    for fault in found.faults:
        print(f"{'fault':<8} {fault}")
    if found.whole:
        print(f"Verified: {count(found.files, 'file')} of the {found.kind}, every byte as it was made.")
    else:
        faults = len(found.changed) + len(found.missing) + len(found.added) + len(found.faults)
        print(f"Not as it was made: {count(faults, 'fault')} in {count(found.files, 'file')} of the {found.kind}.")


def show_rescoring(again: Rescoring) -> None:
    """A line a record that was computed again, and whether the numbers agree."""
    from sitegen.web.text.numbers import count

    for one in again.records:
        compared = f"{count(one.numbers, 'number')}, largest difference {one.difference:.1e} ({one.place})"
        print(f"{one.record}, {one.model}: {compared}")
    for name in again.lacking:
        print(f"{name}: not computed again, since its files are not here; name its folder with --model")
    records = len({one.record for one in again.records})
    outcome = "within" if again.agrees else "BEYOND"
    print(
        f"Rescored: {records:,} of {count(again.total, 'record')}, largest difference {again.worst:.1e}, {outcome} the "
        f"tolerance of {again.tolerance:g} log-odds."
    )


def show_explanation(explanation: Explanation) -> None:
    """One text's answer, how it came about, and the numbers of its sentences and words."""
    from sitegen.web.text.numbers import log_odds, percent, points

    console = Console()
    console.print(Text(explanation.answer, style="bold"))
    for line in (*explanation.story, explanation.not_asked):
        if line:
            console.print(Text(line))
    if explanation.sentences:
        shared = explanation.shapley is not None
        heads = ("alone", *(("share", "log-odds") if shared else ()), "without it")
        table = Table("no.", "sentence", *heads, title="Sentences", title_justify="left")
        for one in explanation.sentences:
            share = () if one.points is None else (points(one.points), log_odds(one.leading))
            table.add_row(str(one.number), Text(one.text), percent(one.alone), *share, percent(one.without))
        console.print(table)
    words = explanation.account.words[:WORDS]
    if words:
        table = Table(
            *("word", "where", "without it", "log-odds", "alone"),
            title="Words without which the answer changes most",
            title_justify="left",
        )
        for word in words:
            numbers = (percent(word.without), log_odds(word.effect), percent(word.alone))
            table.add_row(Text(word.text), word.field, *numbers)
        console.print(table)
    occlusion = explanation.occlusion
    known = [*occlusion.title_known.tolist(), *occlusion.abstract_known.tolist()]
    console.print(Text(f"{known.count(False)} of {len(known)} words are unknown to the model, which skips them."))
