# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What each account holds now, what that is worth, and what the positions have gained."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs

from ttapi_core.errors import TTError
from ttapi_core.outcome import Ok
from ttapi_core.trading_day import NEW_YORK
from ttapi_platform.quote_lookup import QUOTED_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from ttapi_client import TTClient
    from ttapi_core.accounts import Account, Balance, Position
    from ttapi_core.instruments import InstrumentType
    from ttapi_core.quotes import Quote


@attrs.frozen
class Holding:
    """
    One position with the quote of its instrument, None where there is none.

    Amounts are in the instrument's currency, None where something is missing that they follow from.

    Examples
    --------
    >>> from ttapi_core.testing import make_position, make_quote
    >>> holding = Holding(make_position(quantity="-10"), make_quote(last="201.25"))
    >>> str(holding.value), str(holding.day_profit), str(holding.total_profit)
    ('-2012.50', '-10.00', '-210.00')
    """

    position: Position
    quote: Quote | None

    @property
    def mark_price(self) -> Decimal | None:
        """Per unit: the position's own mark, or that of the quote."""
        if self.position.mark_price is not None:
            return self.position.mark_price
        return None if self.quote is None else self.quote.mark

    @property
    def value(self) -> Decimal | None:
        """What the position is worth; negative when short."""
        units = self._units
        return None if units is None or self.mark_price is None else units * self.mark_price

    @property
    def day_profit(self) -> Decimal | None:
        """
        Since the close before the day of the quote, or since the position was opened on that day.

        What was traded on the day in a position that was there before counts as if it had been held all day.
        """
        quote = self.quote
        if quote is None:
            return None
        opened_at, day = self.position.created_at, quote.summary_date
        is_new = opened_at is not None and day is not None and opened_at.astimezone(NEW_YORK).date() >= day
        return self._profit_since(self.position.average_open_price if is_new else quote.prev_close)

    @property
    def total_profit(self) -> Decimal | None:
        """Since the position was opened, at its average price; what was realized before is not in it."""
        return self._profit_since(self.position.average_open_price)

    @property
    def _units(self) -> Decimal | None:
        multiplier = self.position.multiplier
        return None if multiplier is None else self.position.quantity * multiplier

    def _profit_since(self, price: Decimal | None) -> Decimal | None:
        units, mark = self._units, self.mark_price
        return None if units is None or mark is None or price is None else units * (mark - price)


@attrs.frozen(kw_only=True)
class HeldAccount:
    """One account with everything in it."""

    account: Account
    balances: Sequence[Balance]  # one a currency
    holdings: Sequence[Holding]


async def held_accounts(
    client: TTClient, accounts: Iterable[Account]
) -> tuple[list[HeldAccount], dict[str, TTError]]:
    """
    Each account with balances and positions, in the order given; and by account number, why one did not come.

    The quotes of all that is held are asked for at once; where they do not come, profits of the day are
    missing and nothing else.
    """
    wanted = list(accounts)
    details: dict[str, tuple[Sequence[Balance], Sequence[Position]]] = {}
    failures: dict[str, TTError] = {}

    async def ask(number: str) -> None:
        try:
            balances = await client.accounts.balances(number)
            details[number] = balances, await client.accounts.positions(number, include_marks=True)
        except TTError as error:
            failures[number] = error

    async with asyncio.TaskGroup() as group:
        for account in wanted:
            group.create_task(ask(account.account_number))
    quotes = await _quotes(client, [position for _, held in details.values() for position in held])
    found = [
        HeldAccount(
            account=account,
            balances=details[account.account_number][0],
            holdings=[
                Holding(position, quotes.get(position.symbol))
                for position in details[account.account_number][1]
            ],
        )
        for account in wanted
        if account.account_number in details
    ]
    return found, failures


async def _quotes(client: TTClient, positions: Iterable[Position]) -> Mapping[str, Quote]:
    by_type: dict[InstrumentType, list[str]] = {}
    for position in positions:
        if position.instrument_type in QUOTED_TYPES:
            by_type.setdefault(position.instrument_type, []).append(position.symbol)
    outcomes = await client.market_data.quotes_by_type(by_type) if by_type else {}
    return {symbol: each.value for symbol, each in outcomes.items() if isinstance(each, Ok)}
