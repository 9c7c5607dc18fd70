"""The bytes of a text file -> its lines, one at a time.

A line is decoded when it is asked for. So nothing but the line at hand is in memory, a byte that does not decode is
known by line and offset, and one bad line need not end the reading. Normal, and no fault: a byte order mark; line ends
of Windows and old Macintoshes; UTF-16, where the file begins with its byte order mark. NUL bytes are taken out, and
that is noted.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

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
        head = file.read(2)
        file.seek(0)
        utf16 = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        for text in self._utf16(file, table) if utf16 else self._by_line(file, table):
            if "\0" in text:
                message, remedy = "held NUL bytes, which were taken out", "Export the file anew, as text"
                self._faults.append(Fault(kind="nul bytes", message=message, remedy=remedy))
            for part in re.findall(r"[^\r]*\r\n?|[^\r]+", text.replace("\0", "")):
                self.number += 1
                yield part

    def _by_line(self, file: BinaryIO, table: Table) -> Iterator[str]:
        """The lines of bytes, decoded one by one; these are not the lines of old Macintoshes."""
        offset = 0
        for raw in file:
            line = raw.removeprefix(codecs.BOM_UTF8) if offset == 0 else raw
            try:
                text = line.decode(table.encoding)
            except UnicodeDecodeError as error:
                text = line.decode(table.encoding, errors="replace")
                at = offset + len(raw) - len(line) + error.start
                self._undecoded(f"is not {table.encoding} at byte {at} of the file", table)
            offset += len(raw)
            yield text

    def _utf16(self, file: BinaryIO, table: Table) -> Iterator[str]:
        """The lines of a file in UTF-16: here a line end is no single byte."""
        with io.TextIOWrapper(
            io.BufferedReader(_Kept(file)), encoding="utf-16", errors="replace", newline="\n"
        ) as stream:
            for text in stream:
                if "\ufffd" in text:
                    self._undecoded("is not the UTF-16 that its first bytes say it is", table)
                yield text

    def _undecoded(self, message: str, table: Table) -> None:
        self._faults.append(Fault(kind="not utf-8", message=message, remedy=table.naming.encoding_remedy))


class _Kept(io.RawIOBase):
    """A file for a wrapper that closes what it wraps; this one's stays open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)
