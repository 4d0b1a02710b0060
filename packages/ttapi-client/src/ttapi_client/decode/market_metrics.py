# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes market metrics, dividends and earnings (API facts 5.3 and 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.market_metrics import (
    Dividend,
    EarningsInfo,
    EarningsReport,
    ExpirationVolatility,
    LiquidityRunningState,
    SymbolMetrics,
)

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_metrics(fields: Fields) -> SymbolMetrics:
    """The metrics of one symbol; anything but the symbol may be missing."""
    liquidity, earnings = fields.optional_child("liquidity-running-state"), fields.optional_child("earnings")
    return SymbolMetrics(
        symbol=fields.text("symbol"),
        updated_at=fields.optional_instant("updated-at"),
        created_at=fields.optional_instant("created-at"),
        listed_market=fields.optional_text("listed-market"),
        sector=fields.optional_text("sector"),
        industry=fields.optional_text("industry"),
        market_cap=fields.optional_decimal("market-cap"),
        beta=fields.optional_decimal("beta"),
        beta_updated_at=fields.optional_instant("beta-updated-at"),
        corr_spy_3_month=fields.optional_decimal("corr-spy-3month"),
        implied_volatility_index=fields.optional_decimal("implied-volatility-index"),
        implied_volatility_index_5_day_change=fields.optional_decimal(
            "implied-volatility-index-5-day-change"
        ),
        implied_volatility_index_15_day=fields.optional_decimal("implied-volatility-index-15-day"),
        implied_volatility_index_rank=fields.optional_decimal("implied-volatility-index-rank"),
        tw_implied_volatility_index_rank=fields.optional_decimal("tw-implied-volatility-index-rank"),
        tos_implied_volatility_index_rank=fields.optional_decimal("tos-implied-volatility-index-rank"),
        tos_implied_volatility_index_rank_updated_at=fields.optional_instant(
            "tos-implied-volatility-index-rank-updated-at"
        ),
        implied_volatility_index_rank_source=fields.optional_text("implied-volatility-index-rank-source"),
        implied_volatility_percentile=fields.optional_decimal("implied-volatility-percentile"),
        implied_volatility_updated_at=fields.optional_instant("implied-volatility-updated-at"),
        implied_volatility_30_day=fields.optional_decimal("implied-volatility-30-day"),
        historical_volatility_30_day=fields.optional_decimal("historical-volatility-30-day"),
        historical_volatility_60_day=fields.optional_decimal("historical-volatility-60-day"),
        historical_volatility_90_day=fields.optional_decimal("historical-volatility-90-day"),
        iv_hv_30_day_difference=fields.optional_decimal("iv-hv-30-day-difference"),
        liquidity_rating=fields.optional_whole("liquidity-rating"),
        liquidity_value=fields.optional_decimal("liquidity-value"),
        liquidity_rank=fields.optional_decimal("liquidity-rank"),
        liquidity_running_state=None if liquidity is None else _liquidity(liquidity),
        dividend_rate_per_share=fields.optional_decimal("dividend-rate-per-share"),
        annual_dividend_per_share=fields.optional_decimal("annual-dividend-per-share"),
        dividend_yield=fields.optional_decimal("dividend-yield"),
        dividend_ex_date=fields.optional_day("dividend-ex-date"),
        dividend_next_date=fields.optional_day("dividend-next-date"),
        dividend_pay_date=fields.optional_day("dividend-pay-date"),
        dividend_updated_at=fields.optional_instant("dividend-updated-at"),
        price_earnings_ratio=fields.optional_decimal("price-earnings-ratio"),
        earnings_per_share=fields.optional_decimal("earnings-per-share"),
        earnings=None if earnings is None else _earnings(earnings),
        lendability=fields.optional_text("lendability"),
        borrow_rate=fields.optional_decimal("borrow-rate"),
        expirations=tuple(
            _expiration(item) for item in fields.optional_items("option-expiration-implied-volatilities")
        ),
    )


def decode_dividend(fields: Fields) -> Dividend:
    """One dividend; its date is the ex-date."""
    return Dividend(ex_date=fields.day("occurred-date"), amount=fields.decimal("amount"))


def decode_earnings_report(fields: Fields) -> EarningsReport:
    """One report of earnings."""
    return EarningsReport(occurred_date=fields.day("occurred-date"), eps=fields.optional_decimal("eps"))


def _liquidity(fields: Fields) -> LiquidityRunningState:
    return LiquidityRunningState(
        sum=fields.optional_decimal("sum"),
        count=fields.optional_whole("count"),
        started_at=fields.optional_instant("started-at"),
        updated_at=fields.optional_instant("updated-at"),
    )


def _earnings(fields: Fields) -> EarningsInfo:
    return EarningsInfo(
        is_visible=fields.optional_flag("visible"),
        is_estimated=fields.optional_flag("estimated"),
        expected_report_date=fields.optional_day("expected-report-date"),
        time_of_day=fields.optional_text("time-of-day"),
        late_flag=fields.optional_whole("late-flag"),
        quarter_end_date=fields.optional_day("quarter-end-date"),
        actual_eps=fields.optional_decimal("actual-eps"),
        consensus_estimate=fields.optional_decimal("consensus-estimate"),
        updated_at=fields.optional_instant("updated-at"),
    )


def _expiration(fields: Fields) -> ExpirationVolatility:
    return ExpirationVolatility(
        expiration_date=fields.day("expiration-date"),
        chain_type=fields.optional_text("option-chain-type"),
        settlement_type=fields.optional_text("settlement-type"),
        implied_volatility=fields.optional_decimal("implied-volatility"),
    )
