# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The cells of a lake's CSV files, read back as what they were; a damaged one is named with its place."""

from __future__ import annotations

import csv
import math
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from ttapi_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")

HINT: Final = "`ttapi collect` wrote this file; collect the lake again, or take a sound copy of it"
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_COUNT: Final = re.compile(r"-?\d{1,19}", re.ASCII)
_LONGEST_COUNT: Final = 1 << 63
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FLAGS: Final = {"true": True, "false": False}


@attrs.frozen
class LakeRow:
    """
    One row of a dataset; an empty cell is null.

    What may be null is asked for with ``optional``, given the method that reads it otherwise.
    """

    path: Path
    line: int
    _positions: Mapping[str, int]
    _cells: Sequence[str]

    def text(self, column: str) -> str:
        """A text, without the apostrophe that keeps spreadsheets from running it as a formula."""
        return self._filled(column).removeprefix("'")

    def number(self, column: str) -> float:
        """A finite number; a double keeps all digits that the lake writes."""
        text = self._filled(column)
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise self.error(column, "is not a number")
        return number

    def count(self, column: str) -> int:
        """A whole number of 64 bits."""
        text = self._filled(column)
        if _COUNT.fullmatch(text) is None or not -_LONGEST_COUNT <= int(text) < _LONGEST_COUNT:
            raise self.error(column, "is not a whole number")
        return int(text)

    def flag(self, column: str) -> bool:
        """True or false."""
        flag = _FLAGS.get(self._filled(column))
        if flag is None:
            raise self.error(column, "is neither true nor false")
        return flag

    def day(self, column: str) -> date:
        """A date."""
        text = self._filled(column)
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise self.error(column, "is not a date of the form 2018-12-31")
        return day

    def instant(self, column: str) -> datetime:
        """An instant, UTC."""
        text = self._filled(column)
        try:
            instant = datetime.fromisoformat(text).astimezone(UTC) if _INSTANT.fullmatch(text) else None
        except ValueError:
            instant = None
        if instant is None:
            raise self.error(column, "is not an instant of the form 2018-12-31T21:00:00.000000Z")
        return instant

    def optional(self, column: str, read: Callable[[str], T]) -> T | None:
        """What ``read``, a method of this row, gives; None for null."""
        return read(column) if self._cell(column) else None

    def error(self, column: str, trouble: str) -> DataError:
        """The error that names the cell, to be raised."""
        return DataError(
            f"{self.path}, line {self.line}: {column} {self._cell(column)[:40]!r} {trouble}", hint=HINT
        )

    def contradiction(self, trouble: str) -> DataError:
        """The error for a row that does not go with others, to be raised; it shows none of its values."""
        return DataError(f"{self.path}, line {self.line}: {trouble}", hint=HINT)

    def _filled(self, column: str) -> str:
        cell = self._cell(column)
        if not cell:
            raise self.error(column, "is empty, which it may not be")
        return cell

    def _cell(self, column: str) -> str:
        return self._cells[self._positions[column]]


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[LakeRow]:
    """
    The rows of a file, one after the other.

    Parameters
    ----------
    path
        A CSV file of a lake.
    columns
        What its header must name; more is no trouble.

    Raises
    ------
    DataError
        For a file that cannot be read, ends in the midst of a row, lacks a column, or has a row with more or
        fewer cells than its header.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.reader(lines, strict=True)
            positions = header_positions(path, next(reader, list[str]()), columns)
            for cells in reader:
                if len(cells) != len(positions):
                    raise wrong_length(path, reader.line_num, len(cells), len(positions))
                yield LakeRow(path, reader.line_num, positions, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path, error) from error
    require_last_line_break(path)


def header_positions(path: Path, header: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """
    Where each column stands.

    Raises
    ------
    DataError
        For a column that is missing or there twice.
    """
    missing = [name for name in columns if header.count(name) != 1]
    if missing or len(set(header)) != len(header):
        problem = f"lacks {', '.join(missing)}" if missing else "names a column twice"
        message = f"{path}, line 1: the header {','.join(header)[:80]!r} {problem}"
        raise DataError(message, hint=HINT)
    return {name: position for position, name in enumerate(header)}


def require_last_line_break(path: Path) -> None:
    """
    Refuse a file that ends in the midst of a row, which may look like a shorter but complete one.

    Raises
    ------
    DataError
        When its last line has no end.
    """
    with path.open("rb") as file:
        file.seek(-1, 2)
        if file.read(1) not in b"\r\n":
            message = f"{path} ends in the midst of a row"
            raise DataError(message, hint=HINT)


def wrong_length(path: Path, line: int, cells: int, wanted: int) -> DataError:
    """The error for a row with another number of cells than the header, to be raised."""
    return DataError(f"{path}, line {line}: {cells} cells instead of {wanted}", hint=HINT)


def unreadable(path: Path, error: Exception) -> DataError:
    """The error for a file that is no CSV file at all, to be raised."""
    return DataError(f"{path} cannot be read: {error}", hint=HINT)
