# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A client on a sandbox whose accounts it follows, with trouble on the way, in time that a test drives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from test_ttapi_client.dxlink_feeds import drive
from ttapi_client import TTClient
from ttapi_client.account_streamer import (
    AccountUpdates,
    BalanceChanged,
    Overflowed,
    PositionChanged,
    UnreadableNotification,
)
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.clock import ManualClock
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_client.account_streamer import AccountUpdate
    from ttapi_core.accounts import Balance, Position

MORNING = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # a Friday in New York, an hour after the opening


@attrs.define
class Followed:
    """What a consumer knows, told of nothing but the updates."""

    server: SandboxServer
    world: World
    client: TTClient
    clock: ManualClock
    accounts: list[str]
    updates: AccountUpdates
    balances: dict[tuple[str, str], Balance] = attrs.field(factory=dict)
    positions: dict[tuple[str, str], Position] = attrs.field(factory=dict)

    async def until(self, kind: type[AccountUpdate]) -> AccountUpdate:
        """Take in updates up to the first of a kind; what must never come is an error."""
        async for update in self.updates:
            match update:
                case BalanceChanged(balance=balance):
                    self.balances[balance.account_number, balance.currency] = balance
                case PositionChanged(position=position) if position.quantity:
                    self.positions[position.account_number, position.symbol] = position
                case PositionChanged(position=position):
                    self.positions.pop((position.account_number, position.symbol), None)
                case Overflowed() | UnreadableNotification():
                    raise AssertionError(update)
                case _:
                    pass
            if isinstance(update, kind):
                return update
        raise AssertionError("the updates have ended")

    def trouble(self, kind: FaultKind, *, status: int = 502) -> None:
        """Let the next message of the client meet with it."""
        self.server.faults.add(Fault(route="account-streamer", kind=kind, times=1, status=status))

    async def differences(self) -> int:
        """How many balances and positions are other than REST says, market and accounts standing still."""
        balances = {
            (account, balance.currency): balance
            for account in self.accounts
            for balance in await self.client.accounts.balances(account)
        }
        positions = {
            (account, position.symbol): position
            for account in self.accounts
            for position in await self.client.accounts.positions(account)
        }
        return sum(
            _without_dates(told.get(key)) != _without_dates(true.get(key))
            for told, true in ((self.balances, balances), (self.positions, positions))
            for key in told.keys() | true.keys()
        )


def _without_dates(value: Balance | Position | None) -> object:
    # Each answer is dated anew, though nothing else has changed.
    return None if value is None else {**attrs_of(value), "updated_at": None}


def attrs_of(value: Balance | Position) -> dict[str, object]:
    """The values of a dataclass with slots."""
    return {name: getattr(value, name) for name in value.__slots__}


@asynccontextmanager
async def driven_client(world: World, clock: ManualClock) -> AsyncIterator[tuple[SandboxServer, TTClient]]:
    """A client on a fresh sandbox; its time goes on whenever it waits for it."""
    async with (
        SandboxServer(world) as server,
        TTClient(Settings(api_url=server.url), clock=clock) as client,
        asyncio.TaskGroup() as group,
    ):
        driver = group.create_task(drive(clock))
        yield server, client
        driver.cancel()


@asynccontextmanager
async def followed() -> AsyncIterator[Followed]:
    """All accounts of a fresh sandbox, followed."""
    world, clock = World.seeded(clock=ManualClock(MORNING)), ManualClock(MORNING)
    async with driven_client(world, clock) as (server, client):
        accounts = [account.account_number for account in await client.accounts.list()]
        async with client.account_updates.subscribe(accounts) as updates:
            yield Followed(server, world, client, clock, accounts, updates)
