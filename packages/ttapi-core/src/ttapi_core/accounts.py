# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts: who holds what, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of the customer (API facts 3.2)."""

    account_number: str = field(repr=False)  # private: never in a log
    nickname: str | None
    account_type: str | None  # Individual, Joint, IRA …
    margin_or_cash: str | None
    opened_at: datetime | None  # UTC
    is_closed: bool
    is_day_trader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one account holds in one currency (API facts 3.3); amounts are in that currency."""

    account_number: str = field(repr=False)  # private: never in a log
    currency: str
    cash_balance: Decimal | None
    net_liquidating_value: Decimal | None
    equity_buying_power: Decimal | None
    derivative_buying_power: Decimal | None
    day_trading_buying_power: Decimal | None
    maintenance_requirement: Decimal | None
    updated_at: datetime | None  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One open position (API facts 3.4)."""

    account_number: str = field(repr=False)  # private: never in a log
    symbol: str
    instrument_type: InstrumentType
    underlying_symbol: str | None
    quantity: Decimal  # negative when short
    average_open_price: Decimal | None  # per unit
    close_price: Decimal | None  # per unit, last close
    multiplier: Decimal | None
    updated_at: datetime | None  # UTC
