# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R27, the sockets: a feed and a streamer repeat what they are told, and nothing of it comes out."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Final

import attrs
import orjson
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from test_ttapi_client.promises.all_output import Output, all_output, talkative_loop
from test_ttapi_client.promises.telltale_service import ACCOUNT, PERSON, SECRET
from test_ttapi_client.streamer_stub import Readings, Tokens
from ttapi_client.account_streamer import AccountStreamer, StreamerPolicy
from ttapi_client.dxlink.feed import CandleFeed
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.quote_token import QuoteToken
from ttapi_core.clock import SystemClock
from ttapi_core.errors import TTError
from ttapi_core.outcome import Err
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from yarl import URL

TOKEN: Final = f"token.{SECRET}"
_KEYS: Final = ("type", "channel", "message", "error", "state", "data", "status", "action", "request-id")
ANSWERS: Final[Mapping[str, Callable[[str], str | bytes]]] = {
    "no JSON": lambda told: f'{{"{told}',
    "a text": lambda told: f'"{told}"',
    "a list": lambda told: f'["{told}"]',
    "bytes": lambda told: told.encode(),
    "bytes that are no text": lambda told: b"\xff" + told.encode(),
    "a type": lambda told: _message({"type": told, "action": told, "status": told}),
    "everything": lambda told: _message(dict.fromkeys(_KEYS, told)),
    "an error": lambda told: _message({"type": "ERROR", "channel": 0, "error": told, "message": told}),
    "an error about the token": lambda told: _message(
        {"type": "ERROR", "channel": 0, "error": "UNAUTHORIZED", "message": told}
    ),
    "a state": lambda told: _message({"type": "AUTH_STATE", "channel": 0, "state": told, "userId": told}),
    "a refusal": lambda told: _message(
        {"type": "AUTH_STATE", "channel": 0, "state": "UNAUTHORIZED", "userId": told}
    ),
    "a channel": lambda told: _message({"type": "CHANNEL_OPENED", "channel": told, "service": told}),
    "data": lambda told: _message({"type": "FEED_DATA", "channel": 1, "data": [told, [told]]}),
    "fields": lambda told: _message(
        {"type": "FEED_CONFIG", "channel": 1, "eventFields": {"Candle": told, told: [told]}}
    ),
    "no": lambda told: _message({"status": "error", "action": "connect", "message": told, "value": told}),
    "no to the token": lambda told: _message(
        {"status": "error", "action": "connect", "message": f"token {told} is invalid"}
    ),
    "yes to nothing": lambda told: _message({"status": "ok", "action": told, "request-id": told}),
    "news": lambda told: _message({"type": "AccountBalance", "data": {"cash-balance": told}, "timestamp": 1}),
    "other news": lambda told: _message({"type": told, "data": {told: told}, "timestamp": told}),
    "goodbye": lambda told: told,  # the reason of a close
}
UPGRADES: Final = (302, 307, 400, 401, 403, 404, 429, 500, 502)


def _message(values: Mapping[str, object]) -> str:
    return orjson.dumps(values).decode()


@attrs.define
class TelltaleSocket:
    """After what a feed says first, it answers all that it is told with the same."""

    answer: str = ""
    upgrade: int = 101

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection."""
        if self.upgrade != 101:
            told = " ".join(f"{PERSON} {TOKEN} {ACCOUNT} {each}" for each in request.headers.values())
            headers = {"Location": f"http://127.0.0.1:1/?{TOKEN}", "Set-Cookie": f"a={TOKEN}", "X-Told": told}
            return web.Response(status=self.upgrade, text=told, headers=headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for message in ({"type": "SETUP"}, {"type": "AUTH_STATE", "state": "UNAUTHORIZED", "userId": TOKEN}):
            await socket.send_json({**message, "channel": 0, "version": f"1.0-{TOKEN}"})
        async for frame in socket:
            told = f"{PERSON} {TOKEN} {ACCOUNT}" if frame.type != WSMsgType.TEXT else str(frame.data)
            if SECRET not in told:
                continue
            told = " ".join(told.replace('"', "").split())
            if self.answer == "goodbye":
                await socket.close(code=1008, message=f"{TOKEN} {ACCOUNT} {told}".encode()[:120])
                break
            answer = ANSWERS[self.answer](f"{TOKEN} {ACCOUNT} {told}")
            await (socket.send_bytes(answer) if isinstance(answer, bytes) else socket.send_str(answer))
            await socket.close(code=1011)
        return socket


class QuoteTokens:
    """Gives a canary as the key to the feed."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def issue(self) -> QuoteToken:
        """The same one each time."""
        return QuoteToken(token=Secret(TOKEN), dxlink_url=self._url, expires_at=None)


@pytest.fixture
def output() -> Iterator[Output]:
    """All logging is on."""
    with all_output() as everything:
        yield everything


@asynccontextmanager
async def served(socket: TelltaleSocket) -> AsyncIterator[URL]:
    """Where it listens."""
    app = web.Application()
    app.router.add_get("/{rest:.*}", socket.serve)
    async with TestServer(app, host="127.0.0.1") as server:
        with talkative_loop():
            yield server.make_url("/socket").with_scheme("ws")


def scripts() -> list[TelltaleSocket]:
    """Every answer, and every refusal of the upgrade."""
    return [*map(TelltaleSocket, ANSWERS), *(TelltaleSocket(upgrade=status) for status in UPGRADES)]


async def run_feed(output: Output) -> None:
    """A history for each script; all of them fail."""
    policy = FeedPolicy(connection_tries=1, shortest_pause_seconds=0.0, longest_pause_seconds=0.0)
    for script in scripts():
        async with served(script) as url, TaskRegistry() as tasks:
            feed = CandleFeed(
                QuoteTokens(str(url)),
                clock=SystemClock(),
                tasks=tasks,
                user_agent="ttapi-test/1.0",
                policy=policy,
                random=Random(27),
            )
            output.calls += 1
            try:
                async for _, outcome in feed.history(["AAPL"], since=date(2026, 6, 1)):
                    if isinstance(outcome, Err):
                        output.error(outcome.error)
            except TTError as error:
                output.error(error)
            output.plain.write(repr(feed) + repr(feed.statistics))
            await feed.aclose()
    assert output.errors == output.calls


async def run_streamer(output: Output) -> None:
    """A subscription for each script; all of them fail."""
    policy = StreamerPolicy(
        connection_tries=1, reconnection_tries=1, shortest_pause_seconds=0.0, longest_pause_seconds=0.0
    )
    for script in scripts():
        async with served(script) as url, TaskRegistry() as tasks:
            streamer = AccountStreamer(
                url,
                tokens=Tokens([TOKEN]),
                reader=Readings(),
                clock=SystemClock(),
                tasks=tasks,
                user_agent="ttapi-test/1.0",
                policy=policy,
                random=Random(27),
            )
            output.calls += 1
            try:
                async with streamer.subscribe([ACCOUNT]) as updates:
                    async for update in updates:
                        output.plain.write(repr(update))
            except TTError as error:
                output.error(error)
            await streamer.aclose()
    assert output.errors == output.calls


@pytest.mark.promise("R27")
async def test_no_quote_token_comes_out_of_the_feed(
    output: Output, record_property: Callable[[str, object], None]
) -> None:
    """Whatever the feed answers to it."""
    await run_feed(output)
    hits = output.hits(SECRET, variables=False)
    assert hits == []
    record_property("promise", f"R27: feed: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_quote_token_is_in_the_variables_of_a_traceback(
    output: Output, record_property: Callable[[str, object], None]
) -> None:
    """Loggers may write them down."""
    await run_feed(output)
    hits = output.hits(SECRET)
    assert hits == []
    record_property("promise", f"R27: feed, with variables: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_access_token_comes_out_of_the_account_streamer(
    output: Output, record_property: Callable[[str, object], None]
) -> None:
    """Nor an account number."""
    await run_streamer(output)
    hits = [*output.hits(SECRET, variables=False), *output.hits(ACCOUNT, variables=False)]
    assert hits == []
    record_property("promise", f"R27: account streamer: {output.summary()}: {len(hits)} hits")


@pytest.mark.promise("R27")
async def test_no_access_token_of_the_streamer_is_in_the_variables_of_a_traceback(
    output: Output, record_property: Callable[[str, object], None]
) -> None:
    """Loggers may write them down."""
    await run_streamer(output)
    hits = output.hits(SECRET)
    assert hits == []
    record_property("promise", f"R27: account streamer, with variables: {output.summary()}: {len(hits)} hits")
