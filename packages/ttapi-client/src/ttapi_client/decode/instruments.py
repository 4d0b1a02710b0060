# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes instruments (API facts 4.1, 4.2 and 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.instruments import Equity, InstrumentType

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_equity(fields: Fields) -> Equity:
    """One share, fund or index; without a streamer symbol of its own it has its symbol (API facts 4.5)."""
    symbol = fields.text("symbol")
    return Equity(
        symbol=symbol,
        description=fields.optional_text("description") or symbol,
        instrument_type=InstrumentType(fields.text("instrument-type")),
        is_etf=fields.flag("is-etf", default=False),
        is_index=fields.flag("is-index", default=False),
        active=fields.flag("active", default=True),
        is_closing_only=fields.flag("is-closing-only", default=False),
        is_illiquid=fields.flag("is-illiquid", default=False),
        listed_market=fields.optional_text("listed-market"),
        lendability=fields.optional_text("lendability"),
        borrow_rate=fields.optional_decimal("borrow-rate"),
        streamer_symbol=fields.optional_text("streamer-symbol") or symbol,
    )
