"""The bytes of a text file -> its lines, one at a time.

A line is decoded when it is asked for. So nothing but the line at hand is in memory, a byte that does not decode is
known by line and offset, and one bad line need not end the reading. Normal, and no fault: a byte order mark; line ends
of Windows and old Macintoshes. NUL bytes are taken out, and that is noted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from sitegen.corpus.rows import Fault, Table
from sitegen.errors import RecordError


class Lines:
    """The lines of a file as text, with their ends. `number` is that of the line returned last, from 1.

    RecordError where the table's encoding does not exist, or cannot be decoded line by line.
    """

    def __init__(self, file: BinaryIO, table: Table) -> None:
        try:
            by_line = "\n".encode(table.encoding) == b"\n" and not "".encode(table.encoding)
        except LookupError:
            setting = table.naming.encoding
            raise RecordError(
                f'{table.shown}: "{table.encoding}" is no encoding. Correct {setting}, for example "utf-8".'
            ) from None
        if not by_line:
            raise RecordError(
                f"{table.shown}: {table.encoding} is not read line by line. {table.naming.encoding_remedy}."
            )
        self.number = 0
        self._lines = self._read(file, table)
        self._faults: list[Fault] = []

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def faults(self) -> list[Fault]:
        """The faults of the lines returned since this was called last."""
        noted, self._faults = self._faults, []
        return noted

    def _read(self, file: BinaryIO, table: Table) -> Iterator[str]:
        offset = 0
        for raw in file:
            line = raw.removeprefix(codecs.BOM_UTF8) if offset == 0 else raw
            try:
                text = line.decode(table.encoding)
            except UnicodeDecodeError as error:
                text = line.decode(table.encoding, errors="replace")
                at = offset + len(raw) - len(line) + error.start
                message = f"is not {table.encoding} at byte {at} of the file"
                self._faults.append(Fault(kind="not utf-8", message=message, remedy=table.naming.encoding_remedy))
            offset += len(raw)
            if "\0" in text:
                text = text.replace("\0", "")
                message, remedy = "held NUL bytes, which were taken out", "Export the file anew, as text"
                self._faults.append(Fault(kind="nul bytes", message=message, remedy=remedy))
            for part in re.findall(r"[^\r]*\r\n?|[^\r]+", text):
                self.number += 1
                yield part
