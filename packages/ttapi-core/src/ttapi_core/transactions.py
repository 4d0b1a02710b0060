# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transactions: whatever moved an account's money or its holdings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A part of a position that one transaction opened or closed."""

    lot_id: str
    quantity: Decimal  # negative when short
    price: Decimal | None = None  # per unit
    transaction_id: str | None = None
    executed_at: datetime | None = None  # UTC
    transaction_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """
    One transaction (API facts 3.5).

    Amounts are in ``currency``, and negative where the account paid. Fees and commissions are negative
    then, and net values add up to the cash. Types, actions and venues are the service's words.
    """

    transaction_id: str
    account_number: str = field(repr=False)  # private: never in a log
    transaction_type: str  # such as Trade or Money Movement
    executed_at: datetime  # UTC
    transaction_sub_type: str | None = None  # such as Buy to Open or Dividend
    transaction_date: date | None = None
    description: str | None = None
    symbol: str | None = None  # with the next five, only where something was traded
    instrument_type: InstrumentType | None = None
    underlying_symbol: str | None = None
    action: str | None = None  # such as Buy to Open
    quantity: Decimal | None = None  # never negative: the action says the side
    price: Decimal | None = None  # per unit
    value: Decimal | None = None  # before fees
    net_value: Decimal | None = None  # after fees: by how much the cash changed
    commission: Decimal | None = None
    clearing_fees: Decimal | None = None
    regulatory_fees: Decimal | None = None
    proprietary_index_option_fees: Decimal | None = None
    other_charge: Decimal | None = None
    other_charge_description: str | None = None
    is_estimated_fee: bool | None = None
    currency: str | None = None
    lots: tuple[Lot, ...] = ()
    order_id: str | None = None
    leg_count: int | None = None
    reverses_id: str | None = None  # the transaction that this one undoes
    cost_basis_reconciliation_date: date | None = None
    agency_price: Decimal | None = None
    principal_price: Decimal | None = None
    exchange: str | None = None
    destination_venue: str | None = None
    exec_id: str | None = None
    ext_exec_id: str | None = None
    ext_group_id: str | None = None
    ext_group_fill_id: str | None = None
    ext_exchange_order_number: str | None = None
    ext_global_order_number: str | None = None
    exchange_affiliation_identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTotal:
    """What the trades of one day cost an account in fees and commissions (API facts 3.5)."""

    day: date | None  # None: the day that the service took for today
    total_fees: Decimal  # negative where the account paid
