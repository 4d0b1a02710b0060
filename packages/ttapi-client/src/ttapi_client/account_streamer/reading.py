# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The accounts as they are now, read over REST: the stream has no history that would fill a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from ttapi_client.account_streamer.notifications import (
    BalanceChanged,
    ComplexOrderChanged,
    OrderChanged,
    PositionChanged,
    TradingStatusChanged,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client.account_streamer.notifications import AccountUpdate
    from ttapi_core.accounts import Balance, Position, TradingStatus
    from ttapi_core.orders import ComplexOrder, Order


class AccountReader(Protocol):
    """Whoever can read accounts over REST."""

    async def trading_status(self, account_number: str) -> TradingStatus:
        """What the account may do."""
        ...

    async def balances(self, account_number: str) -> tuple[Balance, ...]:
        """The account's balance in each currency."""
        ...

    async def positions(self, account_number: str) -> tuple[Position, ...]:
        """The account's open positions."""
        ...

    async def live_orders(self, account_number: str) -> tuple[Order, ...]:
        """Today's orders, whatever became of them."""
        ...

    async def live_complex_orders(self, account_number: str) -> tuple[ComplexOrder, ...]:
        """Today's complex orders, whatever became of them."""
        ...


async def read_trading_status(reader: AccountReader, account_number: str) -> list[AccountUpdate]:
    """What the account may do."""
    return [TradingStatusChanged(status=await reader.trading_status(account_number))]


async def read_balances(reader: AccountReader, account_number: str) -> list[AccountUpdate]:
    """What the account holds in each currency."""
    return [BalanceChanged(balance=balance) for balance in await reader.balances(account_number)]


async def read_positions(reader: AccountReader, account_number: str) -> list[AccountUpdate]:
    """All that is open."""
    return [PositionChanged(position=position) for position in await reader.positions(account_number)]


async def read_orders(reader: AccountReader, account_number: str) -> list[AccountUpdate]:
    """Today's orders."""
    return [OrderChanged(order=order) for order in await reader.live_orders(account_number)]


async def read_complex_orders(reader: AccountReader, account_number: str) -> list[AccountUpdate]:
    """Today's complex orders."""
    orders = await reader.live_complex_orders(account_number)
    return [ComplexOrderChanged(complex_order=order) for order in orders]


Read: TypeAlias = "Callable[[AccountReader, str], Awaitable[list[AccountUpdate]]]"

READINGS: Final[tuple[Read, ...]] = (
    read_trading_status,
    read_balances,
    read_positions,
    read_orders,
    read_complex_orders,
)
