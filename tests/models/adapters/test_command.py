"""A program answers line by line: it is started once, tried again when it dies, and what it did wrong is said."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sitegen.errors import ModelError
from sitegen.models.adapters.command.kind import Answering
from sitegen.models.protocol import Text
from sitegen.models.registry import describe, load
from sitegen.models.source import Source

GOOD = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)
    print(len(text["title"]) - len(text["abstract"]), flush=True)
"""


def source(tmp_path: Path, program: str = GOOD, **options: object) -> Source:
    (tmp_path / "model.py").write_text(program, encoding="utf-8")
    settings = {"trust": True, "timeout": 20.0, "folder": tmp_path, **options}
    return Source(kind="command", command=(sys.executable, "model.py"), **settings)  # type: ignore[arg-type]


def margins(asked: Source, *texts: tuple[str, str]) -> list[float]:
    return Answering(asked).margins([Text(title=title, abstract=abstract) for title, abstract in texts]).tolist()


def test_each_text_is_a_line_and_each_answer_is_one(tmp_path: Path) -> None:
    texts = [("É𝔄\n", "ab" * k) for k in range(600)]
    assert margins(source(tmp_path), *texts) == [3.0 - 2 * k for k in range(600)]


@pytest.mark.parametrize(
    ("answer", "margin"),
    [
        ('print("-1.5e0", flush=True)', -1.5),
        ('print(json.dumps({"margin": 2, "probability": 0.1}), flush=True)', 2.0),
        ('print(json.dumps({"probability": 0.5}), flush=True)', 0.0),
        ('print(json.dumps({"probability": 1}), flush=True)', 20.723),
    ],
)
def test_an_answer_is_a_margin_or_a_probability(tmp_path: Path, answer: str, margin: float) -> None:
    program = f"import json, sys\nfor line in sys.stdin: {answer}\n"
    asked = Answering(source(tmp_path, program))
    assert asked.margins([Text(title="", abstract="")])[0] == pytest.approx(margin, rel=1e-4)
    assert asked.bounded is ("probability" in answer and "margin" not in answer)


def test_a_joined_text_is_one_string(tmp_path: Path) -> None:
    program = "import json, sys\nfor line in sys.stdin: print(len(json.loads(line)['text']), flush=True)\n"
    assert margins(source(tmp_path, program, join=" | "), ("ab", "cd"), ("", "cd")) == [7.0, 2.0]


def test_it_is_started_once_and_ended_with_the_model(tmp_path: Path) -> None:
    program = "import os, sys\nopen('started', 'a').write(f'{os.getpid()} ')\n" + GOOD
    asked = Answering(source(tmp_path, program))
    for _ in range(3):
        asked.margins([Text(title="a", abstract="")])
    (pid,) = (tmp_path / "started").read_text().split()
    assert alive(int(pid))
    del asked
    assert not alive(int(pid))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    program = """
import json, sys
for number, line in enumerate(sys.stdin):
    if number == 3:
        sys.exit(7)
    print(json.loads(line)["title"], flush=True)
"""
    texts = [(str(k), "") for k in range(5)]
    assert margins(source(tmp_path, program), *texts) == [0.0, 1.0, 2.0, 3.0, 4.0]
    with pytest.raises(ModelError, match=r"ended with code 7 after 6 of 9 answers, and again when it was started anew"):
        margins(source(tmp_path, program), *[(str(k), "") for k in range(9)])


FAILING = {
    "raise SystemExit('no such\\nlibrary')": r"ended with code 1 after 0 of 2.*It wrote:\n    no such\n    library",
    "[print('hello', flush=True) for line in sys.stdin]": r"'hello', which is no margin \(it is no JSON\)\. For each",
    "[print('NaN', flush=True) for line in sys.stdin]": r"answered with 'NaN', which is no margin \(is not finite\)",
    "[print('{}', flush=True) for line in sys.stdin]": r"'{}', which is no margin \(it has neither .margin. nor",
    "[print('[1]', flush=True) for line in sys.stdin]": r"answered with '\[1\]', which is no margin",
    "[print('{\"probability\": 2}', flush=True) for line in sys.stdin]": r"the probability 2; it must lie between",
}


@pytest.mark.parametrize("program", FAILING)
def test_what_it_did_wrong_is_said(tmp_path: Path, program: str) -> None:
    with pytest.raises(ModelError, match=f"(?s){FAILING[program]}"):
        margins(source(tmp_path, f"import sys\n{program}\n"), ("a", ""), ("b", ""))


def test_one_that_answers_too_few_lines_is_asked_for_the_others(tmp_path: Path) -> None:
    asked = source(tmp_path, "import sys\nsys.stdin.readline()\nprint(1, flush=True)\n")
    assert margins(asked, ("a", ""), ("b", "")) == [1.0, 1.0]
    with pytest.raises(ModelError, match=r"ended with code 0 after 2 of 3 answers"):
        margins(asked, ("a", ""), ("b", ""), ("c", ""))


def test_one_that_writes_more_than_it_was_asked_is_found_out(tmp_path: Path) -> None:
    asked = Answering(source(tmp_path, "import sys\nfor line in sys.stdin: print('1\\n2\\n3', flush=True)\n"))
    asked.margins([Text(title="a", abstract="")])
    time.sleep(0.2)
    with pytest.raises(ModelError, match="wrote more lines than it was given texts"):
        asked.margins([Text(title="a", abstract="")])


@pytest.mark.parametrize("program", ["import time\ntime.sleep(60)", "import sys\nprint(len(sys.stdin.read()))"])
def test_one_that_is_late_is_ended(tmp_path: Path, program: str) -> None:
    start = time.monotonic()
    with pytest.raises(ModelError, match=r"has not answered for 0.5 seconds.*flush its output"):
        margins(source(tmp_path, program, timeout=0.5), ("a", ""))
    assert time.monotonic() - start < 30


def test_nothing_is_started_without_consent_nor_to_describe_it(tmp_path: Path) -> None:
    asked = source(tmp_path, "open('ran', 'w')\n" + GOOD)
    with pytest.raises(ModelError, match=r"it starts the program .*model\.py in .* Nothing was run"):
        load(replace(asked, trust=False))
    manifest = describe(asked)
    assert not (tmp_path / "ran").exists()
    assert list(manifest.files) == ["model.py"]
    assert str(tmp_path) not in manifest.settings + manifest.format + str(manifest.facts)


def test_its_files_tell_whether_it_is_the_same(tmp_path: Path) -> None:
    asked = source(tmp_path)
    prints = [describe(one).fingerprint for one in (asked, replace(asked, version="2"))]
    prints.append(describe(source(tmp_path, GOOD + "\n")).fingerprint)
    assert len(set(prints)) == 3
    assert not describe(asked).volatile
    client = replace(asked, command=(sys.executable, "-m", "client"))
    assert describe(client).volatile
    assert not describe(replace(client, version="1")).volatile
    assert not describe(replace(client, files=(tmp_path / "model.py",))).volatile


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'no-such-program: cannot be started .* correct "command"'):
        margins(replace(source(tmp_path), command=("no-such-program",)), ("a", ""))


STOPPED_AT_ONCE = """
import os, signal, subprocess, time

class Slow(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        while not (os.path.exists({started!r}) and os.path.getsize({started!r})):
            time.sleep(0.01)
        signal.raise_signal(signal.SIGINT)

subprocess.Popen = Slow
"""


@pytest.mark.parametrize("while_it_starts", [False, True], ids=["asked", "starting"])
def test_it_ends_when_sitegen_is_stopped(tmp_path: Path, while_it_starts: bool) -> None:
    """A program that never answers, asked by a process that gets Ctrl+C, be it before the program is known to run."""
    source(tmp_path, "import os, time\nopen('started', 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    code = (
        "import sys; from pathlib import Path; from sitegen.models.adapters.command.kind import Answering\n"
        "from sitegen.models.source import Source; from sitegen.models.protocol import Text\n"
        f"s = Source(kind='command', command=(sys.executable, 'model.py'), folder=Path({str(tmp_path)!r}))\n"
        "Answering(s).margins([Text(title='a', abstract='')])\n"
    )
    if while_it_starts:
        code = STOPPED_AT_ONCE.format(started=str(tmp_path / "started")) + code
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ((tmp_path / "started").exists() and (tmp_path / "started").read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    pid = int((tmp_path / "started").read_text())
    if not while_it_starts:
        process.send_signal(signal.SIGINT)
    assert process.wait(30) != 0
    assert not alive(pid)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no Rscript here")
def test_a_program_in_r(tmp_path: Path) -> None:
    script = (
        'input <- file("stdin", "r")\nwhile (length(line <- readLines(input, 1)) > 0) '
        "{ cat(nchar(line), sep = '\\n'); flush(stdout()) }\n"
    )
    (tmp_path / "model.R").write_text(script, encoding="utf-8")
    asked = replace(source(tmp_path), command=("Rscript", "model.R"))
    assert margins(asked, ("a", ""), ("ab", ""))[1] - margins(asked, ("a", ""))[0] == 1.0


@pytest.mark.skipif(shutil.which("perl") is None, reason="there is no perl here")
def test_a_program_in_another_language(tmp_path: Path) -> None:
    (tmp_path / "model.pl").write_text('$| = 1; while (<STDIN>) { print length($_), "\\n"; }\n', encoding="utf-8")
    asked = replace(source(tmp_path), command=("perl", "model.pl"))
    first, second = margins(asked, ("a", ""), ("ab", ""))
    assert second - first == 1.0
    assert list(describe(asked).files) == ["model.pl"]
