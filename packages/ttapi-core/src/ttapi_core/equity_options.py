# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Equity options: one contract with all that the service says of it, and chains of nothing but symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityOption:
    """
    One option on a share, fund or index (API facts 4.2); what the service does not say is ``None``.

    Words such as ``expiration_type`` are the service's own, kept as they came.
    """

    symbol: str  # 21 characters
    instrument_type: InstrumentType
    underlying: str
    root: str
    option_type: str  # C or P
    strike: Decimal  # per share
    expiration_date: date
    streamer_symbol: str | None  # under which the feed knows it
    active: bool | None
    is_closing_only: bool | None
    chain_type: str | None  # Standard or Non-standard
    expiration_type: str | None  # Regular, Weekly, Quarterly, End-Of-Month
    settlement_type: str | None  # AM or PM
    exercise_style: str | None  # American or European
    shares_per_contract: int | None
    days_to_expiration: int | None  # calendar days as the service counts them
    stops_trading_at: datetime | None  # UTC
    expires_at: datetime | None  # UTC
    market_time_instrument_collection: str | None = None  # whose trading hours it has
    listed_market: str | None = None
    halted_at: datetime | None = None  # UTC
    old_security_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """What one contract delivers, or one part of it (API facts 4.3)."""

    deliverable_type: str | None  # such as Shares
    description: str | None
    amount: Decimal | None  # shares, or money
    symbol: str | None
    root: str | None
    instrument_type: InstrumentType | None
    percent: Decimal | None  # of the strike price that this part stands for
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactChain:
    """
    The options of one root that have expiration type and settlement in common (API facts 4.3).

    ``symbols`` and ``streamer_symbols`` are parallel: as many of the one as of the other, in the order of the
    service; where the service names no streamer symbols they are ``None``.
    """

    underlying: str
    root: str
    chain_type: str | None  # Standard or Non-standard
    expiration_type: str | None
    settlement_type: str | None
    shares_per_contract: int | None
    symbols: tuple[str, ...]
    streamer_symbols: tuple[str | None, ...]
    deliverables: tuple[Deliverable, ...] = ()
