# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Options on futures: one contract, its product, and the chain of a futures product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.expirations import Strike
    from ttapi_core.futures import FutureProduct
    from ttapi_core.instruments import InstrumentType, TickSize


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureOptionProduct:
    """A family of options on futures such as ``EW4`` (API facts 4.4)."""

    root: str
    code: str | None
    exchange: str | None
    product_type: str | None
    product_subtype: str | None
    expiration_type: str | None
    market_sector: str | None
    cash_settled: bool | None
    is_rollover: bool | None
    settlement_delay_days: int | None
    display_factor: Decimal | None
    clearing_price_multiplier: Decimal | None
    clearing_code: str | None = None
    clearing_exchange_code: str | None = None
    clearport_code: str | None = None
    legacy_code: str | None = None
    future_product: FutureProduct | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureOption:
    """
    One option on a future, such as ``./ESU6 EW4Q6 260821C5750``; what the service does not say is ``None``.

    Source: API facts 4.4 and 4.5.
    """

    symbol: str
    instrument_type: InstrumentType
    underlying: str  # the future
    product_code: str | None  # of the future
    root: str | None  # of the future's product
    option_root: str | None
    option_type: str  # C or P
    strike: Decimal  # in points
    expiration_date: date
    streamer_symbol: str | None  # under which the feed knows it, such as ./EW4Q26C5750:XCME
    active: bool | None
    is_closing_only: bool | None
    exercise_style: str | None
    settlement_type: str | None
    days_to_expiration: int | None  # calendar days as the service counts them
    stops_trading_at: datetime | None  # UTC
    expires_at: datetime | None  # UTC
    maturity_date: date | None
    last_trade_time: str | None
    exchange: str | None
    exchange_symbol: str | None
    security_exchange: str | None
    sx_id: str | None
    multiplier: Decimal | None
    notional_value: Decimal | None
    display_factor: Decimal | None
    strike_factor: Decimal | None
    future_price_ratio: Decimal | None
    underlying_count: Decimal | None
    is_vanilla: bool | None
    is_primary_deliverable: bool | None
    is_confirmed: bool | None
    is_exercisable_weekly: bool | None
    product: FutureOptionProduct | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFuture:
    """A future as the chain of its product names it."""

    symbol: str
    root: str | None
    expiration_date: date
    days_to_expiration: int | None  # calendar days as the service counts them
    active_month: bool | None
    next_active_month: bool | None
    stops_trading_at: datetime | None  # UTC
    expires_at: datetime | None  # UTC
    maturity_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureExpirationSeries:
    """The options of one root on one future that end on one day, strikes in ascending order."""

    underlying: str  # the future
    root: str | None  # of the future's product
    option_root: str | None
    option_contract_symbol: str | None  # root, month and year, such as EW4Q6
    asset: str | None
    exercise_style: str | None
    expiration_date: date
    expiration_type: str | None
    settlement_type: str | None
    days_to_expiration: int | None  # calendar days as the service counts them
    stops_trading_at: datetime | None  # UTC
    expires_at: datetime | None  # UTC
    notional_value: Decimal | None
    display_factor: Decimal | None
    strike_factor: Decimal | None
    strikes: tuple[Strike, ...]
    tick_sizes: tuple[TickSize, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureOptionChain:
    """The futures of one product, and every series of options on them (API facts 4.4)."""

    futures: tuple[ChainFuture, ...]
    series: tuple[FutureExpirationSeries, ...]
