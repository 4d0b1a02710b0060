# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Margin: what the holdings of an account tie up, as a tree of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginPosition:
    """What a group consists of: one instrument, at the price that the requirement was worked out with."""

    symbol: str
    instrument_type: InstrumentType
    quantity: Decimal | None = None  # as it came: the service signs it
    close_price: Decimal | None = None  # per unit
    average_open_price: Decimal | None = None  # per unit
    fixing_price: Decimal | None = None  # per unit
    strike_price: Decimal | None = None
    option_type: str | None = None  # C or P
    expiration_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginGroup:
    """
    What belongs together for the requirement: an underlying, or a strategy within it.

    A requirement is a debit, and so negative. Every value may be missing: the service sends empty groups.
    """

    description: str | None = None  # the underlying, or a strategy such as LONG_UNDERLYING
    code: str | None = None
    underlying_symbol: str | None = None
    underlying_type: str | None = None
    margin_calculation_type: str | None = None  # such as Reg T
    margin_requirement: Decimal | None = None
    initial_requirement: Decimal | None = None
    maintenance_requirement: Decimal | None = None
    buying_power: Decimal | None = None
    includes_working_order: bool | None = None
    expected_price_range_up_percent: Decimal | None = None
    expected_price_range_down_percent: Decimal | None = None
    point_of_no_return_percent: Decimal | None = None
    price_increase_percent: Decimal | None = None
    price_decrease_percent: Decimal | None = None
    positions: tuple[MarginPosition, ...] = ()
    groups: tuple[MarginGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRequirements:
    """
    What an account has to have, and what is left (API facts 3.6).

    Amounts are in US dollars: a requirement is a debit, and so negative; equity and buying power are positive
    as long as there are any.
    """

    account_number: str = field(repr=False)  # private: never in a log
    description: str | None = None
    margin_calculation_type: str | None = None  # such as Reg T
    option_level: str | None = None
    margin_requirement: Decimal | None = None
    initial_requirement: Decimal | None = None
    maintenance_requirement: Decimal | None = None
    maintenance_excess: Decimal | None = None
    margin_equity: Decimal | None = None
    option_buying_power: Decimal | None = None
    reg_t_margin_requirement: Decimal | None = None
    reg_t_option_buying_power: Decimal | None = None
    updated_at: datetime | None = None  # UTC: the last state that went into it
    groups: tuple[MarginGroup, ...] = ()  # one for each underlying


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginConfiguration:
    """What the service works margin out with (API facts 3.6)."""

    risk_free_rate: Decimal  # a year; 0.04 is four percent
