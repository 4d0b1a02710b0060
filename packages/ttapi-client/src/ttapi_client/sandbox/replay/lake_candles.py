# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The daily candles of a lake: millions of rows, read by column instead of cell by cell."""

from __future__ import annotations

import csv
import io
from array import array
from contextlib import suppress
from datetime import date
from itertools import groupby, islice, pairwise
from operator import ge
from typing import TYPE_CHECKING, Final, cast

import attrs
import orjson

from ttapi_client.sandbox.replay.lake_cells import (
    LakeRow,
    header_positions,
    require_last_line_break,
    unreadable,
    wrong_length,
)
from ttapi_client.sandbox.replay.recorded_candles import NO_COUNT, NO_NUMBER, RecordedCandles
from ttapi_client.sandbox.world.market import Dividend
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.market_calendar import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

COLUMNS: Final = (
    "symbol",
    "date",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "vwap",
    "implied_volatility",
)
_DIVIDEND: Final = "dividend"  # of lakes that know it
_PRICES: Final = ("open", "high", "low", "close")
_CHARACTERS_A_PIECE: Final = 1 << 22  # some 65,000 rows: enough for speed, and little memory
_ROWS_A_PIECE: Final = 50_000
_OF_NUMBERS: Final = b"0123456789.eE+-,"
_ROW_END: Final = "\n"


@attrs.frozen(kw_only=True)
class _Piece:
    """Successive rows of a file, as columns of cells."""

    path: Path
    lines: Sequence[int]  # where each row stands
    cells: Mapping[str, Sequence[str]]

    def row(self, number: int) -> LakeRow:
        """One row, to be read cell by cell."""
        positions = {name: position for position, name in enumerate(self.cells)}
        return LakeRow(
            self.path, self.lines[number], positions, [cells[number] for cells in self.cells.values()]
        )


class _Times(dict[str, int]):
    """Milliseconds by the text of a date; a few thousand dates come back a million times."""

    def __missing__(self, text: str) -> int:
        day = date.fromisoformat(text)
        if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(text)
        time = self[text] = midnight_ms(day)
        return time


def read_lake_candles(paths: Sequence[Path]) -> dict[str, RecordedCandles]:
    """
    The candles of all files by symbol, in the order of symbols.

    Parameters
    ----------
    paths
        The files of ``eod_data``, each symbol's earlier days first.

    Raises
    ------
    DataError
        For the first cell, row or file that is not as a lake has it.
    """
    recorded: dict[str, RecordedCandles] = {}
    times = _Times()
    for path in paths:
        for piece in _pieces(path):
            _add(piece, times, recorded)
    return {symbol: recorded[symbol] for symbol in sorted(recorded)}


def _add(piece: _Piece, times: _Times, recorded: dict[str, RecordedCandles]) -> None:
    days = _days(piece, times)
    numbers = {name: _numbers(piece, name) for name in (*_PRICES, "vwap", "implied_volatility")}
    volume = _counts(piece, "volume")
    start = 0
    for _, group in groupby(piece.cells["symbol"]):
        stop = start + sum(1 for _ in group)
        symbol = piece.row(start).text("symbol")
        candles = recorded.get(symbol)
        if candles is None:
            candles = recorded[symbol] = RecordedCandles(symbol=symbol)
        _require_order(piece, candles, days, start, stop)
        candles.times.extend(days[start:stop])
        candles.open.extend(numbers["open"][start:stop])
        candles.high.extend(numbers["high"][start:stop])
        candles.low.extend(numbers["low"][start:stop])
        candles.close.extend(numbers["close"][start:stop])
        candles.volume.extend(volume[start:stop])
        candles.vwap.extend(numbers["vwap"][start:stop])
        candles.implied_volatility.extend(numbers["implied_volatility"][start:stop])
        start = stop
    _add_dividends(piece, recorded)


def _add_dividends(piece: _Piece, recorded: Mapping[str, RecordedCandles]) -> None:
    """Cell by cell, as there are so few."""
    for number, cell in enumerate(piece.cells.get(_DIVIDEND, ())):
        if cell:
            row = piece.row(number)
            dividend = Dividend(ex_date=row.day("date"), pay_date=None, amount=row.number(_DIVIDEND))
            recorded[row.text("symbol")].dividends.append(dividend)


def _require_order(piece: _Piece, candles: RecordedCandles, days: array[int], start: int, stop: int) -> None:
    dated = [*candles.times[-1:], *days[start:stop]]
    if any(map(ge, dated, islice(dated, 1, None))):
        late = [number for number, (before, day) in enumerate(pairwise(dated)) if day <= before]
        row = piece.row(stop - len(dated) + 1 + late[0])
        raise row.error("date", "does not come after the row before it of its symbol")


def _days(piece: _Piece, times: _Times) -> array[int]:
    try:
        return array("q", map(times.__getitem__, piece.cells["date"]))
    except ValueError:  # the cell is named when it is read by itself
        return array("q", [midnight_ms(_known_day(piece.row(number))) for number in range(len(piece.lines))])


def _known_day(row: LakeRow) -> date:
    day = row.day("date")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise row.error("date", f"lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _numbers(piece: _Piece, name: str) -> array[float]:
    cells = piece.cells[name]
    is_nullable = name not in _PRICES
    values = _parsed(cells, empty=NO_NUMBER) if is_nullable or "" not in cells else None
    if values is not None:
        return array("d", values)
    # Cell by cell it is either understood after all, or named.
    rows = map(piece.row, range(len(cells)))
    if not is_nullable:
        return array("d", [row.number(name) for row in rows])
    read = (row.optional(name, row.number) for row in rows)
    return array("d", [NO_NUMBER if number is None else number for number in read])


def _counts(piece: _Piece, name: str) -> array[int]:
    cells = piece.cells[name]
    values = _parsed(cells, empty=NO_COUNT)
    if values is not None:
        with suppress(TypeError, OverflowError):  # for a fraction, or more than 64 bits
            return array("q", cast("list[int]", values))
    rows = map(piece.row, range(len(cells)))
    read = (row.optional(name, row.count) for row in rows)
    return array("q", [NO_COUNT if count is None else count for count in read])


def _parsed(cells: Sequence[str], *, empty: float) -> list[float] | None:
    """The numbers of a column, or None when they are not all written as a lake writes them."""
    joined = ",".join(cells)
    has_empty = "" in cells
    if joined.encode().translate(None, _OF_NUMBERS):
        return None
    if has_empty:
        joined = ",".join([cell or "null" for cell in cells])
    try:
        values = cast("list[float | None]", orjson.loads(f"[{joined}]"))
    except orjson.JSONDecodeError:
        return None
    if has_empty:
        return [empty if value is None else value for value in values]
    return cast("list[float]", values)


def _pieces(path: Path) -> Iterator[_Piece]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    if '"' in text or "\r" in text:
        return _quoted_pieces(path, text)
    return _plain_pieces(path, text)


def _read_columns(header: Collection[str]) -> tuple[str, ...]:
    """Earlier lakes do not have them all."""
    return (*COLUMNS, _DIVIDEND) if _DIVIDEND in header else COLUMNS


def _plain_pieces(path: Path, text: str) -> Iterator[_Piece]:
    """Of a text without quotes, which need not be read sign by sign."""
    header, _, _ = text.partition(_ROW_END)
    positions = header_positions(path, header.split(","), COLUMNS)
    require_last_line_break(path)
    width, line = len(positions), 2
    start = len(header) + 1
    while start < len(text):
        stop = text.rfind(_ROW_END, start, start + _CHARACTERS_A_PIECE) + 1 or len(text)
        flat = text[start:stop].replace(_ROW_END, f",{_ROW_END},").split(",")
        flat.pop()
        rows = flat.count(_ROW_END)
        # With the ends of rows as cells of their own, every so many cells there has to be one.
        if len(flat) != rows * (width + 1) or flat[width :: width + 1].count(_ROW_END) != rows:
            counts = [row.count(",") + 1 for row in text[start:stop].split(_ROW_END)]
            wrong = [number for number, count in enumerate(counts) if count != width]
            raise wrong_length(path, line + wrong[0], counts[wrong[0]], width)
        cells = {name: flat[positions[name] :: width + 1] for name in _read_columns(positions)}
        yield _Piece(path=path, lines=range(line, line + rows), cells=cells)
        start, line = stop, line + rows


def _quoted_pieces(path: Path, text: str) -> Iterator[_Piece]:
    """Of a text with quotes or another program's line breaks."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        positions = header_positions(path, next(reader, list[str]()), COLUMNS)
        require_last_line_break(path)
        while rows := [(reader.line_num, cells) for cells in islice(reader, _ROWS_A_PIECE)]:
            for line, cells in rows:
                if len(cells) != len(positions):
                    raise wrong_length(path, line, len(cells), len(positions))
            columns = {
                name: [cells[positions[name]] for _, cells in rows] for name in _read_columns(positions)
            }
            yield _Piece(path=path, lines=[line for line, _ in rows], cells=columns)
    except csv.Error as error:
        raise unreadable(path, error) from error
