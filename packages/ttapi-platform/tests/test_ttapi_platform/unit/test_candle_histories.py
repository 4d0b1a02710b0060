# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the frames of candle histories: what one symbol breaks costs no other its rows."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime
from math import nan
from typing import TYPE_CHECKING

from ttapi_client import CandleColumns
from ttapi_core.errors import SchemaError
from ttapi_platform.collectors.candle_histories import _frame_until

if TYPE_CHECKING:
    from ttapi_core.errors import TTError


def part(symbol: str, *days: date, hours: int = 0) -> CandleColumns:
    """A candle a day, some hours after midnight."""
    starts = [datetime(day.year, day.month, day.day, hours, tzinfo=UTC) for day in days]
    times = array("q", [int(start.timestamp()) * 1000 for start in starts])
    columns: dict[str, array[int] | array[float]] = {"time": times}
    columns |= {name: array("d", [10.0]) * len(days) for name in ("open", "high", "low", "close", "volume")}
    columns |= {name: array("d", [nan]) * len(days) for name in ("vwap", "implied_volatility")}
    return CandleColumns(symbol=symbol, columns=columns)


def test_a_symbol_with_impossible_candles_fails_alone() -> None:
    """A day twice, and a candle that is none of a day: both named, the third symbol has its rows."""
    failures: dict[str, TTError] = {}
    day = date(2026, 7, 1)
    parts = [part("TWICE", day, day), part("GOOD", day), part("NOON", day, hours=12)]
    frame = _frame_until(parts, day, failures)
    assert frame["symbol"].to_list() == ["GOOD"]
    assert sorted(failures) == ["NOON", "TWICE"]
    assert all(isinstance(error, SchemaError) for error in failures.values())


def test_candles_after_the_last_completed_day_are_left_out() -> None:
    """The day that is still going on has none of its own; without a completed day there is none at all."""
    first, second = date(2026, 7, 1), date(2026, 7, 2)
    assert _frame_until([part("SPY", first, second)], first, {})["date"].to_list() == [first]
    assert _frame_until([part("SPY", first)], None, {}).is_empty()
