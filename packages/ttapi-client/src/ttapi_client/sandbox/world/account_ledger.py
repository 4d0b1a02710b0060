# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An account's ledger: every transaction since it was opened, and what follows from them."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from ttapi_client.sandbox.world.account_transactions import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_client.sandbox.world.account_transactions import HeldInstrument, Leg, Transaction


@attrs.frozen(kw_only=True)
class LedgerPosition:
    """What the transactions leave of one instrument."""

    held: HeldInstrument
    quantity: Decimal  # signed; zero once it is closed
    average_open_price: Decimal
    opened_at: datetime
    changed_at: datetime
    last_price: Decimal  # of its last trade
    realized: Decimal  # gained by closing on the day it last changed, fees apart
    changed_on: date


@attrs.frozen
class Ledger:
    """Transactions, oldest first; cash and positions are nothing but their sums."""

    transactions: Sequence[Transaction]

    @cached_property
    def cash(self) -> Decimal:
        """All the money that is in the account."""
        return sum((one.net_value for one in self.transactions), start=ZERO)

    @cached_property
    def positions(self) -> list[LedgerPosition]:
        """One for each instrument that was ever held, in the order in which they were opened."""
        known: dict[str, LedgerPosition] = {}
        for one in self.transactions:
            leg = one.leg
            if leg is None:
                continue
            before = known.get(leg.held.symbol)
            if leg.action.is_opening:
                if before is not None and one.kind == "Trade":
                    del known[leg.held.symbol]  # what is bought anew stands at the end
                known[leg.held.symbol] = _opened(one, leg)
            elif before is not None:
                known[leg.held.symbol] = _closed(before, one, leg)
        return list(known.values())

    def states(self, instants: Sequence[datetime]) -> Iterator[AccountState]:
        """Cash and quantities at each of some instants, which must be in order."""
        sums = list(accumulate((one.net_value for one in self.transactions), initial=ZERO))
        quantities: dict[HeldInstrument, Decimal] = {}
        done = 0
        for instant in instants:
            while done < len(self.transactions) and self.transactions[done].executed_at <= instant:
                one = self.transactions[done]
                done += 1
                if one.leg is not None:
                    held = one.leg.held
                    quantities[held] = quantities.get(held, ZERO) + one.leg.change
                    if not quantities[held]:
                        del quantities[held]
            yield AccountState(sums[done], dict(quantities))


@attrs.frozen
class AccountState:
    """What was in an account at one instant."""

    cash: Decimal
    quantities: dict[HeldInstrument, Decimal]  # signed, never zero


def _opened(one: Transaction, leg: Leg) -> LedgerPosition:
    return LedgerPosition(
        held=leg.held,
        quantity=leg.change,
        average_open_price=leg.price,
        opened_at=leg.lot.opened_at,
        changed_at=one.executed_at,
        last_price=leg.price,
        realized=ZERO,
        changed_on=one.date,
    )


def _closed(before: LedgerPosition, one: Transaction, leg: Leg) -> LedgerPosition:
    return attrs.evolve(
        before,
        quantity=ZERO,
        changed_at=one.executed_at,
        last_price=leg.price,
        realized=leg.realized,
        changed_on=one.date,
    )
