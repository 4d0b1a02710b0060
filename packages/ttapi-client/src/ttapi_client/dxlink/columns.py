# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle events to columns, by the field order that the server confirmed; candles never become objects."""

from __future__ import annotations

from itertools import groupby
from math import isnan
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import attrs

from ttapi_client.dxlink.described import described, name_of
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping, Sequence

WireColumns: TypeAlias = "dict[str, list[object]]"  # by our names, values as the wire had them

CANDLE: Final = "Candle"
CANDLE_FIELDS: Final = (
    "eventSymbol",
    "eventFlags",
    "index",
    "time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "vwap",
    "impVolatility",
)
NUMBER_COLUMNS: Final = ("open", "high", "low", "close", "volume", "vwap", "implied_volatility")
KEPT_COLUMNS: Final = ("flags", "index", "time", *NUMBER_COLUMNS)
# The demo service leaves the average price out; the specification spells it in capitals (API facts 7.3, 7.6).
_OPTIONAL_COLUMNS: Final = frozenset({"vwap", "implied_volatility"})
_NEEDED_FIELDS: Final = frozenset(CANDLE_FIELDS) - {"vwap", "impVolatility"}
_COLUMN_OF_FIELD: Final = {
    "eventFlags": "flags",
    "index": "index",
    "time": "time",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "volume": "volume",
    "vwap": "vwap",
    "VWAP": "vwap",
    "impVolatility": "implied_volatility",
}


@attrs.frozen
class CandleColumns:
    """
    The candles of one symbol as columns of machine numbers, all of one length, oldest first.

    ``time`` holds milliseconds since 1970 in UTC, the start of each candle, as 64-bit integers; ``open``,
    ``high``, ``low``, ``close``, ``volume``, ``vwap`` and ``implied_volatility`` hold doubles, NaN where the
    service had none. Arrow, NumPy and Polars take such arrays over without looking at the values.

    Examples
    --------
    >>> from array import array
    >>> from math import nan
    >>> times, closes, averages = array("q", [1781481600000]), array("d", [202.0]), array("d", [nan])
    >>> candles = CandleColumns("AAPL", {"time": times, "close": closes, "vwap": averages})
    >>> len(candles), candles.to_lists()
    (1, {'time': [1781481600000], 'close': [202.0], 'vwap': [None]})
    """

    symbol: str  # streamer spelling, as asked
    columns: Mapping[str, array[int] | array[float]]

    def __len__(self) -> int:
        """How many candles."""
        return len(self.columns["time"])

    def to_lists(self) -> dict[str, list[float | None]]:
        """The same as Python lists, with ``None`` where there is no number."""
        return {
            name: [None if isnan(value) else value for value in values]
            for name, values in self.columns.items()
        }


@attrs.frozen
class CandleRun:
    """Successive candle events of one symbol, as they came; every value is still unchecked."""

    event_symbol: str
    columns: WireColumns


@attrs.frozen
class CandleLayout:
    """
    Where each column stands in a compact row.

    Examples
    --------
    >>> layout = CandleLayout.of(CANDLE_FIELDS)
    >>> layout.stride, layout.symbol_at, layout.position_of["close"]
    (11, 0, 7)
    """

    stride: int
    symbol_at: int
    position_of: Mapping[str, int]  # by our names; a column that does not come is left out

    @classmethod
    def of(cls, fields: Sequence[str]) -> CandleLayout:
        """
        Give the layout for these fields, in this order; fields that we do not know are stepped over.

        Raises
        ------
        DecodeError
            When a field is missing without which a candle says nothing.
        """
        missing = _NEEDED_FIELDS.difference(fields)
        if missing:
            raise DecodeError(
                path="DXLink FEED_CONFIG.eventFields.Candle",
                expected=", ".join(sorted(missing)),
                found=", ".join(name_of(name) for name in fields)[:200],
            )
        position_of = {
            _COLUMN_OF_FIELD[name]: at for at, name in enumerate(fields) if name in _COLUMN_OF_FIELD
        }
        return cls(stride=len(fields), symbol_at=fields.index("eventSymbol"), position_of=position_of)


def event_batches(data: object) -> Iterator[tuple[str, list[object]]]:
    """
    Split the payload of one FEED_DATA message by event type, whichever format it came in.

    A compact payload gives each type with its flat array, a full one each type with its objects. The
    payload shows its format itself: the demo service sends the one when the other was agreed (API facts 7.3).

    Raises
    ------
    DecodeError
        When the payload is neither.

    Examples
    --------
    >>> list(event_batches(["Quote", ["AAPL", 1.0], "Trade", []]))
    [('Quote', ['AAPL', 1.0]), ('Trade', [])]
    >>> list(event_batches([{"eventType": "Quote", "eventSymbol": "AAPL"}]))
    [('Quote', [{'eventType': 'Quote', 'eventSymbol': 'AAPL'}])]
    """
    if not isinstance(data, list):
        raise _malformed("data", "an array", data)
    items = cast("list[object]", data)
    if items and isinstance(items[0], dict):
        for event_type, events in groupby(items, key=_event_type):
            yield event_type, list(events)
        return
    if len(items) % 2:
        raise _malformed("data", "pairs of type and array", items)
    for kind, values in zip(items[::2], items[1::2], strict=True):
        if not isinstance(kind, str) or not isinstance(values, list):
            raise _malformed("data", "pairs of type and array", [kind, values])
        yield kind, cast("list[object]", values)


def candle_runs(values: list[object], layout: CandleLayout) -> Iterator[CandleRun]:
    """
    Split candle events into runs of one symbol each, in the order in which they came.

    Parameters
    ----------
    values
        One candle batch: a flat compact array, or objects.
    layout
        The order of the fields in a compact row.

    Raises
    ------
    DecodeError
        When the array does not divide into rows, or an event has no symbol.

    Examples
    --------
    >>> layout = CandleLayout.of(CANDLE_FIELDS)
    >>> row = ["AAPL{=d}", 4, 1, 2, 10.0, 12.0, 9.0, 11.0, 100, "NaN", 0.3]
    >>> [(run.event_symbol, run.columns["close"]) for run in candle_runs(row + row, layout)]
    [('AAPL{=d}', [11.0, 11.0])]
    """
    if values and isinstance(values[0], dict):
        yield from _runs_of_objects(cast("list[dict[str, object]]", values))
        return
    stride = layout.stride
    if len(values) % stride:
        raise _malformed("data", f"rows of {stride} values", f"{len(values)} values")
    for symbol, start, stop in _spans(values[layout.symbol_at :: stride]):
        first, end = start * stride, stop * stride
        columns = {name: values[first + at : end : stride] for name, at in layout.position_of.items()}
        for name in _OPTIONAL_COLUMNS - columns.keys():
            columns[name] = [None] * (stop - start)
        yield CandleRun(symbol, columns)


def _runs_of_objects(events: list[dict[str, object]]) -> Iterator[CandleRun]:
    for symbol, start, stop in _spans([event.get("eventSymbol") for event in events]):
        rows = events[start:stop]
        columns: WireColumns = {column: [None] * len(rows) for column in KEPT_COLUMNS}
        columns["flags"] = [0] * len(rows)  # an absent field has its default
        for field, column in _COLUMN_OF_FIELD.items():
            default = columns[column]
            columns[column] = [row.get(field, other) for row, other in zip(rows, default, strict=True)]
        yield CandleRun(symbol, columns)


def _spans(symbols: list[object]) -> Iterator[tuple[str, int, int]]:
    """Give runs of equal symbols as (symbol, first row, row after the last)."""
    if not symbols:
        return
    # A frame is nearly always of one symbol, and counting is several times quicker than grouping.
    if symbols.count(symbols[0]) == len(symbols):
        yield _checked_symbol(symbols[0]), 0, len(symbols)
        return
    start = 0
    for symbol, group in groupby(symbols):
        stop = start + sum(1 for _ in group)
        yield _checked_symbol(symbol), start, stop
        start = stop


def _checked_symbol(symbol: object) -> str:
    if not isinstance(symbol, str):
        raise _malformed("data.eventSymbol", "a text", symbol)
    return symbol


def _event_type(event: object) -> str:
    kind = _fields(event).get("eventType")
    if isinstance(kind, str):
        return kind
    raise _malformed("data.eventType", "an event with its type", event)


def _fields(event: object) -> dict[str, object]:
    return cast("dict[str, object]", event) if isinstance(event, dict) else {}


def _malformed(path: str, expected: str, found: object) -> DecodeError:
    return DecodeError(path=f"DXLink FEED_DATA.{path}", expected=expected, found=described(found))
