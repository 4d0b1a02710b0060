# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes instruments that are neither options nor futures, and what all have in common (API facts 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_core.instruments import (
    CurrencyPair,
    Equity,
    InstrumentMatch,
    InstrumentType,
    QuantityPrecision,
    TickSize,
    Warrant,
)

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields

# Thousands of instruments share a few dozen of them; bounded, as they come from outside.
_TICK_SIZES: Final[dict[bytes, tuple[TickSize, ...]]] = {}
_MOST_KEPT: Final = 1_000
_LONGEST_KEPT: Final = 1_000


def decode_instrument_type(fields: Fields, default: InstrumentType) -> InstrumentType:
    """The kind of an instrument; where the service does not say, what was asked for."""
    word = fields.optional_text("instrument-type")
    return default if word is None else InstrumentType(word)


def decode_tick_sizes(fields: Fields, key: str) -> tuple[TickSize, ...]:
    """Steps of prices in the order of the service; none where it does not say."""
    written = fields.written(key)
    if (known := _TICK_SIZES.get(written)) is not None:
        return known
    sizes = tuple(
        TickSize(
            value=item.decimal("value"),
            threshold=item.optional_decimal("threshold"),
            symbol=item.optional_text("symbol"),
        )
        for item in fields.optional_items(key)
    )
    if len(written) <= _LONGEST_KEPT and len(_TICK_SIZES) < _MOST_KEPT:
        _TICK_SIZES[written] = sizes
    return sizes


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
        id=fields.optional_whole("id"),
        cusip=fields.optional_text("cusip"),
        short_description=fields.optional_text("short-description"),
        instrument_sub_type=fields.optional_text("instrument-sub-type"),
        underlying_product_type=fields.optional_text("underlying-product-type"),
        country_of_incorporation=fields.optional_text("country-of-incorporation"),
        country_of_taxation=fields.optional_text("country-of-taxation"),
        market_time_instrument_collection=fields.optional_text("market-time-instrument-collection"),
        halted_at=fields.optional_instant("halted-at"),
        stops_trading_at=fields.optional_instant("stops-trading-at"),
        is_options_closing_only=fields.optional_flag("is-options-closing-only"),
        is_fractional_quantity_eligible=fields.optional_flag("is-fractional-quantity-eligible"),
        is_fraud_risk=fields.optional_flag("is-fraud-risk"),
        bypass_manual_review=fields.optional_flag("bypass-manual-review"),
        overnight_trading_permitted=fields.optional_flag("overnight-trading-permitted"),
        tick_sizes=decode_tick_sizes(fields, "tick-sizes"),
        option_tick_sizes=decode_tick_sizes(fields, "option-tick-sizes"),
    )


def decode_currency_pair(fields: Fields) -> CurrencyPair:
    """One currency pair, of which the feed's spelling has a name of its own."""
    return CurrencyPair(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.CURRENCY_PAIR),
        description=fields.optional_text("description"),
        streamer_symbol=fields.optional_text("dx-symbol") or fields.optional_text("streamer-symbol"),
        id=fields.optional_whole("id"),
    )


def decode_warrant(fields: Fields) -> Warrant:
    """One warrant."""
    return Warrant(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.WARRANT),
        description=fields.optional_text("description"),
        listed_market=fields.optional_text("listed-market"),
        cusip=fields.optional_text("cusip"),
        active=fields.optional_flag("active"),
        is_closing_only=fields.optional_flag("is-closing-only"),
    )


def decode_quantity_precision(fields: Fields) -> QuantityPrecision:
    """The precision of one instrument, or of a kind of them."""
    return QuantityPrecision(
        instrument_type=InstrumentType(fields.text("instrument-type")),
        symbol=fields.optional_text("symbol"),
        decimal_places=fields.whole("value"),
        minimum_increment_decimal_places=fields.optional_whole("minimum-increment-precision"),
    )


def decode_instrument_match(fields: Fields) -> InstrumentMatch:
    """One instrument that a search found."""
    kind = fields.optional_text("instrument-type")
    return InstrumentMatch(
        symbol=fields.text("symbol"),
        instrument_type=None if kind is None else InstrumentType(kind),
        description=fields.optional_text("description"),
        exchange=fields.optional_text("exchange"),
        category=fields.optional_text("category"),
        instrument_sub_type=fields.optional_text("instrument-sub-type"),
        listed_market=fields.optional_text("listed-market"),
        streamer_symbol=fields.optional_text("streamer-symbol"),
        expiration_date=fields.optional_day("expiration-date"),
        active=fields.optional_flag("active"),
    )
