# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what positions are worth and have gained; figures by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ttapi_client import TTClient
from ttapi_client.testing import SandboxThread
from ttapi_core import Settings
from ttapi_core.errors import ServerError
from ttapi_core.testing import make_position, make_quote
from ttapi_platform.holdings import Holding, held_accounts

if TYPE_CHECKING:
    from ttapi_core.accounts import Position

DAY = date(2026, 7, 1)
POSITION = replace(
    make_position(quantity="2"),
    average_open_price=Decimal("3.50"),
    multiplier=Decimal(100),
    mark_price=Decimal("5.00"),
    created_at=datetime(2026, 6, 30, 15, 0, tzinfo=UTC),
)
QUOTE = replace(make_quote(), prev_close=Decimal("4.20"), mark=Decimal("5.10"), summary_date=DAY)


def figures(holding: Holding) -> tuple[float | None, ...]:
    """Value, the day's profit and the total profit."""
    found = (holding.value, holding.day_profit, holding.total_profit)
    return tuple(None if each is None else float(each) for each in found)


def test_value_and_profits_of_a_long_position() -> None:
    """Two options on a hundred shares each: 2 x 100 x the difference."""
    holding = Holding(POSITION, QUOTE)
    assert figures(holding) == (1000, 160, 300)


def test_a_short_position_gains_when_the_price_falls() -> None:
    """Every sign turns."""
    holding = Holding(replace(POSITION, quantity=Decimal(-2)), QUOTE)
    assert figures(holding) == (-1000, -160, -300)


@pytest.mark.parametrize(
    ("opened_at", "profit"),
    [
        (datetime(2026, 7, 1, 14, 0, tzinfo=UTC), 300),
        (datetime(2026, 7, 1, 3, 59, tzinfo=UTC), 160),  # still the day before in New York
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), 300),
        (None, 160),
    ],
)
def test_a_position_opened_on_the_day_has_gained_since_then(opened_at: datetime | None, profit: int) -> None:
    """Not since a close at which it was not held; the day is New York's."""
    assert Holding(replace(POSITION, created_at=opened_at), QUOTE).day_profit == profit


def test_without_a_quote_only_the_day_s_profit_is_unknown() -> None:
    """The mark comes with the position."""
    holding = Holding(POSITION, None)
    assert figures(holding) == (1000, None, 300)


def test_without_a_mark_the_quote_s_counts() -> None:
    """As when the service leaves marks out."""
    assert Holding(replace(POSITION, mark_price=None), QUOTE).value == 1020
    assert Holding(replace(POSITION, mark_price=None), None).value is None


@pytest.mark.parametrize(
    "position", [replace(POSITION, multiplier=None), replace(POSITION, average_open_price=None)]
)
def test_what_follows_from_a_missing_figure_is_missing(position: Position) -> None:
    """None, never zero."""
    assert Holding(position, QUOTE).total_profit is None


async def test_an_account_whose_positions_do_not_come_costs_the_others_nothing() -> None:
    """It is among the failures, under its number."""
    with SandboxThread() as sandbox:
        async with TTClient(Settings(api_url=sandbox.url, retry_attempts=1)) as client:
            accounts = await client.accounts.list()
            first = accounts[0].account_number
            sandbox.add_fault(f"/accounts/{first}/positions", "status", status=500)
            found, failures = await held_accounts(client, accounts)
    assert [each.account for each in found] == list(accounts[1:])
    assert list(failures) == [first]
    assert isinstance(failures[first], ServerError)


async def test_without_quotes_accounts_come_all_the_same() -> None:
    """Only the profit of the day is unknown then."""
    with SandboxThread() as sandbox:
        sandbox.add_fault("/market-data/by-type", "status", status=500)
        async with TTClient(Settings(api_url=sandbox.url, retry_attempts=1)) as client:
            found, failures = await held_accounts(client, await client.accounts.list())
    holdings = [holding for each in found for holding in each.holdings]
    assert holdings
    assert not failures
    assert all(each.day_profit is None and each.total_profit is not None for each in holdings)
