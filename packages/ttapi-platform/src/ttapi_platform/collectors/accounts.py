# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `accounts`: every account with its balances and positions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ttapi_core.errors import TTError
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import accounts_frame

if TYPE_CHECKING:
    from ttapi_client import TTClient
    from ttapi_core.accounts import Account, Balance, Position

DATASET = "accounts"


async def collect_accounts(context: CollectorContext) -> Collected:
    """One row per account and position; an account whose details do not come is a failure."""
    listed = await context.client.accounts.list()
    accounts = [each for each in listed if not each.is_closed and context.wants(each.account_number)]
    context.progress.started(DATASET, len(accounts))
    balances: list[Balance] = []
    positions: list[Position] = []
    failures: dict[str, TTError] = {}

    async def collect_one(account: Account) -> None:
        try:
            held_balances, held_positions = await _details(context.client, account.account_number)
        except TTError as error:
            failures[account.account_number] = error
        else:
            balances.extend(held_balances)
            positions.extend(held_positions)
        context.progress.advanced(DATASET)

    async with asyncio.TaskGroup() as group:
        for account in accounts:
            group.create_task(collect_one(account))
    whole = [account for account in accounts if account.account_number not in failures]
    return Collected(rows=accounts_frame(whole, balances, positions), asked=len(accounts), failures=failures)


async def _details(client: TTClient, account_number: str) -> tuple[tuple[Balance, ...], tuple[Position, ...]]:
    balances = await client.accounts.balances(account_number)
    return balances, await client.accounts.positions(account_number)
