# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A sandbox in a thread: for tests with or without an event loop, with any client in any style."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, Self, TypeVar

import attrs

from ttapi_client.sandbox.announcement import announcement
from ttapi_client.sandbox.fault_description import parse_fault
from ttapi_client.sandbox.market_instant import parse_start
from ttapi_client.sandbox.served_world import served_world
from ttapi_client.sandbox.server import SandboxServer
from ttapi_client.sandbox.tokens import CLIENT_SECRET, REFRESH_TOKEN
from ttapi_core.errors import ConfigError, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from types import TracebackType

    from ttapi_client.sandbox.world import World

T = TypeVar("T")

# A Friday evening in New York after the candle of that day is final; before Thanksgiving, so that a holiday,
# a half day and a monthly expiration lie close by.
DEFAULT_INSTANT: Final = "2026-11-20T18:00"
_PATIENCE_SECONDS: Final = 30.0


@attrs.frozen
class _Running:
    """What the thread shows of itself while it serves."""

    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event
    world: World
    server: SandboxServer


class SandboxThread:
    """
    A sandbox with a thread and an event loop of its own; a context manager, safe to use from any thread.

    Its market stands still unless it is given a speed, so that a test sees the same in every run. Nothing is
    left when the block ends: no thread, no socket, no task.

    Parameters
    ----------
    seed
        Which simulated market.
    at
        Where the simulated market begins: ``2026-11-20T10:30`` in New York, or with an offset; a date alone
        is its evening. Without it, Friday, 20 November 2026, 18:00 in New York.
    speed
        Seconds of the market in a second.
    replay
        A collected lake, or a folder of recorded daily candles, to serve instead.
    port
        0 for any free one.

    Raises
    ------
    ConfigError
        On entering, for a market, a recording or a port that cannot be had.
    TransportError
        When it does not start or end in time.

    Examples
    --------
    >>> from urllib.request import urlopen
    >>> with SandboxThread() as sandbox:
    ...     sandbox.step(3600)
    ...     with urlopen(f"{sandbox.url}/__admin/clock") as answer:
    ...         answer.read()[:30]
    b'{"now":"2026-11-21T00:00:00.00'
    """

    def __init__(
        self,
        *,
        seed: int | None = None,
        at: str | None = None,
        speed: float = 0.0,
        replay: str | Path | None = None,
        port: int = 0,
    ) -> None:
        self._seed = seed
        self._at = DEFAULT_INSTANT if at is None and replay is None else at
        self._speed = speed
        self._replay = replay
        self._port = port
        self._running: _Running | None = None
        self._thread: Thread | None = None
        self._ended: Future[None] = Future()

    @property
    def url(self) -> str:
        """Where REST requests go, such as ``http://127.0.0.1:8123``."""
        return self._served.server.url

    @property
    def dxlink_url(self) -> str:
        """Where the feed listens; a client learns it with its quote token."""
        return self._announced("dxlink_url")

    @property
    def account_streamer_url(self) -> str:
        """Where the account streamer listens."""
        return self._announced("account_streamer_url")

    @property
    def environment(self) -> str:
        """``sandbox`` or ``replay``."""
        return self._served.world.environment

    @property
    def client_secret(self) -> str:
        """What a client logs in with."""
        return CLIENT_SECRET

    @property
    def refresh_token(self) -> str:
        """The other half of what a client logs in with."""
        return REFRESH_TOKEN

    @property
    def now(self) -> datetime:
        """The market's instant, UTC."""
        return self._call(lambda running: running.world.market.now())

    def add_fault(self, route: str, kind: str, **conditions: object) -> int:
        """
        Put trouble in force; its number.

        Raises
        ------
        ValueError
            For a route, kind or condition that cannot be.
        """
        fault = parse_fault({**conditions, "route": route, "kind": kind})
        return self._call(lambda running: running.server.faults.add(fault))

    def clear_faults(self) -> None:
        """Take all trouble out of force."""
        self._call(lambda running: running.server.faults.clear())

    def statistics(self) -> Mapping[str, object]:
        """What the sandbox has counted up to now, as ``GET /__admin/statistics`` tells it."""
        return self._call(
            lambda running: {
                **running.server.statistics.as_json(),
                "faults_applied": running.server.faults.applied,
            }
        )

    def step(self, seconds: float) -> None:
        """Move the market so many seconds ahead; ``ValueError`` for fewer than zero."""
        self._call(lambda running: running.world.market.clock.step(seconds))

    def set_speed(self, speed: float) -> None:
        """Let the market go on at so many seconds in a second; ``ValueError`` for fewer than zero."""
        self._call(lambda running: running.world.market.clock.set_speed(speed))

    def __enter__(self) -> Self:
        """Start, and wait until it listens."""
        if self._running is not None:
            raise RuntimeError("the sandbox is running already")
        ready: Future[_Running] = Future()
        ended: Future[None] = Future()
        thread = Thread(target=self._run, args=(ready, ended), name="ttapi sandbox", daemon=True)
        thread.start()
        try:
            self._running = _result(ready, "was not ready")
        except BaseException:
            if ready.done():
                thread.join()
            raise
        self._thread, self._ended = thread, ended
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every socket and end the thread."""
        running, thread = self._running, self._thread
        self._running = self._thread = None
        if running is not None and thread is not None:
            running.loop.call_soon_threadsafe(running.stop.set)
            _result(self._ended, "did not end")
            thread.join()

    @property
    def _served(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the sandbox is not running: use it within its with block")
        return self._running

    def _announced(self, fact: str) -> str:
        return self._call(lambda running: announcement(running.world, running.server.url)[fact])

    def _call(self, action: Callable[[_Running], T]) -> T:
        """What an action gives, done in the thread that the sandbox lives in."""
        running = self._served
        answer: Future[T] = Future()

        def act() -> None:
            try:
                answer.set_result(action(running))
            except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
                answer.set_exception(error)

        running.loop.call_soon_threadsafe(act)
        return _result(answer, "did not answer")

    def _run(self, ready: Future[_Running], ended: Future[None]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except BaseException as error:  # noqa: BLE001 - as above
            (ended if ready.done() else ready).set_exception(error)
        else:
            ended.set_result(None)

    async def _serve(self, ready: Future[_Running]) -> None:
        world = served_world(
            seed=self._seed,
            replay=None if self._replay is None else Path(self._replay),
            at=None if self._at is None else _start(self._at),
            speed=self._speed,
        )
        stop = asyncio.Event()
        async with SandboxServer(world, port=self._port) as server:
            ready.set_result(_Running(asyncio.get_running_loop(), stop, world, server))
            await stop.wait()


def _start(text: str) -> datetime:
    try:
        return parse_start(text)
    except ValueError as error:
        raise ConfigError([str(error)]) from None


def _result(future: Future[T], trouble: str) -> T:
    if not wait([future], _PATIENCE_SECONDS).done:
        raise TransportError(f"the sandbox {trouble} within {_PATIENCE_SECONDS:g} seconds", sent=False)
    return future.result()
