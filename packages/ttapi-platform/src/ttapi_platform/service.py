# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The service of one run: connected to only when something is due, a sandbox started where it is meant."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import attrs

from ttapi_core.errors import ConfigError, TTError
from ttapi_core.settings import Environment
from ttapi_platform.lake_layout import access_token_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from types import TracebackType

    from ttapi_client import TTClient
    from ttapi_client.sandbox import SandboxProcess
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Settings
    from ttapi_platform.recordings import Recording


@attrs.frozen
class Connection:
    """A client that is ready, and what it is to be asked for."""

    client: TTClient
    history_start: date  # the first day
    now: datetime | None = None  # UTC, at which a recording stands still; None: the time goes on
    chain_days: Mapping[str, date] = attrs.field(factory=dict[str, "date"])  # as in CollectorContext


class Service:
    """Opens one connection for all who ask, at the first asking; an ``async with`` block closes it."""

    def __init__(self, settings: Settings, *, recording: Recording | None, clock: Clock) -> None:
        self._settings = settings
        self._recording = recording
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
        """Close the client, then end the sandbox; both learn whether they are cut short."""
        await self._resources.__aexit__(kind, error, traceback)

    async def _open(self) -> Connection:
        # On a thread, because it takes a fifth of a second, for which the event loop would stand still.
        client_class, sandbox_class = await asyncio.to_thread(_network_stack)
        settings, recording = self._settings, self._recording
        if source_of(settings, recording) is None:
            raise ConfigError(
                ["environment replay needs a folder to replay"], hint="name it with --replay DIR"
            )
        sandbox = None
        if settings.environment.is_local and settings.api_url is None:
            folder = None if recording is None else recording.folder
            sandbox = await self._resources.enter_async_context(sandbox_class(replay=folder))
            settings = replace(settings, api_url=sandbox.url)
        # A sandbox of our own ends with the run, and its tokens with it.
        token_file = access_token_file(settings.lake_dir) if sandbox is None else None
        client = await self._resources.enter_async_context(
            client_class(settings, clock=self._clock, token_file=token_file)
        )
        if sandbox is None or recording is None:
            return Connection(client, settings.history_start(self._clock.now().date()))
        chain_days = await asyncio.to_thread(recording.chain_days)
        # A recording is replayed whole, however many years it has, unless a first day is named.
        first_day = max(sandbox.first_date, settings.since or sandbox.first_date)
        return Connection(client, first_day, sandbox.now, chain_days)


def _network_stack() -> tuple[type[TTClient], type[SandboxProcess]]:
    # Imported here because a run that is answered from the lake has no use for a network stack.
    from ttapi_client import TTClient  # noqa: PLC0415
    from ttapi_client.sandbox import SandboxProcess  # noqa: PLC0415

    return TTClient, SandboxProcess


def source_of(settings: Settings, recording: Recording | None) -> str | None:
    """
    A name for where rows come from, stored with them: rows of another source are never fresh.

    ``None`` for a replay whose folder is not named.
    """
    if recording is not None:
        return recording.source
    if settings.api_url is not None:
        return settings.api_url
    match settings.environment:
        case Environment.REPLAY:
            return None
        case Environment.SANDBOX:
            return "simulated by the sandbox"
        case Environment.CERTIFICATION | Environment.PRODUCTION:
            return settings.environment.value
