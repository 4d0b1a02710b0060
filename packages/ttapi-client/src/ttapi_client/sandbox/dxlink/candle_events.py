# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles as the feed sends them: columns by field name, newest first (API facts 7.6)."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final, cast

from ttapi_client.sandbox.dxlink.event_flags import NOT_A_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ttapi_client.sandbox.dxlink.candle_columns import CandleColumns

_SHARES_A_TRADE: Final = 120
# By field: all its values, oldest first, or None where nothing is known, which is sent as not a number.
_COLUMNS: Final[Mapping[str, Callable[[CandleColumns], Sequence[object] | None]]] = {
    "index": lambda candles: candles.indexes,
    "time": lambda candles: candles.times,
    "open": lambda candles: candles.open,
    "high": lambda candles: candles.high,
    "low": lambda candles: candles.low,
    "close": lambda candles: candles.close,
    "volume": lambda candles: candles.volume,
    # The specification and a known client spell it differently (API facts 7.6).
    "VWAP": lambda candles: candles.vwap,
    "vwap": lambda candles: candles.vwap,
    "impVolatility": lambda candles: candles.implied_volatility,
    "count": lambda candles: [shares // _SHARES_A_TRADE + 1 for shares in candles.volume],
    "bidVolume": lambda candles: [shares * 9 // 20 for shares in candles.volume],
    "askVolume": lambda candles: [shares * 9 // 20 for shares in candles.volume],
    "eventTime": lambda candles: [0] * len(candles.times),
    "sequence": lambda candles: [0] * len(candles.times),
}
CANDLE_NAMES: Final = tuple(_COLUMNS)

_MAYBE_UNKNOWN: Final = frozenset(
    ["volume", "VWAP", "vwap", "impVolatility", "count", "bidVolume", "askVolume"]
)


def candle_columns(candles: CandleColumns, fields: Collection[str]) -> dict[str, list[object]]:
    """Those of the fields that are known, one list each; names of the caller's own are left out."""
    columns: dict[str, list[object]] = {}
    for name in fields:
        made = _COLUMNS.get(name)
        column = None if made is None else made(candles)
        if column is not None:
            columns[name] = list(column[::-1])
    for name in _MAYBE_UNKNOWN & columns.keys():
        columns[name] = _without_nan(cast("list[float]", columns[name]))
    return columns


def _without_nan(numbers: list[float]) -> list[object]:
    """What a recording does not know of a day is not a number, which JSON has none for."""
    if not isnan(sum(numbers)):
        return list(numbers)
    return [NOT_A_NUMBER if isnan(number) else number for number in numbers]
