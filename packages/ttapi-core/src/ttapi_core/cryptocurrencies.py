# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Cryptocurrencies: coins, and the venues where they are traded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationVenueSymbol:
    """What a venue calls a coin; what the service does not say is ``None``."""

    symbol: str
    destination_venue: str
    routable: bool | None
    max_quantity_precision: int | None = None  # decimal places
    max_price_precision: int | None = None  # decimal places
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cryptocurrency:
    """A coin against a currency, such as ``BTC/USD`` (API facts 4.4)."""

    symbol: str
    instrument_type: InstrumentType
    description: str | None
    short_description: str | None
    streamer_symbol: str | None  # under which the feed knows it, such as BTC/USD:CXTALP
    active: bool | None
    is_closing_only: bool | None
    tick_size: Decimal | None
    destination_venue_symbols: tuple[DestinationVenueSymbol, ...] = ()
    id: int | None = None
