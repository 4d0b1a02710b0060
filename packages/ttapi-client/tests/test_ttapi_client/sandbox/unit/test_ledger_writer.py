# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Writing a ledger: what is given in any order becomes lines in the order of time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ttapi_client.sandbox.world.account_transactions import Action, HeldInstrument
from ttapi_client.sandbox.world.ledger_writer import (
    Deposit,
    ExDividend,
    LedgerWriter,
    MonthStart,
    PlannedTrade,
    ShareSplit,
)
from ttapi_client.sandbox.world.market import Dividend, Split

SHARES = HeldInstrument("XYZ", "XYZ")
NOON = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def writer() -> LedgerWriter:
    """Of an account on a summer's day."""
    return LedgerWriter(4, until=NOON)


def trade(day: date, quantity: int | None, price: str) -> tuple[date, PlannedTrade]:
    """So many shares at the opening of a day; None closes them."""
    at = datetime(day.year, day.month, day.day, 13, 30, tzinfo=UTC)
    change = None if quantity is None else Decimal(quantity)
    return day, PlannedTrade(held=SHARES, quantity=change, price=Decimal(price), at=at)


def test_lines_are_numbered_in_the_order_of_time(writer: LedgerWriter) -> None:
    """Money before trades on one day, and nothing that is still to come."""
    writer.add(*trade(date(2026, 6, 30), 1, "5"))  # opens in an hour and a half
    writer.add(*trade(date(2026, 6, 2), None, "12"))
    writer.add(*trade(date(2026, 6, 1), 10, "11.5"))
    writer.add(date(2026, 7, 1), Deposit(amount=Decimal(1)))
    writer.add(date(2026, 6, 1), Deposit(amount=Decimal(1000)))
    lines = writer.written().transactions
    assert [(line.id, line.sub_kind) for line in lines] == [
        (4_000_001, "Deposit"),
        (4_000_002, "Buy to Open"),
        (4_000_003, "Sell to Close"),
    ]
    assert [line.executed_at.isoformat() for line in lines] == [
        "2026-06-01T04:00:00+00:00",
        "2026-06-01T13:30:00+00:00",
        "2026-06-02T13:30:00+00:00",
    ]
    assert lines[2].leg is not None
    assert lines[2].leg.realized == 5
    # Rounded up to a cent: 10 shares to clear, and of the sale its fee as well.
    assert [line.net_value for line in lines] == [
        Decimal("1000.00"),
        Decimal("-115.01"),
        Decimal("119.98"),
    ]
    assert writer.written().cash == Decimal("1004.97")


def test_what_is_bought_anew_is_another_position(writer: LedgerWriter) -> None:
    """With its own price and its own day of opening."""
    writer.add(*trade(date(2026, 6, 1), 10, "11.5"))
    writer.add(*trade(date(2026, 6, 2), None, "12"))
    writer.add(*trade(date(2026, 6, 3), 4, "13"))
    (position,) = writer.written().positions
    assert (position.quantity, position.average_open_price, position.realized) == (
        Decimal(4),
        Decimal(13),
        Decimal(0),
    )
    assert position.opened_at == datetime(2026, 6, 3, 13, 30, tzinfo=UTC)


def test_interest_is_paid_on_much_and_owed_on_debts(writer: LedgerWriter) -> None:
    """A twelfth of a year's, on what is there when the month begins; little cash brings none."""
    writer.add(date(2026, 1, 2), Deposit(amount=Decimal("9999.99")))
    writer.add(date(2026, 2, 1), MonthStart(short_value=()))
    writer.add(date(2026, 2, 2), Deposit(amount=Decimal("2000.01")))
    writer.add(date(2026, 3, 1), MonthStart(short_value=()))
    writer.add(*trade(date(2026, 3, 2), 1000, "18"))
    writer.add(date(2026, 4, 1), MonthStart(short_value=()))
    lines = [line for line in writer.written().transactions if "Interest" in line.sub_kind]
    assert [(line.date.month, line.sub_kind, line.value) for line in lines] == [
        (3, "Credit Interest", Decimal("2.50")),  # 12,000 at a quarter of a percent
        (4, "Debit Interest", Decimal("-39.99")),  # 5,998.30 at eight percent
    ]


def test_who_is_short_pays_for_it(writer: LedgerWriter) -> None:
    """A fee every month, and the dividend; who is long gets one and pays no fee."""
    month = MonthStart(short_value=(("XYZ", 40.0),))
    dividend = ExDividend(
        symbol="XYZ",
        dividend=Dividend(ex_date=date(2026, 3, 10), pay_date=date(2026, 3, 20), amount=0.25),
        factor=2.0,
    )
    writer.add(date(2026, 2, 1), month)
    writer.add(*trade(date(2026, 2, 2), -100, "41"))
    writer.add(date(2026, 3, 1), month)
    writer.add(date(2026, 3, 10), dividend)
    writer.add(*trade(date(2026, 3, 10), None, "39"))
    writer.add(date(2026, 4, 1), month)
    lines = [line for line in writer.written().transactions if line.kind == "Money Movement"]
    assert [(line.date, line.sub_kind, line.value, line.underlying) for line in lines] == [
        (date(2026, 3, 1), "Fee", Decimal("-10.00"), "XYZ"),
        (date(2026, 3, 20), "Dividend", Decimal("-50.00"), "XYZ"),
    ]


def test_a_dividend_whose_pay_date_nobody_knows_is_paid_on_the_next_day(writer: LedgerWriter) -> None:
    """As a recording tells ex-dates alone."""
    dividend = Dividend(ex_date=date(2026, 3, 10), pay_date=None, amount=0.25)
    writer.add(*trade(date(2026, 2, 2), 100, "41"))
    writer.add(date(2026, 3, 10), ExDividend(symbol="XYZ", dividend=dividend, factor=1.0))
    writer.add(*trade(date(2026, 4, 1), None, "39"))
    lines = [line for line in writer.written().transactions if line.kind == "Money Movement"]
    assert [(line.date, line.sub_kind, line.value) for line in lines] == [
        (date(2026, 3, 11), "Dividend", Decimal("25.00"))
    ]


def test_a_reverse_split_leaves_fewer_and_dearer_shares(writer: LedgerWriter) -> None:
    """One for ten, with a fraction of a share left, for the same money."""
    writer.add(*trade(date(2026, 2, 2), 25, "4.2"))
    split = ShareSplit(symbol="XYZ", split=Split(date=date(2026, 3, 2), ratio=0.1))
    writer.add(date(2026, 3, 2), split)
    ledger = writer.written()
    (position,) = ledger.positions
    assert (position.quantity, position.average_open_price) == (Decimal("2.5"), Decimal(42))
    assert [line.leg.action for line in ledger.transactions if line.leg] == [
        Action.BUY_TO_OPEN,
        Action.SELL_TO_CLOSE,
        Action.BUY_TO_OPEN,
    ]
    assert {line.sub_kind for line in ledger.transactions[1:]} == {"Reverse Split"}
    assert sum(line.net_value for line in ledger.transactions[1:]) == 0
    assert position.opened_at == ledger.transactions[0].executed_at


def test_what_is_not_held_does_not_happen(writer: LedgerWriter) -> None:
    """No split, no dividend and no sale of shares that are not there."""
    day = date(2026, 3, 2)
    dividend = Dividend(ex_date=day, pay_date=day, amount=1.0)
    writer.add(day, ShareSplit(symbol="XYZ", split=Split(date=day, ratio=2.0)))
    writer.add(day, ExDividend(symbol="XYZ", dividend=dividend, factor=1.0))
    writer.add(*trade(day, None, "5"))
    ledger = writer.written()
    assert ledger.transactions == ()
    assert ledger.positions == []
    assert ledger.cash == 0
