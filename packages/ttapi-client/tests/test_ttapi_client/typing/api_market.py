# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users ask for market data, metrics, hours, symbols and watchlists: type-checked, never run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, assert_type

from ttapi_core.instruments import InstrumentType
from ttapi_core.market_metrics import Dividend, EarningsInfo, EarningsReport, SymbolMetrics
from ttapi_core.market_session import MarketSession
from ttapi_core.outcome import Ok, Outcome
from ttapi_core.quotes import Quote
from ttapi_core.symbol_search import SymbolMatch
from ttapi_core.trading_day import TradingDay
from ttapi_core.watchlists import PairsWatchlist, Watchlist

if TYPE_CHECKING:
    from ttapi_client import TTClient


async def quotes(client: TTClient) -> None:
    """Of one type or of several, or one alone."""
    data = client.market_data
    assert_type(await data.quotes(["AAPL"]), dict[str, Outcome[Quote]])
    assert_type(await data.quotes({"SPX"}, instrument_type=InstrumentType.INDEX), dict[str, Outcome[Quote]])
    by_type = {InstrumentType.INDEX: ["SPX"], InstrumentType.EQUITY: ["AAPL"]}
    assert_type(await data.quotes_by_type(by_type), dict[str, Outcome[Quote]])
    quote = await data.quote("BTC/USD", InstrumentType.CRYPTOCURRENCY)
    assert_type(quote, Quote)
    assert_type(quote.open_interest, Decimal | None)
    assert_type(quote.last_trade_at, datetime | None)
    await data.quotes(["SPX"], InstrumentType.INDEX)  # type: ignore[call-arg]
    await data.quotes_by_type({"Index": ["SPX"]})  # type: ignore[dict-item]


async def metrics(client: TTClient) -> None:
    """One outcome a symbol; events as tuples."""
    found = await client.market_metrics.metrics(["AAPL", "BRK/B"])
    assert_type(found, dict[str, Outcome[SymbolMetrics]])
    outcome = found["AAPL"]
    if isinstance(outcome, Ok):
        assert_type(outcome.value.earnings, EarningsInfo | None)
        assert_type(outcome.value.implied_volatility_index, Decimal | None)
    assert_type(await client.market_metrics.dividends("KO"), tuple[Dividend, ...])
    assert_type(
        await client.market_metrics.earnings("KO", date(2025, 1, 1), end=date(2026, 1, 1)),
        tuple[EarningsReport, ...],
    )


async def hours(client: TTClient) -> None:
    """Trading days of stocks, and sessions as the service says them."""
    times = client.market_hours
    assert_type(await times.sessions(date(2026, 1, 1), date(2026, 2, 1)), tuple[TradingDay, ...])
    assert_type(await times.sessions_of("CME", date(2026, 1, 1), date(2026, 2, 1)), tuple[MarketSession, ...])
    assert_type(await times.current(["Equity", "CFE"]), tuple[MarketSession, ...])
    session = await times.current_equity_session(datetime(2026, 11, 20, tzinfo=UTC))
    assert_type(session.next_session, MarketSession | None)
    assert_type(session.state, str | None)
    assert_type(await times.next_future_session("CME", date=date(2026, 11, 20)), MarketSession)


async def names(client: TTClient) -> None:
    """Searches and watchlists."""
    assert_type(await client.symbols.search("BRK/"), tuple[SymbolMatch, ...])
    assert_type(await client.watchlists.public(counts_only=True), tuple[Watchlist, ...])
    assert_type(await client.watchlists.one("Core holdings"), Watchlist)
    assert_type(await client.watchlists.pairs(), tuple[PairsWatchlist, ...])
    await client.watchlists.public(True)  # type: ignore[call-arg]
