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
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from loguru import logger

from ttapi_client.sandbox.replay import replay_world
from ttapi_client.sandbox.server import SandboxServer
from ttapi_client.sandbox.world import DEFAULT_SEED, World
from ttapi_client.sandbox.world.trading_table import FIRST_DATE, LAST_DATE
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.errors import TTError
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENING: Final = time(18, 0)  # New York, when the day's candles are final


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
    world = _world(options)
    async with SandboxServer(world, port=options.port) as server:
        if options.until_eof:
            # A thread, because standard input can be anything; a daemon, because nothing wakes it up.
            threading.Thread(target=_wait_for_eof, args=(loop, stop), daemon=True).start()
        ready = {
            "url": server.url,
            "environment": world.environment,
            "first_date": world.market.first_date.isoformat(),
            "last_date": world.market.last_date.isoformat(),
        }
        sys.stdout.write(orjson.dumps(ready).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


def _world(options: argparse.Namespace) -> World:
    if options.replay is not None:
        return replay_world(options.replay)
    evening = None if options.today is None else datetime.combine(options.today, _EVENING, tzinfo=NEW_YORK)
    return World.seeded(seed=options.seed, clock=SystemClock() if evening is None else ManualClock(evening))


def _wait_for_eof(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    try:
        loop.call_soon_threadsafe(stop.set)
    except RuntimeError:
        return  # the loop has ended for another reason


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ttapi_client.sandbox",
        description="Serve a simulated or recorded market on 127.0.0.1 by the service's protocol.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where to listen; 0, the default, is any free port"
    )
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="which simulated market; default %(default)s"
    )
    parser.add_argument(
        "--replay", type=Path, metavar="DIR", help="serve the daily candles of a folder instead"
    )
    parser.add_argument(
        "--today",
        type=_day,
        metavar="YYYY-MM-DD",
        help="let the simulated market stand still on that evening",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date such as 2026-07-01"
        raise argparse.ArgumentTypeError(message) from None
    if not FIRST_DATE <= day <= LAST_DATE:
        message = f"{text} lies outside the simulated time, {FIRST_DATE} to {LAST_DATE}"
        raise argparse.ArgumentTypeError(message)
    return day
