# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users call ttapi-client: type-checked, never run; an ignored error proves that the checker sees it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never, assert_type

from ttapi_client import CandleColumns, ClientStatistics, Policies, TTClient
from ttapi_client.decode.accounts import Customer
from ttapi_client.endpoints.market_hours import MarketHolidays
from ttapi_client.policies import RetryPolicy
from ttapi_client.sandbox.process import SandboxProcess
from ttapi_core import Settings
from ttapi_core.accounts import Account, Balance, Position
from ttapi_core.clock import ManualClock
from ttapi_core.errors import TTError
from ttapi_core.expirations import ExpirationSeries
from ttapi_core.instruments import Equity
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.quotes import Quote
from ttapi_core.trading_day import TradingDay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


async def everything(client: TTClient) -> None:
    """Each endpoint gives values of ttapi_core."""
    assert_type(await client.accounts.customer(), Customer)
    assert_type(await client.accounts.list(), tuple[Account, ...])
    assert_type(await client.accounts.balances("5WX00001"), tuple[Balance, ...])
    assert_type(await client.accounts.positions("5WX00001"), tuple[Position, ...])
    assert_type(await client.instruments.equity("BRK/B"), Equity)
    async for equity in client.instruments.active_equities(per_page=500):
        assert_type(equity, Equity)
    assert_type(await client.option_chains.nested("AAPL"), tuple[ExpirationSeries, ...])
    assert_type(
        await client.market_hours.sessions(date(2026, 1, 1), date(2026, 2, 1)), tuple[TradingDay, ...]
    )
    assert_type(await client.market_hours.holidays(), MarketHolidays)
    assert_type(client.statistics, ClientStatistics)
    assert_type(client.breaker_states(), dict[str, str])


async def a_batch_makes_both_cases_visible(client: TTClient) -> None:
    """An exhaustive match; leaving one out is an error."""
    quotes = await client.market_data.quotes(["AAPL"])
    assert_type(quotes, dict[str, Outcome[Quote]])
    for outcome in quotes.values():
        match outcome:
            case Ok(quote):
                assert_type(quote, Quote)
            case Err(error):
                assert_type(error, TTError)
            case _:
                assert_never(outcome)
        outcome.value  # type: ignore[union-attr]


async def candles_are_columns(client: TTClient) -> None:
    """Never one object per row."""
    async for symbol, outcome in client.candles.history(["AAPL"], since=date(2020, 1, 1)):
        assert_type(symbol, str)
        if isinstance(outcome, Ok):
            assert_type(outcome.value, CandleColumns)
            columns: Mapping[str, Sequence[object]] = outcome.value.columns
            _ = columns["close"]


async def a_client_of_the_sandbox() -> None:
    """Clock and policies by name only."""
    async with SandboxProcess() as sandbox, TTClient(Settings(api_url=sandbox.url)) as client:
        await client.accounts.list()
    TTClient(Settings(), clock=ManualClock(), policies=Policies(retry=RetryPolicy(attempts=1)))
    TTClient(Settings(), ManualClock())  # type: ignore[call-arg]
    TTClient()  # type: ignore[call-arg]
