# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Simulated accounts: what they hold is written here, what it is worth comes from the market."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.option_market import OptionContract, OptionMarket
from ttapi_client.sandbox.world.trading_table import midnight_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox.world.market import Market

_OPENED_ON: Final = date(2025, 1, 6)
_SHARES_A_CONTRACT: Final = 100
_LEAST_DAYS_TO_EXPIRATION: Final = 25


@attrs.frozen(kw_only=True)
class SimulatedAccount:
    """One account and what it holds."""

    number: str
    nickname: str
    account_type: str
    is_margin: bool
    cash: float
    shares: tuple[tuple[str, int], ...] = ()  # symbol and signed quantity
    options: tuple[tuple[str, str, int], ...] = ()  # underlying, C or P, signed quantity


@attrs.frozen(kw_only=True)
class Holding:
    """One open position, worth something."""

    symbol: str
    underlying: str
    contract: OptionContract | None  # None for shares
    quantity: int  # signed
    multiplier: int
    close_price: float
    average_open_price: float
    opened_on: date

    @property
    def value(self) -> float:
        """Market value in dollars, negative for a short position."""
        return self.quantity * self.multiplier * self.close_price


ACCOUNTS: Final = (
    SimulatedAccount(
        number="SBX00001",
        nickname="Individual",
        account_type="Individual",
        is_margin=True,
        cash=75_000.0,
        shares=(("AAPL", 100), ("BRK/B", 10), ("SPY", 25), ("TSLA", -20)),
        options=(("AAPL", "C", 2), ("SPY", "P", -1)),
    ),
    SimulatedAccount(
        number="SBX00002",
        nickname="Retirement",
        account_type="Roth IRA",
        is_margin=False,
        cash=12_345.67,
        shares=(("AGG", 200), ("MSFT", 40), ("VTI", 150)),
    ),
    SimulatedAccount(
        number="SBX00003",
        nickname="Fresh start",
        account_type="Individual",
        is_margin=True,
        cash=5_000.0,
    ),
)


class AccountBook:
    """The accounts of the simulated customer in one market."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._options = OptionMarket(market)
        self.accounts = tuple(self._adapted(account) for account in ACCOUNTS)

    def account(self, number: str) -> SimulatedAccount | None:
        """One account, or None."""
        return next((account for account in self.accounts if account.number == number), None)

    def holdings(self, account: SimulatedAccount) -> list[Holding]:
        """The open positions: shares first, then options."""
        return [*self._shares(account), *self._contracts(account)]

    def _adapted(self, account: SimulatedAccount) -> SimulatedAccount:
        """The account itself, or where a recording lacks every usual name, one that holds what is there."""
        if not account.shares or any(self._market.listing(symbol) for symbol, _ in account.shares):
            return account
        symbols = [listing.symbol for listing in self._market.listings()]
        shares = tuple(zip(symbols, (10, -5), strict=False))
        options = tuple((symbol, "C", 1) for symbol in symbols[:1]) if account.options else ()
        return attrs.evolve(account, shares=shares, options=options)

    def _shares(self, account: SimulatedAccount) -> Iterator[Holding]:
        for symbol, quantity in account.shares:
            quote = self._market.quote(symbol)
            if quote is not None:
                yield Holding(
                    symbol=symbol,
                    underlying=symbol,
                    contract=None,
                    quantity=quantity,
                    multiplier=1,
                    close_price=quote.last,
                    average_open_price=self._opening_price(symbol),
                    opened_on=self._opened_on,
                )

    def _contracts(self, account: SimulatedAccount) -> Iterator[Holding]:
        for underlying, kind, quantity in account.options:
            contract = self._nearest_contract(underlying, kind)
            quote = None if contract is None else self._options.quote(contract)
            if quote is not None:
                yield Holding(
                    symbol=quote.contract.symbol,
                    underlying=underlying,
                    contract=contract,
                    quantity=quantity,
                    multiplier=_SHARES_A_CONTRACT,
                    close_price=quote.mark,
                    average_open_price=round(quote.mark * 1.1, 2),
                    opened_on=self._opened_on,
                )

    def _nearest_contract(self, underlying: str, kind: str) -> OptionContract | None:
        """The contract at the money about a month out; it rolls on as the clock moves."""
        for root in self._options.roots(underlying) or ():
            for expiration in root.expirations:
                if (expiration.date - self._market.today).days >= _LEAST_DAYS_TO_EXPIRATION:
                    strike = expiration.strikes[len(expiration.strikes) // 2]
                    return OptionContract(root=root, expiration=expiration, kind=kind, strike=strike)
        return None

    @property
    def _opened_on(self) -> date:
        market = self._market
        return _OPENED_ON if market.first_date <= _OPENED_ON < market.last_date else market.first_date

    def _opening_price(self, symbol: str) -> float:
        candles = self._market.candles(symbol, midnight_ms(self._opened_on))
        return 0.0 if candles is None else candles.close[0]
