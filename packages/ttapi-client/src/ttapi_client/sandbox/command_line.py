# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox as a program: arguments in, one line of JSON when it is ready, a clean end on signals."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from loguru import logger

from ttapi_client.sandbox.announcement import announcement, network_warning
from ttapi_client.sandbox.market_instant import parse_start
from ttapi_client.sandbox.served_world import served_world
from ttapi_client.sandbox.server import SandboxServer
from ttapi_client.sandbox.world import DEFAULT_SEED
from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PROGRAM: Final = "python -m ttapi_client.sandbox"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sandbox until a signal ends it; 0 when it ended well, 1 when it could not start."""
    options = _parser().parse_args(arguments)
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    logger.enable("ttapi_client")
    try:
        asyncio.run(_serve(options))
    except TTError as error:
        hint = f" ({error.hint})" if error.hint else ""
        sys.stderr.write(f"error: {error.message}{hint}\n")
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows: there the interpreter itself ends the run
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    world = served_world(seed=options.seed, replay=options.replay, at=options.at, speed=options.speed)
    server = SandboxServer(world, port=options.port, host=options.host, allow_network=options.allow_network)
    async with server:
        if options.until_eof:
            # A thread, because standard input can be anything; a daemon, because nothing wakes it up.
            threading.Thread(target=_wait_for_eof, args=(loop, stop), daemon=True).start()
        if options.allow_network:
            sys.stderr.write(network_warning(options.host) + "\n")
        sys.stdout.write(orjson.dumps(announcement(world, server.url)).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


def _wait_for_eof(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    try:
        loop.call_soon_threadsafe(stop.set)
    except RuntimeError:
        return  # the loop has ended for another reason


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Serve a simulated or recorded market on 127.0.0.1 by the service's protocol.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where to listen; 0, the default, is any free port"
    )
    parser.add_argument("--seed", type=int, help=f"which simulated market; default {DEFAULT_SEED}")
    parser.add_argument(
        "--at",
        type=_start,
        metavar="INSTANT",
        help="where the simulated market begins, as 2026-11-20T10:30 in New York or with an offset; "
        "a date alone is its evening, 18:00; default now",
    )
    parser.add_argument(
        "--speed",
        type=float,
        metavar="N",
        help="seconds of the market in a second, 0 to stand still; default 1, of a recording 0",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="DIR",
        help="serve a collected lake or a folder of daily candles instead",
    )
    parser.add_argument("--host", default="127.0.0.1", help="an address of this machine; default %(default)s")
    parser.add_argument(
        "--allow-network",
        action="store_true",
        help="let --host be reached from outside, although the credentials are published",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    return parser


def _start(text: str) -> datetime:
    try:
        return parse_start(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
