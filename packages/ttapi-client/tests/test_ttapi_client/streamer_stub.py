# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An account streamer for tests: it behaves, and each test overrides the one thing in which it must not."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
import orjson
from aiohttp import WSMsgType, web
from yarl import URL

from test_ttapi_client.rest_answers import BALANCE, POSITION
from ttapi_client.account_streamer import AccountStreamer, StreamerPolicy
from ttapi_client.decode.accounts import decode_balance, decode_position, decode_trading_status
from ttapi_client.decode.fields import Fields
from ttapi_core.clock import SystemClock
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from ttapi_client.account_streamer import AccountUpdate, AccountUpdates
    from ttapi_core.accounts import Balance, Position, TradingStatus
    from ttapi_core.clock import Clock
    from ttapi_core.errors import TTError
    from ttapi_core.orders import ComplexOrder, Order

ACCOUNT: Final = "5WX00001"
AT_ONCE: Final = StreamerPolicy(shortest_pause_seconds=0.0, longest_pause_seconds=0.0)


def balance_news(cash: str = "1.5") -> dict[str, Any]:
    """What the service says when the cash has changed."""
    return {
        "type": "AccountBalance",
        "data": {**BALANCE, "cash-balance": cash},
        "timestamp": 1_787_600_000_000,
    }


def position_news(symbol: str = "AAPL", quantity: str = "10") -> dict[str, Any]:
    """What the service says when a position has changed."""
    data = {**POSITION, "symbol": symbol, "quantity": quantity}
    return {"type": "CurrentPosition", "data": data, "timestamp": 1_787_600_000_000}


@attrs.define(eq=False)
class Link:
    """One connection, seen from the server."""

    number: int  # 1 for the first connection
    socket: web.WebSocketResponse
    received: list[dict[str, Any]] = attrs.field(factory=list)

    async def send(self, message: object) -> None:
        """Send one frame."""
        await self.socket.send_str(orjson.dumps(message).decode())

    async def acknowledge(self, request: dict[str, Any], **more: object) -> None:
        """Say yes."""
        answer = {"status": "ok", "action": request["action"], "request-id": request["request-id"]}
        await self.send({**answer, "web-socket-session-id": "s-1", **more})

    async def refuse(self, request: dict[str, Any], reason: str) -> None:
        """Say no."""
        answer = {"status": "error", "action": request["action"], "request-id": request["request-id"]}
        await self.send({**answer, "web-socket-session-id": "s-1", "message": reason})

    def actions(self) -> list[str]:
        """What was asked for, in order."""
        return [message["action"] for message in self.received]


class StreamerStub:
    """A streamer that acknowledges everything and tells nothing."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.user_agents: list[str] = []
        self.port = 0

    @property
    def address(self) -> URL:
        """Where it listens."""
        return URL(f"ws://127.0.0.1:{self.port}/account-streamer")

    async def upgrade(self, request: web.Request) -> web.StreamResponse | None:
        """Answer the request for a socket in another way; ``None`` lets it pass."""
        return None

    async def on_connect(self, link: Link, request: dict[str, Any]) -> None:
        """Let the client in, without ``value``, as was measured."""
        await link.acknowledge(request)

    async def on_heartbeat(self, link: Link, request: dict[str, Any]) -> None:
        """Say that all is well."""
        await link.acknowledge(request)

    async def on_other(self, link: Link, request: dict[str, Any]) -> None:
        """Say that it is done."""
        await link.acknowledge(request)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk to one client."""
        self.user_agents.append(request.headers["User-Agent"])
        if (other := await self.upgrade(request)) is not None:
            return other
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        link = Link(len(self.links) + 1, socket)
        self.links.append(link)
        handlers = {"connect": self.on_connect, "heartbeat": self.on_heartbeat}
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            message = orjson.loads(frame.data)
            link.received.append(message)
            try:
                await handlers.get(message["action"], self.on_other)(link, message)
            except ConnectionError:
                break
        return socket

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        application = web.Application()
        application.router.add_get("/account-streamer", self.serve)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection and stop."""
        for link in self.links:
            await link.socket.close()
        await self._runner.cleanup()


@attrs.define
class Tokens:
    """Gives numbered tokens; a new one when the last was refused."""

    given: list[str] = attrs.field(factory=lambda: ["canary-1"])
    error: TTError | None = None
    asked: int = 0

    async def token(self, *, instead_of: Secret | None = None) -> Secret:
        """The current token."""
        self.asked += 1
        if self.error is not None:
            raise self.error
        if instead_of is not None and instead_of.reveal() == self.given[-1]:
            self.given.append(f"canary-{len(self.given) + 1}")
        return Secret(self.given[-1])


@attrs.define
class Readings:
    """An account over REST: what it has now, and the errors that come first."""

    cash: str = "1000.10"
    symbols: tuple[str, ...] = ("AAPL",)
    errors: list[TTError] = attrs.field(factory=list)
    read: int = 0

    async def balances(self, account_number: str) -> tuple[Balance, ...]:
        """Its balance."""
        self.read += 1
        if self.errors:
            raise self.errors.pop(0)
        body = {**BALANCE, "account-number": account_number, "cash-balance": self.cash}
        return (decode_balance(Fields(body, path="balance")),)

    async def trading_status(self, account_number: str) -> TradingStatus:
        """What it may do."""
        body = {"account-number": account_number, "id": 1, "is-closed": False}
        return decode_trading_status(Fields(body, path="status"))

    async def live_orders(self, account_number: str) -> tuple[Order, ...]:
        """Nothing."""
        return ()

    async def live_complex_orders(self, account_number: str) -> tuple[ComplexOrder, ...]:
        """Nothing."""
        return ()

    async def positions(self, account_number: str) -> tuple[Position, ...]:
        """Its positions."""
        bodies = [{**POSITION, "account-number": account_number, "symbol": one} for one in self.symbols]
        return tuple(decode_position(Fields(body, path="position")) for body in bodies)


@asynccontextmanager
async def streamer_on(
    stub: StreamerStub,
    *,
    tokens: Tokens | None = None,
    reader: Readings | None = None,
    clock: Clock | None = None,
    policy: StreamerPolicy = AT_ONCE,
) -> AsyncIterator[AccountStreamer]:
    """An account streamer of the stub, and the proof that it left no task behind."""
    failures: list[tuple[str, BaseException]] = []
    async with (
        stub,
        TaskRegistry(on_failure=lambda name, error: failures.append((name, error))) as tasks,
    ):
        streamer = AccountStreamer(
            stub.address,
            tokens=tokens or Tokens(),
            reader=reader or Readings(),
            clock=clock or SystemClock(),
            tasks=tasks,
            user_agent="ttapi-test/1.0",
            policy=policy,
            random=Random(7),
        )
        yield streamer
        assert len(tasks) == 0
        assert failures == []
        await streamer.aclose()


async def until(updates: AccountUpdates, kind: type[AccountUpdate], times: int = 1) -> list[AccountUpdate]:
    """Every update up to the first of a kind, or a later one."""
    taken: list[AccountUpdate] = []
    async for update in updates:
        taken.append(update)
        if sum(isinstance(each, kind) for each in taken) == times:
            break
    return taken
