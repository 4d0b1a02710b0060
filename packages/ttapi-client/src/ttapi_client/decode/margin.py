# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes margin requirements (API facts 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.instruments import InstrumentType
from ttapi_core.margin import MarginConfiguration, MarginGroup, MarginPosition, MarginRequirements

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_margin_requirements(fields: Fields) -> MarginRequirements:
    """The whole tree; requirements are debits and get negative."""
    return MarginRequirements(
        account_number=fields.text("account-number"),
        description=fields.optional_text("description"),
        margin_calculation_type=fields.optional_text("margin-calculation-type"),
        option_level=fields.optional_text("option-level"),
        margin_requirement=fields.optional_signed("margin-requirement"),
        initial_requirement=fields.optional_signed("initial-requirement"),
        maintenance_requirement=fields.optional_signed("maintenance-requirement"),
        maintenance_excess=fields.optional_signed("maintenance-excess"),
        margin_equity=fields.optional_signed("margin-equity"),
        option_buying_power=fields.optional_signed("option-buying-power"),
        reg_t_margin_requirement=fields.optional_signed("reg-t-margin-requirement"),
        reg_t_option_buying_power=fields.optional_signed("reg-t-option-buying-power"),
        updated_at=fields.optional_milliseconds("last-state-timestamp"),
        groups=tuple(_group(item) for item in fields.optional_items("groups")),
    )


def decode_margin_configuration(fields: Fields) -> MarginConfiguration:
    """What the service works margin out with."""
    return MarginConfiguration(risk_free_rate=fields.decimal("risk-free-rate"))


def _group(fields: Fields) -> MarginGroup:
    return MarginGroup(
        description=fields.optional_text("description"),
        code=fields.optional_text("code"),
        underlying_symbol=fields.optional_text("underlying-symbol"),
        underlying_type=fields.optional_text("underlying-type"),
        margin_calculation_type=fields.optional_text("margin-calculation-type"),
        margin_requirement=fields.optional_signed("margin-requirement"),
        initial_requirement=fields.optional_signed("initial-requirement"),
        maintenance_requirement=fields.optional_signed("maintenance-requirement"),
        buying_power=fields.optional_signed("buying-power"),
        includes_working_order=fields.optional_flag("includes-working-order"),
        expected_price_range_up_percent=fields.optional_decimal("expected-price-range-up-percent"),
        expected_price_range_down_percent=fields.optional_decimal("expected-price-range-down-percent"),
        point_of_no_return_percent=fields.optional_decimal("point-of-no-return-percent"),
        price_increase_percent=fields.optional_decimal("price-increase-percent"),
        price_decrease_percent=fields.optional_decimal("price-decrease-percent"),
        positions=tuple(_position(item) for item in fields.optional_items("position-entries")),
        groups=tuple(_group(item) for item in fields.optional_items("groups")),
    )


def _position(fields: Fields) -> MarginPosition:
    return MarginPosition(
        symbol=fields.text("instrument-symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        quantity=fields.optional_decimal("quantity"),
        close_price=fields.optional_decimal("close-price"),
        average_open_price=fields.optional_decimal("average-open-price"),
        fixing_price=fields.optional_decimal("fixing-price"),
        strike_price=fields.optional_decimal("strike-price"),
        option_type=fields.optional_text("option-type"),
        expiration_date=fields.optional_day("expiration-date"),
    )
