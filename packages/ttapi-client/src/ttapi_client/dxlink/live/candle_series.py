# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One symbol's candle events, flags and all, to whole snapshots and whole updates (API facts 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import attrs

from ttapi_client.dxlink.columns import NUMBER_COLUMNS
from ttapi_client.dxlink.described import described
from ttapi_client.dxlink.live.readers import numbers
from ttapi_client.dxlink.snapshots import EventFlag
from ttapi_core.errors import DecodeError, IncompleteDataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ttapi_client.dxlink.columns import WireColumns

Numbers: TypeAlias = "tuple[float | None, ...]"
"""In the order of ``NUMBER_COLUMNS``."""

_PENDING, _REMOVE, _BEGIN, _END, _SNIP = (flag.value for flag in EventFlag)


class CandleRow(NamedTuple):
    """One candle as the feed has it now."""

    time: int  # milliseconds since 1970, UTC
    numbers: Numbers | None  # None: it has been removed


@attrs.frozen
class CandleBatch:
    """Candles that belong together, by index, oldest first."""

    rows: Mapping[int, CandleRow]
    is_snapshot: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is not one candle in it that stands."""
        return all(row.numbers is None for row in self.rows.values())


class CandleSeries:
    """
    Puts rows together.

    A BEGIN discards what was there; an END completes the snapshot as soon as no transaction is pending.
    What comes before the first snapshot is not taken: the snapshot will say it better.

    Parameters
    ----------
    symbol
        As the caller spelled it.
    most_candles
        More in one snapshot or transaction are not taken.

    Examples
    --------
    >>> series = CandleSeries("A", most_candles=100)
    >>> prices = {name: [3.0] for name in NUMBER_COLUMNS}
    >>> [batch.is_snapshot for batch in series.take({"flags": [12], "index": [2], "time": [2000], **prices})]
    [True]
    >>> [batch.rows[2].time for batch in series.take({"flags": [0], "index": [2], "time": [2000], **prices})]
    [2000]
    """

    def __init__(self, symbol: str, *, most_candles: int) -> None:
        self._symbol = symbol
        self._most_candles = most_candles
        self._rows: dict[int, CandleRow] = {}  # of what is not complete yet
        self._is_snapshot = False
        self._is_closed = False
        self._is_live = False  # whether a snapshot has been completed

    def reset(self) -> None:
        """Begin on a new connection."""
        self._rows = {}
        self._is_snapshot = self._is_closed = self._is_live = False

    def take(self, columns: WireColumns) -> Iterator[CandleBatch]:
        """
        Take in the next rows; gives what is complete with them.

        Raises
        ------
        DecodeError
            When a row is none.
        IncompleteDataError
            When a snapshot was cut short, or has too many candles.
        """
        times, indexes = self._integers(columns, "time"), self._integers(columns, "index")
        values = zip(*(self._numbers(columns, name) for name in NUMBER_COLUMNS), strict=True)
        flags_of_rows = [0 if flags is None else flags for flags in columns["flags"]]  # absent means none
        rows = zip(self._integers({"flags": flags_of_rows}, "flags"), indexes, times, values, strict=True)
        for flags, index, time, row_numbers in rows:
            if flags & _BEGIN:
                self._rows, self._is_snapshot, self._is_closed = {}, True, False
            if not (self._is_snapshot or self._is_live):
                continue
            self._rows.pop(index, None)  # so that the last one of an index stands
            self._rows[index] = CandleRow(time, None if flags & _REMOVE else row_numbers)
            self._check(flags)
            self._is_closed = self._is_closed or not self._is_snapshot or bool(flags & _END)
            if self._is_closed and not flags & _PENDING:
                yield self._completed()

    def _completed(self) -> CandleBatch:
        batch = CandleBatch(dict(sorted(self._rows.items())), self._is_snapshot)
        self._rows, self._is_snapshot, self._is_closed, self._is_live = {}, False, False, True
        return batch

    def _check(self, flags: int) -> None:
        if flags & _SNIP and self._is_snapshot:
            raise IncompleteDataError(
                f"the service cut the candles of {self._symbol!r} short",
                hint="ask for a later beginning, or a longer interval",
            )
        if len(self._rows) > self._most_candles:
            raise IncompleteDataError(
                f"the candles of {self._symbol!r} pass {self._most_candles} at once",
                hint="ask for a later beginning, or a longer interval",
            )

    def _integers(self, columns: WireColumns, name: str) -> list[int]:
        for value in columns[name]:
            if not isinstance(value, int):
                raise self._malformed(name, "an integer", described(value))
        return cast("list[int]", columns[name])

    def _numbers(self, columns: WireColumns, name: str) -> list[float | None]:
        try:
            return cast("list[float | None]", numbers(columns[name]))
        except ValueError as error:
            expected, found = error.args
            raise self._malformed(name, expected, found) from error

    def _malformed(self, field: str, expected: str, found: str) -> DecodeError:
        return DecodeError(path=f"candles of {self._symbol!r}.{field}", expected=expected, found=found)
