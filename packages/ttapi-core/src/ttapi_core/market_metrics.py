# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market metrics: what is computed of one symbol, and the dividends and earnings of its company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirationVolatility:
    """
    Implied volatility of one expiration.

    A fraction a year: 0.27 is 27 %. Words are the service's own.
    """

    expiration_date: date
    chain_type: str | None = None  # Standard or Non-standard
    settlement_type: str | None = None  # AM or PM
    implied_volatility: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsInfo:
    """
    What is known of a company's last and next report of earnings; amounts a share.

    ``is_estimated`` says that the report date is expected and not announced.
    """

    is_visible: bool | None = None
    is_estimated: bool | None = None
    expected_report_date: date | None = None
    time_of_day: str | None = None  # the service's word
    late_flag: int | None = None
    quarter_end_date: date | None = None
    actual_eps: Decimal | None = None
    consensus_estimate: Decimal | None = None
    updated_at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityRunningState:
    """The running sum from which the service computes liquidity, and over how many values."""

    sum: Decimal | None = None
    count: int | None = None
    started_at: datetime | None = None  # UTC
    updated_at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolMetrics:
    """
    The metrics of one symbol, in the service's own units (API facts 5.3).

    Fractions, 0.26 being 26 %: ``implied_volatility_index`` and its change, ranks, the percentile,
    ``dividend_yield`` and what ``expirations`` hold. Percentages, 26 being 26 %: the volatilities over 30, 60
    and 90 days, ``iv_hv_30_day_difference`` and ``borrow_rate``. Amounts are in the instrument's currency.
    For many symbols most of it is missing, which is ``None``.
    """

    symbol: str
    updated_at: datetime | None = None  # UTC
    created_at: datetime | None = None  # UTC
    listed_market: str | None = None
    sector: str | None = None
    industry: str | None = None
    market_cap: Decimal | None = None
    beta: Decimal | None = None
    beta_updated_at: datetime | None = None  # UTC
    corr_spy_3_month: Decimal | None = None  # -1 to 1
    implied_volatility_index: Decimal | None = None  # fraction a year
    implied_volatility_index_5_day_change: Decimal | None = None  # fraction
    implied_volatility_index_15_day: Decimal | None = None  # in a unit that nobody documents
    implied_volatility_index_rank: Decimal | None = None  # fraction of 1
    tw_implied_volatility_index_rank: Decimal | None = None  # fraction of 1
    tos_implied_volatility_index_rank: Decimal | None = None  # fraction of 1
    tos_implied_volatility_index_rank_updated_at: datetime | None = None  # UTC
    implied_volatility_index_rank_source: str | None = None
    implied_volatility_percentile: Decimal | None = None  # fraction of 1
    implied_volatility_updated_at: datetime | None = None  # UTC
    implied_volatility_30_day: Decimal | None = None  # percent a year
    historical_volatility_30_day: Decimal | None = None  # percent a year
    historical_volatility_60_day: Decimal | None = None  # percent a year
    historical_volatility_90_day: Decimal | None = None  # percent a year
    iv_hv_30_day_difference: Decimal | None = None  # percentage points
    liquidity_rating: int | None = None
    liquidity_value: Decimal | None = None
    liquidity_rank: Decimal | None = None  # fraction of 1
    liquidity_running_state: LiquidityRunningState | None = None
    dividend_rate_per_share: Decimal | None = None  # one payment
    annual_dividend_per_share: Decimal | None = None
    dividend_yield: Decimal | None = None  # fraction a year
    dividend_ex_date: date | None = None
    dividend_next_date: date | None = None  # may lie in the past: the service leaves it stale
    dividend_pay_date: date | None = None
    dividend_updated_at: datetime | None = None  # UTC
    price_earnings_ratio: Decimal | None = None
    earnings_per_share: Decimal | None = None
    earnings: EarningsInfo | None = None
    lendability: str | None = None
    borrow_rate: Decimal | None = None  # percent a year
    expirations: tuple[ExpirationVolatility, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividend:
    """One dividend; the amount is a share's and looks adjusted for later splits (API facts 5.4)."""

    ex_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsReport:
    """
    One report of earnings a share.

    Whether ``occurred_date`` is the end of the fiscal quarter, as was seen, or the day of the report, as
    documents say, is not settled (API facts 5.4).
    """

    occurred_date: date
    eps: Decimal | None = None
