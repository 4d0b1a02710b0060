# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes cryptocurrencies (API facts 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.instruments import decode_instrument_type
from ttapi_core.cryptocurrencies import Cryptocurrency, DestinationVenueSymbol
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_cryptocurrency(fields: Fields) -> Cryptocurrency:
    """One coin."""
    return Cryptocurrency(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.CRYPTOCURRENCY),
        description=fields.optional_text("description"),
        short_description=fields.optional_text("short-description"),
        streamer_symbol=fields.optional_text("streamer-symbol"),
        active=fields.optional_flag("active"),
        is_closing_only=fields.optional_flag("is-closing-only"),
        tick_size=fields.optional_decimal("tick-size"),
        destination_venue_symbols=tuple(
            _decode_venue_symbol(item) for item in fields.optional_items("destination-venue-symbols")
        ),
        id=fields.optional_whole("id"),
    )


def _decode_venue_symbol(fields: Fields) -> DestinationVenueSymbol:
    return DestinationVenueSymbol(
        symbol=fields.text("symbol"),
        destination_venue=fields.text("destination-venue"),
        routable=fields.optional_flag("routable"),
        max_quantity_precision=fields.optional_whole("max-quantity-precision"),
        max_price_precision=fields.optional_whole("max-price-precision"),
        id=fields.optional_whole("id"),
    )
