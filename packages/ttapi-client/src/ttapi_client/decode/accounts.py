# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes the customer, accounts, balances and positions (API facts 3.1 to 3.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from ttapi_core.accounts import Account, Balance, Position
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.decode.fields import Fields


@attrs.frozen(kw_only=True)
class Customer:
    """The person behind the login (API facts 3.1); what is private does not print."""

    customer_id: str
    first_name: str | None = attrs.field(repr=False)
    last_name: str | None = attrs.field(repr=False)
    email: str | None = attrs.field(repr=False)
    is_professional: bool | None
    has_delayed_quotes: bool | None
    created_at: datetime | None  # UTC


def decode_customer(fields: Fields) -> Customer:
    """The customer; of all that the service knows only what a program may need."""
    return Customer(
        customer_id=fields.text("id"),
        first_name=fields.optional_text("first-name"),
        last_name=fields.optional_text("last-name"),
        email=fields.optional_text("email"),
        is_professional=fields.optional_flag("is-professional"),
        has_delayed_quotes=fields.optional_flag("has-delayed-quotes"),
        created_at=fields.optional_instant("created-at"),
    )


def decode_account(fields: Fields) -> Account:
    """One account; of the list's entries, what is under ``account``."""
    return Account(
        account_number=fields.text("account-number"),
        nickname=fields.optional_text("nickname"),
        account_type=fields.optional_text("account-type-name"),
        margin_or_cash=fields.optional_text("margin-or-cash"),
        opened_at=fields.optional_instant("opened-at"),
        is_closed=fields.flag("is-closed", default=False),
        is_day_trader=fields.flag("day-trader-status", default=False),
    )


def decode_balance(fields: Fields) -> Balance:
    """One account's balance in one currency; US dollars where none is named."""
    return Balance(
        account_number=fields.text("account-number"),
        currency=fields.optional_text("currency") or "USD",
        cash_balance=fields.optional_decimal("cash-balance"),
        net_liquidating_value=fields.optional_decimal("net-liquidating-value"),
        equity_buying_power=fields.optional_decimal("equity-buying-power"),
        derivative_buying_power=fields.optional_decimal("derivative-buying-power"),
        day_trading_buying_power=fields.optional_decimal("day-trading-buying-power"),
        maintenance_requirement=fields.optional_decimal("maintenance-requirement"),
        updated_at=fields.optional_instant("updated-at"),
    )


def decode_position(fields: Fields) -> Position:
    """One position; a short one gets a negative quantity."""
    return Position(
        account_number=fields.text("account-number"),
        symbol=fields.text("symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        underlying_symbol=fields.optional_text("underlying-symbol"),
        quantity=_signed_quantity(fields),
        average_open_price=fields.optional_decimal("average-open-price"),
        close_price=fields.optional_decimal("close-price"),
        multiplier=fields.optional_decimal("multiplier"),
        updated_at=fields.optional_instant("updated-at"),
    )


def _signed_quantity(fields: Fields) -> Decimal:
    quantity, direction = fields.decimal("quantity"), fields.text("quantity-direction")
    if quantity < 0:  # the sign would be there twice: better no position than one on the wrong side
        raise fields.wrong("quantity", "a decimal from 0", str(quantity))
    match direction:
        case "Long":
            return quantity
        case "Short":
            return quantity.copy_negate() if quantity else quantity
        case "Zero":
            return Decimal(0)
        case _:
            raise fields.wrong("quantity-direction", "Long, Short or Zero", direction)
