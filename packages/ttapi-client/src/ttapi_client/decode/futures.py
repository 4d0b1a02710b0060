# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes futures, options on them, and the products of both (API facts 4.4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ttapi_client.decode.identifiers import optional_identifier
from ttapi_client.decode.instruments import decode_instrument_type, decode_tick_sizes
from ttapi_core.future_options import FutureOption, FutureOptionProduct
from ttapi_core.futures import Future, FutureEtfEquivalent, FutureProduct, FutureRoll
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_future(fields: Fields) -> Future:
    """One contract; the last day of trading stands in for an expiration that the service leaves out."""
    last_trade_date = fields.optional_day("last-trade-date")
    equivalent = fields.optional_child("future-etf-equivalent")
    product = fields.optional_child("future-product")
    return Future(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.FUTURE),
        product_code=fields.text("product-code"),
        expiration_date=fields.optional_day("expiration-date")
        or last_trade_date
        or fields.day("expiration-date"),
        last_trade_date=last_trade_date,
        streamer_symbol=fields.optional_text("streamer-symbol"),
        exchange=fields.optional_text("exchange"),
        streamer_exchange_code=fields.optional_text("streamer-exchange-code"),
        product_group=fields.optional_text("product-group"),
        active=fields.optional_flag("active"),
        active_month=fields.optional_flag("active-month"),
        next_active_month=fields.optional_flag("next-active-month"),
        is_closing_only=fields.optional_flag("is-closing-only"),
        is_tradeable=fields.optional_flag("is-tradeable"),
        back_month_first_calendar_symbol=fields.optional_flag("back-month-first-calendar-symbol"),
        tick_size=fields.optional_decimal("tick-size"),
        contract_size=fields.optional_decimal("contract-size"),
        notional_multiplier=fields.optional_decimal("notional-multiplier"),
        display_factor=fields.optional_decimal("display-factor"),
        main_fraction=fields.optional_decimal("main-fraction"),
        sub_fraction=fields.optional_decimal("sub-fraction"),
        stops_trading_at=fields.optional_instant("stops-trading-at"),
        expires_at=fields.optional_instant("expires-at"),
        first_notice_date=fields.optional_day("first-notice-date"),
        closing_only_date=fields.optional_day("closing-only-date"),
        roll_target_symbol=fields.optional_text("roll-target-symbol"),
        true_underlying_symbol=fields.optional_text("true-underlying-symbol"),
        security_id=optional_identifier(fields, "security-id"),
        etf_equivalent=None if equivalent is None else _decode_etf_equivalent(equivalent),
        product=None if product is None else decode_future_product(product),
        tick_sizes=decode_tick_sizes(fields, "tick-sizes"),
        option_tick_sizes=decode_tick_sizes(fields, "option-tick-sizes"),
        spread_tick_sizes=decode_tick_sizes(fields, "spread-tick-sizes"),
    )


def decode_future_product(fields: Fields) -> FutureProduct:
    """One product, with those of its options where the service names them."""
    code = fields.text("code")
    roll = fields.optional_child("roll")
    return FutureProduct(
        code=code,
        root=fields.optional_text("root-symbol") or f"/{code}",
        exchange=fields.optional_text("exchange"),
        description=fields.optional_text("description"),
        product_type=fields.optional_text("product-type"),
        product_subtype=fields.optional_text("product-subtype"),
        listed_months=fields.texts("listed-months"),
        active_months=fields.texts("active-months"),
        notional_multiplier=fields.optional_decimal("notional-multiplier"),
        tick_size=fields.optional_decimal("tick-size"),
        display_factor=fields.optional_decimal("display-factor"),
        streamer_exchange_code=fields.optional_text("streamer-exchange-code"),
        small_notional=fields.optional_flag("small-notional"),
        back_month_first_calendar_symbol=fields.optional_flag("back-month-first-calendar-symbol"),
        first_notice=fields.optional_flag("first-notice"),
        cash_settled=fields.optional_flag("cash-settled"),
        market_sector=fields.optional_text("market-sector"),
        security_group=fields.optional_text("security-group"),
        roll=None if roll is None else _decode_roll(roll),
        base_tick=fields.optional_whole("base-tick"),
        sub_tick=fields.optional_whole("sub-tick"),
        contract_limit=fields.optional_whole("contract-limit"),
        clearing_code=fields.optional_text("clearing-code"),
        clearing_exchange_code=optional_identifier(fields, "clearing-exchange-code"),
        clearport_code=fields.optional_text("clearport-code"),
        legacy_code=fields.optional_text("legacy-code"),
        legacy_exchange_code=fields.optional_text("legacy-exchange-code"),
        true_underlying_code=fields.optional_text("true-underlying-code"),
        option_products=tuple(
            decode_future_option_product(item) for item in fields.optional_items("option-products")
        ),
    )


def decode_future_option_product(fields: Fields) -> FutureOptionProduct:
    """One product of options, with that of its futures where the service names it."""
    product = fields.optional_child("future-product")
    return FutureOptionProduct(
        root=fields.text("root-symbol"),
        code=fields.optional_text("code"),
        exchange=fields.optional_text("exchange"),
        product_type=fields.optional_text("product-type"),
        product_subtype=fields.optional_text("product-subtype"),
        expiration_type=fields.optional_text("expiration-type"),
        market_sector=fields.optional_text("market-sector"),
        cash_settled=fields.optional_flag("cash-settled"),
        is_rollover=fields.optional_flag("is-rollover"),
        settlement_delay_days=fields.optional_whole("settlement-delay-days"),
        display_factor=fields.optional_decimal("display-factor"),
        clearing_price_multiplier=fields.optional_decimal("clearing-price-multiplier"),
        clearing_code=fields.optional_text("clearing-code"),
        clearing_exchange_code=optional_identifier(fields, "clearing-exchange-code"),
        clearport_code=fields.optional_text("clearport-code"),
        legacy_code=fields.optional_text("legacy-code"),
        future_product=None if product is None else decode_future_product(product),
    )


def decode_future_option(fields: Fields) -> FutureOption:
    """One option on a future."""
    product = fields.optional_child("future-option-product")
    return FutureOption(
        symbol=fields.text("symbol"),
        instrument_type=decode_instrument_type(fields, InstrumentType.FUTURE_OPTION),
        underlying=fields.text("underlying-symbol"),
        product_code=fields.optional_text("product-code"),
        root=fields.optional_text("root-symbol"),
        option_root=fields.optional_text("option-root-symbol"),
        option_type=fields.text("option-type"),
        strike=fields.decimal("strike-price"),
        expiration_date=fields.day("expiration-date"),
        streamer_symbol=fields.optional_text("streamer-symbol"),
        active=fields.optional_flag("active"),
        is_closing_only=fields.optional_flag("is-closing-only"),
        exercise_style=fields.optional_text("exercise-style"),
        settlement_type=fields.optional_text("settlement-type"),
        days_to_expiration=fields.optional_whole("days-to-expiration"),
        stops_trading_at=fields.optional_instant("stops-trading-at"),
        expires_at=fields.optional_instant("expires-at"),
        maturity_date=decode_maturity(fields),
        last_trade_time=optional_identifier(fields, "last-trade-time"),
        exchange=fields.optional_text("exchange"),
        exchange_symbol=fields.optional_text("exchange-symbol"),
        security_exchange=optional_identifier(fields, "security-exchange"),
        sx_id=optional_identifier(fields, "sx-id"),
        multiplier=fields.optional_decimal("multiplier"),
        notional_value=fields.optional_decimal("notional-value"),
        display_factor=fields.optional_decimal("display-factor"),
        strike_factor=fields.optional_decimal("strike-factor"),
        future_price_ratio=fields.optional_decimal("future-price-ratio"),
        underlying_count=fields.optional_decimal("underlying-count"),
        is_vanilla=fields.optional_flag("is-vanilla"),
        is_primary_deliverable=fields.optional_flag("is-primary-deliverable"),
        is_confirmed=fields.optional_flag("is-confirmed"),
        is_exercisable_weekly=fields.optional_flag("is-exercisable-weekly"),
        product=None if product is None else decode_future_option_product(product),
    )


def decode_maturity(fields: Fields) -> date | None:
    """A date behind which a time and a zone may stand: ``2026-09-18 00:00:00 UTC`` was seen."""
    text = fields.optional_text("maturity-date")
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        raise fields.wrong("maturity-date", "a date", text) from None


def _decode_roll(fields: Fields) -> FutureRoll:
    return FutureRoll(
        name=fields.optional_text("name"),
        active_count=fields.optional_whole("active-count"),
        cash_settled=fields.optional_flag("cash-settled"),
        business_days_offset=fields.optional_whole("business-days-offset"),
        first_notice=fields.optional_flag("first-notice"),
    )


def _decode_etf_equivalent(fields: Fields) -> FutureEtfEquivalent:
    return FutureEtfEquivalent(
        symbol=fields.text("symbol"), share_quantity=fields.optional_whole("share-quantity")
    )
