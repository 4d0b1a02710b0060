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
