# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The service of one run: connected to only when something is due, a sandbox started where it is meant."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import attrs

from ttapi_core.errors import ConfigError, TTError
from ttapi_core.settings import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from ttapi_client import TTClient
    from ttapi_client.sandbox import SandboxProcess
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Settings


@attrs.frozen
class Connection:
    """A client that is ready, and the first day of history to ask it for."""

    client: TTClient
    history_start: date


class Service:
    """Opens one connection for all who ask, at the first asking; an ``async with`` block closes it."""

    def __init__(self, settings: Settings, *, replay: Path | None, clock: Clock) -> None:
        self._settings = settings
        self._replay = replay
        self._clock = clock
        self._resources = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._connection: Connection | None = None
        self._failure: TTError | None = None

    @property
    def requests(self) -> Mapping[str, int]:
        """Requests sent so far by endpoint family; empty when nothing was due."""
        return {} if self._connection is None else self._connection.client.statistics.requests

    async def connect(self) -> Connection:
        """
        The connection; the first caller opens it and the others wait for that, or for its failure.

        Raises
        ------
        TTError
            When the sandbox does not start or the settings do not allow a client.
        """
        # Held while the sandbox starts: this is the single flight.
        async with self._opening:
            if self._failure is not None:
                raise self._failure
            if self._connection is None:
                try:
                    self._connection = await self._open()
                except TTError as error:
                    self._failure = error
                    raise
            return self._connection

    async def __aenter__(self) -> Self:
        """Nothing is opened yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the client, then end the sandbox."""
        await self._resources.aclose()

    async def _open(self) -> Connection:
        # On a thread, because it takes a fifth of a second, for which the event loop would stand still.
        client_class, sandbox_class = await asyncio.to_thread(_network_stack)
        settings, first_date = self._settings, None
        if source_of(settings, self._replay) is None:
            raise ConfigError(
                ["environment replay needs a folder to replay"], hint="name it with --replay DIR"
            )
        if settings.environment.is_local and settings.api_url is None:
            sandbox = await self._resources.enter_async_context(sandbox_class(replay=self._replay))
            settings = replace(settings, api_url=sandbox.url)
            first_date = sandbox.first_date if self._replay is not None else None
        client = await self._resources.enter_async_context(client_class(settings, clock=self._clock))
        return Connection(client, first_date or self._years_ago(settings.history_years))

    def _years_ago(self, years: int) -> date:
        today = self._clock.now().date()
        day = 28 if (today.month, today.day) == (2, 29) else today.day
        return today.replace(year=today.year - years, day=day)


def _network_stack() -> tuple[type[TTClient], type[SandboxProcess]]:
    # Imported here because a run that is answered from the lake has no use for a network stack.
    from ttapi_client import TTClient  # noqa: PLC0415
    from ttapi_client.sandbox import SandboxProcess  # noqa: PLC0415

    return TTClient, SandboxProcess


def source_of(settings: Settings, replay: Path | None) -> str | None:
    """
    A name for where rows come from, stored with them: rows of another source are never fresh.

    A replayed folder counts as another source once one of its files has another size or time. ``None`` for a
    replay whose folder is not named.
    """
    if replay is not None:
        files = sorted(
            (path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in replay.glob("*.csv")
        )
        digest = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
        return f"replay of {replay.resolve()} ({digest})"
    if settings.api_url is not None:
        return settings.api_url
    match settings.environment:
        case Environment.REPLAY:
            return None
        case Environment.SANDBOX:
            return "simulated by the sandbox"
        case Environment.CERTIFICATION | Environment.PRODUCTION:
            return settings.environment.value
