# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol's snapshot: from runs of flagged candle events to checked columns, or to the reason why not."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from enum import IntFlag
from itertools import islice
from math import nan
from operator import gt
from typing import TYPE_CHECKING, Final, cast

from ttapi_client.dxlink.columns import NUMBER_COLUMNS, CandleColumns
from ttapi_client.dxlink.described import described
from ttapi_core.errors import DecodeError, IncompleteDataError

if TYPE_CHECKING:
    from ttapi_client.dxlink.columns import WireColumns

_INTEGERS: Final = ("index", "time")
# As array and struct call the machine's numbers of 64 bits.
_TYPES: Final = dict.fromkeys(_INTEGERS, "q") | dict.fromkeys(NUMBER_COLUMNS, "d")
_LONGEST: Final = 2**63
_NO_NUMBER: Final = (None, "NaN", "Infinity", "-Infinity")  # and nothing else
_KNOWN_FLAGS: Final = 0xFF


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
    (array('q', [1000, 2000]), array('d', [2.0, 3.0]), array('d', [nan, nan]))
    """

    def __init__(self, symbol: str, *, since_ms: int, most_candles: int) -> None:
        self._symbol = symbol
        self._since_ms = since_ms
        self._most_candles = most_candles
        self._flags = bytearray()
        self._columns: dict[str, array[float]] = {}
        self._is_begun = False
        self._is_closed = False  # the END came; what is pending with it may still follow
        self._removals = 0

    @property
    def is_begun(self) -> bool:
        """Whether a snapshot has begun."""
        return self._is_begun

    def __len__(self) -> int:
        """How many rows are held, removals included."""
        return len(self._flags)

    def add(self, columns: WireColumns) -> bool:
        """
        Take in the next rows; true when the snapshot is complete, and then ``result`` is due.

        Raises
        ------
        DecodeError
            When a flag, an index or a time is not an integer, or a number is none.
        IncompleteDataError
            When the snapshot was cut short, or passes the number of candles allowed.
        """
        flags = self._flags_of(columns["flags"])
        if any(flags) or self._is_closed:
            return self._add_flagged(columns, flags)
        if self._is_begun:
            self._extend(columns, flags, 0, len(flags))
        return False

    def result(self) -> CandleColumns:
        """
        Give the columns of the complete snapshot, oldest first; to be asked once.

        Raises
        ------
        DecodeError
            When times do not follow the order of the index.
        """
        columns = self._reversed() if self._is_plain() else self._resolved()
        if first := bisect_left(columns["time"], self._since_ms):
            columns = {name: values[first:] for name, values in columns.items()}
        return CandleColumns(self._symbol, columns)

    def _flags_of(self, values: list[object]) -> bytes:
        try:
            return bytes(cast("list[int]", values))
        except (TypeError, ValueError):
            # A null is what an absent field would be.
            known = (0 if value is None else self._integer("eventFlags", value) for value in values)
            return bytes(flags & _KNOWN_FLAGS for flags in known)

    def _add_flagged(self, columns: WireColumns, flags_of_rows: bytes) -> bool:
        start = 0
        stop = len(flags_of_rows)
        is_complete = False
        # After an END that left a transaction pending, a row without flags is the one that completes it.
        is_weighty = self._is_closed or any(flags & _PENDING for flags in set(flags_of_rows))
        for at, flags in enumerate(flags_of_rows):
            if not (flags or is_weighty):
                continue
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
            self._extend(columns, flags_of_rows, start, stop)
        return is_complete

    def _begin(self) -> None:
        self._flags = bytearray()
        self._columns = {name: array(type_) for name, type_ in _TYPES.items()}
        self._is_begun = True
        self._is_closed = False
        self._removals = 0

    def _extend(self, columns: WireColumns, flags: bytes, start: int, stop: int) -> None:
        """Pack at once, which is quickest while the parser's values are still in the processor's cache."""
        self._flags += flags[start:stop]
        is_whole = stop - start == len(flags)
        layouts = {type_: f"{stop - start}{type_}" for type_ in "qd"}
        for name, column in self._columns.items():
            values = columns[name] if is_whole else columns[name][start:stop]
            try:
                column.frombytes(struct.pack(layouts[column.typecode], *values))
            except struct.error:
                column.extend(self._read(name, values))
        if len(self) > self._most_candles:
            raise IncompleteDataError(
                f"the history of {self._symbol!r} passes {self._most_candles} candles",
                hint="ask for a later first day or a longer interval",
            )

    def _read(self, name: str, values: list[object]) -> array[int] | array[float]:
        """What is not all numbers of the machine, value by value."""
        if name in _INTEGERS:
            return array("q", [self._integer(name, value) for value in values])
        try:
            # Nearly always it is the placeholder alone, the last row of all, that has no numbers.
            return array("d", [*cast("list[float]", values[:-1]), self._number(name, values[-1])])
        except TypeError:
            return array("d", [self._number(name, value) for value in values])

    def _is_plain(self) -> bool:
        """Whether rows only go back in time and nothing is removed but, at most, the closing placeholder."""
        times = self._columns["time"].tolist()
        placeholders = 1 if self._flags[-1] & _REMOVE else 0
        return self._removals == placeholders and all(map(gt, times, islice(times, 1, None)))

    def _reversed(self) -> dict[str, array[float]]:
        """Oldest first, without the placeholder."""
        del self._columns["index"]
        for values in self._columns.values():
            if self._removals:
                values.pop()
            values.reverse()
        return self._columns

    def _resolved(self) -> dict[str, array[float]]:
        """Oldest first by index; of rows with one index the last stands, unless it removes."""
        latest = {index: at for at, index in enumerate(self._columns.pop("index"))}
        kept = [at for _, at in sorted(latest.items()) if not self._flags[at] & _REMOVE]
        resolved = {
            name: array(values.typecode, [values[at] for at in kept])
            for name, values in self._columns.items()
        }
        times = resolved["time"].tolist()
        if times != sorted(times):
            raise self._malformed("time", "the order of index", "another")
        return resolved

    def _integer(self, name: str, value: object) -> int:
        if isinstance(value, int) and -_LONGEST <= value < 2 * _LONGEST:
            # The index of a placeholder of 2038 passes the sign: in the service's own 64 bits it is negative.
            return value if value < _LONGEST else value - 2 * _LONGEST
        raise self._malformed(name, "an integer of 64 bits", value)

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, int | float):
            return value
        if value in _NO_NUMBER:
            return nan
        raise self._malformed(name, "a number", value)

    def _malformed(self, field: str, expected: str, found: object) -> DecodeError:
        path = f"candles of {self._symbol!r}.{field}"
        return DecodeError(path=path, expected=expected, found=described(found))
