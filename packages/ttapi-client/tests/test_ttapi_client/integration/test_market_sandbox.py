# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes, metrics, hours, searches and watchlists of the sandbox, and whether they agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.conftest import AT_ONCE
from ttapi_client import TTClient
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.clock import ManualClock
from ttapi_core.errors import NotFoundError, RejectedError, ServerError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_core.quotes import Quote

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
BY_TYPE = "GET /market-data/by-type"


@pytest.fixture(scope="module")
def world() -> World:
    """The usual simulated world, on one evening."""
    return World.seeded(clock=ManualClock(EVENING))


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A sandbox on a free port."""
    async with SandboxServer(world) as running:
        yield running


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[TTClient]:
    """A client of it that does not wait between attempts."""
    async with TTClient(Settings(api_url=server.url), policies=AT_ONCE, clock=ManualClock(EVENING)) as opened:
        yield opened


async def test_quotes_of_five_types_are_one_request(client: TTClient, server: SandboxServer) -> None:
    """Each says that it is of the type asked for, and is what the route of one symbol answers."""
    (series, *_) = await client.option_chains.nested("AAPL")
    option = series.strikes[len(series.strikes) // 2].call
    (future, *_) = [match.symbol for match in await client.symbols.search("/ES")]
    wanted = {
        InstrumentType.INDEX: ["SPX", "VIX"],
        InstrumentType.EQUITY: ["AAPL", "BRK/B"],
        InstrumentType.EQUITY_OPTION: [option],
        InstrumentType.FUTURE: [future],
        InstrumentType.CRYPTOCURRENCY: ["BTC/USD"],
    }
    quotes = await client.market_data.quotes_by_type(wanted)
    assert list(quotes) == ["SPX", "VIX", "AAPL", "BRK/B", option, future, "BTC/USD"]
    assert server.statistics.requests[BY_TYPE] == 1
    for instrument_type, symbols in wanted.items():
        for symbol in symbols:
            alone = await client.market_data.quote(symbol, instrument_type)
            assert alone.instrument_type is instrument_type
            assert quotes[symbol] == Ok(alone)


async def test_an_index_is_no_equity(client: TTClient) -> None:
    """Under both types it has the quote of an index; an unknown symbol is unknown under all."""
    quotes = await client.market_data.quotes(["SPX", "AAPL"])
    assert isinstance(quotes["SPX"], Err)
    assert "INDEX" in str(quotes["SPX"].error.hint)
    both = await client.market_data.quotes_by_type(
        {InstrumentType.EQUITY: ["SPX", "NOPE"], InstrumentType.INDEX: ["SPX", "NOPE"]}
    )
    assert isinstance(both["SPX"], Ok)
    assert both["SPX"].value.instrument_type is InstrumentType.INDEX
    assert isinstance(both["NOPE"], Err)
    assert isinstance(both["NOPE"].error, UnknownSymbolError)
    with pytest.raises(NotFoundError):
        await client.market_data.quote("SPX", InstrumentType.EQUITY)


async def test_half_the_symbols_missing_costs_the_other_half_nothing(
    client: TTClient, server: SandboxServer
) -> None:
    """The server leaves some out of each answer, always the same ones."""
    symbols = [equity.symbol async for equity in client.instruments.active_equities() if not equity.is_index]
    fault = Fault(route="/market-data/by-type", kind=FaultKind.MISSING, share=0.5)
    server.faults.add(fault)
    quotes = await client.market_data.quotes(symbols[:300])
    missing = fault.hit_symbols(symbols[:300])
    assert {symbol for symbol, outcome in quotes.items() if isinstance(outcome, Err)} == missing
    assert 100 < len(missing) < 200
    assert server.statistics.requests[BY_TYPE] == 3


async def test_a_batch_refused_for_one_symbol_is_halved(client: TTClient, server: SandboxServer) -> None:
    """The server answers 422 to whatever asks for that one; a 503 is for its whole batch."""
    symbols = [equity.symbol async for equity in client.instruments.active_equities() if not equity.is_index]
    symbols = symbols[:300]
    route = "/market-data/by-type"
    number = server.faults.add(
        Fault(route=route, kind=FaultKind.STATUS, status=422, symbols=frozenset({symbols[150]}))
    )
    quotes = await client.market_data.quotes(symbols)
    failed = {symbol: outcome.error for symbol, outcome in quotes.items() if isinstance(outcome, Err)}
    assert {symbol: type(error) for symbol, error in failed.items()} == {symbols[150]: RejectedError}
    assert server.statistics.requests[BY_TYPE] <= 3 + 14
    server.faults.remove(number)
    server.faults.add(Fault(route=route, kind=FaultKind.STATUS, symbols=frozenset({symbols[150]})))
    before = server.statistics.requests[BY_TYPE]
    quotes = await client.market_data.quotes(symbols)
    assert [type(outcome) for outcome in quotes.values()] == [Ok] * 100 + [Err] * 100 + [Ok] * 100
    assert {type(each.error) for each in quotes.values() if isinstance(each, Err)} == {ServerError}
    assert server.statistics.requests[BY_TYPE] == before + 5  # three sends of the one batch


async def quote_of(client: TTClient, symbol: str) -> Quote:
    """The quote of an equity."""
    outcome = (await client.market_data.quotes([symbol]))[symbol]
    assert isinstance(outcome, Ok)
    return outcome.value


async def test_metrics_agree_with_quotes_chains_and_events(client: TTClient) -> None:
    """Volatility in fractions and percentages, the last dividend, the last report, every expiration."""
    found = await client.market_metrics.metrics(["KO", "NOPE", "SPX"])
    assert [type(outcome) for outcome in found.values()] == [Ok, Err, Ok]
    outcome = found["KO"]
    assert isinstance(outcome, Ok)
    metrics = outcome.value
    quote = await quote_of(client, "KO")
    assert quote.beta is not None
    assert metrics.beta == pytest.approx(quote.beta, abs=Decimal("0.000001"))
    assert metrics.dividend_rate_per_share == quote.dividend_amount
    assert metrics.implied_volatility_index is not None
    assert metrics.implied_volatility_30_day == pytest.approx(
        metrics.implied_volatility_index * 100, abs=Decimal("0.00001")
    )
    (last, *_) = dividends = await client.market_metrics.dividends("KO")
    assert (last.ex_date, last.amount) == (metrics.dividend_ex_date, metrics.dividend_rate_per_share)
    assert [each.ex_date for each in dividends] == sorted((each.ex_date for each in dividends), reverse=True)
    (*_, report) = reports = await client.market_metrics.earnings("KO", date(2020, 1, 1))
    assert metrics.earnings is not None
    assert (report.occurred_date, report.eps) == (
        metrics.earnings.quarter_end_date,
        metrics.earnings.actual_eps,
    )
    span = await client.market_metrics.earnings("KO", reports[1].occurred_date, reports[2].occurred_date)
    assert span == reports[1:3]
    chain = await client.option_chains.nested("KO")
    assert [(each.expiration_date, each.settlement_type) for each in metrics.expirations] == [
        (series.expiration_date, series.settlement_type) for series in chain
    ]


async def test_sessions_agree_with_each_other_and_with_the_holidays(client: TTClient) -> None:
    """On a Friday evening the next session is Monday's; Thanksgiving is none, and the day after is short."""
    hours = client.market_hours
    (current,) = await hours.current()
    assert current == await hours.current_equity_session() == await hours.current_equity_session(EVENING)
    assert (current.state, current.next_session) == ("Extended", await hours.next_equity_session())
    assert current.previous_session == await hours.previous_equity_session()
    days = await hours.sessions(date(2026, 11, 20), date(2026, 12, 4))
    assert current.next_session is not None
    assert current.next_session.session_date == days[1].date == date(2026, 11, 23)
    plain = await hours.sessions_of("Equity", date(2026, 11, 20), date(2026, 12, 4))
    assert [(each.open_at, each.close_at) for each in plain] == [(day.open_at, day.close_at) for day in days]
    following = await hours.next_equity_session(date(2026, 11, 25))
    assert following.session_date == date(2026, 11, 27)
    assert following.session_date in (await hours.holidays()).half_days
    before = await hours.previous_equity_session(date(2026, 11, 27))
    assert before.session_date == date(2026, 11, 25)
    noon = await hours.current_equity_session(datetime(2026, 11, 27, 17, tzinfo=UTC))
    assert (noon.state, noon.close_at) == ("Open", datetime(2026, 11, 27, 18, tzinfo=UTC))


async def test_futures_have_sessions_of_their_own(client: TTClient) -> None:
    """Both venues at once or each alone; one that does not exist is not found."""
    hours = client.market_hours
    sessions = await hours.current_future_sessions()
    assert sessions == await hours.current(["CME", "CFE"])
    for session in sessions:
        assert session.instrument_collection is not None
        alone = await hours.current_future_session(session.instrument_collection)
        assert alone == session
        following = await hours.next_future_session(session.instrument_collection, date(2026, 11, 24))
        assert following.session_date == date(2026, 11, 25)
        before = await hours.previous_future_session(session.instrument_collection, date(2026, 11, 24))
        assert before.session_date == date(2026, 11, 23)
        closures = await hours.future_holidays(session.instrument_collection)
        assert set(closures.holidays) < set((await hours.holidays()).holidays)
    year = await hours.sessions_of("CME", date(2026, 1, 1), date(2026, 12, 31))
    opened = [session.open_at for session in year if session.open_at is not None]
    assert opened == sorted(set(opened))
    assert len(opened) == len(year) > 250
    with pytest.raises(NotFoundError):
        await hours.next_future_session("LME")
    with pytest.raises(RejectedError):
        await hours.current(["LME"])


async def test_a_search_finds_what_is_listed(client: TTClient) -> None:
    """By its beginning, slash and all; what is found can be asked for."""
    found = {match.symbol: match for match in await client.symbols.search("BRK/")}
    assert found["BRK/B"].instrument_type is InstrumentType.EQUITY
    listed = await client.instruments.equity("BRK/B")
    assert listed.description.startswith(f"{found['BRK/B'].description} - ")
    assert all(symbol.startswith("BRK/") for symbol in found)
    assert await client.symbols.search("NOSUCHTHING") == ()
    futures = await client.symbols.search("/ES")
    quotes = await client.market_data.quotes(
        [match.symbol for match in futures], instrument_type=InstrumentType.FUTURE
    )
    assert futures
    assert all(isinstance(outcome, Ok) for outcome in quotes.values())


async def test_watchlists_alone_are_those_of_the_list(client: TTClient) -> None:
    """Each can be asked for by its name, and counted."""
    lists = client.watchlists
    public = await lists.public()
    assert [await lists.public_one(one.name) for one in public] == list(public)
    counted = await lists.public(counts_only=True)
    assert {one.name: one.entry_count for one in counted} == {one.name: len(one.entries) for one in public}
    assert not any(one.entries for one in counted)
    mine, pairs = await lists.mine(), await lists.pairs()
    assert [await lists.one(one.name) for one in mine] == list(mine)
    assert [await lists.pair(one.name) for one in pairs] == list(pairs)
    assert all(one.pairs for one in pairs)
    symbols = [entry.symbol for one in mine for entry in one.entries]
    assert all(isinstance(each, Ok) for each in (await client.market_data.quotes(symbols)).values())
    with pytest.raises(NotFoundError):
        await lists.one("Nobody's")


async def test_a_quote_is_stamped_by_the_service_and_by_us(client: TTClient) -> None:
    """Both in UTC; in extended hours the last trade lies before the quote."""
    quote = await quote_of(client, "AAPL")
    assert quote.received_at == EVENING
    assert timedelta(0) <= EVENING - quote.event_at < timedelta(days=1)
    assert quote.last_trade_at is not None
    assert quote.last_trade_at.tzinfo is UTC
    assert quote.last_trade_at <= EVENING
    assert (quote.halt_start_at, quote.halt_end_at) == (None, None)
    assert quote.year_low is not None
    assert quote.year_high is not None
    assert quote.last is not None
    assert quote.year_low <= quote.last <= quote.year_high
    assert replace(quote, symbol="X") != quote
