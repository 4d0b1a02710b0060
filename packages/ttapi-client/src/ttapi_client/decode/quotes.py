# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes quotes (API facts 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.instruments import InstrumentType
from ttapi_core.quotes import Quote

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.decode.fields import Fields


def decode_quote(fields: Fields, *, received_at: datetime) -> Quote:
    """One quote; outside hours any of its prices may be missing."""
    return Quote(
        symbol=fields.text("symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        bid=fields.optional_decimal("bid"),
        ask=fields.optional_decimal("ask"),
        bid_size=fields.optional_decimal("bid-size"),
        ask_size=fields.optional_decimal("ask-size"),
        mid=fields.optional_decimal("mid"),
        mark=fields.optional_decimal("mark"),
        last=fields.optional_decimal("last"),
        open=fields.optional_decimal("open"),
        day_high=fields.optional_decimal("day-high-price"),
        day_low=fields.optional_decimal("day-low-price"),
        close=fields.optional_decimal("close"),
        prev_close=fields.optional_decimal("prev-close"),
        volume=fields.optional_decimal("volume"),
        close_price_type=fields.optional_text("close-price-type"),
        is_trading_halted=fields.optional_flag("is-trading-halted"),
        summary_date=fields.optional_day("summary-date"),
        prev_close_date=fields.optional_day("prev-close-date"),
        event_at=fields.instant("updated-at"),
        received_at=received_at,
        last_ext=fields.optional_decimal("last-ext"),
        volume_ext=fields.optional_decimal("volume-ext"),
        open_interest=fields.optional_decimal("open-interest"),
        year_high=fields.optional_decimal("year-high-price"),
        year_low=fields.optional_decimal("year-low-price"),
        low_limit=fields.optional_decimal("low-limit-price"),
        high_limit=fields.optional_decimal("high-limit-price"),
        beta=fields.optional_decimal("beta"),
        dividend_amount=fields.optional_decimal("dividend-amount"),
        dividend_frequency=fields.optional_decimal("dividend-frequency"),
        last_trade_at=fields.optional_milliseconds("last-trade-time"),
        halt_start_at=fields.optional_milliseconds("halt-start-time"),
        halt_end_at=fields.optional_milliseconds("halt-end-time"),
        last_mkt=fields.optional_decimal("last-mkt"),
        prev_close_price_type=fields.optional_text("prev-close-price-type"),
        trading_halted_reason=fields.optional_text("trading-halted-reason"),
    )
