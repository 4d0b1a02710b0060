# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R4, the tokens: whatever the wall clocks do, none is used past its end or renewed too early."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from random import Random
from typing import TYPE_CHECKING

import attrs
import pytest
from aiohttp import web
from scale import scale

from test_ttapi_client.local_service import serving
from test_ttapi_client.promises import token_worker
from ttapi_client import TTClient
from ttapi_client.auth import AccessToken, SharedTokens, TokenFile, TokenKeeper
from ttapi_core.clock import ManualClock
from ttapi_core.settings import Secret, Settings
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOUR, DAY = 3_600.0, 86_400.0
STEPS = (-DAY, -HOUR, -60.0, 60.0, HOUR, DAY)
SPANS = (0.0, 0.5, 10.0, 29.999, 59.999, 60.0, 119.0, 500.0, 839.999, 840.0, 899.0, 5_000.0)
LIFETIMES = (900.0, 900.0, 900.0, 121.0, 120.0, 60.0, 2.0, 86_400.0)


def usable_seconds(lifetime: float) -> float:
    """The reference: a minute is kept back, or half of a life that is short."""
    return lifetime - 60.0 if lifetime >= 120.0 else lifetime / 2


@attrs.define
class Service:
    """It knows by its own count when each token may still be used."""

    clock: ManualClock
    random: Random
    good_until: dict[str, float] = attrs.field(factory=dict[str, float])

    async def renew(self, *, instead_of: Secret | None) -> AccessToken:
        """A token of one of the usual lives."""
        lifetime = self.random.choice(LIFETIMES)
        now = self.clock.monotonic()
        token = f"token-{len(self.good_until)}"
        self.good_until[token] = now + usable_seconds(lifetime)
        return AccessToken(token=Secret(token), lifetime_seconds=lifetime, asked_at=now)


class WatchedClock(ManualClock):
    """A clock by hand that remembers what it was asked to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced that far."""
        self.slept.append(seconds)
        await super().sleep(seconds)


@attrs.define
class Tally:
    """What went wrong, counted."""

    used: int = 0
    steps: int = 0
    too_late: int = 0
    too_early: int = 0


async def use(keepers: list[TokenKeeper], service: Service, tally: Tally, steps: int) -> None:
    """So many uses of a token, with time passing and the wall clock stepping in between."""
    held: dict[int, str] = {}
    for _ in range(steps):
        service.clock.advance(service.random.choice(SPANS))
        if service.random.random() < 0.3:
            service.clock.step_wall(service.random.choice(STEPS))
            tally.steps += 1
        number = service.random.randrange(len(keepers))
        before = len(service.good_until)
        token = (await keepers[number].token()).reveal()
        now = service.clock.monotonic()
        tally.used += 1
        is_new = len(service.good_until) > before
        tally.too_late += not is_new and now >= service.good_until[token]
        # A keeper that holds a good token has no reason to ask for another one.
        tally.too_early += is_new and number in held and now < service.good_until[held[number]]
        held[number] = token


@pytest.mark.promise("R4")
async def test_no_token_is_used_too_late_or_renewed_too_early(
    record_property: Callable[[str, object], None],
) -> None:
    """One process, on its own."""
    clock, tally = WatchedClock(), Tally()
    service = Service(clock, Random(4))
    async with TaskRegistry() as tasks:
        await use(
            [TokenKeeper(service, clock=clock, tasks=tasks)], service, tally, scale(5_000, long=200_000)
        )
    assert (tally.too_late, tally.too_early, [each for each in clock.slept if each < 0]) == (0, 0, [])
    assert tally.steps > tally.used / 5
    record_property(
        "promise",
        f"R4: {tally.used:,} uses of a token among {tally.steps:,} steps of the wall clock by up to a day: "
        f"{tally.too_late} too late, {tally.too_early} renewed too early",
    )


@pytest.mark.promise("R4")
async def test_no_token_of_another_process_is_used_too_late(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Four that share a file, while the wall clock steps between the writing and the reading."""
    clock, tally = WatchedClock(), Tally()
    service = Service(clock, Random(44))
    async with TaskRegistry() as tasks:
        keepers = [
            TokenKeeper(
                SharedTokens(
                    service, TokenFile(tmp_path / "private" / "token"), credentials="00", clock=clock
                ),
                clock=clock,
                tasks=tasks,
            )
            for _ in range(4)
        ]
        await use(keepers, service, tally, scale(1_000, long=20_000))
    shared = tally.used - len(service.good_until)
    assert (tally.too_late, tally.too_early, [each for each in clock.slept if each < 0]) == (0, 0, [])
    assert shared > tally.used / 20
    record_property(
        "promise",
        f"R4: {tally.used:,} uses by 4 processes with one token file among {tally.steps:,} steps: "
        f"{tally.too_late} too late, {tally.too_early} renewed too early",
    )


@pytest.mark.promise("R4")
@pytest.mark.parametrize("skew", [-DAY, -HOUR, HOUR, DAY])
async def test_a_service_whose_clock_is_wrong_changes_nothing(
    skew: float, record_property: Callable[[str, object], None]
) -> None:
    """A token lives as long as the service says, from when it was asked for; its Date is not looked at."""
    clock, logins, used = ManualClock(), 0, 0.0

    async def answer(request: web.Request) -> web.Response:
        nonlocal logins
        date = {"Date": format_datetime(clock.now() + timedelta(seconds=skew), usegmt=True)}
        if request.path == "/oauth/token":
            logins += 1
            return web.json_response({"access_token": f"token-{logins}", "expires_in": 900}, headers=date)
        return web.json_response({"data": {"market-holidays": [], "market-half-days": []}}, headers=date)

    async with serving(answer) as url:
        settings = Settings(api_url=url.rstrip("/"))
        async with TTClient(settings, clock=clock, policies=token_worker.QUICK) as client:
            while logins < 2:
                used = clock.monotonic()
                await client.market_hours.holidays()
                clock.advance(7.0)
    assert used == 840.0
    record_property(
        "promise", f"R4: service's clock off by {skew:+,.0f} s: a token of 900 s used for {used:g}"
    )
