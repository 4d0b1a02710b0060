# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Expirations: the option series of one underlying that end on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from ttapi_core.equity_options import Deliverable
    from ttapi_core.instruments import TickSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """The call and the put at one strike price, in the exchange's and in the feed's spelling."""

    strike: Decimal  # per share
    call: str
    put: str
    call_streamer_symbol: str | None
    put_streamer_symbol: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirationSeries:
    """
    One underlying, one root, one expiration date, and its strikes in ascending order (API facts 4.3).

    ``days_to_expiration`` are calendar days as the service counts them, ``None`` when it does not say.
    """

    underlying: str
    root: str
    chain_type: str  # Standard or Non-standard
    shares_per_contract: int
    expiration_date: date
    expiration_type: str  # Regular, Weekly, Quarterly, End-Of-Month
    settlement_type: str  # AM or PM
    days_to_expiration: int | None
    strikes: tuple[Strike, ...]
    tick_sizes: tuple[TickSize, ...] = ()  # of its prices, in the order of the service
    deliverables: tuple[Deliverable, ...] = ()  # what one contract delivers
