# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A DXLink server for tests: it behaves, and each test overrides the one thing in which it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import attrs
import orjson
from aiohttp import WSMsgType, web

from ttapi_client.dxlink.quote_token import QuoteToken
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

DAY_MS: Final = 86_400_000
NEWEST_MS: Final = 1_781_481_600_000  # 2026-06-15
BEGIN, END, REMOVE, PENDING, SNIP = 4, 8, 2, 1, 16
FIELDS: Final = (
    "eventSymbol",
    "eventFlags",
    "index",
    "time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "vwap",
    "impVolatility",
)
Row = dict[str, Any]


def candle(symbol: str, day: int, *, flags: int = 0, close: float = 10.0, time: int | None = None) -> Row:
    """The event of the day that lies so many days before the newest."""
    at = NEWEST_MS - day * DAY_MS if time is None else time
    numbers = {"open": close - 1, "high": close + 1, "low": close - 2, "close": close, "volume": 100 + day}
    head = {"eventSymbol": symbol, "eventFlags": flags, "index": at // 1000 << 32, "time": at}
    return {**head, **numbers, "vwap": close - 0.5, "impVolatility": "NaN"}


def placeholder(symbol: str, day: int, *, flags: int = REMOVE | END) -> Row:
    """The closing row that stands for nothing."""
    numbers = dict.fromkeys(("open", "high", "low", "close", "volume", "vwap", "impVolatility"), "NaN")
    return {**candle(symbol, day, flags=flags), **numbers}


def snapshot(symbol: str, days: int, *, ending: int = END) -> list[Row]:
    """An ordinary snapshot: newest first, BEGIN on the first row, the ending on the last."""
    rows = [candle(symbol, day, close=100.0 + day) for day in range(days)]
    rows[0]["eventFlags"] |= BEGIN
    rows[-1]["eventFlags"] |= ending
    return rows


def empty_snapshot(symbol: str) -> list[Row]:
    """What the service says when it has nothing."""
    return [placeholder(symbol, 0, flags=BEGIN | REMOVE | END)]


def compact(rows: Iterable[Row], fields: Sequence[str] = FIELDS) -> list[Any]:
    """The payload of a FEED_DATA message in compact form."""
    return ["Candle", [row.get(name, "NaN") for row in rows for name in fields]]


def full(rows: Iterable[Row]) -> list[Any]:
    """The payload in full form; what is NaN is left out."""
    return [
        {"eventType": "Candle", **{name: value for name, value in row.items() if value != "NaN"}}
        for row in rows
    ]


@attrs.define(eq=False)
class Link:
    """One connection, seen from the server."""

    number: int  # 1 for the first connection
    socket: web.WebSocketResponse
    received: list[dict[str, Any]] = attrs.field(factory=list)
    contracts: dict[int, str] = attrs.field(factory=dict)  # by channel

    async def send(self, kind: str, channel: int = 0, **content: object) -> None:
        """Send one message."""
        message = {"type": kind, "channel": channel, **content}
        await self.socket.send_str(orjson.dumps(message).decode())

    async def feed(self, channel: int, rows: Iterable[Row]) -> None:
        """Send candles in compact form."""
        await self.send("FEED_DATA", channel, data=compact(rows))

    async def drop(self, code: int = 1012) -> None:
        """Close the connection as a restarting service does."""
        await self.socket.close(code=code)

    def kinds(self) -> list[str]:
        """The types of the messages received, in order."""
        return [message["type"] for message in self.received]

    def changes(self, key: str) -> list[list[str]]:
        """The symbols of each FEED_SUBSCRIPTION that has this key."""
        messages = [message for message in self.received if key in message]
        return [[subscription["symbol"] for subscription in message[key]] for message in messages]


class DxLinkStub:
    """A server with so many daily candles a symbol; a symbol that it does not know is empty."""

    def __init__(self, days_of: dict[str, int]) -> None:
        self.days_of = {f"{symbol}{{=d,tho=true}}": days for symbol, days in days_of.items()}
        self.links: list[Link] = []
        self.tokens: list[str] = []
        self.user_agents: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        """The address that belongs into the quote token."""
        return f"ws://127.0.0.1:{self.port}/dxlink"

    async def issue(self) -> QuoteToken:
        """Give a quote token for this very server: the stub is its own source of tokens."""
        self.tokens.append(f"dx-token-{len(self.tokens) + 1}")
        return QuoteToken(token=Secret(self.tokens[-1]), dxlink_url=self.url, expires_at=None)

    async def on_setup(self, link: Link) -> None:
        """Greet, and ask who is there."""
        await link.send("SETUP", version="1.0-stub", keepaliveTimeout=60, acceptKeepaliveTimeout=60)
        await link.send("AUTH_STATE", state="UNAUTHORIZED")

    async def on_auth(self, link: Link, token: str) -> None:
        """Let in whoever holds the newest token."""
        if token == self.tokens[-1]:
            await link.send("AUTH_STATE", state="AUTHORIZED", userId="u-1")
        else:
            await link.send("ERROR", error="UNAUTHORIZED", message="unknown token")
            await link.drop(1008)

    async def on_channel(self, link: Link, channel: int) -> None:
        """Open the channel."""
        parameters = {"contract": link.contracts[channel], "subFormat": "LIST"}
        await link.send("CHANNEL_OPENED", channel, service="FEED", parameters=parameters)

    async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
        """Agree to what was asked."""
        await link.send(
            "FEED_CONFIG", channel, aggregationPeriod=0.1, dataFormat="COMPACT", eventFields=fields
        )

    async def on_add(self, link: Link, channel: int, symbol: str) -> None:
        """Send the symbol's snapshot."""
        days = self.days_of.get(symbol, 0)
        await link.feed(channel, snapshot(symbol, days) if days else empty_snapshot(symbol))

    async def on_remove(self, link: Link, channel: int, symbol: str) -> None:
        """Do nothing more for this symbol."""

    async def on_other(self, link: Link, message: dict[str, Any]) -> None:
        """Do nothing about a message of no consequence."""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one client."""
        self.user_agents.append(request.headers["User-Agent"])
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        link = Link(len(self.links) + 1, socket)
        self.links.append(link)
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            message = orjson.loads(frame.data)
            link.received.append(message)
            try:
                await self._answer(link, message)
            except ConnectionError:
                break
        return socket

    async def _answer(self, link: Link, message: dict[str, Any]) -> None:
        channel = message["channel"]
        match message["type"]:
            case "SETUP":
                await self.on_setup(link)
            case "AUTH":
                await self.on_auth(link, message["token"])
            case "CHANNEL_REQUEST":
                link.contracts[channel] = message["parameters"]["contract"]
                await self.on_channel(link, channel)
            case "FEED_SETUP":
                await self.on_feed_setup(link, channel, message["acceptEventFields"])
            case "FEED_SUBSCRIPTION":
                for subscription in message.get("remove", ()):
                    await self.on_remove(link, channel, subscription["symbol"])
                for subscription in message.get("add", ()):
                    await self.on_add(link, channel, subscription["symbol"])
            case _:
                await self.on_other(link, message)

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        application = web.Application()
        application.router.add_get("/dxlink", self.serve)
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


def times(days: int) -> list[int]:
    """The times of an ordinary snapshot's candles, oldest first."""
    return [NEWEST_MS - day * DAY_MS for day in reversed(range(days))]
