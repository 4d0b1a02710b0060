# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an account is worth: its cash, and its positions at one price each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox.world.account_transactions import HeldInstrument

_LONG_RATE: Final = 0.25  # of what shares are worth, to be kept as a margin
_SHORT_RATE: Final = 0.3
_UNCOVERED_RATE: Final = 0.2  # of what a short option's underlying is worth, on top of the option


@attrs.frozen(kw_only=True)
class PricedPosition:
    """One instrument, how much of it, and what one share of it costs."""

    held: HeldInstrument
    quantity: float  # signed
    price: float
    underlying_price: float

    @property
    def value(self) -> float:
        """In dollars, negative for a short position."""
        return self.quantity * self.held.multiplier * self.price

    @property
    def margin(self) -> float:
        """What a margin account has to keep for it, in dollars."""
        if self.held.contract is None:
            return abs(self.value) * (_LONG_RATE if self.quantity > 0 else _SHORT_RATE)
        if self.quantity > 0:
            return 0.0
        shares = -self.quantity * self.held.multiplier
        return -self.value + shares * self.underlying_price * _UNCOVERED_RATE


@attrs.frozen(kw_only=True)
class AccountWorth:
    """Cash and positions at one instant, in dollars."""

    is_margin: bool
    cash: float
    positions: tuple[PricedPosition, ...]

    def part(self, *, is_option: bool, is_long: bool) -> float:
        """What is held of one sort, never negative."""
        return sum(
            abs(one.value)
            for one in self.positions
            if (one.held.contract is not None) is is_option and (one.quantity > 0) is is_long
        )

    @property
    def net_liquidating_value(self) -> float:
        """What would be left if everything were sold."""
        return self.cash + sum(one.value for one in self.positions)

    @property
    def margin_equity(self) -> float:
        """What counts towards the margin: everything but options."""
        return self.cash + sum(one.value for one in self.positions if one.held.contract is None)

    @property
    def maintenance(self) -> float:
        """What has to be kept."""
        return sum(one.margin for one in self.positions) if self.is_margin else 0.0

    @property
    def excess(self) -> float:
        """What may be used, never negative."""
        if not self.is_margin:
            return max(0.0, self.cash)
        return max(0.0, self.margin_equity - self.maintenance)

    def by_underlying(self) -> Iterator[tuple[str, list[PricedPosition]]]:
        """The positions of each name, in the order in which they were opened."""
        groups: dict[str, list[PricedPosition]] = {}
        for one in self.positions:
            groups.setdefault(one.held.underlying, []).append(one)
        yield from groups.items()
