# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated accounts: what they hold follows from transactions, what it is worth from the market."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.account_past import AccountPast
from ttapi_client.sandbox.world.account_plans import opening_day, planned_accounts
from ttapi_client.sandbox.world.account_worth import AccountWorth, PricedPosition
from ttapi_client.sandbox.world.ledger_writer import midnight
from ttapi_client.sandbox.world.market import MarketQuote
from ttapi_client.sandbox.world.option_market import OptionContract, OptionMarket, OptionQuote
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ttapi_client.sandbox.world.account_ledger import Ledger, LedgerPosition
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_client.sandbox.world.market import Market
    from ttapi_client.sandbox.world.past_prices import PastContract

_APPROVED_BEFORE: Final = timedelta(days=3, hours=-10)  # before the first deposit


@attrs.frozen(kw_only=True)
class Holding:
    """One position as it is now."""

    position: LedgerPosition
    contract: OptionContract | None  # None for shares
    quote: MarketQuote | OptionQuote | None  # None for a closed position: it is worth nothing any more

    @property
    def symbol(self) -> str:
        """The service's spelling."""
        return self.position.held.symbol

    @property
    def underlying(self) -> str:
        """The symbol of its underlying; its own for shares."""
        return self.position.held.underlying

    @property
    def close_price(self) -> float:
        """What a share of it costs, or cost when it was closed."""
        match self.quote:
            case MarketQuote():
                return self.quote.last
            case OptionQuote():
                return self.quote.mark
            case None:
                return float(self.position.last_price)

    @property
    def underlying_price(self) -> float:
        """What a share of its underlying costs."""
        return self.quote.underlying.last if isinstance(self.quote, OptionQuote) else self.close_price

    @property
    def quantity(self) -> float:
        """Signed; zero once it is closed."""
        return float(self.position.quantity)

    @property
    def multiplier(self) -> int:
        """Shares in one of it."""
        return self.position.held.multiplier

    @property
    def value(self) -> float:
        """Market value in dollars, negative for a short position."""
        return self.quantity * self.multiplier * self.close_price

    def priced(self) -> PricedPosition:
        """What it adds to the account's worth."""
        return PricedPosition(
            held=self.position.held,
            quantity=self.quantity,
            price=self.close_price,
            underlying_price=self.underlying_price,
        )


@attrs.frozen(kw_only=True)
class RecordedObjects:
    """What a recording says of one account, by the wire's names; it is served as it is."""

    account: Mapping[str, object]
    balances: Sequence[Mapping[str, object]]  # the first one is the one in dollars
    positions: Sequence[Mapping[str, object]]


class AccountBook:
    """
    The accounts of one customer in one market.

    Parameters
    ----------
    market
        Where they trade.
    accounts
        Made up unless they are given.
    """

    def __init__(self, market: Market, accounts: Sequence[SimulatedAccount] | None = None) -> None:
        self._market = market
        self._options = OptionMarket(market)
        self._opened_on: date = opening_day(market)
        self._pasts: dict[str, tuple[object, AccountPast]] = {}
        self._given_up: dict[str, PastContract] = {}
        self.accounts = planned_accounts(market) if accounts is None else tuple(accounts)

    def recorded(self, account: SimulatedAccount) -> RecordedObjects | None:  # noqa: ARG002 - for a replay
        """What is served instead of what would be worked out; None in a simulation."""
        return None

    @property
    def opened_on(self) -> date:
        """The trading day on which all of them were funded."""
        return self._opened_on

    @property
    def approved_at(self) -> datetime:
        """When they were opened, shortly before there was money in them, UTC."""
        return midnight(self._opened_on) - _APPROVED_BEFORE

    def account(self, number: str) -> SimulatedAccount | None:
        """One account, or None."""
        return next((account for account in self.accounts if account.number == number), None)

    def past(self, account: SimulatedAccount) -> AccountPast:
        """What has happened in an account up to now."""
        market = self._market
        hours = trading_day_on(market.today)
        # Something happens at midnight, when the market opens and when it closes, never in between.
        moment = market.today, market.last_date, market.now() >= hours.open_at, market.now() >= hours.close_at
        known = self._pasts.get(account.number)
        if known is None or known[0] != moment:
            past = AccountPast(market, account, self._opened_on, self._given_up)
            known = self._pasts[account.number] = moment, past
        return known[1]

    def ledger(self, account: SimulatedAccount) -> Ledger:
        """The transactions of an account up to now."""
        return self.past(account).ledger

    def holdings(self, account: SimulatedAccount, *, with_closed: bool = False) -> list[Holding]:
        """The positions: shares in the order of the plan, other shares, then options, as they were opened."""
        positions = self.ledger(account).positions
        found = [
            holding
            for position in positions
            if with_closed or position.quantity
            if (holding := self._holding(position)) is not None
        ]
        planned = [symbol for symbol, _ in account.shares]
        return sorted(
            found, key=lambda holding: (holding.contract is not None, _rank(holding.symbol, planned))
        )

    def worth(self, account: SimulatedAccount) -> AccountWorth:
        """What an account is worth now."""
        return AccountWorth(
            is_margin=account.is_margin,
            cash=float(self.ledger(account).cash),
            positions=tuple(holding.priced() for holding in self.holdings(account)),
        )

    def _holding(self, position: LedgerPosition) -> Holding | None:
        held = position.held
        if not position.quantity:
            return Holding(position=position, contract=held.contract, quote=None)
        contract = None if held.contract is None else self._listed(held.contract)
        quote = self._market.quote(held.symbol) if contract is None else self._options.quote(contract)
        return None if quote is None else Holding(position=position, contract=contract, quote=quote)

    def _listed(self, contract: OptionContract) -> OptionContract:
        """The contract as it is listed today, with all its present neighbours."""
        return self._options.contract(contract.symbol) or contract


def _rank(symbol: str, planned: Sequence[str]) -> int:
    return planned.index(symbol) if symbol in planned else len(planned)
