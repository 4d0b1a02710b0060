# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Gathering what a report says: from the lake, and where it was asked for, from the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core.errors import DataError, StorageError, TTError
from ttapi_onboarding.figures import counted
from ttapi_onboarding.report.contents import Absent, Contents, Market, SymbolPart
from ttapi_onboarding.report.health import health_of
from ttapi_onboarding.terminal import one_line
from ttapi_platform import analyses
from ttapi_platform.live_term_structures import TermStructure, term_structure
from ttapi_platform.market_overview import market_overview, volatility_groups
from ttapi_platform.symbol_histories import listed_expirations, symbol_histories, volatility_cones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ttapi_platform.lake import Lake
    from ttapi_platform.runtime import Platform
    from ttapi_platform.service import Connection

DEFAULT_SYMBOLS: Final = 4
FIRST_CHOICE: Final = "SPY"
_LONGEST_TEXT: Final = 160  # letters
_LIVE: Final = "ttapi report --live"
_NO_IMPLIED: Final = Absent(why="the candles of this symbol came without an implied volatility")


@attrs.frozen
class Live:
    """What the service answered, by symbol."""

    structures: Mapping[str, TermStructure]
    errors: Mapping[str, TTError]


def market_of(lake: Lake) -> Market | Absent:
    """The market as the lake has it, or why it has none."""
    try:
        found = market_overview(lake)
    except (DataError, StorageError) as error:
        return Absent(why=error.message, command=error.hint)
    if found.is_empty():
        return Absent(why="eod_data holds no candle", command="run `ttapi collect`")
    texts = pl.col("description", "kind", "listed_market")
    harmless = found.with_columns(texts.map_elements(short_text, return_dtype=pl.String))
    (last_day,) = found.select(pl.col("last_date").max()).row(0)
    return Market(overview=harmless, groups=volatility_groups(harmless), last_day=last_day)


def chosen_symbols(market: Market, wanted: Sequence[str]) -> tuple[str, ...]:
    """Those that are named, else the market's own fund and those that are traded most, up to four."""
    if wanted:
        return tuple(dict.fromkeys(wanted))
    by_value = market.current.sort("dollar_volume", "symbol", descending=[True, False], nulls_last=True)
    names = by_value["symbol"].to_list()
    first = [FIRST_CHOICE] if FIRST_CHOICE in names else []
    return tuple(dict.fromkeys([*first, *names]))[:DEFAULT_SYMBOLS]


async def asked(connection: Connection, prices: Mapping[str, float]) -> Live:
    """The term structures of symbols, one after the other; of each that does not come, why."""
    structures: dict[str, TermStructure] = {}
    errors: dict[str, TTError] = {}
    for symbol, price in prices.items():
        try:
            structures[symbol] = await term_structure(connection, symbol, near=price)
        except TTError as error:
            errors[symbol] = error
    return Live(structures, errors)


def gather(
    platform: Platform,
    *,
    now: datetime,
    origin: str,
    market: Market | Absent,
    symbols: Sequence[str],
    days: int,
    live: Live | None,
) -> Contents:
    """
    All that the page is to say.

    Parameters
    ----------
    platform
        Whose lake.
    now
        UTC.
    origin
        In words, where the data comes from.
    market
        Of ``market_of``.
    symbols
        Of which there are parts; none without a market.
    days
        The last trading days of a symbol's charts.
    live
        What the service said, where it was asked.

    Raises
    ------
    UnknownSymbolError
        When there are no candles of one of the symbols.
    CorruptFileError
        When a file is damaged that the market did without.
    """
    parts = [] if isinstance(market, Absent) else _parts(platform.lake, market, symbols, days, live)
    return Contents(
        written_at=now,
        environment=platform.settings.environment.value,
        origin=origin,
        health=health_of(platform, now),
        market=market,
        symbols=tuple(parts),
        remarks=tuple(_remarks(live)),
    )


def short_text(text: str) -> str:
    """A text of the lake on one line, without what would act, and no longer than anyone reads."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_TEXT else f"{line[: _LONGEST_TEXT - 1]}…"


def _parts(
    lake: Lake, market: Market, symbols: Sequence[str], days: int, live: Live | None
) -> list[SymbolPart]:
    summary = analyses.summary(lake, symbols=symbols)
    first_days: dict[str, date] = dict(summary.select("symbol", "first_date").iter_rows())
    summaries = _rows_by_symbol(summary)
    listed = _rows_by_symbol(market.overview.drop("closes"))
    histories = symbol_histories(lake, symbols, days=days)
    cones, expirations = volatility_cones(lake, symbols), listed_expirations(lake, symbols)
    return [
        SymbolPart(
            symbol=symbol,
            description=str(listed[symbol]["description"] or ""),
            figures=_numbers({**summaries[symbol], **listed[symbol]}),
            first_day=first_days[symbol],
            history=(history := histories.filter(pl.col("symbol") == symbol)),
            cone=_cone(cones.filter(pl.col("symbol") == symbol)),
            implied=None if history["implied_volatility"].count() else _NO_IMPLIED,
            term_structure=_structure(symbol, live),
            expirations=_expirations(lake, symbol, expirations),
        )
        for symbol in symbols
    ]


def _rows_by_symbol(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["symbol"]: row for row in frame.iter_rows(named=True)}


def _numbers(row: Mapping[str, object]) -> dict[str, float | None]:
    return {
        name: value
        for name, value in row.items()
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    }


def _cone(cone: pl.DataFrame) -> pl.DataFrame | Absent:
    full = cone.drop_nulls("median")
    if full.is_empty():
        return Absent(why="a cone takes more than 20 daily closes in a row", command="ttapi collect")
    return full


def _structure(symbol: str, live: Live | None) -> pl.DataFrame | Absent:
    if live is None:
        return Absent(
            why="the lake keeps which options there are, not their quotes, from which volatility follows",
            command=_LIVE,
        )
    if symbol in live.errors:
        error = live.errors[symbol]
        return Absent(why=short_text(error.message), command=error.hint and short_text(error.hint))
    return live.structures[symbol].rows


def _expirations(lake: Lake, symbol: str, listed: pl.DataFrame) -> pl.DataFrame | Absent:
    rows = listed.filter(pl.col("symbol") == symbol)
    if rows.height:
        return rows
    if lake.version("expiration_series") is None:
        return Absent(
            why="expiration_series has not been collected", command="ttapi collect --only expiration_series"
        )
    return Absent(why="expiration_series lists no options of this symbol")


def _remarks(live: Live | None) -> list[str]:
    if live is None:
        return []
    unquoted = sum(len(each.unquoted) for each in live.structures.values())
    return [f"{counted(unquoted, 'option')} without a quote left out"] if unquoted else []
