# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts: who holds what, what it is worth, and what may be traded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    One account of the customer (API facts 3.2).

    Type, authority and suitability are the service's words. What it knows of the owner's means and plans does
    not print.
    """

    account_number: str = field(repr=False)  # private: never in a log
    nickname: str | None
    account_type: str | None  # Individual, Joint, IRA …
    margin_or_cash: str | None
    opened_at: datetime | None  # UTC
    is_closed: bool
    is_day_trader: bool  # False as well where the service said neither yes nor no: see day_trader_status
    authority_level: str | None = None  # the customer's over the account, such as owner; only in the list
    day_trader_status: str | None = None  # the service's word, where it sent one instead of yes or no
    created_at: datetime | None = None  # UTC
    closed_at: datetime | None = None  # UTC
    funding_date: date | None = None
    is_firm_error: bool | None = None
    is_firm_proprietary: bool | None = None
    is_futures_approved: bool | None = None
    is_foreign: bool | None = None
    is_test_drive: bool | None = None
    suitable_options_level: str | None = None
    external_id: str | None = field(default=None, repr=False)
    external_fdid: str | None = field(default=None, repr=False)
    submitting_user_id: str | None = field(default=None, repr=False)
    investment_objective: str | None = field(default=None, repr=False)
    investment_time_horizon: str | None = field(default=None, repr=False)
    liquidity_needs: str | None = field(default=None, repr=False)
    risk_tolerance: str | None = field(default=None, repr=False)
    futures_account_purpose: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """
    What one account holds in one currency, now or at a time of a day that is past (API facts 3.3).

    Amounts are in that currency, and negative where the service calls them a debit.
    """

    account_number: str = field(repr=False)  # private: never in a log
    currency: str
    cash_balance: Decimal | None
    net_liquidating_value: Decimal | None
    equity_buying_power: Decimal | None
    derivative_buying_power: Decimal | None
    day_trading_buying_power: Decimal | None
    maintenance_requirement: Decimal | None
    updated_at: datetime | None  # UTC
    snapshot_date: date | None = None  # the day that it is the balance of
    time_of_day: str | None = None  # BOD, EOD or Intraday: at its beginning, at its end, in between
    long_equity_value: Decimal | None = None
    short_equity_value: Decimal | None = None
    long_derivative_value: Decimal | None = None
    short_derivative_value: Decimal | None = None
    long_futures_value: Decimal | None = None
    short_futures_value: Decimal | None = None
    long_futures_derivative_value: Decimal | None = None
    short_futures_derivative_value: Decimal | None = None
    long_margineable_value: Decimal | None = None
    short_margineable_value: Decimal | None = None
    long_cryptocurrency_value: Decimal | None = None
    short_cryptocurrency_value: Decimal | None = None
    long_bond_value: Decimal | None = None
    margin_equity: Decimal | None = None
    available_trading_funds: Decimal | None = None
    cash_available_to_withdraw: Decimal | None = None
    closed_loop_available_balance: Decimal | None = None
    pending_cash: Decimal | None = None
    pending_margin_interest: Decimal | None = None
    unsettled_cryptocurrency_fiat_amount: Decimal | None = None
    buying_power_adjustment: Decimal | None = None
    used_derivative_buying_power: Decimal | None = None
    effective_cryptocurrency_buying_power: Decimal | None = None
    maintenance_excess: Decimal | None = None
    day_trade_excess: Decimal | None = None
    maintenance_call_value: Decimal | None = None
    reg_t_call_value: Decimal | None = None
    day_trading_call_value: Decimal | None = None
    day_equity_call_value: Decimal | None = None
    reg_t_margin_requirement: Decimal | None = None
    futures_margin_requirement: Decimal | None = None
    futures_overnight_margin_requirement: Decimal | None = None
    futures_intraday_margin_requirement: Decimal | None = None
    cryptocurrency_margin_requirement: Decimal | None = None
    equity_offering_margin_requirement: Decimal | None = None
    bond_margin_requirement: Decimal | None = None
    apex_starting_day_margin_equity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """
    One position (API facts 3.4).

    Prices are per unit: what a position is worth is price times quantity times multiplier. Gains are negative
    where the service calls them a debit.
    """

    account_number: str = field(repr=False)  # private: never in a log
    symbol: str
    instrument_type: InstrumentType
    underlying_symbol: str | None
    quantity: Decimal  # negative when short, zero when closed
    average_open_price: Decimal | None  # per unit
    close_price: Decimal | None  # per unit, last close
    multiplier: Decimal | None
    updated_at: datetime | None  # UTC
    streamer_symbol: str | None = None  # under which the feed knows the instrument
    mark: Decimal | None = None  # value of the position, when marks were asked for; as it came, without sign
    mark_price: Decimal | None = None  # per unit, when marks were asked for
    cost_effect: str | None = None  # the service's word: Credit, Debit or None
    expires_at: datetime | None = None  # UTC
    realized_day_gain: Decimal | None = None
    realized_day_gain_date: date | None = None
    realized_today: Decimal | None = None
    realized_today_date: date | None = None
    restricted_quantity: Decimal | None = None  # as it came, without sign
    is_suppressed: bool | None = None
    is_frozen: bool | None = None
    fixing_price: Decimal | None = None
    deliverable_type: str | None = None
    average_yearly_market_close_price: Decimal | None = None
    average_daily_market_close_price: Decimal | None = None
    created_at: datetime | None = None  # UTC

    @property
    def quantity_direction(self) -> str:
        """The service's word for the sign of the quantity: ``Long``, ``Short`` or ``Zero``."""
        if not self.quantity:
            return "Zero"
        return "Long" if self.quantity > 0 else "Short"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingStatus:
    """
    What an account may do (API facts 3.3); ``None`` is what the service does not say of this account.

    Margin types and levels are the service's words.
    """

    account_number: str = field(repr=False)  # private: never in a log
    trading_status_id: str | None = None
    equities_margin_calculation_type: str | None = None  # such as Reg T
    fee_schedule_name: str | None = None
    options_level: str | None = None  # such as No Restrictions
    day_trade_count: int | None = None
    futures_margin_rate_multiplier: Decimal | None = None
    small_notional_futures_margin_rate_multiplier: Decimal | None = None
    is_closed: bool | None = None
    is_frozen: bool | None = None
    is_closing_only: bool | None = None
    is_risk_reducing_only: bool | None = None
    is_in_margin_call: bool | None = None
    is_in_day_trade_equity_maintenance_call: bool | None = None
    is_pattern_day_trader: bool | None = None
    is_portfolio_margin_enabled: bool | None = None
    is_full_equity_margin_required: bool | None = None
    has_intraday_equities_margin: bool | None = None
    is_aggregated_at_clearing: bool | None = None
    is_roll_the_day_forward_enabled: bool | None = None
    are_far_otm_net_options_restricted: bool | None = None
    short_calls_enabled: bool | None = None
    is_futures_enabled: bool | None = None
    is_futures_closing_only: bool | None = None
    is_futures_intra_day_enabled: bool | None = None
    is_small_notional_futures_intra_day_enabled: bool | None = None
    is_cryptocurrency_enabled: bool | None = None
    is_cryptocurrency_closing_only: bool | None = None
    is_equity_offering_enabled: bool | None = None
    is_equity_offering_closing_only: bool | None = None
    pdt_reset_on: date | None = None
    cmta_override: int | None = None
    enhanced_fraud_safeguards_enabled_at: datetime | None = None  # UTC
    autotrade_account_type: str | None = None
    clearing_account_number: str | None = field(default=None, repr=False)
    clearing_aggregation_identifier: str | None = field(default=None, repr=False)
    updated_at: datetime | None = None  # UTC
