# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes an account's ledger: what was planned, at the prices that the market had, in the order of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.account_ledger import Ledger
from ttapi_client.sandbox.world.account_transactions import (
    ZERO,
    Action,
    Fees,
    HeldInstrument,
    Leg,
    Lot,
    Transaction,
    to_cent,
)
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.market import Dividend, Split

_IDS_AN_ACCOUNT: Final = 1_000_000
_LEAST_FOR_INTEREST: Final = 10_000
_CREDIT_RATE: Final = Decimal("0.0025")  # a year
_DEBIT_RATE: Final = Decimal("0.08")
_BORROW_RATE: Final = Decimal("0.03")
_MONTHS: Final = 12


@attrs.frozen(kw_only=True)
class Deposit:
    """Money that comes in, before the market opens."""

    amount: Decimal


@attrs.frozen(kw_only=True)
class ShareSplit:
    """New shares for old ones, before the market opens."""

    symbol: str
    split: Split


@attrs.frozen(kw_only=True)
class ExDividend:
    """Whoever holds the shares when this day begins is paid."""

    symbol: str
    dividend: Dividend
    factor: float  # from today's shares to those of the ex-date


@attrs.frozen(kw_only=True)
class DividendPayment:
    """The money of a dividend; negative for whoever is short."""

    symbol: str
    amount: Decimal
    description: str


@attrs.frozen(kw_only=True)
class MonthStart:
    """Interest and what shares that were sold short cost."""

    short_value: tuple[tuple[str, float], ...]  # last prices of the shares that may be short


@attrs.frozen(kw_only=True)
class PlannedTrade:
    """So many bought, or with a negative quantity sold, or the whole of it closed."""

    held: HeldInstrument
    quantity: Decimal | None  # None: close what is there
    price: Decimal
    at: datetime


Event = Deposit | ShareSplit | ExDividend | DividendPayment | MonthStart | PlannedTrade
# On one day: money first, then splits, then who has a right to a dividend, then trades.
_ORDER: Final = {Deposit: 0, DividendPayment: 0, MonthStart: 0, ShareSplit: 1, ExDividend: 2, PlannedTrade: 3}


def midnight(day: date) -> datetime:
    """When a day begins in New York, UTC: money that moves on it is booked then."""
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)


class LedgerWriter:
    """
    Takes events in any order and writes them down in the order of time.

    Parameters
    ----------
    account_id
        Transactions are numbered from a million times this.
    until
        What lies after this instant has not happened yet.
    """

    def __init__(self, account_id: int, *, until: datetime) -> None:
        self._account_id = account_id
        self._until = until
        self._events: list[tuple[datetime, int, int, Event]] = []
        self._added = count()
        self._lots: dict[str, tuple[HeldInstrument, Lot]] = {}
        self._cash = ZERO
        self._lines: list[Transaction] = []

    def add(self, day: date, event: Event) -> None:
        """One thing that happens on a day."""
        at = event.at if isinstance(event, PlannedTrade) else midnight(day)
        if at <= self._until:
            heappush(self._events, (at, _ORDER[type(event)], next(self._added), event))

    def written(self) -> Ledger:
        """The ledger of all that was added."""
        while self._events:
            at, _, _, event = heappop(self._events)
            match event:
                case Deposit():
                    self._money(at, "Deposit", "Deposit of funds", event.amount)
                case DividendPayment():
                    self._money(at, "Dividend", event.description, event.amount, underlying=event.symbol)
                case MonthStart():
                    self._month(at, event)
                case ShareSplit():
                    self._split(at, event)
                case ExDividend():
                    self._entitle(at, event)
                case PlannedTrade():
                    self._trade(at, event)
        return Ledger(tuple(self._lines))

    def _money(
        self, at: datetime, sub_kind: str, description: str, amount: Decimal, *, underlying: str | None = None
    ) -> None:
        line = self._line(at, "Money Movement", sub_kind, description, value=to_cent(amount))
        self._write(attrs.evolve(line, underlying=underlying))

    def _month(self, at: datetime, month: MonthStart) -> None:
        cash = self._cash
        for symbol, price in month.short_value:
            _, lot = self._lots.get(symbol, (None, None))
            if lot is not None and lot.quantity < 0:
                fee = lot.quantity * Decimal(repr(price)) * _BORROW_RATE / _MONTHS
                self._money(at, "Fee", f"Stock borrow fee for {symbol}", fee, underlying=symbol)
        if cash >= _LEAST_FOR_INTEREST:
            self._money(at, "Credit Interest", "Interest on cash balance", cash * _CREDIT_RATE / _MONTHS)
        elif cash < 0:
            self._money(at, "Debit Interest", "Interest on margin balance", cash * _DEBIT_RATE / _MONTHS)

    def _entitle(self, at: datetime, event: ExDividend) -> None:
        held, lot = self._lots.get(event.symbol, (None, None))
        if held is None or lot is None:
            return
        each = Decimal(repr(round(event.dividend.amount * event.factor, 6)))
        shares = f"{_plain(abs(lot.quantity))} shares{'' if lot.quantity > 0 else ' sold short'}"
        payment = DividendPayment(
            symbol=event.symbol,
            amount=each * lot.quantity,
            description=f"{event.symbol}: dividend of {each} on {shares}",
        )
        pay_date = max(
            event.dividend.pay_date or event.dividend.ex_date,
            at.astimezone(NEW_YORK).date() + timedelta(days=1),
        )
        self.add(pay_date, payment)

    def _split(self, at: datetime, event: ShareSplit) -> None:
        """Old shares leave and new ones arrive, for the same money."""
        held, old = self._lots.get(event.symbol, (None, None))
        if held is None or old is None:
            return
        ratio = Decimal(repr(event.split.ratio))
        sub_kind = "Forward Split" if ratio > 1 else "Reverse Split"
        value = to_cent(old.quantity * old.price)
        self._exchange(at, sub_kind, held, old, value=value)
        quantity = (old.quantity * ratio).normalize()
        price = round(old.quantity * old.price / quantity, 6)
        new = attrs.evolve(old, quantity=quantity, price=price, transaction_id=self._next_id)
        self._lots[event.symbol] = held, new
        self._exchange(at, sub_kind, held, new, value=-value)

    def _exchange(
        self, at: datetime, sub_kind: str, held: HeldInstrument, lot: Lot, *, value: Decimal
    ) -> None:
        is_new = lot.transaction_id == self._next_id
        change = lot.quantity if is_new else -lot.quantity
        description = (
            f"{sub_kind} of {held.symbol}: {_plain(abs(change))} {'received' if is_new else 'removed'}"
        )
        leg = Leg(
            held=held,
            action=Action.of(change, is_opening=is_new),
            quantity=abs(change),
            price=lot.price,
            lot=lot,
        )
        line = self._line(at, "Receive Deliver", sub_kind, description, value=value)
        self._write(attrs.evolve(line, underlying=held.underlying, leg=leg))

    def _trade(self, at: datetime, event: PlannedTrade) -> None:
        held, price = event.held, event.price
        _, before = self._lots.get(held.symbol, (None, None))
        if event.quantity is None:
            if before is None:
                return
            change, lot = -before.quantity, before
            del self._lots[held.symbol]
        else:
            change = event.quantity
            lot = Lot(transaction_id=self._next_id, quantity=change, price=price, opened_at=at)
            self._lots[held.symbol] = held, lot
        action = Action.of(change, is_opening=event.quantity is not None)
        quantity = abs(change)
        value = to_cent(price * quantity * held.multiplier)
        realized = ZERO if action.is_opening else (price - lot.price) * lot.quantity * held.multiplier
        verb = "Bought" if change > 0 else "Sold"
        description = f"{verb} {_plain(quantity)} {_spoken(held)} @ {price}"
        leg = Leg(held=held, action=action, quantity=quantity, price=price, lot=lot, realized=realized)
        line = self._line(at, "Trade", action.value, description, value=-action.sign * value)
        fees = Fees.of_trade(held, action, quantity, value)
        self._write(attrs.evolve(line, underlying=held.underlying, fees=fees, leg=leg))

    @property
    def _next_id(self) -> int:
        return self._account_id * _IDS_AN_ACCOUNT + len(self._lines) + 1

    def _line(
        self, at: datetime, kind: str, sub_kind: str, description: str, *, value: Decimal
    ) -> Transaction:
        return Transaction(
            id=self._next_id,
            kind=kind,
            sub_kind=sub_kind,
            description=description,
            executed_at=at,
            date=at.astimezone(NEW_YORK).date(),
            value=value,
        )

    def _write(self, line: Transaction) -> None:
        self._cash += line.net_value
        self._lines.append(line)


def _spoken(held: HeldInstrument) -> str:
    if held.contract is None:
        return held.symbol
    kind = "Call" if held.contract.kind == "C" else "Put"
    day = held.contract.expiration.date
    return f"{held.underlying} {day:%m/%d/%y} {kind} {held.contract.strike / 1000:.2f}"


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")
