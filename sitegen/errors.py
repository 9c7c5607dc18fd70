"""Errors that the user can mend, each an exception whose text is the whole message.

Every message names the place (file, line, field), the problem and the remedy, so that the command line can
print it alone and exit with 2. Anything else that escapes is a bug of ours and keeps its traceback; but for Stopped,
which is no error: somebody wants the program to end.
"""

from __future__ import annotations


class SitegenError(Exception):
    """The user's input or environment is at fault; `str(error)` says where, what and what to do."""


class ConfigError(SitegenError):
    """site.toml is missing, malformed or contradicts itself."""


class RecordError(SitegenError):
    """A record file cannot be used as it is."""


class ModelError(SitegenError):
    """A model directory, checkpoint or vector file cannot be used as it is."""


class StoreError(SitegenError):
    """The score store cannot be read, or lacks what a command needs."""


class OutputError(SitegenError):
    """The site cannot be written, or what was written does not hold together."""


class Stopped(BaseException):
    """A signal asks the program to end; raised wherever the program is, like KeyboardInterrupt.

    number: the signal's. scores, output: what is kept of the scores and of what is written, each a clause without its
    stop, empty where nothing of the kind was in question.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.scores = self.output = ""

    def __str__(self) -> str:
        kept = "; ".join(clause for clause in (self.scores, self.output) if clause)
        return f"Stopped. {kept[0].upper()}{kept[1:]}." if kept else "Stopped."
