# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The world that somebody asks for when a sandbox is started: simulated or recorded, from when, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.replay import replay_world
from ttapi_client.sandbox.world import DEFAULT_SEED, World
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core.clock import SystemClock
from ttapi_core.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def served_world(
    *,
    seed: int | None = None,
    replay: Path | None = None,
    at: datetime | None = None,
    speed: float | None = None,
) -> World:
    """
    A world on the machine's clock.

    Parameters
    ----------
    seed
        Which simulated market; the usual one if it is not given.
    replay
        A recording to serve instead.
    at
        Where a simulated market begins; at the present if it is not given.
    speed
        Seconds of the market in a second; if it is not given, a simulated market runs in real time and a
        recording stands still.

    Raises
    ------
    ConfigError
        For a speed that no market has, a recording that is unusable, or one with a seed or an instant.
    """
    if replay is not None and (seed is not None or at is not None):
        raise ConfigError(
            ["a recording has neither a seed nor an instant to begin at"], hint="leave them out"
        )
    try:
        if replay is None:
            clock = MarketClock(SystemClock(), start=at, speed=1.0 if speed is None else speed)
            return World.seeded(seed=DEFAULT_SEED if seed is None else seed, clock=clock)
        world = replay_world(replay)
        if speed is not None:
            world.market.clock.set_speed(speed)
    except ValueError as error:
        raise ConfigError(
            [str(error)], hint="0 stands still, 1 is real time, 60 is a minute a second"
        ) from None
    return world
