# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi sandbox`: serve simulated or replayed data on this machine until told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options, signals

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where to listen on 127.0.0.1. [default: a free port]",
)
@click.option("--seed", type=int, help="Another seed gives another market. [default: 7]")
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Serve this folder of daily candles, a CSV file a symbol, instead of a simulated market.",
)
@options.report_options
def sandbox(
    *,
    port: int,
    seed: int | None,
    replay: Path | None,
    as_json: bool,
    verbose: int,
    log_file: Path | None,
) -> None:
    """
    Serve simulated data on this machine.

    By the service's own protocol, for any client of it. Runs until ctrl-C or SIGTERM: both are a good end,
    with exit code 0.
    """
    if seed is not None and replay is not None:
        raise click.UsageError("--seed and --replay exclude each other.")
    options.start_logs(verbose, log_file)
    from ttapi_onboarding.terminal import note

    try:
        signals.run(_serve(_world(seed, replay), port, as_json=as_json))
    except signals.Interrupted:
        note("sandbox stopped")


def _world(seed: int | None, replay: Path | None) -> World:
    from ttapi_client.sandbox.replay import replay_world
    from ttapi_client.sandbox.world import DEFAULT_SEED, World

    if replay is not None:
        return replay_world(replay)
    return World.seeded(seed=DEFAULT_SEED if seed is None else seed)


async def _serve(world: World, port: int, *, as_json: bool) -> None:
    import asyncio
    from contextlib import AsyncExitStack

    from ttapi_client.sandbox import SandboxServer
    from ttapi_core.errors import ConfigError, TTError
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    server = SandboxServer(world, port=port)
    async with AsyncExitStack() as running:
        try:
            await running.enter_async_context(server)
        except ConfigError as error:
            # The settings are right; it is the machine that has no such port to give.
            raise TTError(error.message, hint=error.hint) from error
        emit(json_text(_record(world, server.url)) if as_json else _words(world, server.url))
        await asyncio.Event().wait()


def _record(world: World, url: str) -> dict[str, object]:
    from ttapi_core.settings import SANDBOX_CLIENT_SECRET, SANDBOX_REFRESH_TOKEN

    return {
        "url": url,
        "environment": world.environment,
        "first_date": world.market.first_date.isoformat(),
        "last_date": world.market.last_date.isoformat(),
        "client_secret": SANDBOX_CLIENT_SECRET,
        "refresh_token": SANDBOX_REFRESH_TOKEN,
    }


def _words(world: World, url: str) -> str:
    from ttapi_core.clock import SystemClock

    facts = _record(world, url)
    # A recording may reach further back than a collection asks for by itself.
    years = min(options.LONGEST_HISTORY_YEARS, SystemClock().now().year - world.market.first_date.year + 1)
    collect = f"ttapi collect --history-years {years}" if world.environment == "replay" else "ttapi collect"
    kind = "replayed" if world.environment == "replay" else "simulated"
    return f"""\
Sandbox at {url}, {kind} data from {facts["first_date"]} to {facts["last_date"]}.

  client secret   {facts["client_secret"]}
  refresh token   {facts["refresh_token"]}

To collect from it, in another terminal:

  export TTAPI_ENVIRONMENT={world.environment} TTAPI_API_URL={url}
  export TTAPI_CLIENT_SECRET={facts["client_secret"]} TTAPI_REFRESH_TOKEN={facts["refresh_token"]}
  {collect}

ctrl-C ends it."""
