# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes equity options and what they deliver (API facts 4.2 and 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.instruments import decode_instrument_type
from ttapi_core.equity_options import Deliverable, EquityOption
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_equity_option(fields: Fields) -> EquityOption:
    """One option; its streamer symbol is the service's or none, for built ones are wrong for some roots."""
    return EquityOption(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.EQUITY_OPTION),
        underlying=fields.text("underlying-symbol"),
        root=fields.text("root-symbol"),
        option_type=fields.text("option-type"),
        strike=fields.decimal("strike-price"),
        expiration_date=fields.day("expiration-date"),
        streamer_symbol=fields.optional_text("streamer-symbol"),
        active=fields.optional_flag("active"),
        is_closing_only=fields.optional_flag("is-closing-only"),
        chain_type=fields.optional_text("option-chain-type"),
        expiration_type=fields.optional_text("expiration-type"),
        settlement_type=fields.optional_text("settlement-type"),
        exercise_style=fields.optional_text("exercise-style"),
        shares_per_contract=fields.optional_whole("shares-per-contract"),
        days_to_expiration=fields.optional_whole("days-to-expiration"),
        stops_trading_at=fields.optional_instant("stops-trading-at"),
        expires_at=fields.optional_instant("expires-at"),
        market_time_instrument_collection=fields.optional_text("market-time-instrument-collection"),
        listed_market=fields.optional_text("listed-market"),
        halted_at=fields.optional_instant("halted-at"),
        old_security_number=fields.optional_text("old-security-number"),
    )


def decode_deliverables(fields: Fields) -> tuple[Deliverable, ...]:
    """What one contract delivers; nothing where the service does not say."""
    return tuple(_decode_deliverable(item) for item in fields.optional_items("deliverables"))


def _decode_deliverable(fields: Fields) -> Deliverable:
    kind = fields.optional_text("instrument-type")
    return Deliverable(
        deliverable_type=fields.optional_text("deliverable-type"),
        description=fields.optional_text("description"),
        amount=fields.optional_decimal("amount"),
        symbol=fields.optional_text("symbol"),
        root=fields.optional_text("root-symbol"),
        instrument_type=None if kind is None else InstrumentType(kind),
        percent=fields.optional_decimal("percent"),
        id=fields.optional_whole("id"),
    )
