# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle columns become a frame, checked and in order, without an object per row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl
from polars.exceptions import ShapeError

from ttapi_core.errors import SchemaError
from ttapi_polars.checks import check
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_polars.typing import CandlePart

_PRICES: Final = ("open", "high", "low", "close")
_CANDLES: Final = pl.Schema(
    {"symbol": pl.String, "time": pl.Int64}
    | dict.fromkeys((*_PRICES, "volume", "vwap", "implied_volatility"), pl.Float64)
)
_DAY_MS: Final = 86_400_000
_FIRST_DAY: Final = (date.min - date(1970, 1, 1)).days
_LAST_DAY: Final = (date.max - date(1970, 1, 1)).days


def candles_frame(parts: Iterable[CandlePart]) -> pl.DataFrame:
    """
    Daily candles of any number of symbols as one frame, made column by column.

    A candle that lacks one of its four prices (null, NaN or infinite) says that nothing was traded: it is
    left out, never stored as zero. ``unpriced_candles`` lists those; every other row is in the frame, so that
    the heights tell whether there are any.

    Parameters
    ----------
    parts
        Columns by symbol, in any order of symbols and days; a symbol may come in several parts. ``time`` is
        00:00 UTC of the trading day (API facts 7.4). A volume is rounded to the nearest whole unit.

    Returns
    -------
    DataFrame
        Columns and order of ``schemas.EOD_DATA``.

    Raises
    ------
    SchemaError
        When a part lacks a column, holds something else than numbers or is no daily candle, when a volume
        does not fit 64 bits, or when a symbol has a day twice.
    """
    rows = _stacked(parts)
    priced = rows.filter(pl.all_horizontal(pl.col(_PRICES).is_not_null()))
    volume = pl.col("volume").round().cast(pl.Int64, strict=False)
    too_large = priced.filter(pl.col("volume").is_not_null() & volume.is_null())
    if too_large.height:
        symbol, day, value = too_large.select("symbol", "date", "volume").row(0)
        raise SchemaError(EOD_DATA.name, [f"volume {value} of {symbol} on {day} does not fit 64 bits"])
    return check(in_order(priced.with_columns(volume), EOD_DATA.sort_by), EOD_DATA)


def unpriced_candles(parts: Iterable[CandlePart]) -> pl.DataFrame:
    """
    Symbol and date of each candle that ``candles_frame`` leaves out for want of a price, sorted by both.

    Raises
    ------
    SchemaError
        As ``candles_frame``.
    """
    lacking = _stacked(parts).filter(pl.any_horizontal(pl.col(_PRICES).is_null()))
    return lacking.select(EOD_DATA.key).sort(EOD_DATA.key)


def _stacked(parts: Iterable[CandlePart]) -> pl.DataFrame:
    """All parts under each other, with dates; a number that is NaN or infinite is missing: null."""
    in_sequence = sorted(parts, key=lambda part: part.symbol)
    rows = pl.concat([_CANDLES.to_frame(), *(_part_frame(part) for part in in_sequence)], rechunk=True)
    day = pl.col("time") // _DAY_MS
    is_daily = (pl.col("time") % _DAY_MS == 0) & day.is_between(_FIRST_DAY, _LAST_DAY)
    wrong = rows.filter(~is_daily.fill_null(value=False))
    if wrong.height:
        symbol, time = wrong.select("symbol", "time").row(0)
        problem = f"{wrong.height} candles are not at 00:00 UTC of a day, such as {time} of {symbol}"
        raise SchemaError(EOD_DATA.name, [problem])
    number = pl.col(pl.Float64)
    return rows.select(
        "symbol", day.cast(pl.Int32).cast(pl.Date).alias("date"), pl.when(number.is_finite()).then(number)
    )


def _part_frame(part: CandlePart) -> pl.DataFrame:
    lacking = [name for name in ("time", *_PRICES) if name not in part.columns]
    if lacking:
        raise SchemaError(
            EOD_DATA.name, [f"candles of {part.symbol} lack column {name!r}" for name in lacking]
        )
    values = {name: part.columns.get(name) for name in _CANDLES if name != "symbol"}
    try:
        return pl.DataFrame({"symbol": part.symbol} | values, schema=_CANDLES)
    except (TypeError, OverflowError, ShapeError) as error:
        reason = str(error).splitlines()[0]
        raise SchemaError(EOD_DATA.name, [f"candles of {part.symbol} make no frame: {reason}"]) from error
