# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an account was worth: at the end of each day, and within the latest sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.account_worth import AccountWorth, PricedPosition
from ttapi_client.sandbox.world.ledger_writer import midnight
from ttapi_client.sandbox.world.past_prices import DayPrices, PastContract, PastPrices
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ttapi_client.sandbox.world.account_ledger import AccountState
    from ttapi_client.sandbox.world.account_past import AccountPast
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_client.sandbox.world.account_transactions import HeldInstrument
    from ttapi_client.sandbox.world.accounts import AccountBook
    from ttapi_client.sandbox.world.market import Market
    from ttapi_core.trading_day import TradingDay

_BAR_SECONDS: Final = 1800
_BAR: Final = timedelta(seconds=_BAR_SECONDS)
_FEW_DAYS: Final = timedelta(days=10)  # hold a trading day
_MOMENT: Final = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class WorthBar:
    """The net liquidating value within a day or a part of it, in dollars."""

    starts_at: datetime
    open: float
    high: float  # never exceeded: all positions at their best at once
    low: float
    close: float


class AccountHistory:
    """
    The past of one account as far as it can be seen now.

    Parameters
    ----------
    market
        Whose prices count.
    book
        Where the account's transactions are.
    account
        The account.
    """

    def __init__(self, market: Market, book: AccountBook, account: SimulatedAccount) -> None:
        self._market = market
        self._account = account
        self._past: AccountPast = book.past(account)
        self._first_day = book.opened_on
        self._now = market.now()
        self._prices: dict[str, PastPrices] = {}
        self._contracts: dict[str, PastContract] = {}

    def days(self, start: date, end: date) -> list[TradingDay]:
        """The trading days of a range since something has happened in the account, up to today."""
        if not self._past.ledger.transactions:
            return []
        days = self._market.trading_dates(max(start, self._first_day), min(end, self._market.today))
        return [trading_day_on(day) for day in days]

    def at_close(self, days: Sequence[TradingDay]) -> Iterator[AccountWorth]:
        """What was there when each of some days had ended."""
        states = self._past.ledger.states([day.close_at for day in days])
        for day, state in zip(days, states, strict=True):
            yield self._worth(state, day.date)

    def before_open(self, days: Sequence[TradingDay]) -> Iterator[AccountWorth]:
        """What was there when each of some days began, at the prices of the day before."""
        states = self._past.ledger.states([midnight(day.date) - _MOMENT for day in days])
        for day, state in zip(days, states, strict=True):
            yield self._worth(state, day.date - timedelta(days=1))

    def daily(self, since: datetime) -> Iterator[WorthBar]:
        """One bar for each day that had not ended by an instant and has begun by now."""
        days = [day for day in self._sessions(since.date()) if day.close_at > since]
        states = self._past.ledger.states([day.close_at for day in days])
        for day, state in zip(days, states, strict=True):
            prices = {held: self._on(held, day.date) for held in state.quantities}
            yield _bar(day.open_at, state, prices)

    def half_hours(self, since: datetime) -> Iterator[WorthBar]:
        """Bars of half an hour since an instant, or of the latest session where none has begun since."""
        days = self._sessions(since.date() - _FEW_DAYS)
        recent = [day for day in days if day.close_at > since]
        for day in recent or days[-1:]:
            for bar in self._session(day):
                if bar.starts_at + _BAR > since or not recent:
                    yield bar

    def _sessions(self, start: date) -> list[TradingDay]:
        return [day for day in self.days(start, self._market.today) if day.open_at < self._now]

    def _session(self, hours: TradingDay) -> Iterator[WorthBar]:
        (state,) = self._past.ledger.states([hours.close_at])
        parts = {held: self._parts(held, hours) for held in state.quantities}
        end = min(hours.close_at, self._now)
        for number in range(-(-(end - hours.open_at) // _BAR)):
            prices = {held: part[number] for held, part in parts.items()}
            yield _bar(hours.open_at + number * _BAR, state, prices)

    def _parts(self, held: HeldInstrument, hours: TradingDay) -> list[DayPrices]:
        """The prices of each half hour that has begun."""
        prices = self._prices_of(held.underlying)
        bars = self._market.bars(held.underlying, hours.date, _BAR_SECONDS)
        factor = prices.factor(hours.date)
        known = {} if bars is None else dict(zip(bars.times, range(len(bars.times)), strict=True))
        last = prices.close_before(hours.date) if known else prices.on(hours.date).close
        parts: list[DayPrices] = []
        starts_at = hours.open_at
        while starts_at < min(hours.close_at, self._now):
            row = known.get(int(starts_at.timestamp() * 1000))
            part = DayPrices.flat(last)
            if row is not None and bars is not None:
                values = (bars.open[row], bars.high[row], bars.low[row], bars.close[row])
                part = DayPrices(*values).times(factor)
            last = part.close
            parts.append(part if held.contract is None else self._option_part(held, part, starts_at, hours))
            starts_at += _BAR
        return parts

    def _option_part(
        self, held: HeldInstrument, spot: DayPrices, starts_at: datetime, hours: TradingDay
    ) -> DayPrices:
        past = self._contract(held)
        contract, pricing = past.contract, past.pricing(hours.date)
        ends_at = min(starts_at + _BAR, past.end_of(pricing))
        best, worst = (spot.high, spot.low) if contract.kind == "C" else (spot.low, spot.high)
        opened = pricing.price(contract, spot.open, starts_at)
        close = pricing.price(contract, spot.close, ends_at)
        return DayPrices(
            opened,
            max(opened, close, pricing.price(contract, best, starts_at)),
            min(opened, close, pricing.price(contract, worst, ends_at)),
            close,
        )

    def _worth(self, state: AccountState, day: date) -> AccountWorth:
        return AccountWorth(
            is_margin=self._account.is_margin,
            cash=float(state.cash),
            positions=tuple(
                PricedPosition(
                    held=held,
                    quantity=float(quantity),
                    price=self._on(held, day).close,
                    underlying_price=self._prices_of(held.underlying).on(day).close,
                )
                for held, quantity in state.quantities.items()
            ),
        )

    def _on(self, held: HeldInstrument, day: date) -> DayPrices:
        if held.contract is not None:
            return self._contract(held).on(day)
        return self._prices_of(held.symbol).on(day)

    def _contract(self, held: HeldInstrument) -> PastContract:
        contract = self._contracts.get(held.symbol)
        if contract is None:
            contract = self._past.contract(held.symbol, self._prices_of(held.underlying))
            self._contracts[held.symbol] = contract
        return contract

    def _prices_of(self, symbol: str) -> PastPrices:
        prices = self._prices.get(symbol)
        if prices is None:
            prices = self._prices[symbol] = PastPrices(self._market, symbol, self._first_day)
        return prices


def _bar(starts_at: datetime, state: AccountState, prices: Mapping[HeldInstrument, DayPrices]) -> WorthBar:
    opened = high = low = close = float(state.cash)
    for held, quantity in state.quantities.items():
        size = float(quantity) * held.multiplier
        part = prices[held]
        opened += size * part.open
        close += size * part.close
        high += size * (part.high if size > 0 else part.low)
        low += size * (part.low if size > 0 else part.high)
    return WorthBar(starts_at=starts_at.astimezone(UTC), open=opened, high=high, low=low, close=close)
