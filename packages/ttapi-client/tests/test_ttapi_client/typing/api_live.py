# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users follow a market live: type-checked, never run; ignored errors prove that the checker sees."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, assert_never, assert_type

from ttapi_client.dxlink import FeedPolicy, LiveState, Overflow, Subscription
from ttapi_client.dxlink.live import Interrupted, Resumed, SubscriptionStatistics, SymbolFailed
from ttapi_client.policies import Policies
from ttapi_core import (
    CandleUpdate,
    DaySummary,
    Greeks,
    InstrumentProfile,
    QuoteTick,
    TheoreticalPrice,
    TimeAndSale,
    TradeTick,
    UnderlyingVolatility,
)
from ttapi_core.candles import CandleInterval, CandleUnit
from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from ttapi_client import TTClient


async def each_kind_has_values_of_its_own(client: TTClient) -> None:
    """Subscriptions are async context managers, and async iterators within."""
    live = client.live
    assert_type(live.trades(["AAPL"], extended_hours=True), Subscription[TradeTick])
    assert_type(live.greeks([".AAPL261218C200"]), Subscription[Greeks])
    assert_type(live.summaries(["AAPL"]), Subscription[DaySummary])
    assert_type(live.profiles(["AAPL"]), Subscription[InstrumentProfile])
    assert_type(live.underlyings(["AAPL"]), Subscription[UnderlyingVolatility])
    assert_type(live.theoretical_prices([".AAPL261218C200"]), Subscription[TheoreticalPrice])
    assert_type(live.time_and_sales(["AAPL"], overflow=Overflow.WAIT), Subscription[TimeAndSale])
    async with live.quotes(["AAPL", "SPY"], overflow=Overflow.LATEST) as quotes:
        quotes.add(["KO"])
        quotes.remove(["SPY"])
        async for quote in quotes:
            assert_type(quote, QuoteTick)
            assert_type(quote.mid, float | None)
            assert_type(quote.bid_at, datetime | None)
            quote.bid = 1.0  # type: ignore[misc]
            quote.price  # type: ignore[attr-defined]
        assert_type(quotes.statistics, SubscriptionStatistics)
        assert_type(quotes.dropped, int)
        assert_type(quotes.interruptions, int)
        assert_type(quotes.is_interrupted, bool)
        assert_type(quotes.symbols, tuple[str, ...])
    assert_type(live.state, LiveState)
    live.quotes(["AAPL"], Overflow.LATEST)  # type: ignore[call-arg]
    live.quotes(["AAPL"], overflow="latest")  # type: ignore[arg-type]


async def candles_come_as_updates(client: TTClient) -> None:
    """From a day or an instant on."""
    minute = CandleInterval(unit=CandleUnit.MINUTE)
    async with client.live.candles(["AAPL"], since=datetime.now(UTC), interval=minute) as candles:  # noqa: TID251
        async for candle in candles:
            assert_type(candle, CandleUpdate)
    assert_type(client.live.candles(["AAPL"], since=date(2026, 1, 2)), Subscription[CandleUpdate])
    client.live.candles(["AAPL"])  # type: ignore[call-arg]


async def a_consumer_may_want_to_know_of_interruptions(client: TTClient) -> None:
    """An exhaustive match; leaving one out is an error."""
    async with client.live.quotes(["AAPL"]) as quotes:
        async for event in quotes.with_notices():
            match event:
                case QuoteTick():
                    assert_type(event.symbol, str)
                case Interrupted(error=error, at=at):
                    assert_type(error, TTError)
                    assert_type(at, datetime)
                case Resumed(interrupted_at=interrupted_at):
                    assert_type(interrupted_at, datetime)
                case SymbolFailed(symbol=symbol, error=error):
                    assert_type(symbol, str)
                case _:
                    assert_never(event)


def the_figures_are_policies() -> Policies:
    """Checked when they are made."""
    return Policies(feed=FeedPolicy(history_connections=2, events_ahead=100, reconnection_tries=None))
