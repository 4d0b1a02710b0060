# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Account updates over real sockets, from a service that does what the sandbox does not."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from aiohttp import web

from test_ttapi_client.dxlink_feeds import drive
from test_ttapi_client.streamer_stub import (
    ACCOUNT,
    AT_ONCE,
    Readings,
    StreamerStub,
    Tokens,
    balance_news,
    position_news,
    streamer_on,
    until,
)
from ttapi_client.account_streamer import (
    BalanceChanged,
    Interrupted,
    Overflow,
    Overflowed,
    PositionChanged,
    StreamerPolicy,
    Synchronized,
    UnknownNotification,
    UnreadableNotification,
    streamer_address,
)
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    ApiError,
    AuthError,
    DecodeError,
    IncompleteDataError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
)
from ttapi_core.settings import Environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from test_ttapi_client.streamer_stub import Link
    from ttapi_client.account_streamer import AccountUpdate


class Telling(StreamerStub):
    """A streamer that tells its news as soon as it has let a client in."""

    def __init__(self, *frames: object) -> None:
        super().__init__()
        self.frames = frames

    async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
        """Let in, then tell."""
        await super().on_connect(link, request)
        for frame in self.frames:
            await link.send(frame)


class Falling(StreamerStub):
    """A streamer whose first connections end after the client was let in."""

    def __init__(self, falls: int = 1) -> None:
        super().__init__()
        self.falls = falls

    async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
        """Let in, and close the first ones as a restarting service does."""
        await super().on_connect(link, request)
        if link.number <= self.falls:
            await link.socket.close(code=1012)


class Refusing(StreamerStub):
    """A streamer that refuses so many connections."""

    def __init__(self, reason: str, times: int) -> None:
        super().__init__()
        self.reason = reason
        self.times = times

    async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
        """Refuse, then let in."""
        if link.number <= self.times:
            await link.refuse(request, self.reason)
        else:
            await super().on_connect(link, request)


class Answering(StreamerStub):
    """A streamer whose address answers the first requests with a status."""

    def __init__(self, status: int, times: int, **headers: str) -> None:
        super().__init__()
        self.status = status
        self.times = times
        self.headers = headers

    async def upgrade(self, request: web.Request) -> web.StreamResponse | None:
        """Answer as a gateway does."""
        if len(self.user_agents) <= self.times:
            return web.Response(status=self.status, text="<html>", headers=self.headers)
        return None


class Stuck(Readings):
    """A REST service that never answers."""

    async def balances(self, account_number: str) -> Any:
        """Wait for ever."""
        await asyncio.Event().wait()

    async def trading_status(self, account_number: str) -> Any:
        """Wait for ever."""
        await asyncio.Event().wait()


def cash(updates: Sequence[AccountUpdate]) -> list[str]:
    """The cash of each balance among them."""
    return [str(each.balance.cash_balance) for each in updates if isinstance(each, BalanceChanged)]


def kinds(updates: Sequence[AccountUpdate]) -> list[str]:
    """The class of each."""
    return [type(each).__name__ for each in updates]


@pytest.mark.parametrize(
    ("environment", "api_address", "expected"),
    [
        (Environment.PRODUCTION, "https://api.tastyworks.com", "wss://streamer.tastyworks.com"),
        (Environment.CERTIFICATION, "https://api.cert.tastyworks.com", "wss://streamer.cert.tastyworks.com"),
        (Environment.SANDBOX, "http://127.0.0.1:8123", "ws://127.0.0.1:8123/account-streamer"),
        (Environment.REPLAY, "https://localhost:8123", "wss://localhost:8123/account-streamer"),
    ],
)
def test_each_environment_has_its_own_streamer(
    environment: Environment, api_address: str, expected: str
) -> None:
    """A local one beside its REST routes, the others where the service says, always encrypted."""
    assert str(streamer_address(environment, api_address)) == expected


async def test_everything_is_told_as_it_is_then_what_changes() -> None:
    """The first connection begins with a reading; one connect, our name, no news twice."""
    stub = StreamerStub()
    async with streamer_on(stub) as streamer, streamer.subscribe([ACCOUNT, ACCOUNT]) as updates:
        first = await until(updates, Synchronized)
        assert kinds(first) == [
            "TradingStatusChanged",
            "BalanceChanged",
            "PositionChanged",
            "Synchronized",
        ]
        assert first[-1].interrupted_at is None  # type: ignore[union-attr]
        await stub.links[0].send(balance_news("7.5"))
        assert cash(await until(updates, BalanceChanged)) == ["7.5"]
        assert updates.statistics.connections == 1
    assert stub.links[0].received[0]["value"] == [ACCOUNT]
    assert stub.user_agents == ["ttapi-test/1.0"]


async def test_shapes_of_news() -> None:
    """Several in one frame, unknown kinds, a known one that does not fit: none costs the others."""
    broken = {"type": "CurrentPosition", "data": {"account-number": ACCOUNT}}
    stub = Telling(
        {"results": [balance_news("1"), {"type": "Brand new", "data": {"x": 1}}, broken]},
        {"no": "meaning"},
        balance_news("2"),
    )
    async with streamer_on(stub, reader=Stuck()) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        told = await until(updates, BalanceChanged, times=2)
        assert cash(told) == ["1", "2"]
        assert [each.type for each in told if isinstance(each, UnknownNotification)] == ["Brand new"]
        (unreadable,) = (each for each in told if isinstance(each, UnreadableNotification))
        assert isinstance(unreadable.error, DecodeError)
    assert updates.statistics.ignored_messages == 1
    assert updates.statistics.notifications["BalanceChanged"] >= 2


async def test_further_topics_are_asked_for_after_the_accounts() -> None:
    """Nothing comes before connect, which has to be acknowledged."""
    stub = StreamerStub()
    async with (
        streamer_on(stub) as streamer,
        streamer.subscribe([ACCOUNT], public_watchlists=True, quote_alerts=True) as updates,
    ):
        await until(updates, Synchronized)
        expected = ["connect", "public-watchlists-subscribe", "quote-alerts-subscribe"]
        while stub.links[0].actions() != expected:
            await ManualClock().sleep(0)


@pytest.mark.parametrize("wrong", [[], "5WX00001"])
async def test_no_account_is_a_mistake_of_the_caller(wrong: Any) -> None:
    """As is a text, whose letters are no accounts."""
    async with streamer_on(StreamerStub()) as streamer:
        with pytest.raises(ValueError, match="at least one account number"):
            async with streamer.subscribe(wrong):
                pass


async def test_a_lost_connection_is_told_replaced_and_made_up_for() -> None:
    """Interrupted, what is as it is now, positions given up meanwhile, Synchronized; all topics again."""
    stub, reader = StreamerStub(), Readings(symbols=("AAPL", "MSFT"))
    async with (
        streamer_on(stub, reader=reader) as streamer,
        streamer.subscribe([ACCOUNT], quote_alerts=True) as updates,
    ):
        await until(updates, Synchronized)
        expected = ["connect", "quote-alerts-subscribe"]
        while stub.links[0].actions() != expected:
            await ManualClock().sleep(0)
        reader.cash, reader.symbols = "5", ("MSFT",)
        await stub.links[0].socket.close(code=1012)
        told = await until(updates, Synchronized)
        assert kinds(told) == [
            "Interrupted",
            "TradingStatusChanged",
            "BalanceChanged",
            "PositionChanged",
            "PositionChanged",
            "Synchronized",
        ]
        interrupted, _, _, kept, gone, synchronized = told
        assert isinstance(interrupted, Interrupted)
        assert isinstance(interrupted.error, TransportError)
        assert "code 1012" in str(interrupted.error)
        assert isinstance(kept, PositionChanged)
        assert isinstance(gone, PositionChanged)
        assert (kept.position.symbol, kept.position.quantity) == ("MSFT", Decimal(10))
        assert (gone.position.symbol, gone.position.quantity) == ("AAPL", Decimal(0))
        assert cash(told) == ["5"]
        assert isinstance(synchronized, Synchronized)
        assert synchronized.interrupted_at == interrupted.at
        while [link.actions() for link in stub.links] != [expected, expected]:
            await ManualClock().sleep(0)


async def test_an_interruption_is_told_once_however_many_tries_it_takes() -> None:
    """The gateway is in trouble for a while."""

    class Restarting(Answering):
        async def upgrade(self, request: web.Request) -> web.StreamResponse | None:
            return await super().upgrade(request) if len(self.user_agents) > 1 else None

    stub = Restarting(502, times=4)
    async with streamer_on(stub) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        await until(updates, Synchronized)
        await stub.links[0].socket.close()
        told = await until(updates, Synchronized)
        assert kinds(told).count("Interrupted") == 1
        assert (updates.statistics.connections, updates.statistics.lost_connections) == (5, 4)


async def test_the_stream_is_never_set_back_by_a_reading() -> None:
    """What was said while the account was being read is newer."""
    stub, read = Telling(balance_news("2")), asyncio.Event()

    class Slow(Readings):
        async def balances(self, account_number: str) -> Any:
            old = await super().balances(account_number)
            await read.wait()
            return old

    async with (
        streamer_on(stub, reader=Slow(cash="1")) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        assert cash(await until(updates, BalanceChanged)) == ["2"]
        read.set()
        assert cash(await until(updates, Synchronized)) == []


async def test_a_reading_that_fails_is_repeated_while_the_stream_goes_on() -> None:
    """No connection is given up for it."""
    errors = [ServerError("trouble", status=503), RateLimitError("slower", retry_after_seconds=None)]
    stub, reader = Telling(balance_news("2")), Readings(errors=[*errors])
    async with streamer_on(stub, reader=reader) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        told = await until(updates, Synchronized)
        assert cash(told) == ["2"]
        assert (reader.read, updates.statistics.connections) == (3, 1)


async def test_what_cannot_be_read_at_all_is_said() -> None:
    """The stream of an account is worth something without the reading."""
    refusal = RejectedError("not yours", status=403)
    async with (
        streamer_on(StreamerStub(), reader=Readings(errors=[refusal])) as streamer,
        streamer.subscribe([ACCOUNT, "5WX00002"]) as updates,
    ):
        told = await until(updates, Synchronized)
        assert told[-1].unread == (refusal,)  # type: ignore[union-attr]
        assert {each.balance.account_number for each in told if isinstance(each, BalanceChanged)} == {
            "5WX00002"
        }


async def test_credentials_refused_in_a_reading_end_the_subscription() -> None:
    """Asking on would get the address blocked."""
    async with (
        streamer_on(StreamerStub(), reader=Readings(errors=[AuthError("no")])) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        with pytest.raises(AuthError, match="no"):
            await until(updates, Synchronized)


async def test_a_refused_token_is_renewed_once() -> None:
    """And the new one is sent."""
    stub, tokens = Refusing("not authorized", times=1), Tokens()
    async with streamer_on(stub, tokens=tokens) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        await until(updates, Synchronized)
    sent = [link.received[0]["auth-token"] for link in stub.links]
    assert sent == ["Bearer canary-1", "Bearer canary-2"]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Bearer canary-2: invalid token", AuthError),
        ("unknown domain", AuthError),
        ("failed", ApiError),
        (f"account {ACCOUNT} is not yours", ApiError),
    ],
)
async def test_a_second_refusal_is_the_end(reason: str, kind: type[ApiError]) -> None:
    """One forced renewal, and no more; no token and no account number in the error."""
    stub, tokens = Refusing(reason, times=9), Tokens()
    async with streamer_on(stub, tokens=tokens) as streamer:
        with pytest.raises(ApiError) as caught:
            async with streamer.subscribe([ACCOUNT]):
                pass
    assert type(caught.value) is kind
    assert not caught.value.retryable
    assert "refused connect" in str(caught.value)
    assert not {"canary", ACCOUNT} & {word for word in (ACCOUNT, "canary") if word in str(caught.value)}
    assert (len(stub.links), len(tokens.given)) == (2, 2)


async def test_a_token_refused_at_every_heartbeat_is_not_asked_for_for_ever() -> None:
    """The refusals count although each connection begins well."""

    class Forgetful(StreamerStub):
        async def on_heartbeat(self, link: Link, request: dict[str, Any]) -> None:
            await link.refuse(request, "token expired")

    stub, tokens, clock = Forgetful(), Tokens(), ManualClock()
    async with asyncio.TaskGroup() as group:
        driver = group.create_task(drive(clock))
        async with (
            streamer_on(stub, tokens=tokens, clock=clock) as streamer,
            streamer.subscribe([ACCOUNT]) as updates,
        ):
            with pytest.raises(AuthError, match="refused heartbeat: token expired"):
                await until(updates, Overflowed)
        driver.cancel()
    assert (len(stub.links), tokens.given) == (2, ["canary-1", "canary-2"])


async def test_each_heartbeat_has_the_token_of_its_time() -> None:
    """Between 2 seconds and a minute after the one before."""

    class Dated(StreamerStub):
        def __init__(self) -> None:
            super().__init__()
            self.beats: list[tuple[float, str]] = []

        async def on_heartbeat(self, link: Link, request: dict[str, Any]) -> None:
            self.beats.append((clock.monotonic(), request["auth-token"]))
            tokens.given.append(f"canary-{len(tokens.given) + 1}")
            await super().on_heartbeat(link, request)

    stub, tokens, clock = Dated(), Tokens(), ManualClock()
    async with (
        asyncio.TaskGroup() as group,
        streamer_on(stub, tokens=tokens, clock=clock) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        driver = group.create_task(drive(clock))
        while updates.statistics.heartbeats < 5:
            await clock.sleep(0)
        driver.cancel()
        assert updates.statistics.connections == 1
    times = [0.0, *(at for at, _ in stub.beats)]
    assert all(2 <= later - earlier <= 60 for earlier, later in itertools.pairwise(times))
    assert [token for _, token in stub.beats][:5] == [f"Bearer canary-{number}" for number in range(1, 6)]


async def test_a_mute_service_is_left_within_65_seconds() -> None:
    """By the heartbeat that it does not acknowledge."""

    class Mute(StreamerStub):
        async def on_heartbeat(self, link: Link, request: dict[str, Any]) -> None:
            """Say nothing."""

    stub, clock = Mute(), ManualClock()
    policy = StreamerPolicy(heartbeat_seconds=55)
    async with (
        asyncio.TaskGroup() as group,
        streamer_on(stub, clock=clock, policy=policy) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        await until(updates, Synchronized)
        began = clock.monotonic()
        driver = group.create_task(drive(clock))
        (interrupted,) = await until(updates, Interrupted)
        driver.cancel()
        assert isinstance(interrupted, Interrupted)
        assert isinstance(interrupted.error, TransportTimeoutError)
        assert clock.monotonic() - began <= 65.5


async def test_a_service_that_does_not_acknowledge_is_not_waited_for() -> None:
    """Ten seconds, as often as the policy says; then the error says how often."""

    class Silent(StreamerStub):
        async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
            """Say nothing."""

    stub, clock = Silent(), ManualClock()
    async with asyncio.TaskGroup() as group, streamer_on(stub, clock=clock) as streamer:
        driver = group.create_task(drive(clock))
        with pytest.raises(TransportError, match=r"lost 5 times in a row.*acknowledge connect"):
            async with streamer.subscribe([ACCOUNT]):
                pass
        driver.cancel()
    assert len(stub.links) == 5
    assert 50 <= clock.monotonic() < 60


async def test_pauses_between_connections_are_never_below_a_second() -> None:
    """Seen at the server, which closes every one of them."""

    class Dated(Falling):
        def __init__(self) -> None:
            super().__init__(falls=99)
            self.times: list[float] = []

        async def upgrade(self, request: web.Request) -> web.StreamResponse | None:
            self.times.append(clock.monotonic())
            return None

    stub, clock = Dated(), ManualClock()
    policy = StreamerPolicy(reconnection_tries=9)
    async with (
        asyncio.TaskGroup() as group,
        streamer_on(stub, clock=clock, policy=policy, reader=Stuck()) as streamer,
    ):
        driver = group.create_task(drive(clock))
        with pytest.raises(TransportError, match="lost 9 times in a row"):
            async with streamer.subscribe([ACCOUNT]) as updates:
                await until(updates, Synchronized)
        driver.cancel()
    pauses = [later - earlier for earlier, later in zip(stub.times, stub.times[1:], strict=False)]
    assert len(pauses) == 8
    assert min(pauses) >= 1.0
    assert max(pauses) <= 31.0


async def test_a_connection_that_has_held_is_not_counted_as_a_failure_of_the_next() -> None:
    """However often it happens, the pauses stay short."""

    class Restarting(StreamerStub):
        def __init__(self) -> None:
            super().__init__()
            self.ended_at = 0.0
            self.pauses: list[float] = []

        async def upgrade(self, request: web.Request) -> web.StreamResponse | None:
            self.pauses.append(clock.monotonic() - self.ended_at)
            return None

        async def on_heartbeat(self, link: Link, request: dict[str, Any]) -> None:
            if link.actions().count("heartbeat") < 2:
                await super().on_heartbeat(link, request)
            else:
                self.ended_at = clock.monotonic()
                await link.socket.close(code=1012)

    stub, clock = Restarting(), ManualClock()
    async with (
        asyncio.TaskGroup() as group,
        streamer_on(stub, clock=clock, policy=StreamerPolicy(reconnection_tries=2)) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        driver = group.create_task(drive(clock))
        await until(updates, Interrupted, times=12)
        driver.cancel()
    assert min(stub.pauses[1:]) >= 1.0
    assert max(stub.pauses[1:]) <= 5.0


@pytest.mark.parametrize(
    ("status", "kind"), [(502, TransportError), (404, RejectedError), (200, TransportError)]
)
async def test_an_address_without_a_streamer(status: int, kind: type[ApiError]) -> None:
    """A gateway in trouble is tried again; one that knows no streamer is not."""
    stub = Answering(status, times=9)
    async with streamer_on(stub) as streamer:
        with pytest.raises(kind, match=f"status {status}"):
            async with streamer.subscribe([ACCOUNT]):
                pass
    assert len(stub.user_agents) == (5 if kind is TransportError else 1)


async def test_no_redirect_leads_a_token_to_another_address() -> None:
    """Not even to one that would be a good streamer."""
    other = StreamerStub()
    async with other:
        stub = Answering(302, times=9, Location=str(other.address.with_scheme("http")))
        async with streamer_on(stub) as streamer:
            with pytest.raises(RejectedError, match="status 302"):
                async with streamer.subscribe([ACCOUNT]):
                    pass
    assert other.links == []


async def test_a_streamer_that_is_not_there() -> None:
    """Nobody listens; the token is not sent."""
    stub = StreamerStub()
    async with streamer_on(stub) as streamer:
        await stub._runner.cleanup()
        with pytest.raises(TransportError, match="cannot be reached"):
            async with streamer.subscribe([ACCOUNT]):
                pass


async def test_no_token_no_socket() -> None:
    """Credentials that were refused lead to no connection at all."""
    stub = StreamerStub()
    async with streamer_on(stub, tokens=Tokens(error=AuthError("refused"))) as streamer:
        with pytest.raises(AuthError, match="refused"):
            async with streamer.subscribe([ACCOUNT]):
                pass
    assert stub.user_agents == []


@pytest.mark.parametrize("frame", ["no JSON", "[]", '{"results": [7]}', "x" * 5_000_000])
async def test_a_frame_that_cannot_be_read_is_an_interruption(frame: str) -> None:
    """News may have been in it; the reading makes up for them. It is not shown: it may be an account's."""
    stub = StreamerStub()
    async with streamer_on(stub) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        await until(updates, Synchronized)
        with suppress(ConnectionError):  # the client hangs up in the middle of what is too long
            await stub.links[0].socket.send_str(frame)
        told = await until(updates, Synchronized)
        assert isinstance(told[0], Interrupted)
        assert "no JSON" not in str(told[0].error)
    assert len(stub.links) == 2


async def test_a_slow_consumer_loses_nothing_by_default_and_the_heart_goes_on() -> None:
    """The socket is not read meanwhile, and that is not taken for a mute service."""
    news = [balance_news(str(number)) for number in range(200)]
    stub, clock = Telling(*news), ManualClock()
    policy = attrs.evolve(AT_ONCE, updates_ahead=3)
    async with (
        asyncio.TaskGroup() as group,
        streamer_on(stub, clock=clock, policy=policy, reader=Stuck()) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        driver = group.create_task(drive(clock))
        while clock.monotonic() < 300:
            await clock.sleep(0)
        told = await until(updates, BalanceChanged, times=200)
        driver.cancel()
        assert cash(told) == [str(number) for number in range(200)]
        assert updates.statistics.lost_connections == 0
    assert stub.links[0].actions().count("heartbeat") >= 10


async def test_dropping_the_oldest_is_said() -> None:
    """How many, before the first that is left."""
    news = {"results": [balance_news(str(number)) for number in range(50)]}
    policy = attrs.evolve(AT_ONCE, updates_ahead=10)
    stub = StreamerStub()
    async with (
        streamer_on(stub, policy=policy) as streamer,
        streamer.subscribe([ACCOUNT], overflow=Overflow.DROP_OLDEST) as updates,
    ):
        await until(updates, Synchronized)
        await stub.links[0].send(news)
        while updates.statistics.notifications["BalanceChanged"] < 51:
            await ManualClock().sleep(0)
        told = await until(updates, BalanceChanged, times=10)
        assert told[0] == Overflowed(dropped=40)
        assert cash(told) == [str(number) for number in range(40, 50)]


async def test_failing_gives_what_there_is_then_the_error() -> None:
    """For a consumer who would rather know at once."""
    policy = attrs.evolve(AT_ONCE, updates_ahead=10)
    stub = Telling({"results": [balance_news(str(number)) for number in range(50)]})
    async with (
        streamer_on(stub, policy=policy, reader=Stuck()) as streamer,
        streamer.subscribe([ACCOUNT], overflow=Overflow.FAIL) as updates,
    ):
        told: list[AccountUpdate] = []
        with pytest.raises(IncompleteDataError, match="too slow"):
            told.extend([update async for update in updates])
        assert updates.statistics.notifications["BalanceChanged"] >= 10
        assert updates.statistics.connections == 1


async def test_an_interruption_that_finds_no_room_is_a_failure_too() -> None:
    """It would not be told otherwise."""

    class Brief(Telling):
        async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
            await super().on_connect(link, request)
            await link.socket.close()

    policy = attrs.evolve(AT_ONCE, updates_ahead=1)
    async with (
        streamer_on(Brief(balance_news("1")), policy=policy, reader=Stuck()) as streamer,
        streamer.subscribe([ACCOUNT], overflow=Overflow.FAIL) as updates,
    ):
        while updates.statistics.lost_connections < 1:
            await ManualClock().sleep(0)
        assert cash([await anext(updates)]) == ["1"]
        with pytest.raises(IncompleteDataError, match="too slow"):
            await anext(updates)


async def test_leaving_closes_the_socket() -> None:
    """Seen at the server."""
    stub = StreamerStub()
    async with streamer_on(stub) as streamer:
        async with streamer.subscribe([ACCOUNT]) as updates:
            await until(updates, Synchronized)
        while not stub.links[0].socket.closed:
            await ManualClock().sleep(0)
        with pytest.raises(TransportError, match="were closed"):
            await anext(updates)


async def test_leaving_at_the_moment_of_a_loss_leaves() -> None:
    """The error of the connection must not swallow the wish to end it."""
    async with streamer_on(Falling(falls=99)) as streamer, asyncio.timeout(20):
        for _ in range(40):
            async with streamer.subscribe([ACCOUNT]) as updates:
                await until(updates, Synchronized)


async def test_a_client_that_is_closed_ends_its_subscriptions() -> None:
    """Whoever iterates hears of it."""
    async with (
        streamer_on(StreamerStub()) as streamer,
        streamer.subscribe([ACCOUNT]) as updates,
    ):
        await until(updates, Synchronized)
        await streamer.aclose()
        with pytest.raises(TransportError, match="were closed"):
            await anext(updates)


async def test_a_position_streamed_as_given_up_is_not_told_again() -> None:
    """The stream had the last word."""
    stub, reader = StreamerStub(), Readings(symbols=("AAPL", "MSFT"))
    async with streamer_on(stub, reader=reader) as streamer, streamer.subscribe([ACCOUNT]) as updates:
        await until(updates, Synchronized)
        await stub.links[0].send(position_news("AAPL", "0"))
        await until(updates, PositionChanged)
        reader.symbols = ("MSFT",)
        await stub.links[0].socket.close()
        told = await until(updates, Synchronized)
        symbols = [each.position.symbol for each in told if isinstance(each, PositionChanged)]
        assert symbols == ["MSFT"]
