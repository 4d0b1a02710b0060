# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts and their values: what follows from them, and what they do not print."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ttapi_core.accounts import Account, Balance, Position, TradingStatus
from ttapi_core.customers import Customer
from ttapi_core.margin import MarginRequirements
from ttapi_core.net_liquidating_value import NetLiquidatingValue
from ttapi_core.orders import ComplexOrder, Order
from ttapi_core.testing import make_account, make_balance, make_position
from ttapi_core.transactions import Transaction

NUMBER = "canary-number"
INSTANT = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quantity", "direction"), [("0.001", "Long"), ("-3", "Short"), ("0", "Zero"), ("-0.0", "Zero")]
)
def test_the_direction_of_a_position_is_the_sign_of_its_quantity(quantity: str, direction: str) -> None:
    """In the service's words, also after the quantity was exchanged."""
    assert make_position(quantity=quantity).quantity_direction == direction
    assert replace(make_position(), quantity=Decimal(quantity)).quantity_direction == direction


@pytest.mark.parametrize(
    "value",
    [
        make_account(NUMBER),
        make_balance(NUMBER),
        make_position(NUMBER),
        TradingStatus(account_number=NUMBER, clearing_account_number=f"{NUMBER}-2"),
        Transaction(account_number=NUMBER, transaction_id="1", transaction_type="Trade", executed_at=INSTANT),
        NetLiquidatingValue(account_number=NUMBER, net_liquidating_value=Decimal(1)),
        MarginRequirements(account_number=NUMBER),
        Order(account_number=NUMBER, order_id="1", status="Live", user_id=NUMBER, username=NUMBER),
        ComplexOrder(account_number=NUMBER, complex_order_id="1"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_account_number_does_not_print(
    value: Account
    | Balance
    | Position
    | TradingStatus
    | Transaction
    | NetLiquidatingValue
    | MarginRequirements
    | Order
    | ComplexOrder,
) -> None:
    """A value may go into a log as it is."""
    assert value.account_number == NUMBER
    assert NUMBER not in repr(value)


def test_a_customer_prints_neither_name_nor_mail() -> None:
    """Nor any other id."""
    customer = Customer(
        customer_id="1",
        first_name="canary",
        last_name="canary",
        email="canary",
        is_professional=False,
        has_delayed_quotes=False,
        created_at=INSTANT,
        external_id="canary",
    )
    assert "canary" not in repr(customer)
    assert "1" in repr(customer)
