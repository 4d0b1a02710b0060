# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How account updates are used; type-checked, never run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, assert_never, assert_type

from ttapi_client.account_streamer import (
    AccountUpdate,
    AccountUpdates,
    BalanceChanged,
    ComplexOrderChanged,
    Interrupted,
    OrderChanged,
    Overflow,
    Overflowed,
    PositionChanged,
    Synchronized,
    TradingStatusChanged,
    UnknownNotification,
    UnreadableNotification,
)

if TYPE_CHECKING:
    from ttapi_client import TTClient


async def follow(client: TTClient, account_number: str) -> None:
    """Every kind of update has its own type, and a type checker sees which one is forgotten."""
    async with client.account_updates.subscribe([account_number], overflow=Overflow.FAIL) as updates:
        assert_type(updates, AccountUpdates)
        async for update in updates:
            assert_type(update, AccountUpdate)
            match update:
                case BalanceChanged(balance=balance):
                    assert_type(balance.net_liquidating_value, Decimal | None)
                case PositionChanged(position=position):
                    assert_type(position.quantity, Decimal)
                case OrderChanged(order=order):
                    assert_type(order.status, str)
                case ComplexOrderChanged(complex_order=complex_order):
                    assert_type(complex_order.complex_order_id, str)
                case TradingStatusChanged(status=status):
                    assert_type(status.account_number, str)
                case UnknownNotification(type=kind) | UnreadableNotification(type=kind):
                    assert_type(kind, str)
                case Interrupted(at=at) | Synchronized(at=at):
                    assert_type(at.isoformat(), str)
                case Overflowed(dropped=dropped):
                    assert_type(dropped, int)
                case _:
                    assert_never(update)
