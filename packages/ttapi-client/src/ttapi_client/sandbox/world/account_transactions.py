# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What happened in an account, line by line: trades, splits and movements of money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from datetime import date, datetime

    from ttapi_client.sandbox.world.option_market import OptionContract

ZERO: Final = Decimal("0.0")
_CENT: Final = Decimal("0.01")
_SHARES_A_CONTRACT: Final = 100
# Of the money that a sale brings, and a share or contract; rounded up to a cent as the exchanges do.
_SALE_FEE_RATE: Final = Decimal("0.0000278")
_SALE_FEE_A_SHARE: Final = Decimal("0.000166")
_CLEARING_A_SHARE: Final = Decimal("0.0008")
_CLEARING_A_CONTRACT: Final = Decimal("0.10")
_REGULATORY_A_CONTRACT: Final = Decimal("0.02")
_INDEX_FEE_A_CONTRACT: Final = Decimal("0.60")
_COMMISSION_TO_OPEN_A_CONTRACT: Final = Decimal("1.00")


class Action(StrEnum):
    """The service's words for the four sorts of trades."""

    BUY_TO_OPEN = "Buy to Open"
    BUY_TO_CLOSE = "Buy to Close"
    SELL_TO_OPEN = "Sell to Open"
    SELL_TO_CLOSE = "Sell to Close"

    @classmethod
    def of(cls, change: Decimal, *, is_opening: bool) -> Action:
        """The action that changes a position by a signed quantity."""
        if change > 0:
            return cls.BUY_TO_OPEN if is_opening else cls.BUY_TO_CLOSE
        return cls.SELL_TO_OPEN if is_opening else cls.SELL_TO_CLOSE

    @property
    def sign(self) -> int:
        """1 for a purchase, -1 for a sale."""
        return 1 if self in {Action.BUY_TO_OPEN, Action.BUY_TO_CLOSE} else -1

    @property
    def is_opening(self) -> bool:
        """Whether a position begins with it."""
        return self in {Action.BUY_TO_OPEN, Action.SELL_TO_OPEN}


@attrs.frozen
class HeldInstrument:
    """Shares, or one option contract; the symbol tells which."""

    symbol: str
    underlying: str = attrs.field(eq=False)
    contract: OptionContract | None = attrs.field(default=None, eq=False)  # None for shares
    is_index: bool = attrs.field(default=False, eq=False)  # its underlying

    @property
    def multiplier(self) -> int:
        """Shares in one of it."""
        return 1 if self.contract is None else _SHARES_A_CONTRACT

    @property
    def instrument_type(self) -> str:
        """The service's word."""
        return "Equity" if self.contract is None else "Equity Option"


@attrs.frozen(kw_only=True)
class Fees:
    """What a trade cost, in dollars, never negative."""

    regulatory: Decimal = ZERO
    clearing: Decimal = ZERO
    commission: Decimal = ZERO
    index_option: Decimal = ZERO

    @classmethod
    def of_trade(cls, held: HeldInstrument, action: Action, quantity: Decimal, value: Decimal) -> Fees:
        """The fees of buying or selling so many, for so much money (unsigned)."""
        if held.contract is None:
            sale = value * _SALE_FEE_RATE + quantity * _SALE_FEE_A_SHARE if action.sign < 0 else ZERO
            return cls(regulatory=_up_to_cent(sale), clearing=_up_to_cent(quantity * _CLEARING_A_SHARE))
        return cls(
            regulatory=quantity * _REGULATORY_A_CONTRACT,
            clearing=quantity * _CLEARING_A_CONTRACT,
            commission=quantity * _COMMISSION_TO_OPEN_A_CONTRACT if action.is_opening else ZERO,
            index_option=quantity * _INDEX_FEE_A_CONTRACT if held.is_index else ZERO,
        )

    @property
    def total(self) -> Decimal:
        """All of them."""
        return self.regulatory + self.clearing + self.commission + self.index_option


@attrs.frozen(kw_only=True)
class Lot:
    """What one trade opened, or as much of it as another one closed."""

    transaction_id: int  # of the trade that opened it
    quantity: Decimal  # signed
    price: Decimal
    opened_at: datetime


@attrs.frozen(kw_only=True)
class Leg:
    """What a transaction did to a position."""

    held: HeldInstrument
    action: Action
    quantity: Decimal  # unsigned
    price: Decimal
    lot: Lot
    realized: Decimal = ZERO  # gained by closing, fees apart

    @property
    def change(self) -> Decimal:
        """What the position changed by, signed."""
        return self.action.sign * self.quantity


@attrs.frozen(kw_only=True)
class Transaction:
    """One line; amounts of money are signed, positive into the account."""

    id: int
    kind: str
    sub_kind: str
    description: str
    executed_at: datetime
    date: date  # in New York
    value: Decimal
    underlying: str | None = None
    fees: Fees = Fees()
    leg: Leg | None = None  # None: only money moved

    @property
    def net_value(self) -> Decimal:
        """What the account's cash changed by."""
        return self.value - self.fees.total


def to_cent(amount: Decimal) -> Decimal:
    """
    An amount of money as it is booked.

    Examples
    --------
    >>> to_cent(Decimal("2.345")), to_cent(Decimal("-2.345"))
    (Decimal('2.35'), Decimal('-2.35'))
    """
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def _up_to_cent(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_UP)
