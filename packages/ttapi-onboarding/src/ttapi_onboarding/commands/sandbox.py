# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi sandbox`: serve simulated or replayed data on this machine until told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options, signals

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.sandbox import SandboxServer
    from ttapi_client.sandbox.world import World


# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Serve simulated data on this machine.

\b
  ttapi sandbox
  ttapi sandbox --port 8123 --seed 8
  ttapi sandbox --at 2026-11-20T10:30 --speed 0
  ttapi sandbox --replay candles

By the service's own protocol, for any client of it. Runs until ctrl-C or SIGTERM: both are a good end,
with exit code 0.
"""


def _read_instant(_context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    from ttapi_client.sandbox.market_instant import parse_start

    try:
        return parse_start(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


@click.command(help=HELP, short_help="Serve simulated data on this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where to listen on 127.0.0.1. [default: a free port]",
)
@click.option("--seed", type=int, help="Another seed gives another market. [default: 7]")
@click.option(
    "--at",
    metavar="INSTANT",
    callback=_read_instant,
    help="Where the market begins: 2026-11-20T10:30 in New York, or with an offset; "
    "a date alone is its evening. [default: now]",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 1_000_000),
    help="Seconds of the market in a second; 0 stands still. [default: 1; of a recording 0]",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Serve a lake that was collected, or a folder of daily candles, a CSV file a symbol, "
    "instead of a simulated market.",
)
@click.option(
    "--host", default="127.0.0.1", help="An address of this machine. [default: 127.0.0.1]", metavar="ADDRESS"
)
@click.option(
    "--allow-network",
    is_flag=True,
    help="Let --host be reached from outside, although the credentials are published.",
)
@options.report_options
def sandbox(
    *,
    port: int,
    seed: int | None,
    at: datetime | None,
    speed: float | None,
    replay: Path | None,
    host: str,
    allow_network: bool,
    as_json: bool,
    verbose: int,
    log_file: Path | None,
) -> None:
    """Serve until told to stop."""
    if replay is not None and (seed is not None or at is not None):
        raise click.UsageError(f"--{'at' if seed is None else 'seed'} and --replay exclude each other.")
    options.start_logs(verbose, log_file)
    from ttapi_client.sandbox import SandboxServer
    from ttapi_client.sandbox.announcement import network_warning
    from ttapi_client.sandbox.served_world import served_world
    from ttapi_onboarding.terminal import note

    world = served_world(seed=seed, replay=replay, at=at, speed=speed)
    server = SandboxServer(world, port=port, host=host, allow_network=allow_network)
    if allow_network:
        note(network_warning(host))
    try:
        signals.run(_serve(world, server, as_json=as_json))
    except signals.Interrupted:
        note("sandbox stopped")


async def _serve(world: World, server: SandboxServer, *, as_json: bool) -> None:
    import asyncio
    from contextlib import AsyncExitStack

    from ttapi_core.errors import ConfigError, TTError
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    async with AsyncExitStack() as running:
        try:
            await running.enter_async_context(server)
        except ConfigError as error:
            # The settings are right; it is the machine that has no such port to give.
            raise TTError(error.message, hint=error.hint) from error
        facts = _facts(world, server.url)
        emit(json_text(facts) if as_json else _words(facts))
        await asyncio.Event().wait()


def _facts(world: World, url: str) -> dict[str, str]:
    from ttapi_client.sandbox.announcement import announcement
    from ttapi_core.settings import SANDBOX_CLIENT_SECRET, SANDBOX_REFRESH_TOKEN

    return {
        **announcement(world, url),
        "client_secret": SANDBOX_CLIENT_SECRET,
        "refresh_token": SANDBOX_REFRESH_TOKEN,
    }


def _words(facts: dict[str, str]) -> str:
    from datetime import date

    from ttapi_core.clock import SystemClock

    is_replay, url = facts["environment"] == "replay", facts["url"]
    # A recording may reach further back than a collection asks for by itself.
    since = date.fromisoformat(facts["first_date"])
    years = min(options.LONGEST_HISTORY_YEARS, SystemClock().now().year - since.year + 1)
    collect = f"ttapi collect --history-years {years}" if is_replay else "ttapi collect"
    kind = "replayed" if is_replay else "simulated"
    return f"""\
Sandbox at {url}, {kind} data from {facts["first_date"]} to {facts["last_date"]}.

  client secret      {facts["client_secret"]}
  refresh token      {facts["refresh_token"]}
  feed               {facts["dxlink_url"]}, with the token of /api-quote-tokens
  account streamer   {facts["account_streamer_url"]}
  market time        {facts["now"]}

To collect from it, in another terminal:

  export TTAPI_ENVIRONMENT={facts["environment"]} TTAPI_API_URL={url}
  export TTAPI_CLIENT_SECRET={facts["client_secret"]} TTAPI_REFRESH_TOKEN={facts["refresh_token"]}
  {collect}

To see how a client takes trouble, or another hour of the market:

  curl {url}/__admin/faults -d '{{"route": "/market-data/*", "kind": "status", "status": 429, "times": 3}}'
  curl {url}/__admin/clock -d '{{"step_seconds": 3600}}'

ctrl-C ends it."""
