# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox in a process of its own, which never outlives the one that started it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from contextlib import suppress
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Final, Self, cast

import aiohttp
import attrs
import orjson

from ttapi_core.errors import ConfigError, TransportError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

_START_SECONDS: Final = 30.0
_READING_SECONDS: Final = 300.0  # more, for a recording of tens of millions of rows
_END_SECONDS: Final = 3.0
_HINT: Final = "run python -m ttapi_client.sandbox to see it fail by itself"


@attrs.frozen(kw_only=True)
class SandboxCounts:
    """What the sandbox has counted (see ``SandboxStatistics``)."""

    requests: Mapping[str, int]  # by "METHOD route template"
    max_concurrent_requests: int
    websocket_connections: int
    candle_snapshots: int
    candle_rows: int
    feed_frames: int
    largest_frame_bytes: int
    faults_applied: int

    @property
    def requests_total(self) -> int:
        """All requests but those to the administration."""
        return sum(self.requests.values())


class SandboxProcess:
    """
    A sandbox as a child process; an async context manager.

    It ends with the block, and also when this process is killed: the child watches a pipe that
    only this process holds open.

    Parameters
    ----------
    port
        0 for any free one.
    seed
        Which simulated market.
    replay
        A collected lake, or a folder of recorded daily candles, to serve instead.
    at
        Where the simulated market begins: ``2026-11-20T10:30`` in New York, or with an offset; a date alone
        is its evening, 18:00. Without it, the present.
    speed
        Seconds of the market in a second; 0 lets it stand still. Without it, 1, or 0 for a recording.

    Raises
    ------
    ConfigError
        When the sandbox says why it cannot start: a port in use, an unusable recording or instant.
    TransportError
        When it says nothing.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        seed: int | None = None,
        replay: Path | None = None,
        at: str | None = None,
        speed: float | None = None,
    ) -> None:
        options = {"port": port, "seed": seed, "replay": replay, "at": at, "speed": speed}
        given = [f"--{name}={value}" for name, value in options.items() if value is not None]
        self._arguments = ["--until-eof", *given]
        self._start_seconds = _START_SECONDS + (0.0 if replay is None else _READING_SECONDS)
        self._child: asyncio.subprocess.Process | None = None
        # A file, because a pipe that nobody reads would bring the child to a halt once it is full.
        self._complaints: IO[bytes] | None = None
        self._ready: Mapping[str, str] = {}

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8123``."""
        return self._ready["url"]

    @property
    def dxlink_url(self) -> str:
        """Where its feed listens; a client learns it with its quote token."""
        return self._ready["dxlink_url"]

    @property
    def account_streamer_url(self) -> str:
        """Where its account streamer listens."""
        return self._ready["account_streamer_url"]

    @property
    def environment(self) -> str:
        """``sandbox`` or ``replay``."""
        return self._ready["environment"]

    @property
    def now(self) -> datetime:
        """The market's instant when it started, UTC."""
        return datetime.fromisoformat(self._ready["now"])

    @property
    def first_date(self) -> date:
        """The first day with candles."""
        return date.fromisoformat(self._ready["first_date"])

    @property
    def last_date(self) -> date:
        """The last day with candles when it started."""
        return date.fromisoformat(self._ready["last_date"])

    async def statistics(self) -> SandboxCounts:
        """What the sandbox has counted up to now."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/__admin/statistics") as answer,
        ):
            counts = await answer.json()
        names = (field.name for field in attrs.fields(SandboxCounts))
        return SandboxCounts(**{name: counts[name] for name in names})

    async def __aenter__(self) -> Self:
        """Start the sandbox and wait until it is ready."""
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _end
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "ttapi_client.sandbox", *self._arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._complaints,
            # The child has to find the very packages that run here, however they were made importable.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C at a terminal goes to the whole group: this process decides when the sandbox ends.
            start_new_session=True,
        )
        try:
            self._ready = await self._read_ready_line(self._child)
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the sandbox; by force if it does not listen, or when an error leaves nobody to wait for it."""
        if kind is not None and self._child is not None:
            with suppress(ProcessLookupError):
                self._child.kill()
        await self._end()

    async def _read_ready_line(self, child: asyncio.subprocess.Process) -> Mapping[str, str]:
        stdout = cast("asyncio.StreamReader", child.stdout)
        try:
            async with asyncio.timeout(self._start_seconds):
                line = await stdout.readline()
                if line:
                    return cast("dict[str, str]", orjson.loads(line))
                await child.wait()
        except TimeoutError as error:
            message = f"the sandbox was not ready within {self._start_seconds:g} seconds"
            raise TransportError(message, sent=False, hint=_HINT) from error
        last = self._last_complaint()
        # Its own complaint about what it was asked for, or that of the parser of its arguments.
        if found := re.fullmatch(r"(?:python -m [\w.]+: )?error: (.+)", last):
            raise ConfigError([found[1]])
        message = f"the sandbox ended before it was ready: {last or 'it said nothing'}"
        raise TransportError(message, sent=False, hint=_HINT)

    def _last_complaint(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    async def _end(self) -> None:
        child = self._child
        if child is None:
            return
        self._child = None
        if child.stdin is not None:
            child.stdin.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                # Reading to the end also keeps the child from waiting for someone to read what it says.
                await child.communicate()
        except TimeoutError:
            child.kill()
            await child.wait()
        if self._complaints is not None:
            self._complaints.close()
