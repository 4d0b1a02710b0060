# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the consumer has been told of the accounts, so that a reading fills the gap and sets nothing back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from ttapi_client.account_streamer.notifications import (
    BalanceChanged,
    ComplexOrderChanged,
    OrderChanged,
    PositionChanged,
    TradingStatusChanged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_client.account_streamer.notifications import AccountUpdate
    from ttapi_core.accounts import Position

_Key: TypeAlias = "tuple[type[AccountUpdate], str, str]"  # kind, account, what of it


class AccountPicture:
    """
    The positions held, by all that was told, and of what the present connection has spoken itself.

    A reading over REST takes a while. What the stream says of the same thing meanwhile is newer, because the
    stream was open before the reading began: then the reading is the one to be left out.
    """

    def __init__(self) -> None:
        self._held: dict[_Key, Position] = {}
        self._streamed: set[_Key] = set()

    def connected(self) -> None:
        """Begin a connection, which has said nothing yet."""
        self._streamed.clear()

    def streamed(self, update: AccountUpdate) -> None:
        """Take note of what the stream says."""
        if (key := _key(update)) is not None:
            self._streamed.add(key)
            self._remember(key, update)

    def takes(self, update: AccountUpdate) -> bool:
        """Whether a value that was read is to be told; it is taken note of then."""
        key = _key(update)
        if key is None or key in self._streamed:
            return False
        self._remember(key, update)
        return True

    def given_up(self, account_number: str, listed: Iterable[AccountUpdate]) -> list[PositionChanged]:
        """
        Positions that were held and that a reading no longer lists.

        Their quantity is zero; their other values are the last that were told.
        """
        symbols = {update.position.symbol for update in listed if isinstance(update, PositionChanged)}
        return [
            PositionChanged(position=replace(position, quantity=Decimal(0)))
            for position in self._held.values()
            if position.account_number == account_number and position.symbol not in symbols
        ]

    def _remember(self, key: _Key, update: AccountUpdate) -> None:
        if isinstance(update, PositionChanged):
            if update.position.quantity:
                self._held[key] = update.position
            else:
                self._held.pop(key, None)


def _key(update: AccountUpdate) -> _Key | None:
    match update:
        case BalanceChanged(balance=balance):
            return BalanceChanged, balance.account_number, balance.currency
        case PositionChanged(position=position):
            return PositionChanged, position.account_number, position.symbol
        case OrderChanged(order=order):
            return OrderChanged, order.account_number, order.order_id
        case ComplexOrderChanged(complex_order=order):
            return ComplexOrderChanged, order.account_number, order.complex_order_id
        case TradingStatusChanged(status=status):
            return TradingStatusChanged, status.account_number, ""
        case _:
            return None
