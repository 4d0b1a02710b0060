# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: what a symbol denotes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


class InstrumentType(StrEnum):
    """
    The service's kinds of instrument (API facts 5.1).

    A word that we do not know is kept: it is a member of its own, with that value and the name ``UNKNOWN``,
    equal to the same word and to nothing else. Ask ``is_known``; comparing with ``InstrumentType.UNKNOWN``
    finds only what was no word at all.

    Examples
    --------
    >>> InstrumentType("Equity").is_known, InstrumentType("Moon Rock").is_known
    (True, False)
    >>> InstrumentType("Moon Rock")
    <InstrumentType.UNKNOWN: 'Moon Rock'>
    """

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

    @property
    def is_known(self) -> bool:
        """Whether it is one of the kinds above."""
        return self.name != "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> InstrumentType:
        return _unknown(value) if isinstance(value, str) and value else cls.UNKNOWN

    def __reduce_ex__(self, protocol: object) -> tuple[type[InstrumentType], tuple[str]]:
        # By its word: some releases of Python pickle by name, which all unknown ones share.
        return InstrumentType, (self.value,)


@lru_cache(maxsize=256)  # bounded, as the words come from outside
def _unknown(word: str) -> InstrumentType:
    member = str.__new__(InstrumentType, word)
    member._name_ = InstrumentType.UNKNOWN.name
    member._value_ = word
    return member


@dataclass(frozen=True, slots=True, kw_only=True)
class TickSize:
    """The least step of a price, up to and not including a threshold; the last has none."""

    value: Decimal
    threshold: Decimal | None = None  # None: for every price above the other thresholds
    symbol: str | None = None  # where it is that of one spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """A share, fund or index as the service lists it (API facts 4.1); what it does not say is ``None``."""

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
    id: int | None = None
    cusip: str | None = None
    short_description: str | None = None
    instrument_sub_type: str | None = None
    underlying_product_type: str | None = None
    country_of_incorporation: str | None = None
    country_of_taxation: str | None = None
    market_time_instrument_collection: str | None = None  # whose trading hours it has
    halted_at: datetime | None = None  # UTC
    stops_trading_at: datetime | None = None  # UTC
    is_options_closing_only: bool | None = None
    is_fractional_quantity_eligible: bool | None = None
    is_fraud_risk: bool | None = None
    bypass_manual_review: bool | None = None
    overnight_trading_permitted: bool | None = None
    tick_sizes: tuple[TickSize, ...] = ()  # in the order of the service
    option_tick_sizes: tuple[TickSize, ...] = ()  # of its options


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyPair:
    """One currency in terms of another, quoted and not traded (API facts 4.4)."""

    symbol: str
    instrument_type: InstrumentType
    description: str | None
    streamer_symbol: str | None
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warrant:
    """A warrant (API facts 4.4); what the service does not say is ``None``."""

    symbol: str
    instrument_type: InstrumentType
    description: str | None
    listed_market: str | None
    cusip: str | None
    active: bool | None
    is_closing_only: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityPrecision:
    """To how many decimal places a quantity may be given (API facts 4.4)."""

    instrument_type: InstrumentType
    symbol: str | None  # None: for all of the type that have no entry of their own
    decimal_places: int
    minimum_increment_decimal_places: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentMatch:
    """What a search found; which keys there are beside the symbol is not documented (API facts 4.4)."""

    symbol: str
    instrument_type: InstrumentType | None
    description: str | None
    exchange: str | None
    category: str | None
    instrument_sub_type: str | None
    listed_market: str | None
    streamer_symbol: str | None
    expiration_date: date | None
    active: bool | None
