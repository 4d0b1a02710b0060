# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The live feed on one connection: who gets what, what is shared, and what ends when."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from test_ttapi_client.dxlink_feeds import QUICK, NoToken
from test_ttapi_client.live_stub import LiveStub, live_feed, prices, settled, until
from ttapi_client.dxlink.live import LiveFeed, LiveState, Overflow, Subscription
from ttapi_core.clock import SystemClock
from ttapi_core.errors import (
    ApiError,
    DecodeError,
    IncompleteDataError,
    TransportError,
    UnknownSymbolError,
)
from ttapi_core.market_events import Greeks, QuoteTick, TradeTick
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from test_ttapi_client.dxlink_stub import Link


async def test_events_come_while_the_block_runs_and_the_connection_lives_no_longer() -> None:
    """Opened with the first subscription, closed after the last."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        assert (feed.state, stub.links) == (LiveState.IDLE, [])
        async with feed.quotes(["AAPL", "SPY"]) as quotes:
            assert feed.state == LiveState.CONNECTING
            await until(lambda: len(stub.wanted()) == 2 if stub.links else False)
            assert stub.wanted() == {("Quote", "AAPL"): "TICKER", ("Quote", "SPY"): "TICKER"}
            await stub.say("Quote", "SPY", bidPrice=600.0, askPrice=600.5)
            assert await anext(quotes) == QuoteTick(symbol="SPY", bid=600.0, ask=600.5)
            assert feed.state.value == "connected"
            assert quotes.symbols == ("AAPL", "SPY")
        assert feed.state.value == "idle"
        await until(lambda: stub.link.socket.closed)
        assert stub.link.kinds()[-1] == "CHANNEL_CANCEL"
        assert feed.statistics.lost_connections == 0


async def test_several_who_listen_to_one_symbol_share_one_subscription() -> None:
    """It is ended with the last of them; who comes later gets the last value at once."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        async with feed.quotes(["AAPL"]) as first:
            await until(lambda: stub.links and stub.wanted())
            await stub.say("Quote", "AAPL", bidPrice=1.0)
            assert (await anext(first)).bid == 1.0
            async with feed.quotes(["AAPL", "SPY"]) as second:
                assert (await anext(second)).bid == 1.0
                await until(lambda: ("Quote", "SPY") in stub.wanted())
                await stub.say("Quote", "AAPL", bidPrice=2.0)
                assert [(await anext(one)).bid for one in (first, second)] == [2.0, 2.0]
            await until(lambda: ("Quote", "SPY") not in stub.wanted())
            await stub.say("Quote", "AAPL", bidPrice=3.0)
            assert (await anext(first)).bid == 3.0
        await until(lambda: stub.link.socket.closed)
    changes = [change for change in stub.log if change[3] == "AAPL"]
    assert changes == [(1, "TICKER", "+Quote", "AAPL")]
    assert len(stub.links) == 1


async def test_symbols_come_and_go_on_a_running_subscription() -> None:
    """After a removal not even what waits already is delivered."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["AAPL"]) as quotes:
        await until(lambda: stub.links and stub.wanted())
        quotes.add(["SPY", "AAPL", "KO"])
        await until(lambda: len(stub.wanted()) == 3)
        await stub.say("Quote", "SPY", bidPrice=1.0)
        await stub.say("Quote", "KO", bidPrice=2.0)
        await until(lambda: quotes.statistics.received == 2)
        quotes.remove(["SPY", "NOPE"])
        await until(lambda: len(stub.wanted()) == 2)
        assert quotes.symbols == ("AAPL", "KO")
        assert (await anext(quotes)).symbol == "KO"
        quotes.remove(["KO"])
        quotes.add(["KO"])  # before the service has heard of it: nothing has to be said
        await stub.say("Quote", "KO", bidPrice=3.0)
        assert (await anext(quotes)).bid == 2.0  # the last known one
        assert (await anext(quotes)).bid == 3.0
        assert [change[2:] for change in stub.log if change[3] == "KO"] == [("+Quote", "KO")]


async def test_a_symbol_that_is_gone_is_asked_for_anew() -> None:
    """Without the value of the last time."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["AAPL", "SPY"]) as quotes:
        await until(lambda: stub.links and len(stub.wanted()) == 2)
        quotes.remove(["SPY"])
        await until(lambda: len(stub.wanted()) == 1)
        quotes.add(["SPY"])
        await until(lambda: len(stub.wanted()) == 2)
        assert [change[2] for change in stub.log if change[3] == "SPY"] == ["+Quote", "-Quote", "+Quote"]


async def test_each_kind_has_a_channel_and_a_contract_of_its_own() -> None:
    """Latest values under TICKER, every sale under STREAM; extended hours are another type."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        subscriptions: dict[str, Subscription[Any]] = {
            "Quote": feed.quotes(["A"]),
            "Trade": feed.trades(["A"]),
            "TradeETH": feed.trades(["A"], extended_hours=True),
            "Greeks": feed.greeks(["A"]),
            "Summary": feed.summaries(["A"]),
            "Profile": feed.profiles(["A"]),
            "Underlying": feed.underlyings(["A"]),
            "TheoPrice": feed.theoretical_prices(["A"]),
            "TimeAndSale": feed.time_and_sales(["A"]),
        }
        for subscription in subscriptions.values():
            await subscription.__aenter__()
        await until(lambda: stub.links and len(stub.wanted()) == len(subscriptions))
        contracts = {event_type: contract for (event_type, _), contract in stub.wanted().items()}
        assert contracts == {**dict.fromkeys(subscriptions, "TICKER"), "TimeAndSale": "STREAM"}
        for event_type, subscription in subscriptions.items():
            await stub.say(event_type, "A", price=1.0, eventTime=1_781_481_600_000)
            event: Any = await anext(subscription)
            assert event.symbol == "A"
            assert event.event_at.year == 2026
        for subscription in subscriptions.values():
            await subscription.__aexit__(None, None, None)
    assert len(stub.links) == 1


async def test_trades_of_extended_hours_are_not_those_of_the_day() -> None:
    """They never mix."""
    async with (
        LiveStub() as stub,
        live_feed(stub) as feed,
        feed.trades(["A"]) as day,
        feed.trades(["A"], extended_hours=True) as evening,
    ):
        await until(lambda: stub.links and len(stub.wanted()) == 2)
        await stub.say("TradeETH", "A", price=2.0, extendedTradingHours=True)
        await stub.say("Trade", "A", price=1.0, extendedTradingHours=False)
        assert await anext(day) == TradeTick(symbol="A", price=1.0, is_extended_hours=False)
        assert await anext(evening) == TradeTick(symbol="A", price=2.0, is_extended_hours=True)


async def test_the_server_decides_how_events_are_laid_out() -> None:
    """Another order, a field left out, FULL objects, several types in one message, types nobody asked for."""

    class Willful(LiveStub):
        async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
            self.fields[link.number, channel] = {
                name: [each for each in reversed(names) if each != "bidSize"]
                for name, names in fields.items()
            }
            await link.send("FEED_CONFIG", channel, dataFormat="COMPACT")  # as asked, for the moment
            await link.send(
                "FEED_CONFIG", channel, dataFormat="FULL", eventFields=self.fields[link.number, channel]
            )

    async with Willful() as stub, live_feed(stub) as feed, feed.quotes(["AAPL"]) as quotes:
        await until(lambda: stub.links and stub.wanted())
        await stub.say("Quote", "AAPL", bidPrice=1.0, bidSize=5)
        assert await anext(quotes) == QuoteTick(symbol="AAPL", bid=1.0)
        event = {"eventType": "Quote", "eventSymbol": "AAPL", "bidPrice": 2.0}
        await stub.link.send("FEED_DATA", 1, data=[event, {"eventType": "Order", "eventSymbol": "AAPL"}])
        assert (await anext(quotes)).bid == 2.0
        names = stub.fields[1, 1]["Quote"]
        row = [{"eventSymbol": "AAPL", "bidPrice": 3.0}.get(name, "NaN") for name in names]
        await stub.link.send("FEED_DATA", 1, data=["Order", [1], "Quote", row, "Trade", []])
        assert (await anext(quotes)).bid == 3.0
        assert feed.statistics.ignored_events == {"Order": 2, "Trade": 1}


async def test_events_that_nobody_asked_for_are_counted() -> None:
    """And those that the service takes back."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.greeks(["A"]) as greeks:
        await until(lambda: stub.links and stub.wanted())
        await stub.send_event(stub.link, 1, "Greeks", "B", delta=0.5)
        await stub.send_event(stub.link, 1, "Greeks", "A", delta=0.5, eventFlags=2)
        await stub.send_event(stub.link, 1, "Greeks", "A", delta=0.6)
        assert await anext(greeks) == Greeks(symbol="A", delta=0.6)
        assert (feed.statistics.stray_events, feed.statistics.removed_events) == (1, 1)
        assert feed.statistics.events == 1


async def test_a_slow_consumer_gets_the_latest_and_knows_what_it_missed() -> None:
    """LATEST, the default for quotes."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["A", "B"]) as quotes:
        await until(lambda: stub.links and len(stub.wanted()) == 2)
        for number in range(10):
            await stub.say("Quote", "A", bidPrice=float(number))
        await stub.say("Quote", "B", bidPrice=1.0)
        await until(lambda: quotes.statistics.received == 11)
        assert prices([await anext(quotes), await anext(quotes)]) == [("A", 9.0), ("B", 1.0)]
        assert quotes.dropped == quotes.statistics.dropped == 9


async def test_a_consumer_too_slow_for_its_policy_fails_alone() -> None:
    """FAIL, the default for sales: first what waits, then the error; the others go on."""
    policy = attrs.evolve(QUICK, events_ahead=3)
    async with LiveStub() as stub, live_feed(stub, policy=policy) as feed:
        async with feed.time_and_sales(["A"]) as slow, feed.quotes(["A"]) as others:
            await until(lambda: stub.links and len(stub.wanted()) == 2)
            for number in range(5):
                await stub.say("TimeAndSale", "A", price=float(number))
            await until(lambda: ("TimeAndSale", "A") not in stub.wanted())
            assert [(await anext(slow)).price for _ in range(3)] == [0.0, 1.0, 2.0]
            for _ in range(2):
                with pytest.raises(IncompleteDataError, match="too slow"):
                    await anext(slow)
            await stub.say("Quote", "A", bidPrice=1.0)
            assert (await anext(others)).bid == 1.0
        with pytest.raises(IncompleteDataError):
            await anext(slow)


async def test_the_oldest_may_make_room() -> None:
    """DROP_OLDEST: the newest are there, in order."""
    policy = attrs.evolve(QUICK, events_ahead=3)
    async with (
        LiveStub() as stub,
        live_feed(stub, policy=policy) as feed,
        feed.time_and_sales(["A"], overflow=Overflow.DROP_OLDEST) as sales,
    ):
        await until(lambda: stub.links and stub.wanted())
        for number in range(10):
            await stub.say("TimeAndSale", "A", price=float(number))
        await until(lambda: sales.statistics.received == 10)
        assert [(await anext(sales)).price for _ in range(3)] == [7.0, 8.0, 9.0]
        assert sales.dropped == 7


async def test_one_who_must_lose_nothing_holds_up_all_until_there_is_room() -> None:
    """WAIT: the socket is not read; leaving frees it as well as reading does."""
    policy = attrs.evolve(QUICK, events_ahead=2)
    async with LiveStub() as stub, live_feed(stub, policy=policy) as feed, feed.quotes(["A"]) as quotes:
        async with feed.time_and_sales(["A"], overflow=Overflow.WAIT) as sales:
            await until(lambda: stub.links and len(stub.wanted()) == 2)
            for number in range(6):
                await stub.say("TimeAndSale", "A", price=float(number))
            await stub.say("Quote", "A", bidPrice=1.0)
            await settled()
            assert (sales.statistics.received, quotes.statistics.received) == (2, 0)
            assert [(await anext(sales)).price for _ in range(4)] == [0.0, 1.0, 2.0, 3.0]
            await settled()
            assert quotes.statistics.received == 0
        assert (await anext(quotes)).bid == 1.0
        assert sales.dropped == 0


async def test_a_consumer_that_fails_or_is_cancelled_disturbs_nobody() -> None:
    """Its subscription ends with its block."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["A"]) as quotes:

        async def fail() -> None:
            async with feed.quotes(["A", "B"]) as own:
                await anext(own)
                raise ZeroDivisionError

        async def wait() -> None:
            async with feed.quotes(["A", "C"]) as own:
                while True:
                    await anext(own)

        async with TaskRegistry() as tasks:
            failing, waiting = tasks.spawn("fail", fail()), tasks.spawn("wait", wait())
            await until(lambda: stub.links and len(stub.wanted()) == 3)
            await stub.say("Quote", "A", bidPrice=1.0)
            with pytest.raises(ZeroDivisionError):
                await failing
            waiting.cancel()
            await asyncio.wait([waiting])
        await until(lambda: len(stub.wanted()) == 1)
        await stub.say("Quote", "A", bidPrice=2.0)
        await until(lambda: quotes.dropped)
        assert (await anext(quotes)).bid == 2.0
    assert len(stub.links) == 1


async def test_an_event_that_cannot_be_read_costs_its_symbol_its_place() -> None:
    """The error is raised once; iterating again goes on with the others, and the symbol may come back."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["A", "B"]) as quotes:
        await until(lambda: stub.links and len(stub.wanted()) == 2)
        await stub.say("Quote", "A", bidPrice="a lot")
        with pytest.raises(DecodeError, match=r"Quote of 'A'\.bidPrice"):
            await anext(quotes)
        await until(lambda: len(stub.wanted()) == 1)
        assert quotes.symbols == ("B",)
        assert feed.statistics.unreadable_events == 1
        await stub.say("Quote", "B", bidPrice=1.0)
        assert (await anext(quotes)).symbol == "B"
        await stub.say("Quote", "A", bidPrice=2.0)
        quotes.add(["A"])
        assert (await anext(quotes)).bid == 2.0


async def test_closing_the_feed_ends_every_subscription() -> None:
    """Whoever waits is told; leaving the block afterwards is no trouble."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["A"]) as quotes:
        await until(lambda: stub.links and stub.wanted())
        async with TaskRegistry() as tasks:
            waiting = tasks.spawn("wait", anext_of(quotes))
            await settled(5)
            await feed.aclose()
            with pytest.raises(TransportError, match="closed"):
                await waiting
        assert stub.link.socket.closed


async def anext_of(subscription: Any) -> Any:
    """The next event."""
    return await anext(subscription)


async def test_iterating_ends_with_the_block() -> None:
    """In another task, too."""
    async with LiveStub() as stub, live_feed(stub) as feed, TaskRegistry() as tasks:

        async def count() -> int:
            return len([quote async for quote in quotes]) + len(
                [each async for each in quotes.with_notices()]
            )

        async with feed.quotes(["A"]) as quotes:
            counting = tasks.spawn("count", count())
            await settled(5)
        assert await counting == 0


async def test_a_subscription_is_entered_before_it_is_used_and_once() -> None:
    """Mistakes of the caller's are errors of Python's."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        quotes = feed.quotes(["A"])
        with pytest.raises(RuntimeError, match="async with"):
            await anext(quotes)
        quotes.add(["B"])
        async with quotes:
            await until(lambda: stub.links and len(stub.wanted()) == 2)
            with pytest.raises(RuntimeError, match="once"):
                await quotes.__aenter__()
        with pytest.raises(TypeError, match="list of texts"):
            feed.quotes("AAPL")
        with pytest.raises(TypeError, match="list of texts"):
            quotes.add("AAPL")


async def test_what_cannot_be_a_symbol_is_refused_and_nothing_is_added() -> None:
    """All or nothing."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        for symbol in ("", "  ", "A\n"):
            with pytest.raises(UnknownSymbolError):
                await feed.quotes(["A", symbol]).__aenter__()
        async with feed.quotes(["A"]) as quotes:
            with pytest.raises(UnknownSymbolError):
                quotes.add(["B", ""])
            assert quotes.symbols == ("A",)
            await until(lambda: stub.links and stub.wanted())
            await settled()
            assert list(stub.wanted()) == [("Quote", "A")]


async def test_many_symbols_are_asked_for_in_messages_of_limited_size() -> None:
    """Two hundred at a time, not one by one."""
    symbols = [f"S{number}" for number in range(1_000)]
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(symbols):
        await until(lambda: stub.links and len(stub.wanted()) == 1_000)
        assert [len(added) for added in stub.link.changes("add")] == [200] * 5


async def test_no_more_than_the_service_allows() -> None:
    """25,000 in one session; none of those that would be too many is added."""
    async with (
        LiveStub() as stub,
        live_feed(stub) as feed,
        feed.quotes([f"S{number}" for number in range(24_999)]),
        feed.trades(["A"]) as trades,
    ):
        with pytest.raises(ApiError, match="25,000"):
            trades.add(["B"])
        assert trades.symbols == ("A",)
        with pytest.raises(ApiError, match="25,000"):
            await feed.trades(["A", "B"]).__aenter__()
        trades.remove(["A"])
        trades.add(["C"])


async def test_changes_stay_within_the_budget_of_a_minute() -> None:
    """What is left over is asked for when there is room again."""
    policy = attrs.evolve(QUICK, changes_per_minute=3)
    async with LiveStub() as stub, live_feed(stub, policy=policy) as feed, feed.quotes(["A", "B", "C", "D"]):
        await until(lambda: stub.links and len(stub.wanted()) == 3)
        await settled()
        assert len(stub.wanted()) == 3
        assert feed.state is LiveState.CONNECTING  # not all that is wanted stands


async def test_a_new_subscription_while_the_connection_is_closing_gets_one_of_its_own() -> None:
    """One after the other, never two at once."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        for number in range(3):
            async with feed.quotes([f"S{number}"]):
                await until(lambda n=number: len(stub.links) > n and stub.wanted())  # type: ignore[misc]
        async with feed.quotes(["A"]):
            pass
        async with feed.quotes(["B"]):
            await until(lambda: stub.wanted() == {("Quote", "B"): "TICKER"})
        assert all(link.socket.closed for link in stub.links[:-1])


async def test_a_mistake_of_ours_ends_the_subscriptions_and_is_reported() -> None:
    """Nobody waits for ever."""
    failures: list[BaseException] = []
    async with TaskRegistry(on_failure=lambda _, error: failures.append(error)) as tasks:
        tokens = NoToken(SystemClock(), ZeroDivisionError())  # type: ignore[arg-type]
        feed = LiveFeed(tokens, clock=SystemClock(), tasks=tasks, user_agent="t/1")
        async with feed.quotes(["A"]) as quotes:
            with pytest.raises(TransportError):
                await anext(quotes)
        await until(lambda: failures)
        assert [type(error) for error in failures] == [ZeroDivisionError]
        assert len(tasks) == 0
