# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Term structures from a market that stands still, held against the whole chain and the market's own."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ttapi_client import TTClient
from ttapi_client.testing import SandboxThread
from ttapi_core import Settings
from ttapi_core.errors import DataError
from ttapi_core.outcome import Ok
from ttapi_platform.live_chains import listed_series, quoted_series
from ttapi_platform.live_term_structures import STRIKES_ON_EACH_SIDE, term_structure
from ttapi_platform.option_chain_frames import smile_of
from ttapi_platform.quote_lookup import price_of
from ttapi_platform.service import Connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

AT = "2026-11-20T11:30"  # a Friday, while the market is open


@pytest.fixture(scope="module")
def market() -> Iterator[SandboxThread]:
    """A market that stands still."""
    with SandboxThread(at=AT) as sandbox:
        yield sandbox


@pytest.fixture
async def connection(market: SandboxThread) -> AsyncIterator[Connection]:
    """A client of it, on its day."""
    async with TTClient(Settings(api_url=market.url, retry_attempts=1)) as client:
        yield Connection(client, date(2025, 11, 20), now=market.now)
    market.clear_faults()


async def price_now(connection: Connection, symbol: str) -> float:
    """Of the market now."""
    quotes = await connection.client.market_data.quotes([symbol])
    found = quotes[symbol]
    assert isinstance(found, Ok)
    price = price_of(found.value)
    assert price is not None
    return price


async def test_few_strikes_say_the_same_as_the_whole_chain(connection: Connection) -> None:
    """At the money of each expiration after today, as the chain's smile has it."""
    found = (await term_structure(connection, "AAPL", near=await price_now(connection, "AAPL"))).rows
    listed = [each for each in await listed_series(connection, "AAPL") if each.days > 0]
    assert found["days_to_expiration"].to_list() == [each.days for each in listed]
    chosen = listed[:3]
    quoted, _ = await quoted_series(connection.client, "AAPL", chosen)
    whole = [smile_of(each.options).at_the_money for each in quoted]
    assert found["at_the_money"].to_list()[:3] == pytest.approx(whole)


async def test_the_strikes_around_an_old_price_are_enough(connection: Connection) -> None:
    """A market that has moved by a strike or two since the last close is met all the same."""
    now = await price_now(connection, "AAPL")
    exact, stale = [(await term_structure(connection, "AAPL", near=near)).rows for near in (now, 1.02 * now)]
    both = stale.join(exact, on="expiration_date", suffix="_exact")
    assert both.height > exact.height / 2
    assert both["at_the_money"].to_list() == pytest.approx(both["at_the_money_exact"].to_list())


async def test_only_a_few_options_are_asked_for(connection: Connection, market: SandboxThread) -> None:
    """Twelve strikes an expiration, a hundred symbols a request."""
    near = await price_now(connection, "SPY")
    listed = [each for each in await listed_series(connection, "SPY") if each.days > 0]
    before = sent(connection)
    await term_structure(connection, "SPY", near=near)
    options = 2 * 2 * STRIKES_ON_EACH_SIDE * len(listed)
    everything = sum(2 * len(each.series.strikes) for each in listed)
    assert sent(connection) - before == math.ceil((options + 2) / 100) < everything / 100


def sent(connection: Connection) -> int:
    """Requests for quotes so far."""
    return connection.client.statistics.requests["market-data/by-type"]


async def test_a_symbol_without_options_has_no_structure(connection: Connection) -> None:
    """Which is said by name."""
    with pytest.raises(DataError, match="lists no options of NOSUCH"):
        await term_structure(connection, "NOSUCH", near=100.0)


async def test_options_without_quotes_are_counted(connection: Connection, market: SandboxThread) -> None:
    """The others of that expiration do."""
    near = await price_now(connection, "AAPL")
    whole = await term_structure(connection, "AAPL", near=near)
    market.add_fault("/market-data/by-type", "missing", symbols=["AAPL  261127C00320000"])
    lacking = await term_structure(connection, "AAPL", near=320.0)
    assert list(lacking.unquoted) == ["AAPL  261127C00320000"]
    assert whole.unquoted == {}
