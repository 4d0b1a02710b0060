# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle columns become a frame, checked and in order, without an object per row."""

from __future__ import annotations

from array import array
from datetime import date
from math import nan
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeGuard, cast

import polars as pl

from ttapi_core.errors import SchemaError
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ttapi_polars.typing import CandlePart, ColumnValues

    _Numbers: TypeAlias = array[int] | array[float]

_PRICES: Final = ("open", "high", "low", "close")
# How the standard library's array and struct call the type of each column.
_TYPES: Final = {"time": "q"} | dict.fromkeys((*_PRICES, "volume", "vwap", "implied_volatility"), "d")
_DAY_MS: Final = 86_400_000
_FIRST_DAY: Final = (date.min - date(1970, 1, 1)).days
_LAST_DAY: Final = (date.max - date(1970, 1, 1)).days


class _ArrowArray(Protocol):
    """An array of pyarrow, which Polars takes without a copy."""

    @staticmethod
    def from_buffers(dtype: object, length: int, buffers: list[object], /) -> _ArrowArray: ...

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


class _Arrow(Protocol):
    """What is used of pyarrow, which brings no types of its own."""

    Array: type[_ArrowArray]

    def int64(self) -> object: ...

    def float64(self) -> object: ...

    def py_buffer(self, values: bytes, /) -> object: ...


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
    return validate(in_order(priced.with_columns(volume), EOD_DATA.sort_by), EOD_DATA)


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
    arrays = [_arrays(part) for part in in_sequence]
    symbols = pl.Series([part.symbol for part in in_sequence], dtype=pl.String)
    lengths = pl.Series([len(columns["time"]) for columns in arrays], dtype=pl.UInt32)
    numbers = {name: _joined([columns[name] for columns in arrays], type_) for name, type_ in _TYPES.items()}
    rows = pl.DataFrame({"symbol": symbols.repeat_by(lengths).explode(empty_as_null=False), **numbers})
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


def _arrays(part: CandlePart) -> dict[str, _Numbers]:
    """The columns as numbers of the machine; those that are arrays already, as they are."""
    lacking = [name for name in ("time", *_PRICES) if name not in part.columns]
    if lacking:
        raise SchemaError(
            EOD_DATA.name, [f"candles of {part.symbol} lack column {name!r}" for name in lacking]
        )
    nothing = array("d", [nan]) * len(part.columns["time"])
    try:
        arrays = {name: _array(part.columns.get(name, nothing), type_) for name, type_ in _TYPES.items()}
    except (TypeError, OverflowError) as error:
        raise SchemaError(EOD_DATA.name, [f"candles of {part.symbol} make no frame: {error}"]) from error
    if len(lengths := {len(values) for values in arrays.values()}) > 1:
        reason = f"its columns have {', '.join(map(str, sorted(lengths)))} values"
        raise SchemaError(EOD_DATA.name, [f"candles of {part.symbol} make no frame: {reason}"])
    return arrays


def _array(values: ColumnValues, type_: str) -> _Numbers:
    if _is_array(values, type_):
        return values
    if type_ == "q":
        return array(type_, cast("Sequence[int]", values))  # it does not take a null
    return array(type_, [nan if value is None else value for value in values])


def _is_array(values: ColumnValues, type_: str) -> TypeGuard[_Numbers]:
    return isinstance(values, array) and values.typecode == type_


def _joined(parts: list[_Numbers], type_: str) -> pl.Series:
    """One column of all parts: its values are copied once, and not looked at."""
    import pyarrow as pa  # noqa: PLC0415 - takes a tenth of a second, which who makes no frame can spare

    arrow = cast("_Arrow", pa)
    buffer = arrow.py_buffer(b"".join(parts))
    dtype = arrow.int64() if type_ == "q" else arrow.float64()
    return pl.Series(arrow.Array.from_buffers(dtype, sum(map(len, parts)), [None, buffer]))
