# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The tests' own reading of the wire: REST envelopes and DXLink messages as plain JSON."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import attrs
import orjson
from yarl import URL

from ttapi_core.clock import ManualClock, SystemClock

CREDENTIALS = {
    "grant_type": "refresh_token",
    "client_secret": "sandbox-secret",
    "refresh_token": "sandbox-refresh",
}
CANDLE_FIELDS = [
    "eventSymbol",
    "eventFlags",
    "index",
    "time",
    "open",
    "high",
    "low",
    "close",
    "volume",
]
BEGIN, REMOVE, END, SNIP = 4, 2, 8, 16
PATIENCE_SECONDS = 20.0


@attrs.frozen
class Answer:
    """One HTTP answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)

    @property
    def data(self) -> Any:
        """What the envelope holds."""
        assert self.status == 200, self.body
        return self.json["data"]

    @property
    def items(self) -> Any:
        """The list in the envelope."""
        return self.data["items"]

    @property
    def error(self) -> Any:
        """The error in the envelope."""
        return self.json["error"]


class RestClient:
    """Calls with the headers that the service wants."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.headers: dict[str, str] = {}

    async def log_in(self) -> str:
        """Take a new access token for the calls to come."""
        answer = await self.call("POST", "/oauth/token", json=CREDENTIALS)
        token: str = answer.json["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        return token

    async def get(self, path: str, **params: str | list[str]) -> Answer:
        """A GET; underscores in the names of parameters stand for dashes."""
        pairs = [
            (name.replace("_", "-"), value)
            for name, values in params.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        return await self.call("GET", path, params=pairs or None)

    async def call(self, method: str, path: str, **arguments: Any) -> Answer:
        """Any call; a path with a percent sign is taken as it is."""
        headers = self.headers | arguments.pop("headers", {})
        url = URL(path, encoded=True) if "%" in path else URL(path)
        async with self.http.request(method, url, headers=headers, **arguments) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def add_fault(self, route: str, kind: str, **more: object) -> int:
        """Script trouble; its number."""
        answer = await self.call("POST", "/__admin/faults", json={"route": route, "kind": kind, **more})
        assert answer.status == 201, answer.body
        number: int = answer.json["numbers"][0]
        return number

    async def statistics(self) -> Any:
        """What the server has counted."""
        return (await self.call("GET", "/__admin/statistics")).json


@attrs.frozen
class Snapshot:
    """The rows of one candle snapshot as they came, newest first, each by field name."""

    rows: list[dict[str, Any]]
    frames: list[int]  # bytes of each frame

    @property
    def candles(self) -> list[dict[str, Any]]:
        """The rows that are not to be removed."""
        return [row for row in self.rows if not row["eventFlags"] & REMOVE]


class FeedClient:
    """One websocket, spoken to message by message."""

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        self.websocket = websocket
        self.token = token
        self.fields: dict[str, list[str]] = {}

    async def send(self, **message: object) -> None:
        """One message."""
        await self.websocket.send_str(orjson.dumps({"channel": 0, **message}).decode())

    async def receive(self) -> Any:
        """The next message; closing of the socket fails the test."""
        message = await self.receive_raw()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return orjson.loads(message.data)

    async def receive_raw(self) -> aiohttp.WSMessage:
        """The next frame, whatever it is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.websocket.receive()

    async def shake_hands(self) -> None:
        """Up to AUTHORIZED."""
        await self.send(type="SETUP", version="0.1-tests/1.0", keepaliveTimeout=60, acceptKeepaliveTimeout=60)
        assert (await self.receive())["type"] == "SETUP"
        assert (await self.receive())["state"] == "UNAUTHORIZED"
        await self.send(type="AUTH", token=self.token)
        assert (await self.receive())["state"] == "AUTHORIZED"

    async def open_channel(
        self,
        number: int,
        *,
        contract: str = "AUTO",
        fields: dict[str, list[str]] | None = None,
        data_format: str = "COMPACT",
    ) -> None:
        """A feed channel with the fields that are to come."""
        self.fields = fields or {"Candle": CANDLE_FIELDS}
        await self.send(
            type="CHANNEL_REQUEST", channel=number, service="FEED", parameters={"contract": contract}
        )
        assert (await self.receive())["type"] == "CHANNEL_OPENED"
        await self.send(
            type="FEED_SETUP",
            channel=number,
            acceptAggregationPeriod=0.1,
            acceptDataFormat=data_format,
            acceptEventFields=self.fields,
        )
        assert (await self.receive())["type"] == "FEED_CONFIG"

    async def subscribe(
        self, *symbols: str, event_type: str = "Candle", from_time: int | None = 0, channel: int = 1
    ) -> None:
        """Add symbols."""
        extra = {} if from_time is None else {"fromTime": from_time}
        add = [{"type": event_type, "symbol": symbol, **extra} for symbol in symbols]
        await self.send(type="FEED_SUBSCRIPTION", channel=channel, add=add)

    async def unsubscribe(self, *symbols: str, event_type: str = "Candle", channel: int = 1) -> None:
        """Remove symbols."""
        remove = [{"type": event_type, "symbol": symbol} for symbol in symbols]
        await self.send(type="FEED_SUBSCRIPTION", channel=channel, remove=remove)

    async def heard(self) -> None:
        """Wait until the server has read and answered everything up to here, and has nothing else to say."""
        await self.send(type="FEED_SUBSCRIPTION", channel=99)
        refusal = await self.receive()
        assert refusal["error"] == "BAD_ACTION", refusal

    async def events(self, event_type: str = "Candle") -> tuple[list[dict[str, Any]], int]:
        """The rows of the next frame of data, in compact form, and its size in bytes."""
        message = await self.receive_raw()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        decoded = orjson.loads(message.data)
        assert decoded["type"] == "FEED_DATA", decoded
        kind, values = decoded["data"]
        assert kind == event_type
        names = self.fields[event_type]
        assert values, "an empty list would kill a known client"
        assert len(values) % len(names) == 0
        rows = [
            dict(zip(names, values[start : start + len(names)], strict=True))
            for start in range(0, len(values), len(names))
        ]
        return rows, len(message.data.encode())

    async def snapshot(self, event_type: str = "Candle") -> Snapshot:
        """All rows up to the one that ends the snapshot."""
        rows: list[dict[str, Any]] = []
        frames: list[int] = []
        while not rows or not rows[-1]["eventFlags"] & (END | SNIP):
            more, size = await self.events(event_type)
            rows += more
            frames.append(size)
        return Snapshot(rows, frames)

    async def close(self) -> None:
        """Go away."""
        await self.websocket.close()


async def connect_feed(rest: RestClient) -> FeedClient:
    """A websocket on which nothing has been said yet."""
    token = (await rest.get("/api-quote-tokens")).data
    websocket = await rest.http.ws_connect(token["dxlink-url"], max_msg_size=1 << 20)
    return FeedClient(websocket, token["token"])


async def until_asleep(clock: ManualClock, sleepers: int) -> None:
    """Wait until so many tasks sleep on a clock that only the test moves."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while clock.sleepers < sleepers:
            await SystemClock().sleep(0)
