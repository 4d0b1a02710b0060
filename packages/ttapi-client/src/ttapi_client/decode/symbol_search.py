# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes what a search of symbols finds (API facts 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.instruments import InstrumentType
from ttapi_core.symbol_search import SymbolMatch

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_symbol_match(fields: Fields) -> SymbolMatch:
    """One symbol that was found."""
    kind = fields.optional_text("instrument-type")
    return SymbolMatch(
        symbol=fields.text("symbol"),
        description=fields.optional_text("description"),
        instrument_type=None if kind is None else InstrumentType(kind),
        listed_market=fields.optional_text("listed-market"),
        price_increments=fields.optional_text("price-increments"),
        trading_hours=fields.optional_text("trading-hours"),
        has_options=fields.optional_flag("options"),
    )
