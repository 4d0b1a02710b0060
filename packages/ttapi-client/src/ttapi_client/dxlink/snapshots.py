# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol's snapshot: from runs of flagged candle events to checked columns, or to the reason why not."""

from __future__ import annotations

from bisect import bisect_left
from enum import IntFlag
from itertools import islice
from operator import gt
from typing import TYPE_CHECKING, Final, cast

from ttapi_client.dxlink.columns import KEPT_COLUMNS, NUMBER_COLUMNS, CandleColumns
from ttapi_core.errors import DecodeError, IncompleteDataError

if TYPE_CHECKING:
    from ttapi_client.dxlink.columns import WireColumns

_NO_NUMBER: Final = (None, "NaN", "Infinity", "-Infinity")  # and nothing else


class EventFlag(IntFlag):
    """Bits of ``eventFlags`` (API facts 7.5)."""

    TX_PENDING = 0x01
    REMOVE_EVENT = 0x02
    SNAPSHOT_BEGIN = 0x04
    SNAPSHOT_END = 0x08
    SNAPSHOT_SNIP = 0x10


# Plain integers: the loop below looks at every row of a flagged frame.
_PENDING, _REMOVE, _BEGIN, _END, _SNIP = (flag.value for flag in EventFlag)


class SnapshotAssembler:
    """
    Collects one symbol's snapshot (API facts 7.5).

    A BEGIN discards what was there, an END completes it as soon as no transaction is pending, a SNIP makes it
    incomplete for ever. Rows outside a snapshot are not taken.

    Parameters
    ----------
    symbol
        As the caller spelled it.
    since_ms
        Rows that start before this are cut; milliseconds since 1970 in UTC.
    most_candles
        A snapshot that grows beyond this is given up as incomplete.

    Examples
    --------
    >>> from ttapi_client.dxlink.columns import CANDLE_FIELDS, CandleLayout, candle_runs
    >>> rows = ["A{=d}", 4, 2, 2000, 3.0, 3.0, 3.0, 3.0, 7, "NaN", "NaN"]
    >>> rows += ["A{=d}", 8, 1, 1000, 2.0, 2.0, 2.0, 2.0, 5, "NaN", "NaN"]
    >>> snapshot = SnapshotAssembler("A", since_ms=0, most_candles=100)
    >>> [snapshot.add(run.columns) for run in candle_runs(rows, CandleLayout.of(CANDLE_FIELDS))]
    [True]
    >>> columns = snapshot.result().columns
    >>> columns["time"], columns["close"], columns["vwap"]
    ([1000, 2000], [2.0, 3.0], [None, None])
    """

    def __init__(self, symbol: str, *, since_ms: int, most_candles: int) -> None:
        self._symbol = symbol
        self._since_ms = since_ms
        self._most_candles = most_candles
        self._columns: WireColumns = {}
        self._is_begun = False
        self._is_closed = False  # the END came; what is pending with it may still follow
        self._removals = 0

    @property
    def is_begun(self) -> bool:
        """Whether a snapshot has begun."""
        return self._is_begun

    def __len__(self) -> int:
        """How many rows are held, removals included."""
        return len(self._columns["time"]) if self._is_begun else 0

    def add(self, columns: WireColumns) -> bool:
        """
        Take in the next rows; true when the snapshot is complete, and then ``result`` is due.

        Raises
        ------
        DecodeError
            When a flag is not an integer.
        IncompleteDataError
            When the snapshot was cut short, or passes the number of candles allowed.
        """
        flags = columns["flags"]
        if self._is_begun and not self._is_closed and not any(flags):
            self._extend(columns, 0, len(flags))
            return False
        return self._add_flagged(columns)

    def result(self) -> CandleColumns:
        """
        Give the checked columns of the complete snapshot, oldest first; to be asked once.

        Raises
        ------
        DecodeError
            When a time is not an integer or a number is none.
        """
        columns = self._reversed() if self._is_plain() else self._resolved()
        times = self._integers("time", columns["time"])
        if first := bisect_left(times, self._since_ms):
            columns = {name: values[first:] for name, values in columns.items()}
        numbers = {name: self._numbers(name, columns[name]) for name in ("time", *NUMBER_COLUMNS)}
        return CandleColumns(self._symbol, numbers)

    def _add_flagged(self, columns: WireColumns) -> bool:
        start = 0
        stop = len(columns["flags"])
        is_complete = False
        for at, flags in enumerate(columns["flags"]):
            if not isinstance(flags, int):
                raise self._malformed("eventFlags", "an integer", flags)
            if flags & _BEGIN:
                self._begin()
                start = at
            if flags & _SNIP and self._is_begun:
                raise IncompleteDataError(
                    f"the service cut the history of {self._symbol!r} short",
                    hint="ask for a later first day",
                )
            if flags & _REMOVE:
                self._removals += 1
            self._is_closed = self._is_closed or bool(flags & _END)
            if self._is_begun and self._is_closed and not flags & _PENDING:
                stop = at + 1
                is_complete = True
                break
        if self._is_begun:
            self._extend(columns, start, stop)
        return is_complete

    def _begin(self) -> None:
        self._columns = {name: [] for name in KEPT_COLUMNS}
        self._is_begun = True
        self._is_closed = False
        self._removals = 0

    def _extend(self, columns: WireColumns, start: int, stop: int) -> None:
        is_whole = stop - start == len(columns["time"])
        for name, values in self._columns.items():
            values += columns[name] if is_whole else columns[name][start:stop]  # noqa: PLW2901 - in place
        if len(self) > self._most_candles:
            raise IncompleteDataError(
                f"the history of {self._symbol!r} passes {self._most_candles} candles",
                hint="ask for a later first day or a longer interval",
            )

    def _is_plain(self) -> bool:
        """Whether rows only go back in time and nothing is removed but, at most, the closing placeholder."""
        flags = cast("list[int]", self._columns["flags"])
        times = cast("list[int]", self._columns["time"])
        placeholders = 1 if flags[-1] & _REMOVE else 0
        try:
            return self._removals == placeholders and all(map(gt, times, islice(times, 1, None)))
        except TypeError:  # a time that is no number
            return False

    def _reversed(self) -> WireColumns:
        """Oldest first, without the placeholder: whole columns in place, no value is touched."""
        for values in self._columns.values():
            if self._removals:
                values.pop()
            values.reverse()
        return self._columns

    def _resolved(self) -> WireColumns:
        """Oldest first by index; of rows with one index the last stands, unless it removes."""
        flags, indexes = self._columns["flags"], self._columns["index"]
        latest = {index: at for at, index in enumerate(self._integers("index", indexes))}
        kept = [at for _, at in sorted(latest.items()) if not _removes(flags[at])]
        resolved = {name: [values[at] for at in kept] for name, values in self._columns.items()}
        times = self._integers("time", resolved["time"])
        if times != sorted(times):
            raise self._malformed("time", "the order of index", "another")
        return resolved

    def _integers(self, name: str, values: list[object]) -> list[int]:
        integers = cast("list[int]", values)
        # Adding up is the quickest look at every value: a fraction makes a fraction of it, a text ends it.
        try:
            total: object = sum(integers)
        except TypeError:
            total = "a text or null among them"
        if not isinstance(total, int):
            raise self._malformed(name, "integers", total)
        return integers

    def _numbers(self, name: str, values: list[object]) -> list[float | None]:
        numbers = cast("list[float | None]", values)
        try:
            sum(cast("list[float]", values))
        except TypeError:
            numbers = [self._number(name, value) for value in values]
        return numbers

    def _number(self, name: str, value: object) -> float | None:
        if isinstance(value, int | float):
            return value
        if value in _NO_NUMBER:
            return None
        raise self._malformed(name, "a number", value)

    def _malformed(self, field: str, expected: str, found: object) -> DecodeError:
        path = f"candles of {self._symbol!r}.{field}"
        return DecodeError(path=path, expected=expected, found=repr(found)[:80])


def _removes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & _REMOVE)
