# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How an account came to what it holds: its plan, carried out at the prices of the market."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.world.account_transactions import ZERO, HeldInstrument
from ttapi_client.sandbox.world.ledger_writer import (
    Deposit,
    ExDividend,
    LedgerWriter,
    MonthStart,
    PlannedTrade,
    ShareSplit,
)
from ttapi_client.sandbox.world.listings import ListingKind
from ttapi_client.sandbox.world.option_stays import OptionStay, option_stays
from ttapi_client.sandbox.world.past_prices import PastContract, PastPrices
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox.world.account_ledger import Ledger
    from ttapi_client.sandbox.world.account_plans import RoundTrip, SimulatedAccount
    from ttapi_client.sandbox.world.market import Market

_THOUSAND: Final = Decimal(1000)
_YEARLY_DEPOSIT_ON: Final = (3, 15)  # month and day


class AccountPast:
    """
    What happened in one account up to now.

    Parameters
    ----------
    market
        Whose prices are paid, at the opening of each day.
    account
        What is planned.
    opened_on
        The trading day of the first purchases.
    given_up
        Options that are held no more, by symbol: what they cost is worked out once.
    """

    def __init__(
        self,
        market: Market,
        account: SimulatedAccount,
        opened_on: date,
        given_up: dict[str, PastContract],
    ) -> None:
        self._market = market
        self._account = account
        self._opened_on = opened_on
        self._given_up = given_up
        self._writer = LedgerWriter(account.id, until=market.now())
        self._prices: dict[str, PastPrices | None] = {}
        self._stays: dict[str, OptionStay] = {}
        self.ledger: Ledger = self._written()

    def prices(self, symbol: str) -> PastPrices | None:
        """The past prices of a name, or None where it is not traded."""
        if symbol not in self._prices:
            try:
                self._prices[symbol] = PastPrices(self._market, symbol, self._opened_on)
            except LookupError:
                self._prices[symbol] = None
        return self._prices[symbol]

    def contract(self, symbol: str, prices: PastPrices) -> PastContract:
        """The past prices of an option that was held, by those of its underlying."""
        stay = self._stays[symbol]
        is_held = stay.closed_on is None or stay.closed_on == self._market.today
        known = None if is_held else self._given_up.get(symbol)
        if known is None:
            last_day = self._market.today if stay.closed_on is None else stay.closed_on
            known = PastContract(stay.contract, prices, first_day=stay.opened_on, last_day=last_day)
            if not is_held:
                self._given_up[symbol] = known
        return known

    def _written(self) -> Ledger:
        account = self._account
        shares = [trade for trade in map(self._bought, account.shares) if trade is not None]
        options = [trade for plan in account.options for trade in self._options(*plan)]
        trips = [trade for trip in account.round_trips for trade in self._round_trip(trip)]
        self._deposit([*shares, *options[:1]])
        for trade in (*shares, *options, *trips):
            self._writer.add(trade.at.date(), trade)
        self._months()
        for symbol in dict.fromkeys(trade.held.symbol for trade in (*shares, *trips)):
            self._corporate_actions(symbol)
        return self._writer.written()

    def _bought(self, plan: tuple[str, int]) -> PlannedTrade | None:
        symbol, quantity = plan
        prices = self.prices(symbol)
        row = None if prices is None else prices.row_from(self._opened_on)
        if prices is None or row is None:
            return None
        return self._share_trade(prices, symbol, prices.dates[row], Decimal(quantity))

    def _round_trip(self, trip: RoundTrip) -> Iterator[PlannedTrade]:
        prices = self.prices(trip.symbol)
        days = self._market.trading_dates(self._opened_on, self._market.today)
        if prices is None or trip.bought_after >= len(days):
            return
        row = prices.row_from(days[trip.bought_after])
        if row is None:
            return
        quantity = Decimal(round(trip.dollars / prices.on(prices.dates[row]).open))
        if not quantity:  # one share costs more than was meant to be spent
            return
        yield self._share_trade(prices, trip.symbol, prices.dates[row], quantity)
        row = prices.row_from(days[trip.sold_after]) if trip.sold_after < len(days) else None
        if row is not None:
            yield self._share_trade(prices, trip.symbol, prices.dates[row], None)

    @staticmethod
    def _share_trade(prices: PastPrices, symbol: str, day: date, quantity: Decimal | None) -> PlannedTrade:
        return PlannedTrade(
            held=HeldInstrument(symbol, symbol),
            quantity=quantity,
            price=Decimal(repr(prices.on(day).open)),
            at=trading_day_on(day).open_at,
        )

    def _options(self, underlying: str, kind: str, quantity: int) -> Iterator[PlannedTrade]:
        prices = self.prices(underlying)
        if prices is None:
            return
        for stay in option_stays(self._market, prices, kind, self._opened_on):
            yield from self._stay(prices, stay, Decimal(quantity))

    def _stay(self, prices: PastPrices, stay: OptionStay, quantity: Decimal) -> Iterator[PlannedTrade]:
        contract, underlying = stay.contract, stay.contract.root.underlying
        is_index = prices.quote.listing.kind is ListingKind.INDEX
        held = HeldInstrument(contract.symbol, underlying, contract, is_index)
        self._stays[held.symbol] = stay
        past = self.contract(held.symbol, prices)
        yield PlannedTrade(
            held=held,
            quantity=quantity,
            price=Decimal(repr(past.open_on(stay.opened_on))),
            at=trading_day_on(stay.opened_on).open_at,
        )
        if stay.closed_on is not None:
            hours = trading_day_on(stay.closed_on)
            is_late = stay.is_closed_late
            price = past.close_on(stay.closed_on) if is_late else past.open_on(stay.closed_on)
            yield PlannedTrade(
                held=held,
                quantity=None,
                price=Decimal(repr(price)),
                at=hours.close_at if is_late else hours.open_at,
            )

    def _deposit(self, first: list[PlannedTrade]) -> None:
        """What the first purchases cost, in whole thousands, and what is to be left over."""
        costs = [
            trade.price * trade.quantity * trade.held.multiplier
            for trade in first
            if trade.quantity is not None and trade.quantity > 0
        ]
        whole = (sum(costs, start=ZERO) / _THOUSAND).to_integral_value(ROUND_CEILING) * _THOUSAND
        if amount := whole + self._account.spare_cash:
            self._writer.add(self._opened_on, Deposit(amount=amount))

    def _months(self) -> None:
        """Interest and fees on the first of each month, and each year's deposit."""
        opened, today = self._opened_on, self._market.today
        symbols = [symbol for symbol, quantity in self._account.shares if quantity < 0]
        shorted = [(symbol, prices) for symbol in symbols if (prices := self.prices(symbol)) is not None]
        for month in range(opened.year * 12 + opened.month, today.year * 12 + today.month):
            day = date(month // 12, month % 12 + 1, 1)
            values = tuple((symbol, prices.close_before(day)) for symbol, prices in shorted)
            self._writer.add(day, MonthStart(short_value=values))
        if self._account.yearly_deposit:
            for year in range(opened.year + 1, today.year + 1):
                amount = Decimal(self._account.yearly_deposit)
                self._writer.add(date(year, *_YEARLY_DEPOSIT_ON), Deposit(amount=amount))

    def _corporate_actions(self, symbol: str) -> None:
        prices = self.prices(symbol)
        if prices is None:
            return
        for split in prices.splits:
            if split.date > self._opened_on:
                self._writer.add(split.date, ShareSplit(symbol=symbol, split=split))
        for dividend in prices.dividends:
            if dividend.ex_date > self._opened_on:
                factor = prices.factor(dividend.ex_date)
                self._writer.add(
                    dividend.ex_date, ExDividend(symbol=symbol, dividend=dividend, factor=factor)
                )
