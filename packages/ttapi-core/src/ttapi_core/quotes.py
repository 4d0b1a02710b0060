# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes: what the market said of one symbol at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """
    One symbol's quote with its day so far (API facts 5.1).

    Prices are per unit in the instrument's currency; a side that nobody quotes is ``None``, never zero.
    Words such as ``close_price_type`` are the service's own, kept as they came.
    """

    symbol: str
    instrument_type: InstrumentType
    bid: Decimal | None
    ask: Decimal | None
    bid_size: Decimal | None
    ask_size: Decimal | None
    mid: Decimal | None
    mark: Decimal | None
    last: Decimal | None
    open: Decimal | None
    day_high: Decimal | None
    day_low: Decimal | None
    close: Decimal | None
    prev_close: Decimal | None
    volume: Decimal | None
    close_price_type: str | None
    is_trading_halted: bool | None
    summary_date: date | None
    prev_close_date: date | None
    event_at: datetime  # UTC, stamped by the service
    received_at: datetime  # UTC, stamped by us
    last_ext: Decimal | None = None  # last price outside of regular hours
    volume_ext: Decimal | None = None  # traded outside of regular hours
    open_interest: Decimal | None = None  # contracts
    year_high: Decimal | None = None
    year_low: Decimal | None = None
    low_limit: Decimal | None = None  # beyond the limits trading pauses
    high_limit: Decimal | None = None
    beta: Decimal | None = None
    dividend_amount: Decimal | None = None  # the latest, a share
    dividend_frequency: Decimal | None = None  # times a year
    last_trade_at: datetime | None = None  # UTC
    halt_start_at: datetime | None = None  # UTC
    halt_end_at: datetime | None = None  # UTC
    last_mkt: Decimal | None = None  # last price in regular hours
    prev_close_price_type: str | None = None
    trading_halted_reason: str | None = None
