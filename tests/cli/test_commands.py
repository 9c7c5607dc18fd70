"""The command line: what each command prints, where, and with which exit code.

Most commands run in this process through `main`, as the installed script does; a few run as processes of their own,
where that is what is tested.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest
import typer.main
from rich.console import Console

import sitegen
from sitegen.cli import commands as cli
from sitegen.cli import terminal
from sitegen.cli.making import TRAIN_FLAGS
from sitegen.corpus.records import text_hash
from sitegen.models.manifest import Texts
from sitegen.version import __version__
from sitegen.web.text.numbers import log_odds, percent, points
from tests.apart import Apart
from tests.commands import PLAIN, Done, Run, refused, without_stages
from tests.sites import NEGATIVE, POSITIVE, RECORDS, tree, write_model, write_records, write_site

ROOT = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
NOTES = (
    "records.csv: missing title: 1 kept\n"
    "records.csv: missing abstract: 1 kept\n"
    "records.csv: abstract repeats title: 1 kept\n"
)


# --- help, and the documents that name commands ---


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == Done(code=0, out=f"sitegen {__version__}\n", err="")


def test_help_lists_every_command_and_how_to_begin(run: Run) -> None:
    told = run("--help")
    assert told.code == 0
    assert "sitegen init mysite" in told.out
    for name in COMMANDS:
        assert re.search(rf"^\s*{name}\b\s+\S", told.out, flags=re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_has_help(run: Run, name: str) -> None:
    command = COMMANDS[name]
    assert re.match(r"[A-Z].{30,}[.]", command.help or "", flags=re.DOTALL)
    for parameter in command.params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{name} {parameter.name}"
    told = run(name, "--help")
    assert told.code == 0
    assert (command.help or "").split(".")[0].split(":")[0] in " ".join(told.out.split())


def code(markdown: str) -> str:
    """What stands in a Markdown text as code, without comments."""
    indented = [line.partition("#")[0] for line in markdown.splitlines() if line.startswith("    ")]
    return "\n".join([*re.findall(r"`([^`]+)`", markdown), *indented])


def named(text: str, *, before: str = "") -> set[str]:
    """The commands of sitegen that a text names, where `before` (a regular expression) stands before them."""
    return set(re.findall(before + r"sitegen[ \t]+([a-z]+(?:-[a-z]+)*)", text))


def test_the_readme_names_every_command_and_only_real_ones() -> None:
    readme = code((ROOT / "README.md").read_text(encoding="utf-8"))
    assert named(readme) - {"train"} == COMMANDS.keys() - {"train"}
    assert "sitegen train" in readme


def test_the_readme_begins_with_the_two_commands_and_names_only_real_targets() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {"site", "test"} <= set(re.findall(r"^    make ([a-z]+)", text, flags=re.MULTILINE)) <= targets
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets


@pytest.mark.parametrize(
    "file", ["Makefile", *(f"templates/skeleton/{name}" for name in ("site.toml", "pages.yml", "pages-build.yml"))]
)
def test_files_name_only_real_commands(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    found = named(text, before=r"(?:/|: +)")
    assert found
    assert found <= COMMANDS.keys()


def test_messages_name_only_real_commands() -> None:
    found = set[str]()
    for file in (ROOT / "sitegen").rglob("*.py"):
        found |= named(file.read_text(encoding="utf-8"), before=r"(?:with|[Rr]un): ")
    assert {"init", "build", "score"} <= found <= COMMANDS.keys()


# --- a whole run ---


def test_build_reports_and_prints_nothing_a_file_should_not_hold(run: Run, tmp_path: Path) -> None:
    done = run("build", write_site(tmp_path, records=RECORDS))
    assert done.code == 0
    assert re.search(r"^Records +12 of 12 rows, none skipped$", done.out, flags=re.MULTILINE)
    assert re.search(r"^Scores +12 computed, 0 found in .*scores\.sqlite$", done.out, flags=re.MULTILINE)
    assert re.search(
        r"^Right +\d+ of 10 labels \(\d+%\) of papers; the model does not say", done.out, flags=re.MULTILINE
    )
    assert re.search(r"^Site +\d+ files, \d+\.\d MB, in \d+\.\d s$", done.out, flags=re.MULTILINE)
    assert f"Open      {tmp_path / '_site' / 'index.html'}\n" in done.out
    assert without_stages(done.err) == NOTES
    again = run("build", write_site(tmp_path, records=RECORDS))
    assert "Scores    0 computed, 12 found" in again.out


@pytest.mark.slow
def test_what_is_right_is_told_of_held_out_papers_first(run: Run, tmp_path: Path) -> None:
    hashes = [text_hash(record["title"], record["abstract"]) for record in RECORDS]
    write_model(tmp_path / "model", texts=Texts(train=tuple(hashes[:3]), validation=(hashes[3],)))
    done = run("build", write_site(tmp_path, models={"First": "model"}))
    told = re.search(r"^Right .*\n(?: .*\n)*", done.out, flags=re.MULTILINE)
    assert told
    assert [re.sub(r"\d+ of (\d+) labels \(\d+%\)", r"\1", line[10:]) for line in told[0].splitlines()] == [
        "6 of held-out papers",
        "3 of papers that the model was trained on",
        "1 of papers that decided when training stopped",
    ]
    hashes.append(text_hash("A paper without an abstract", ""))  # what its abstract says means that there is none
    write_model(tmp_path / "model", texts=Texts(train=tuple(hashes)))
    assert "Right     no labelled paper was held out\n" in run("build", tmp_path).out


@pytest.mark.slow
def test_neither_bars_nor_escape_codes_leave_a_terminal(built_apart: Apart) -> None:
    assert without_stages(built_apart.err) == NOTES
    assert "Open " in built_apart.out
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", built_apart.out + built_apart.err)


def test_a_log_has_a_line_a_stage_and_one_each_half_minute() -> None:
    now, out = 0.0, io.StringIO()
    watcher = terminal.LogWatcher(Console(file=out, width=20), clock=lambda: now)
    for done in range(101):
        now = float(done)
        watcher.advance("Training [bold]a model[/bold]", done, 100)
    watcher.advance("Writing the pages", 0, 0)
    assert out.getvalue().splitlines() == [
        "Training [bold]a model[/bold] ...",
        "Training [bold]a model[/bold]: 30% after 30 s",
        "Training [bold]a model[/bold]: 60% after 60 s",
        "Training [bold]a model[/bold]: 90% after 90 s",
        "Writing the pages ...",
    ]


def test_each_stage_says_that_it_begins(run: Run, tmp_path: Path) -> None:
    done = run("build", write_site(tmp_path, records=RECORDS))
    stages = [line for line in done.err.splitlines() if line.endswith(" ...")]
    assert stages == [
        "Scoring with First ...",
        "Reading pieces alone with First ...",
        "Sharing out the credit with First ...",
        "Asking First about sentences that say nothing ...",
        "Looking inside First, layer 1 ...",
        "Reading the scores ...",
        "Writing the pages ...",
    ]


def test_a_terminal_is_shown_how_far_the_work_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.terminal, "Console", partial(Console, force_terminal=True))
    done = run("build", write_site(tmp_path, records=RECORDS))
    for stage in ("Scoring with First", "Reading the scores", "Writing the pages"):
        assert stage in done.err
    assert "12/12" in done.err
    assert "\x1b[2K" in done.err.rpartition("12/12")[2]  # in the end the lines are erased
    assert "records.csv: missing title: 1 kept" in done.err
    assert "\x1b" not in done.out


def test_scoring_says_how_many_abstracts_were_read_without_the_title(run: Run, tmp_path: Path) -> None:
    write_model(tmp_path / "model", joint=3)
    done = run("score", write_site(tmp_path, records=PLAIN, models={"First": "model"}))
    assert "Leaving out the title with First ...\n" in done.err
    assert "\nUntitled  all subsets of sentences of 2 abstracts read without the title\n" in done.out


def test_score_and_render_are_the_halves_of_build(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    scored = run("score", file)
    assert (scored.code, without_stages(scored.err)) == (0, "")
    assert re.search(r"^Scores +2 computed, 0 found in .*, in \d+\.\d s$", scored.out, flags=re.MULTILINE)
    elsewhere = tmp_path / "public" / "site"
    rendered = run("render", tmp_path, "--output", elsewhere)  # the folder stands for its site.toml
    assert (rendered.code, without_stages(rendered.err)) == (0, "")
    assert (elsewhere / "index.html").is_file()
    assert not (tmp_path / "_site").exists()


@pytest.mark.slow
def test_a_reduced_precision_is_asked_for_and_told(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    assert run("score", file).code == 0
    refused(run("render", file, "--precision", "bfloat16"), "scores are missing")
    done = run("build", file, "--precision", "bfloat16")
    assert done.code == 0
    assert re.search(r"Precision bfloat16: probabilities differ by at most 0\.0\d{3} from float32's, in \d", done.out)
    assert "2 records tried" in done.out
    assert "0 computed" in run("score", file).out  # float32's are still there


def test_prune_deletes_what_is_no_longer_used(run: Run, tmp_path: Path) -> None:
    run("score", write_site(tmp_path, records=RECORDS[:3]))
    write_records(tmp_path / "records.csv", PLAIN)
    assert "1 no longer used; delete them with --prune" in run("score", tmp_path).out
    assert "1 no longer used: deleted" in run("score", tmp_path, "--prune").out
    assert "no longer used" not in run("score", tmp_path).out


def test_skipped_rows_are_counted(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    with (tmp_path / "records.csv").open("a", encoding="utf-8") as stream:
        stream.write("too,few\n")
    done = run("score", file, "--skip-invalid")
    assert done.code == 0
    assert "Records   2 of 3 rows, 1 skipped" in done.out
    assert without_stages(done.err) == "records.csv: field count: 1 skipped\n"


# --- the user's mistakes: exit code 2 and one message ---


def test_a_missing_site_is_refused(run: Run, tmp_path: Path) -> None:
    for command in ("score", "render", "build", "serve"):
        refused(run(command, tmp_path / "site.toml"), "site.toml: there is no such file", "sitegen init")


def test_bad_toml_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("title = \n", encoding="utf-8")
    refused(run("build", tmp_path), "site.toml:1: not valid TOML", "Text stands in quotes")


def test_an_unknown_key_is_refused(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    file.write_text('subtitel = "x"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    refused(run("build", file), 'site.toml:1: "subtitel" is not a known key')


def test_an_unknown_column_is_refused(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    file.write_text(file.read_text(encoding="utf-8").replace('label = "label"', 'label = "lable"'), encoding="utf-8")
    done = run("build", file)
    assert done.code == 2
    assert re.search(
        r'records\.csv:1: there is no column "lable" \(records\.label\)\. Did you mean "label"\?', done.err
    )
    assert "Traceback" not in done.err


def test_a_missing_model_is_refused(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN, models={"M": "no-such-model"})
    refused(run("build", file), "no-such-model: there is no such folder", "sitegen train")


def test_a_bad_row_is_refused_by_its_place(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    with (tmp_path / "records.csv").open("a", encoding="utf-8") as stream:
        stream.write("too,few\n")
    refused(run("build", file), "records.csv:4: ", "--skip-invalid")


def test_rendering_before_scoring_is_refused(run: Run, tmp_path: Path) -> None:
    refused(run("render", write_site(tmp_path, records=PLAIN)), "there are no scores yet", "sitegen score")


def test_a_folder_of_other_things_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    done = run("build", file, "-o", tmp_path / "mine")
    refused(done, "was not written by sitegen", "choose another folder")
    assert "Scoring" not in done.err
    assert tree(tmp_path / "mine") == {"thesis.txt": b"years of work"}


def test_training_with_one_name_for_both_classes_is_refused(run: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "records.csv")
    done = run("train", tmp_path / "records.csv", "-o", tmp_path / "m", "--positive", "yes", "--negative", "Yes")
    refused(done, "--positive", "--negative", "differ")


def test_messages_about_training_name_flags_or_keys_as_they_were_used(run: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "records.csv")
    train = ("train", tmp_path / "records.csv", "-o", tmp_path / "m")
    done = run(*train, "--title", "Titel")
    assert done.code == 2
    assert 'there is no column "Titel" (--title). Did you mean "title"?' in done.err
    assert done.err.endswith("Correct the command.\n")
    refused(run(*train), "Set --positive-label and --negative-label so that", "or pass --skip-invalid")
    both = ("--positive-label", "x", "--negative-label", "X")
    refused(run(*train, *both), '--positive-label and --negative-label both have "x"')
    refused(run("train", tmp_path / "nowhere.csv", "-o", tmp_path / "m"), "Correct the path.")
    (tmp_path / "bytes.csv").write_bytes(b"title,abstract,label\n\xff,b,yes\n")
    refused(
        run("train", tmp_path / "bytes.csv", "-o", tmp_path / "m"), "Save the file as UTF-8, or pass --skip-invalid"
    )
    file = write_site(tmp_path, records=PLAIN)
    file.write_text(file.read_text(encoding="utf-8").replace('label = "label"', 'label = "x"'), encoding="utf-8")
    assert "(records.label)" in run("train", file, "-o", tmp_path / "m").err


def test_the_flags_that_messages_name_are_flags_of_train() -> None:
    flags = {flag for parameter in COMMANDS["train"].params for flag in parameter.opts}
    named = {getattr(TRAIN_FLAGS, field.name) for field in fields(TRAIN_FLAGS)}
    assert {name for name in named if name.startswith("-")} <= flags
    assert not any("records." in name or "site.toml" in name for name in named)


def test_a_missing_argument_is_refused_without_a_traceback(run: Run) -> None:
    done = run("build")
    assert done.code == 2
    assert "SITE.TOML" in done.err
    assert "Traceback" not in done.err


@pytest.mark.slow
def test_a_bug_shows_its_traceback(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from sitegen.cli import commands as cli\n"
        "from sitegen.pipeline import build as pipeline\n"
        "def broken(*_, **__): raise RuntimeError('a bug')\n"
        "pipeline.build = broken\n"
        "sys.argv = ['sitegen', 'build', sys.argv[1]]\n"
        "cli.main()\n"
    )
    file = write_site(tmp_path, records=PLAIN)
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("RuntimeError: a bug\n")


# --- explain ---


def test_explain_tells_verdict_sentences_and_words(run: Run, tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    record = RECORDS[1]
    done = run("explain", record["title"], record["abstract"], "--model", tmp_path / "model")
    assert (done.code, done.err) == (0, "")
    explanation = sitegen.explain(tmp_path / "model", record["title"], record["abstract"])
    occlusion = explanation.occlusion
    verdict = POSITIVE if occlusion.margin >= 0 else NEGATIVE
    assert done.out.startswith(f"{verdict}: probability of “{POSITIVE}” {percent(occlusion.probability)}\n")
    assert " ".join(explanation.story) in " ".join(done.out.split())
    for one in explanation.sentences:
        (line,) = [line for line in done.out.splitlines() if re.match(rf"\W*{one.number} \W", line)]
        cells = [cell.strip() for cell in line.split("│")]
        assert cells[3:7] == [percent(one.alone), points(one.points), log_odds(one.share), percent(one.without)]
    assert "Silence about money was common." in done.out
    words = done.out.split("Words without which the answer changes most")[1]
    for word in explanation.account.words[:10]:
        assert re.search(rf"│ {word.text} +│ {word.field} +│ {percent(word.without)}", words)
    assert done.out.endswith(f"0 of {sum(map(len, (occlusion.title_known, occlusion.abstract_known)))} words are "
                             "unknown to the model, which skips them.\n")  # fmt: skip


@pytest.mark.parametrize("texts", [("",), ("Qualia quondam", "Quux."), ("[bold]Markup[/bold]", "[red]It[/red] is.")])
def test_explain_takes_any_text(run: Run, tmp_path: Path, texts: tuple[str, ...]) -> None:
    write_model(tmp_path / "model")
    done = run("explain", *texts, "--model", tmp_path / "model")
    assert (done.code, done.err) == (0, "")
    if len(texts) > 1 and texts[1].startswith("[red]"):
        assert "[red]It[/red] is." in done.out


def test_explain_finds_the_model_of_the_folder_it_is_called_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run("explain", "A title"), "no folder named model here", "--model")
    write_model(tmp_path / "content" / "model")
    assert run("explain", "A title").code == 0
    write_model(tmp_path / "model", seed=1)
    assert run("explain", "Order and noise").out == run("explain", "Order and noise", "-m", "model").out
