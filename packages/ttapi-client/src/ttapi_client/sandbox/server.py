# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox's server: routes, feed and account streamer on one loopback port, while a block runs."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from aiohttp import web
from loguru import logger

from ttapi_client.sandbox.account_streamer import STREAMER_PATHS, AccountStreamerService
from ttapi_client.sandbox.dxlink import FeedService
from ttapi_client.sandbox.rest import FEED_PATH, gate, mark_answer, rest_routes
from ttapi_client.sandbox.sandbox_state import SandboxState
from ttapi_core.clock import SystemClock
from ttapi_core.errors import ConfigError

if TYPE_CHECKING:
    from types import TracebackType

    from ttapi_client.sandbox.faults import FaultScript
    from ttapi_client.sandbox.statistics import SandboxStatistics
    from ttapi_client.sandbox.world import World
    from ttapi_core.clock import Clock

_SHUTDOWN_SECONDS = 0.5
_BACKLOG = 512


class SandboxServer:
    """
    Serves a world over real sockets on this machine; an async context manager.

    Parameters
    ----------
    world
        What is served; its market has a clock of its own.
    port
        0 for any free one.
    host
        A loopback address: the sandbox has published credentials and is nothing for a network.
    clock
        Of tokens, timeouts and scripted delays.
    allow_network
        Let the host be any address of this machine, for a network that is closed to others.

    Raises
    ------
    ConfigError
        For a host that is not allowed, or when the port is in use.

    Examples
    --------
    >>> import asyncio
    >>> from ttapi_client.sandbox.world import World
    >>> async def main() -> str:
    ...     async with SandboxServer(World.seeded()) as server:
    ...         return server.url.rpartition(":")[0]
    >>> asyncio.run(main())
    'http://127.0.0.1'
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        clock: Clock | None = None,
        allow_network: bool = False,
    ) -> None:
        self._state = SandboxState.fresh(world, clock or SystemClock())
        self._host = _address(host, allow_network=allow_network)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8123``."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def statistics(self) -> SandboxStatistics:
        """What has been counted."""
        return self._state.statistics

    @property
    def faults(self) -> FaultScript:
        """The scripted trouble in force."""
        return self._state.faults

    async def __aenter__(self) -> Self:
        """Start listening."""
        listener = self._listen()
        feed, streamer = FeedService(self._state), AccountStreamerService(self._state)
        app = web.Application(middlewares=[gate(self._state)])
        app.add_routes([*rest_routes(self._state), web.get(FEED_PATH, feed.connect)])
        app.add_routes([web.get(path, streamer.connect) for path in STREAMER_PATHS])
        app.on_response_prepare.append(mark_answer)

        async def say_goodbye(_app: web.Application) -> None:
            # A client that does not read what it is sent cannot be told goodbye either.
            with suppress(TimeoutError):
                async with asyncio.timeout(_SHUTDOWN_SECONDS):
                    await asyncio.gather(feed.aclose(), streamer.aclose())

        app.on_shutdown.append(say_goodbye)
        # Nobody else ends the answer to a client that has hung up: it would outlive the server.
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, handler_cancellation=True
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener, backlog=_BACKLOG).start()
        self._port = listener.getsockname()[1]
        logger.bind(url=self.url, environment=self._state.world.environment).info("sandbox started")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every socket, those with something still to be sent included."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            connections = [] if runner.server is None else runner.server.connections
            transports = [connection.transport for connection in connections]
            await runner.cleanup()
            for transport in transports:
                if transport is not None:
                    transport.abort()

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            # A port that an earlier run has just left is free; on Windows the option means something else.
            if hasattr(socket, "SO_REUSEPORT"):
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
        except (OSError, OverflowError) as error:
            listener.close()
            raise _port_error(self._host, self._port, error) from error
        return listener


def _address(host: str, *, allow_network: bool) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ConfigError(
            [f"the sandbox does not listen on {host!r}"], hint="name an address in digits, such as 127.0.0.1"
        ) from None
    if not (allow_network or address.is_loopback):
        raise ConfigError(
            [f"the sandbox does not listen on {host!r}"],
            hint="its credentials are published: use 127.0.0.1, or allow the network (--allow-network)",
        )
    return host


def _port_error(host: str, port: int, error: OSError | OverflowError) -> ConfigError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ConfigError(
            [f"port {port} on {host} is in use"], hint="choose another port, or 0 for any free one"
        )
    return ConfigError(
        [f"cannot listen on port {port} of {host}: {error}"], hint="choose a port from 1024 to 65535"
    )
