# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Futures: one contract month, and the product that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.future_options import FutureOptionProduct
    from ttapi_core.instruments import InstrumentType, TickSize


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureRoll:
    """When the service moves on to the next contract month of a product."""

    name: str | None  # such as equity_index
    active_count: int | None  # months that are active at once
    cash_settled: bool | None
    business_days_offset: int | None  # before the last day of trading
    first_notice: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureEtfEquivalent:
    """So many shares of a fund move like one contract."""

    symbol: str
    share_quantity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureProduct:
    """
    A family of contracts such as ``ES`` (API facts 4.4); what the service does not say is ``None``.

    The codes are those of exchanges, clearing houses and older systems, each as it came.
    """

    code: str
    root: str  # the code with a slash
    exchange: str | None  # as the service groups them: CME, SMALLS, CFE, CBOED
    description: str | None
    product_type: str | None  # Financial or Physical
    product_subtype: str | None
    listed_months: tuple[str, ...]  # letters from F, January, to Z, December
    active_months: tuple[str, ...]
    notional_multiplier: Decimal | None  # money a point
    tick_size: Decimal | None
    display_factor: Decimal | None
    streamer_exchange_code: str | None
    small_notional: bool | None
    back_month_first_calendar_symbol: bool | None
    first_notice: bool | None
    cash_settled: bool | None
    market_sector: str | None
    security_group: str | None
    roll: FutureRoll | None
    base_tick: int | None = None
    sub_tick: int | None = None
    contract_limit: int | None = None
    clearing_code: str | None = None
    clearing_exchange_code: str | None = None
    clearport_code: str | None = None
    legacy_code: str | None = None
    legacy_exchange_code: str | None = None
    true_underlying_code: str | None = None
    option_products: tuple[FutureOptionProduct, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """
    One contract month such as ``/ESU6`` (API facts 4.4); what the service does not say is ``None``.

    One-digit years repeat every decade: ``expiration_date`` says which one is meant.
    """

    symbol: str
    instrument_type: InstrumentType
    product_code: str
    expiration_date: date
    last_trade_date: date | None
    streamer_symbol: str | None  # under which the feed knows it, such as /ESU26:XCME
    exchange: str | None
    streamer_exchange_code: str | None
    product_group: str | None
    active: bool | None
    active_month: bool | None
    next_active_month: bool | None
    is_closing_only: bool | None
    is_tradeable: bool | None
    back_month_first_calendar_symbol: bool | None
    tick_size: Decimal | None
    contract_size: Decimal | None
    notional_multiplier: Decimal | None  # money a point
    display_factor: Decimal | None
    main_fraction: Decimal | None
    sub_fraction: Decimal | None
    stops_trading_at: datetime | None  # UTC
    expires_at: datetime | None  # UTC
    first_notice_date: date | None = None
    closing_only_date: date | None = None
    roll_target_symbol: str | None = None  # the contract that comes after it
    true_underlying_symbol: str | None = None
    security_id: str | None = None
    etf_equivalent: FutureEtfEquivalent | None = None
    product: FutureProduct | None = None
    tick_sizes: tuple[TickSize, ...] = ()
    option_tick_sizes: tuple[TickSize, ...] = ()  # of options on it
    spread_tick_sizes: tuple[TickSize, ...] = ()  # of spreads with it, each with its symbol
