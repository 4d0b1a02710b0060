# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics, corporate events, market hours, symbol search and watchlists."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tastytrade.instruments import Equity, NestedOptionChain
from tastytrade.market_sessions import (
    ExchangeType,
    MarketStatus,
    get_futures_holidays,
    get_market_holidays,
    get_market_sessions,
)
from tastytrade.metrics import get_dividends, get_earnings, get_market_metrics, get_risk_free_rate
from tastytrade.search import symbol_search
from tastytrade.utils import get_third_friday
from tastytrade.watchlists import PairsWatchlist, PrivateWatchlist, PublicWatchlist

from community_sdk.markets import NEW_YORK
from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from community_sdk.markets import Markets


async def check_metrics_are_plausible(markets: Markets) -> None:
    """Volatilities, ranks and ratings lie where they can."""
    metrics = await get_market_metrics(markets.still.session, ["AAPL", "BRK/B", "SPY", "SPX", "NOSUCH"])
    by_symbol = {each.symbol: each for each in metrics}
    assert set(by_symbol) == {"AAPL", "BRK/B", "SPY", "SPX"}
    for each in metrics:
        assert Decimal("0.03") < each.implied_volatility_index < 3, each
        assert Decimal(3) < each.historical_volatility_30_day < 300, each
        assert abs(each.implied_volatility_30_day - each.implied_volatility_index * 100) < 5, each
        difference = each.implied_volatility_30_day - each.historical_volatility_30_day
        assert abs(each.iv_hv_30_day_difference - difference) <= Decimal("0.02"), each
        assert 0 <= Decimal(each.implied_volatility_index_rank) <= 1, each
        assert 0 <= Decimal(each.implied_volatility_percentile) <= 1, each
        assert 1 <= each.liquidity_rating <= 5, each
        assert each.updated_at <= markets.still.started_at + timedelta(seconds=1), each
    apple = by_symbol["AAPL"]
    assert apple.market_cap > 10**9
    assert apple.beta > 0
    assert abs(by_symbol["SPY"].corr_spy_3month - 1) < Decimal("0.01")
    assert apple.earnings.expected_report_date >= markets.still.today
    assert apple.earnings.quarter_end_date < apple.earnings.expected_report_date
    listed = await Equity.get(markets.still.session, "AAPL")
    assert (apple.lendability, apple.listed_market) == (listed.lendability, listed.listed_market)


async def check_metrics_know_every_expiration(markets: Markets) -> None:
    """The expirations are those of the chain, each with a volatility."""
    (metrics,) = await get_market_metrics(markets.still.session, "AAPL")
    (chain,) = await NestedOptionChain.get(markets.still.session, "AAPL")
    known = {each.expiration_date: each for each in metrics.option_expiration_implied_volatilities}
    assert set(known) == {each.expiration_date for each in chain.expirations}
    assert all(Decimal("0.03") < each.implied_volatility < 3 for each in known.values())


async def check_dividends_are_newest_first(markets: Markets) -> None:
    """Four a year, on trading days; the last one is that of the metrics; an index has none."""
    session = markets.still.session
    dividends = await get_dividends(session, "AAPL")
    dates = [each.occurred_date for each in dividends]
    assert len(dates) > 8
    assert dates == sorted(dates, reverse=True)
    assert all(each.amount > 0 for each in dividends)
    assert all(day.weekday() < 5 for day in dates)
    (metrics,) = await get_market_metrics(session, "AAPL")
    assert metrics.dividend_ex_date in dates
    at = dates.index(metrics.dividend_ex_date)
    assert metrics.dividend_rate_per_share == dividends[at].amount
    assert await get_dividends(session, "SPX") == []


async def check_earnings_are_oldest_first(markets: Markets) -> None:
    """From the day that was asked for."""
    start = markets.still.today - timedelta(days=3 * 365)
    reports = await get_earnings(markets.still.session, "AAPL", start)
    dates = [each.occurred_date for each in reports]
    assert 10 <= len(dates) <= 13, dates
    assert dates == sorted(dates)
    assert dates[0] >= start
    later = await get_earnings(markets.still.session, "AAPL", dates[5])
    assert later == reports[5:]
    assert await get_earnings(markets.still.session, "SPY", start) == []


async def check_the_risk_free_rate_is_a_fraction(markets: Markets) -> None:
    """A question without a token."""
    assert 0 <= await get_risk_free_rate(markets.still.session) < Decimal("0.2")


async def check_the_session_of_now_is_open(markets: Markets) -> None:
    """The current one, its neighbours, and futures too when they are asked for."""
    session, now = markets.still.session, markets.still.started_at
    (equity,) = await get_market_sessions(session, [ExchangeType.NYSE])
    assert equity.instrument_collection == "Equity"
    assert equity.status == MarketStatus.OPEN
    assert equity.start_at < equity.open_at < now < equity.close_at < equity.close_at_ext
    assert equity.open_at.astimezone(NEW_YORK).time().isoformat() == "09:30:00"
    assert equity.next_session.session_date > markets.still.today
    assert equity.previous_session.session_date < markets.still.today
    assert equity.next_session.open_at.astimezone(NEW_YORK).date() == equity.next_session.session_date
    everything = await get_market_sessions(session, [ExchangeType.NYSE, ExchangeType.CME, ExchangeType.CFE])
    assert [each.instrument_collection for each in everything] == ["Equity", "CME", "CFE"]


async def check_holidays_are_those_of_the_exchange(markets: Markets) -> None:
    """Days of the week on which the exchange is closed, or closes early."""
    session, year = markets.still.session, markets.still.today.year
    calendar = await get_market_holidays(session)
    this_year = [day for day in calendar.holidays if day.year == year]
    assert 9 <= len(this_year) <= 11, this_year
    assert all(day.weekday() < 5 for day in calendar.holidays + calendar.half_days)
    assert not set(calendar.holidays) & set(calendar.half_days)
    # The SDK has a calendar of its own: it puts no monthly expiration on a holiday.
    assert all(get_third_friday(day.replace(day=1)) not in calendar.holidays for day in this_year)
    for exchange in (ExchangeType.CME, ExchangeType.CFE):
        assert (await get_futures_holidays(session, exchange)).holidays


async def check_search_finds_by_beginning(markets: Markets) -> None:
    """Symbols that begin with the text; a slash belongs to it; nothing is nothing."""
    session = markets.still.session
    found = await symbol_search(session, "AAP")
    assert "AAPL" in {each.symbol for each in found}
    assert all(each.symbol.startswith("AAP") for each in found), found
    assert all(each.description for each in found)
    assert {each.symbol for each in await symbol_search(session, "brk/b")} == {"BRK/B"}
    assert await symbol_search(session, "NOSUCHSYMBOL") == []


async def check_public_watchlists_are_readable(markets: Markets) -> None:
    """All, one by name, and only how many symbols they hold."""
    session = markets.still.session
    lists = await PublicWatchlist.get(session)
    assert lists
    for each in lists:
        assert each.name
        assert each.watchlist_entries, each
        assert all(entry["symbol"] for entry in each.watchlist_entries), each
        assert await PublicWatchlist.get(session, each.name) == each
    counted = await PublicWatchlist.get(session, counts_only=True)
    assert [each.name for each in counted] == [each.name for each in lists]
    assert not any(each.watchlist_entries for each in counted), "entries although only counts were asked for"
    assert await refusal(PublicWatchlist.get(session, "No such list"))


async def check_watchlists_name_what_is_listed(markets: Markets) -> None:
    """Every equity on a public list exists."""
    for watchlist in await PublicWatchlist.get(markets.still.session):
        symbols = [
            entry["symbol"]
            for entry in watchlist.watchlist_entries
            if entry.get("instrument-type", "Equity") == "Equity"
        ]
        if symbols:
            found = await Equity.get(markets.still.session, symbols, per_page=1000, page_offset=None)
            assert {each.symbol for each in found} == set(symbols), watchlist.name


async def check_private_and_pairs_watchlists_are_readable(markets: Markets) -> None:
    """All and one by name; a name that does not exist is refused."""
    session = markets.still.session
    for kind in (PrivateWatchlist, PairsWatchlist):
        lists = await kind.get(session)
        for each in lists:
            assert await kind.get(session, each.name) == each
        assert await refusal(kind.get(session, "No such list"))
    assert any(each.watchlist_entries for each in await PrivateWatchlist.get(session))
    assert any(each.pairs_equations for each in await PairsWatchlist.get(session))
