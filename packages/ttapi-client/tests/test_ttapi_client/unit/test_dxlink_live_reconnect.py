# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The live feed when its connection does not last: what is restored, what is told, when it gives up."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from aiohttp import web

from test_ttapi_client.dxlink_feeds import QUICK, NoToken, drive
from test_ttapi_client.live_stub import LiveStub, live_feed, settled, until
from ttapi_client.dxlink import FeedPolicy, Overflow
from ttapi_client.dxlink.live import Interrupted, LiveState, Resumed, SymbolFailed
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.errors import (
    ApiError,
    AuthError,
    CircuitOpenError,
    RejectedError,
    TransportError,
    TransportTimeoutError,
)
from ttapi_core.market_events import QuoteTick
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Callable

    from test_ttapi_client.dxlink_stub import Link


async def close_as_bye(stub: LiveStub) -> None:
    """What an idle client gets."""
    await stub.link.drop(1000)


async def close_as_restart(stub: LiveStub) -> None:
    """What a restarting service does."""
    await stub.link.drop(1012)


async def tear_down(stub: LiveStub) -> None:
    """The line is gone."""
    transport: Any = stub.link.socket._writer.transport  # type: ignore[union-attr]
    transport.abort()


async def give_up(stub: LiveStub) -> None:
    """A protocol error."""
    await stub.link.send("ERROR", error="TIMEOUT", message="no message for 60 seconds")


async def close_the_channel(stub: LiveStub) -> None:
    """Only a server that restarts does that."""
    await stub.link.send("CHANNEL_CLOSED", 1)


async def send_nonsense(stub: LiveStub) -> None:
    """What came with it may be lost."""
    await stub.link.socket.send_str("{")


async def send_a_wrong_stride(stub: LiveStub) -> None:
    """Rows that cannot be told apart."""
    await stub.link.send("FEED_DATA", 1, data=["Quote", ["A", 1.0]])


async def send_no_pairs(stub: LiveStub) -> None:
    """A payload that is none."""
    await stub.link.send("FEED_DATA", 1, data=["Quote"])


@pytest.mark.parametrize(
    "trouble",
    [
        close_as_bye,
        close_as_restart,
        tear_down,
        give_up,
        close_the_channel,
        send_nonsense,
        send_a_wrong_stride,
        send_no_pairs,
    ],
)
async def test_a_lost_connection_is_replaced_with_a_new_token_and_all_subscriptions(
    trouble: Callable[[LiveStub], Any],
) -> None:
    """And who listens can know."""
    async with LiveStub() as stub, live_feed(stub) as feed:
        async with feed.quotes(["A", "B"]) as quotes, feed.time_and_sales(["C"]) as sales:
            await until(lambda: stub.links and len(stub.wanted()) == 3)
            await stub.say("Quote", "A", bidPrice=1.0)
            assert (await anext(quotes)).bid == 1.0
            before = stub.wanted()
            await trouble(stub)
            await until(lambda: len(stub.links) == 2 and stub.wanted() == before)
            assert (await anext(quotes)).bid == 1.0  # as it is now
            await stub.say("Quote", "B", bidPrice=2.0)
            assert await anext(quotes) == QuoteTick(symbol="B", bid=2.0)
            assert (quotes.interruptions, sales.interruptions) == (1, 1)
            assert not quotes.is_interrupted
            assert feed.state is LiveState.CONNECTED
        assert stub.tokens == ["dx-token-1", "dx-token-2"]
        assert (feed.statistics.connections, feed.statistics.lost_connections) == (2, 1)


async def test_who_wants_to_know_is_told_in_line_with_the_events() -> None:
    """When it began, why, and when it was over."""
    clock = ManualClock()
    async with LiveStub() as stub, live_feed(stub, clock=clock) as feed, feed.quotes(["A"]) as quotes:
        await until(lambda: stub.links and stub.wanted())
        await stub.say("Quote", "A", bidPrice=1.0)
        notices = quotes.with_notices()
        first = await anext(notices)
        clock.advance(2.0)
        await stub.link.drop(1012)
        lost = await anext(notices)
        found = await anext(notices)
        second = await anext(notices)
        assert first == second == QuoteTick(symbol="A", bid=1.0)
        assert isinstance(lost, Interrupted)
        assert "1012" in str(lost.error)
        assert isinstance(found, Resumed)
        assert found.interrupted_at == lost.at == found.at
        await notices.aclose()


async def test_the_state_is_visible_while_there_is_no_connection() -> None:
    """Reconnecting, until all is restored; a subscription made meanwhile has missed nothing."""
    clock = ManualClock()
    policy = FeedPolicy(shortest_pause_seconds=5.0, longest_pause_seconds=5.0)
    async with (
        LiveStub() as stub,
        live_feed(stub, clock=clock, policy=policy) as feed,
        feed.quotes(["A"]) as quotes,
    ):
        await until(lambda: feed.state is LiveState.CONNECTED)
        await stub.link.drop(1012)
        await until(lambda: feed.state is LiveState.RECONNECTING)
        assert quotes.is_interrupted
        async with feed.quotes(["B"]) as later:
            assert not later.is_interrupted
            await until(lambda: clock.sleepers)
            clock.advance(5.0)
            await until(lambda: feed.state is LiveState.CONNECTED)
            await until(lambda: len(stub.wanted()) == 2)
            assert (quotes.interruptions, later.interruptions) == (1, 0)
            assert not quotes.is_interrupted


async def test_a_mute_socket_is_replaced_after_a_minute() -> None:
    """Detected within 65 seconds; keepalives of the server count as life."""
    clock = ManualClock()
    policy = FeedPolicy(shortest_pause_seconds=0.0, longest_pause_seconds=0.0)
    async with (
        LiveStub() as stub,
        live_feed(stub, clock=clock, policy=policy) as feed,
        feed.quotes(["A"]) as quotes,
    ):
        await until(lambda: feed.state is LiveState.CONNECTED)
        for _ in range(4):
            clock.advance(40.0)
            await stub.link.send("KEEPALIVE")
            await settled(50)
        assert quotes.interruptions == 0
        mute_since = clock.monotonic()
        async with TaskRegistry() as tasks:
            driving = tasks.spawn("drive", drive(clock))
            await until(lambda: quotes.interruptions == 1)
            assert 59.0 <= clock.monotonic() - mute_since <= 65.0
            await until(lambda: feed.state is LiveState.CONNECTED)
            driving.cancel()


async def test_what_is_heard_while_somebody_holds_up_all_is_no_silence_of_the_server() -> None:
    """Time in which we do not read is not counted."""
    clock = ManualClock()
    policy = attrs.evolve(QUICK, events_ahead=1)
    async with (
        LiveStub() as stub,
        live_feed(stub, clock=clock, policy=policy) as feed,
        feed.time_and_sales(["A"], overflow=Overflow.WAIT) as sales,
    ):
        await until(lambda: stub.links and stub.wanted())
        await stub.say("TimeAndSale", "A", price=1.0)
        await stub.say("TimeAndSale", "A", price=2.0)
        await until(lambda: sales.statistics.received == 1)
        for _ in range(10):
            clock.advance(30.0)
            await settled(20)
        assert stub.link.kinds().count("KEEPALIVE") >= 9
        assert [(await anext(sales)).price for _ in range(2)] == [1.0, 2.0]
        await settled(20)
        assert sales.interruptions == 0


async def test_pauses_grow_have_jitter_and_begin_anew_after_a_good_connection() -> None:
    """Between 1 and 30 seconds, never shorter; 20 failures, a healthy hour, one more."""
    clock = ManualClock()

    class Restless(LiveStub):
        healthy = False
        opened_at: list[float] = []  # noqa: RUF012 - of one test

        async def on_setup(self, link: Link) -> None:
            self.opened_at.append(clock.monotonic())
            if self.healthy:
                await super().on_setup(link)
            else:
                await link.drop(1012)

    stub = Restless()
    policy = attrs.evolve(FeedPolicy(), connection_tries=100)
    async with stub, live_feed(stub, clock=clock, policy=policy) as feed, TaskRegistry() as tasks:
        driving = tasks.spawn("drive", drive(clock))
        async with feed.quotes(["A"]) as quotes:
            await until(lambda: len(stub.opened_at) == 21)
            stub.healthy = True
            await until(lambda: feed.state is LiveState.CONNECTED)
            healthy_at = clock.monotonic()
            await until(lambda: clock.monotonic() > healthy_at + 40)
            stub.healthy = False
            lost_at = clock.monotonic()
            await stub.link.drop(1012)
            tried = len(stub.opened_at)
            await until(lambda: len(stub.opened_at) > tried)
            assert quotes.interruptions == 1
        driving.cancel()
    gaps = [after - before for before, after in zip(stub.opened_at, stub.opened_at[1:], strict=False)]
    failing = gaps[:20]
    assert min(failing) >= 1.0
    assert max(failing) <= 32.0  # the pause, and what opening takes
    assert max(failing[6:]) > 8.0 > max(failing[:1])
    assert len({round(gap, 1) for gap in failing}) > 5
    assert 1.0 <= stub.opened_at[tried] - lost_at <= 4.0


async def test_a_token_refused_once_is_replaced() -> None:
    """As one that has just expired would be."""

    class RefusesFirst(LiveStub):
        async def on_auth(self, link: Link, token: str) -> None:
            if token == "dx-token-1":
                await link.send("ERROR", error="UNAUTHORIZED", message=f"token {token} is old")
            else:
                await super().on_auth(link, token)

    async with RefusesFirst() as stub, live_feed(stub) as feed, feed.quotes(["A"]) as quotes:
        await until(lambda: feed.state is LiveState.CONNECTED)
        assert len(stub.tokens) == 2
        assert quotes.interruptions == 0  # it had never been connected


async def test_a_token_refused_twice_is_an_error_for_everybody() -> None:
    """No loop of refusals; nobody sees the token, and each has an error of his own."""

    class Refuses(LiveStub):
        async def on_auth(self, link: Link, token: str) -> None:
            await link.send("ERROR", error="UNAUTHORIZED", message=f"token {token} is unknown")

    async with Refuses() as stub, live_feed(stub) as feed:
        async with feed.quotes(["A"]) as quotes, feed.trades(["A"]) as trades:
            errors = []
            for subscription in (quotes, trades):
                with pytest.raises(AuthError) as caught:
                    await anext(subscription)
                errors.append(caught.value)
            assert errors[0] is not errors[1]
            assert "dx-token" not in str(errors)
            assert feed.state is LiveState.IDLE
            assert len(stub.tokens) == 2
            async with feed.quotes(["A"]) as again:  # whoever comes next may try again
                with pytest.raises(AuthError):
                    await anext(again)
        assert len(stub.tokens) == 4


async def test_what_waits_is_delivered_before_the_end() -> None:
    """Events first, then the error, for as often as one asks."""
    async with LiveStub() as stub, live_feed(stub) as feed, feed.quotes(["A"]) as quotes:
        await until(lambda: stub.links and stub.wanted())
        await stub.say("Quote", "A", bidPrice=1.0)
        await until(lambda: quotes.statistics.received == 1)
        await feed.aclose()
        assert (await anext(quotes)).bid == 1.0
        for _ in range(2):
            with pytest.raises(TransportError):
                await anext(quotes)
        assert quotes.symbols == ("A",)
        quotes.add(["B"])  # too late to mean anything, and no trouble


@pytest.mark.parametrize(
    "error", [AuthError("wrong password"), RejectedError("no customer", status=403)], ids=["auth", "403"]
)
async def test_without_a_token_there_is_no_second_try(error: ApiError) -> None:
    """Refused credentials are never looped."""
    tokens = NoToken(SystemClock(), error)
    async with live_feed(tokens) as feed, feed.quotes(["A"]) as quotes:
        with pytest.raises(type(error)):
            await anext(quotes)
    assert len(tokens.asked_at) == 1


async def test_a_service_that_cannot_be_reached_at_first_is_tried_five_times() -> None:
    """Then everybody is told; once connected it would be tried for ever."""
    clock = ManualClock()
    tokens = NoToken(clock, TransportError("down"))
    async with live_feed(tokens, clock=clock, policy=FeedPolicy()) as feed, TaskRegistry() as tasks:
        driving = tasks.spawn("drive", drive(clock))
        async with feed.quotes(["A"]) as quotes:
            with pytest.raises(TransportError, match="5 times in a row"):
                await anext(quotes)
        driving.cancel()
    assert len(tokens.asked_at) == 5


@pytest.mark.parametrize(("retry_in_seconds", "pause"), [(0.25, 1.0), (8.0, 8.0)])
async def test_an_open_breaker_says_when_to_try_again(retry_in_seconds: float, pause: float) -> None:
    """No later than that, and never sooner than the shortest pause."""
    clock = ManualClock()
    tokens = NoToken(clock, CircuitOpenError("left alone", retry_in_seconds=retry_in_seconds))
    async with live_feed(tokens, clock=clock, policy=FeedPolicy()) as feed, TaskRegistry() as tasks:
        driving = tasks.spawn("drive", drive(clock))
        async with feed.quotes(["A"]) as quotes:
            with pytest.raises(CircuitOpenError):
                await anext(quotes)
        driving.cancel()
    gaps = [after - before for before, after in itertools.pairwise(tokens.asked_at)]
    assert gaps == pytest.approx([pause] * 4, abs=0.1)


async def test_a_gateway_in_trouble_is_tried_again() -> None:
    """502 on the upgrade, then all is well."""

    class Gateway(LiveStub):
        refusals = 2

        async def serve(self, request: web.Request) -> Any:
            if self.refusals:
                self.refusals -= 1
                return web.Response(status=502, text="<html>Bad Gateway</html>")
            return await super().serve(request)

    async with Gateway() as stub, live_feed(stub) as feed, feed.quotes(["A"]):
        await until(lambda: feed.state is LiveState.CONNECTED)
        assert feed.statistics.connections == 3


async def test_a_redirect_is_not_followed() -> None:
    """The token is meant for one host alone."""

    class Elsewhere(LiveStub):
        async def serve(self, request: web.Request) -> Any:
            if "there" in request.query:
                return await super().serve(request)
            raise web.HTTPTemporaryRedirect("/dxlink?there")

    async with Elsewhere() as stub, live_feed(stub) as feed, feed.quotes(["A"]) as quotes:
        with pytest.raises(RejectedError):
            await anext(quotes)
        assert stub.links == []


async def test_an_error_on_a_channel_is_that_channels_failure_only() -> None:
    """What is silent there is tried under AUTO, then fails with the reason; all else goes on."""
    clock = ManualClock()

    class Choosy(LiveStub):
        async def on_subscribe(self, link: Link, channel: int, item: dict[str, Any]) -> None:
            if item["symbol"] == "BAD":
                await link.send("ERROR", channel, error="BAD_ACTION", message="no such thing")
            else:
                await super().on_subscribe(link, channel, item)

    stub = Choosy()
    stub.last["Quote", "GOOD"] = {"bidPrice": 1.0}
    async with (
        stub,
        live_feed(stub, clock=clock) as feed,
        TaskRegistry() as tasks,
        feed.quotes(["GOOD", "BAD"]) as quotes,
        feed.trades(["BAD2"]) as trades,
    ):
        assert (await anext(quotes)).symbol == "GOOD"
        notices = quotes.with_notices()
        driving = tasks.spawn("drive", drive(clock))
        failure = await anext(notices)
        driving.cancel()
        assert isinstance(failure, SymbolFailed)
        assert failure.symbol == "BAD"
        assert isinstance(failure.error, ApiError)
        assert "no such thing" in str(failure.error)
        assert [change[1:] for change in stub.log if change[3] == "BAD"] == [
            ("TICKER", "+Quote", "BAD"),
            ("TICKER", "-Quote", "BAD"),
            ("AUTO", "+Quote", "BAD"),
        ]
        await until(lambda: ("Quote", "BAD") not in stub.wanted())
        await stub.say("Quote", "GOOD", bidPrice=2.0)
        assert (await anext(quotes)).bid == 2.0
        await stub.say("Trade", "BAD2", price=3.0)
        assert (await anext(trades)).price == 3.0
        assert quotes.interruptions == 0
        await notices.aclose()


async def test_a_contract_that_the_service_does_not_offer_is_replaced_by_auto() -> None:
    """The channel is refused before it is open."""

    class NoTicker(LiveStub):
        async def on_channel(self, link: Link, channel: int) -> None:
            if link.contracts[channel] == "TICKER":
                await link.send("ERROR", channel, error="BAD_ACTION", message="contract not offered")
            else:
                await super().on_channel(link, channel)

    async with NoTicker() as stub, live_feed(stub) as feed, feed.quotes(["A", "B"]) as quotes:
        await until(lambda: stub.links and len(stub.wanted()) == 2)
        assert set(stub.wanted().values()) == {"AUTO"}
        await stub.say("Quote", "A", bidPrice=1.0)
        assert (await anext(quotes)).bid == 1.0
        assert feed.statistics.fallbacks == 2


async def test_when_no_contract_is_offered_each_symbol_says_so() -> None:
    """Two symbols, two errors, and the trades next to them come."""

    class NoQuotes(LiveStub):
        async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
            if "Quote" in fields:
                await link.send("FEED_CONFIG", channel, eventFields={"Quote": ["bidPrice"]})
            else:
                await super().on_feed_setup(link, channel, fields)

    async with (
        NoQuotes() as stub,
        live_feed(stub) as feed,
        feed.quotes(["A", "B"]) as quotes,
        feed.trades(["A"]) as trades,
    ):
        for symbol in ("A", "B"):
            with pytest.raises(ApiError, match=f"Quote of {symbol}"):
                await anext(quotes)
        assert quotes.symbols == ()
        await until(lambda: ("Trade", "A") in stub.wanted())
        await stub.say("Trade", "A", price=1.0)
        assert (await anext(trades)).price == 1.0


async def test_a_server_that_never_lets_us_in_is_left() -> None:
    """The handshake has its time; then the next connection."""
    clock = ManualClock()

    class Speechless(LiveStub):
        async def on_setup(self, link: Link) -> None:
            if link.number > 1:
                await super().on_setup(link)

    async with Speechless() as stub, live_feed(stub, clock=clock) as feed, TaskRegistry() as tasks:
        driving = tasks.spawn("drive", drive(clock))
        async with feed.quotes(["A"]):
            await until(lambda: feed.state is LiveState.CONNECTED)
        driving.cancel()
    assert len(stub.links) == 2


async def test_a_limit_of_reconnections_is_kept() -> None:
    """For those who would rather know."""
    policy = attrs.evolve(QUICK, reconnection_tries=2)

    class Once(LiveStub):
        async def on_setup(self, link: Link) -> None:
            if link.number == 1:
                await super().on_setup(link)
            else:
                await link.drop(1012)

    async with Once() as stub, live_feed(stub, policy=policy) as feed, feed.quotes(["A"]) as quotes:
        await until(lambda: feed.state is LiveState.CONNECTED)
        await stub.link.drop(1012)
        with pytest.raises(TransportError, match="2 times in a row") as caught:
            await anext(quotes)
        assert not isinstance(caught.value, TransportTimeoutError)
        assert isinstance(caught.value.__cause__, TransportError)
    assert len(stub.links) == 2
