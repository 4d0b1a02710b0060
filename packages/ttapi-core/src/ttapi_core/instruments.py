# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: what a symbol denotes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


class InstrumentType(StrEnum):
    """The service's kinds of instrument (API facts 5.1); a word that we do not know is ``UNKNOWN``."""

    EQUITY = "Equity"
    EQUITY_OPTION = "Equity Option"
    INDEX = "Index"
    FUTURE = "Future"
    FUTURE_OPTION = "Future Option"
    CRYPTOCURRENCY = "Cryptocurrency"
    BOND = "Bond"
    CURRENCY_PAIR = "Currency Pair"
    EQUITY_OFFERING = "Equity Offering"
    EVENT_CONTRACT = "Event Contract"
    FIXED_INCOME_SECURITY = "Fixed Income Security"
    LIQUIDITY_POOL = "Liquidity Pool"
    WARRANT = "Warrant"
    UNKNOWN = "Unknown"

    @classmethod
    def _missing_(cls, value: object) -> InstrumentType:  # noqa: ARG003 - the signature is the enum's
        return cls.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """A share, fund or index as the service lists it; what it does not say is ``None``."""

    symbol: str
    description: str
    instrument_type: InstrumentType
    is_etf: bool
    is_index: bool
    active: bool
    is_closing_only: bool
    is_illiquid: bool
    listed_market: str | None  # market identifier code such as XNAS
    lendability: str | None
    borrow_rate: Decimal | None  # percent a year
    streamer_symbol: str  # under which the feed knows it
