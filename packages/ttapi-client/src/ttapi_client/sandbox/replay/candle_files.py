# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A folder of daily candles, one CSV file a symbol, read with every digit kept."""

from __future__ import annotations

import csv
import math
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.replay.recorded_candles import RecordedCandles
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.errors import ConfigError, DataError, UnknownSymbolError
from ttapi_core.market_calendar import FIRST_YEAR, LAST_YEAR
from ttapi_core.symbols import filename_to_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS: Final = ("date", "open", "high", "low", "close", "volume")
_HINT: Final = (
    f"each file needs the header {','.join(COLUMNS)} and rows of numbers below it, "
    "such as 2018-12-31,2498.94,2509.24,2482.82,2506.85,3442870000"
)
_NUMBER: Final = re.compile(r"\d+(\.\d*)?([eE][+-]?\d{1,3})?", re.ASCII)
_LARGEST_COUNT: Final = 1 << 62


@attrs.frozen
class _Row:
    """One line of a file, with enough of where it stands for a helpful message."""

    path: Path
    line: int
    cells: tuple[str, ...]

    def day(self, *, after: date | None) -> date:
        text = self.cells[0]
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise self.error("date", text, "is not a date of the form 2018-12-31") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.error("date", text, f"lies outside {FIRST_YEAR} to {LAST_YEAR}")
        if after is not None and day <= after:
            raise self.error("date", text, f"does not come after the row before it, {after}")
        return day

    def price(self, column: int) -> float:
        text = self.cells[column]
        if _NUMBER.fullmatch(text) is None:
            raise self.error(COLUMNS[column], text, "is not a number")
        price = float(text)
        if not 0 < price < math.inf:
            raise self.error(COLUMNS[column], text, "is not a price above zero")
        # The usual case first: text that a float gives back as it was needs no exact arithmetic.
        if repr(price) != text and Decimal(repr(price)) != Decimal(text):
            raise self.error(COLUMNS[column], text, "has more digits than a double keeps")
        return price

    def volume(self) -> int:
        text = self.cells[5]
        if _NUMBER.fullmatch(text) is None:
            raise self.error("volume", text, "is not a number")
        volume = Decimal(text)
        if volume > _LARGEST_COUNT or volume % 1:
            raise self.error("volume", text, "is not a whole number of shares")
        return int(volume)

    def error(self, column: str, text: str, trouble: str) -> DataError:
        return DataError(f"{self.path}, line {self.line}: {column} {text[:40]!r} {trouble}", hint=_HINT)


def read_candle_folder(folder: Path) -> dict[str, RecordedCandles]:
    """
    The candles of every CSV file in a folder by symbol, in the order of symbols; other files are ignored.

    Raises
    ------
    ConfigError
        When the folder holds no CSV file.
    DataError
        For the first file that is not as it has to be, with its line and the value.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if not files:
        raise ConfigError(
            [f"replay folder {folder} holds no CSV file"],
            hint=f"name a lake that was collected, or a folder with one file a symbol, such as SPX.csv, with"
            f" the header {','.join(COLUMNS)}",
        )
    recorded = [_read(path) for path in files]
    return {candles.symbol: candles for candles in sorted(recorded, key=lambda candles: candles.symbol)}


def _read(path: Path) -> RecordedCandles:
    try:
        symbol = filename_to_symbol(path.stem)
    except UnknownSymbolError as error:
        message = f"{path}: the file name does not spell a symbol"
        raise DataError(message, hint=error.hint) from error
    candles = RecordedCandles(symbol=symbol)
    prices = (candles.open, candles.high, candles.low, candles.close)
    day: date | None = None
    for row in _rows(path):
        day = row.day(after=day)
        candles.times.append(midnight_ms(day))
        for column, values in enumerate(prices, start=1):
            values.append(row.price(column))
        candles.volume.append(row.volume())
    if day is None:
        message = f"{path} has no rows"
        raise DataError(message, hint=_HINT)
    return candles


def _rows(path: Path) -> Iterator[_Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.reader(lines, strict=True)
            header = tuple(next(reader, ()))
            if header != COLUMNS:
                message = f"{path}, line 1: the header is {','.join(header)[:80]!r}"
                raise DataError(message, hint=_HINT)
            for cells in reader:
                if len(cells) != len(COLUMNS):
                    message = (
                        f"{path}, line {reader.line_num}: {','.join(cells)[:80]!r} has {len(cells)} cells"
                    )
                    raise DataError(message, hint=_HINT)
                yield _Row(path, reader.line_num, tuple(cells))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path} cannot be read: {error}"
        raise DataError(message, hint=_HINT) from error
