# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes the customer, accounts, what they hold and what they may do (API facts 3.1 to 3.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ttapi_client.decode.identifiers import identifier, optional_identifier
from ttapi_core.accounts import Account, Balance, Position, TradingStatus
from ttapi_core.customers import Customer
from ttapi_core.errors import DecodeError
from ttapi_core.instruments import InstrumentType
from ttapi_core.money import signed

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields

__all__ = [  # Customer had its home here: who imports it from here still may
    "Customer",
    "decode_account",
    "decode_balance",
    "decode_customer",
    "decode_position",
    "decode_trading_status",
    "signed_quantity",
]


def decode_customer(fields: Fields) -> Customer:
    """The customer; of all that the service knows only what a program may need."""
    return Customer(
        customer_id=identifier(fields, "id"),
        first_name=fields.optional_text("first-name"),
        last_name=fields.optional_text("last-name"),
        email=fields.optional_text("email"),
        is_professional=fields.optional_flag("is-professional"),
        has_delayed_quotes=fields.optional_flag("has-delayed-quotes"),
        created_at=fields.optional_instant("created-at"),
        external_id=fields.optional_text("external-id"),
        identifiable_type=fields.optional_text("identifiable-type"),
        agreed_to_terms=fields.optional_flag("agreed-to-terms"),
        has_pending_or_approved_application=fields.optional_flag("has-pending-or-approved-application"),
    )


def decode_account(fields: Fields, *, authority_level: str | None = None) -> Account:
    """One account; of the list's entries, what is under ``account``, and the authority beside it."""
    is_day_trader, day_trader_status = _day_trader(fields)
    return Account(
        account_number=fields.text("account-number"),
        nickname=fields.optional_text("nickname"),
        account_type=fields.optional_text("account-type-name"),
        margin_or_cash=fields.optional_text("margin-or-cash"),
        opened_at=fields.optional_instant("opened-at"),
        is_closed=fields.flag("is-closed", default=False),
        is_day_trader=is_day_trader,
        authority_level=authority_level,
        day_trader_status=day_trader_status,
        created_at=fields.optional_instant("created-at"),
        closed_at=fields.optional_instant("closed-at"),
        funding_date=fields.optional_day("funding-date"),
        is_firm_error=fields.optional_flag("is-firm-error"),
        is_firm_proprietary=fields.optional_flag("is-firm-proprietary"),
        is_futures_approved=fields.optional_flag("is-futures-approved"),
        is_foreign=fields.optional_flag("is-foreign"),
        is_test_drive=fields.optional_flag("is-test-drive"),
        suitable_options_level=fields.optional_text("suitable-options-level"),
        external_id=fields.optional_text("external-id"),
        external_fdid=fields.optional_text("external-fdid"),
        submitting_user_id=optional_identifier(fields, "submitting-user-id"),
        investment_objective=fields.optional_text("investment-objective"),
        investment_time_horizon=fields.optional_text("investment-time-horizon"),
        liquidity_needs=fields.optional_text("liquidity-needs"),
        risk_tolerance=fields.optional_text("risk-tolerance"),
        futures_account_purpose=fields.optional_text("futures-account-purpose"),
    )


def decode_balance(fields: Fields) -> Balance:
    """One account's balance in one currency, of now or of a snapshot; US dollars where none is named."""
    return Balance(
        account_number=fields.text("account-number"),
        currency=fields.optional_text("currency") or "USD",
        cash_balance=fields.optional_signed("cash-balance"),
        net_liquidating_value=fields.optional_signed("net-liquidating-value"),
        equity_buying_power=fields.optional_signed("equity-buying-power"),
        derivative_buying_power=fields.optional_signed("derivative-buying-power"),
        day_trading_buying_power=fields.optional_signed("day-trading-buying-power"),
        maintenance_requirement=fields.optional_signed("maintenance-requirement"),
        updated_at=fields.optional_instant("updated-at"),
        snapshot_date=fields.optional_day("snapshot-date"),
        time_of_day=fields.optional_text("time-of-day"),
        long_equity_value=fields.optional_signed("long-equity-value"),
        short_equity_value=fields.optional_signed("short-equity-value"),
        long_derivative_value=fields.optional_signed("long-derivative-value"),
        short_derivative_value=fields.optional_signed("short-derivative-value"),
        long_futures_value=fields.optional_signed("long-futures-value"),
        short_futures_value=fields.optional_signed("short-futures-value"),
        long_futures_derivative_value=fields.optional_signed("long-futures-derivative-value"),
        short_futures_derivative_value=fields.optional_signed("short-futures-derivative-value"),
        long_margineable_value=fields.optional_signed("long-margineable-value"),
        short_margineable_value=fields.optional_signed("short-margineable-value"),
        long_cryptocurrency_value=fields.optional_signed("long-cryptocurrency-value"),
        short_cryptocurrency_value=fields.optional_signed("short-cryptocurrency-value"),
        long_bond_value=fields.optional_signed("long-bond-value"),
        margin_equity=fields.optional_signed("margin-equity"),
        available_trading_funds=fields.optional_signed("available-trading-funds"),
        cash_available_to_withdraw=fields.optional_signed("cash-available-to-withdraw"),
        closed_loop_available_balance=fields.optional_signed("closed-loop-available-balance"),
        pending_cash=fields.optional_signed("pending-cash"),
        pending_margin_interest=fields.optional_signed("pending-margin-interest"),
        unsettled_cryptocurrency_fiat_amount=_unsettled_fiat(fields),
        buying_power_adjustment=fields.optional_signed("buying-power-adjustment"),
        used_derivative_buying_power=fields.optional_signed("used-derivative-buying-power"),
        effective_cryptocurrency_buying_power=fields.optional_signed("effective-cryptocurrency-buying-power"),
        maintenance_excess=fields.optional_signed("maintenance-excess"),
        day_trade_excess=fields.optional_signed("day-trade-excess"),
        maintenance_call_value=fields.optional_signed("maintenance-call-value"),
        reg_t_call_value=fields.optional_signed("reg-t-call-value"),
        day_trading_call_value=fields.optional_signed("day-trading-call-value"),
        day_equity_call_value=fields.optional_signed("day-equity-call-value"),
        reg_t_margin_requirement=fields.optional_signed("reg-t-margin-requirement"),
        futures_margin_requirement=fields.optional_signed("futures-margin-requirement"),
        futures_overnight_margin_requirement=fields.optional_signed("futures-overnight-margin-requirement"),
        futures_intraday_margin_requirement=fields.optional_signed("futures-intraday-margin-requirement"),
        cryptocurrency_margin_requirement=fields.optional_signed("cryptocurrency-margin-requirement"),
        equity_offering_margin_requirement=fields.optional_signed("equity-offering-margin-requirement"),
        bond_margin_requirement=fields.optional_signed("bond-margin-requirement"),
        apex_starting_day_margin_equity=fields.optional_signed("apex-starting-day-margin-equity"),
    )


def decode_position(fields: Fields) -> Position:
    """One position; a short one gets a negative quantity."""
    return Position(
        account_number=fields.text("account-number"),
        symbol=fields.text("symbol"),
        instrument_type=InstrumentType(fields.text("instrument-type")),
        underlying_symbol=fields.optional_text("underlying-symbol"),
        quantity=signed_quantity(fields),
        average_open_price=fields.optional_decimal("average-open-price"),
        close_price=fields.optional_decimal("close-price"),
        multiplier=fields.optional_decimal("multiplier"),
        updated_at=fields.optional_instant("updated-at"),
        streamer_symbol=fields.optional_text("streamer-symbol"),
        mark=fields.optional_decimal("mark"),
        mark_price=fields.optional_decimal("mark-price"),
        cost_effect=fields.optional_text("cost-effect"),
        expires_at=fields.optional_instant("expires-at"),
        realized_day_gain=fields.optional_signed("realized-day-gain"),
        realized_day_gain_date=fields.optional_day("realized-day-gain-date"),
        realized_today=fields.optional_signed("realized-today"),
        realized_today_date=fields.optional_day("realized-today-date"),
        restricted_quantity=fields.optional_decimal("restricted-quantity"),
        is_suppressed=fields.optional_flag("is-suppressed"),
        is_frozen=fields.optional_flag("is-frozen"),
        fixing_price=fields.optional_decimal("fixing-price"),
        deliverable_type=fields.optional_text("deliverable-type"),
        average_yearly_market_close_price=fields.optional_decimal("average-yearly-market-close-price"),
        average_daily_market_close_price=fields.optional_decimal("average-daily-market-close-price"),
        created_at=fields.optional_instant("created-at"),
    )


def decode_trading_status(fields: Fields) -> TradingStatus:
    """What an account may do; the service leaves out fields for some accounts (API facts 10)."""
    return TradingStatus(
        account_number=fields.text("account-number"),
        trading_status_id=optional_identifier(fields, "id"),
        equities_margin_calculation_type=fields.optional_text("equities-margin-calculation-type"),
        fee_schedule_name=fields.optional_text("fee-schedule-name"),
        options_level=fields.optional_text("options-level"),
        day_trade_count=fields.optional_whole("day-trade-count"),
        futures_margin_rate_multiplier=fields.optional_decimal("futures-margin-rate-multiplier"),
        small_notional_futures_margin_rate_multiplier=fields.optional_decimal(
            "small-notional-futures-margin-rate-multiplier"
        ),
        is_closed=fields.optional_flag("is-closed"),
        is_frozen=fields.optional_flag("is-frozen"),
        is_closing_only=fields.optional_flag("is-closing-only"),
        is_risk_reducing_only=fields.optional_flag("is-risk-reducing-only"),
        is_in_margin_call=fields.optional_flag("is-in-margin-call"),
        is_in_day_trade_equity_maintenance_call=fields.optional_flag(
            "is-in-day-trade-equity-maintenance-call"
        ),
        is_pattern_day_trader=fields.optional_flag("is-pattern-day-trader"),
        is_portfolio_margin_enabled=fields.optional_flag("is-portfolio-margin-enabled"),
        is_full_equity_margin_required=fields.optional_flag("is-full-equity-margin-required"),
        has_intraday_equities_margin=fields.optional_flag("has-intraday-equities-margin"),
        is_aggregated_at_clearing=fields.optional_flag("is-aggregated-at-clearing"),
        is_roll_the_day_forward_enabled=fields.optional_flag("is-roll-the-day-forward-enabled"),
        are_far_otm_net_options_restricted=fields.optional_flag("are-far-otm-net-options-restricted"),
        short_calls_enabled=fields.optional_flag("short-calls-enabled"),
        is_futures_enabled=fields.optional_flag("is-futures-enabled"),
        is_futures_closing_only=fields.optional_flag("is-futures-closing-only"),
        is_futures_intra_day_enabled=fields.optional_flag("is-futures-intra-day-enabled"),
        is_small_notional_futures_intra_day_enabled=fields.optional_flag(
            "is-small-notional-futures-intra-day-enabled"
        ),
        is_cryptocurrency_enabled=fields.optional_flag("is-cryptocurrency-enabled"),
        is_cryptocurrency_closing_only=fields.optional_flag("is-cryptocurrency-closing-only"),
        is_equity_offering_enabled=fields.optional_flag("is-equity-offering-enabled"),
        is_equity_offering_closing_only=fields.optional_flag("is-equity-offering-closing-only"),
        pdt_reset_on=fields.optional_day("pdt-reset-on"),
        cmta_override=fields.optional_whole("cmta-override"),
        enhanced_fraud_safeguards_enabled_at=fields.optional_instant("enhanced-fraud-safeguards-enabled-at"),
        autotrade_account_type=fields.optional_text("autotrade-account-type"),
        clearing_account_number=fields.optional_text("clearing-account-number"),
        clearing_aggregation_identifier=fields.optional_text("clearing-aggregation-identifier"),
        updated_at=fields.optional_instant("updated-at"),
    )


def signed_quantity(fields: Fields) -> Decimal:
    """The ``quantity`` with the sign that ``quantity-direction`` says."""
    quantity, direction = fields.decimal("quantity"), fields.text("quantity-direction")
    if quantity < 0:  # the sign would be there twice: better no position than one on the wrong side
        raise fields.wrong("quantity", "a decimal from 0", str(quantity))
    match direction:
        case "Long":
            return quantity
        case "Short":
            return quantity.copy_negate() if quantity else quantity
        case "Zero":
            return Decimal(0)
        case _:
            raise fields.wrong("quantity-direction", "Long, Short or Zero", direction)


def _day_trader(fields: Fields) -> tuple[bool, str | None]:
    # Documented as a flag, taken for a text by a client that reads production: a word must cost no account.
    try:
        return fields.flag("day-trader-status", default=False), None
    except DecodeError:
        word = fields.optional_text("day-trader-status")
        return word == "true", word


def _unsettled_fiat(fields: Fields) -> Decimal | None:
    # The one amount of which the effect does not have the name (API facts 3.3).
    amount, effect = "unsettled-cryptocurrency-fiat-amount", "unsettled-cryptocurrency-fiat-effect"
    found = fields.optional_decimal(amount)
    return None if found is None else signed(found, fields.optional_text(effect), path=fields.path_of(effect))
