# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics against what one computes by hand from the same candles, options and actions."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.moments import world_at

if TYPE_CHECKING:
    from ttapi_client.sandbox import World
    from ttapi_client.sandbox.world.market_metrics import SymbolMetrics

NAMES = ("AAPL", "BRK/B", "KO", "QQQ", "SPX")


def _metrics(world: World, symbol: str) -> SymbolMetrics:
    metrics = world.metrics.of(symbol)
    assert metrics is not None
    return metrics


def _returns(world: World, symbol: str) -> list[float]:
    candles = world.market.candles(symbol, 0)
    assert candles is not None
    return [log(later / earlier) for earlier, later in zip(candles.close, candles.close[1:], strict=False)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.mark.parametrize("symbol", NAMES)
def test_historical_volatility_is_the_yearly_deviation_of_daily_returns(world: World, symbol: str) -> None:
    """Close to close, over the last 30, 60 and 90 returns."""
    returns = _returns(world, symbol)
    for days, volatility in zip((30, 60, 90), _metrics(world, symbol).history.volatilities, strict=True):
        last = returns[-days:]
        variance = sum((value - _mean(last)) ** 2 for value in last) / (days - 1)
        assert volatility == pytest.approx(sqrt(252 * variance))


@pytest.mark.parametrize("symbol", NAMES)
def test_beta_and_correlation_are_a_regression_on_spy(world: World, symbol: str) -> None:
    """A year for the one, three months for the other."""
    own, market = _returns(world, symbol), _returns(world, "SPY")
    history = _metrics(world, symbol).history
    for days, beta in ((252, True), (63, False)):
        x, y = market[-days:], own[-days:]
        covariance = sum((a - _mean(x)) * (b - _mean(y)) for a, b in zip(x, y, strict=True))
        spread_x = sum((a - _mean(x)) ** 2 for a in x)
        spread_y = sum((b - _mean(y)) ** 2 for b in y)
        if beta:
            assert history.beta == pytest.approx(covariance / spread_x)
        else:
            assert history.correlation == pytest.approx(covariance / sqrt(spread_x * spread_y))


def test_the_benchmark_is_its_own(world: World) -> None:
    """Beta and correlation are 1."""
    history = _metrics(world, "SPY").history
    assert history.beta == pytest.approx(1)
    assert history.correlation == pytest.approx(1)


@pytest.mark.parametrize("symbol", NAMES)
def test_implied_volatility_is_ranked_within_its_year(world: World, symbol: str) -> None:
    """Rank between the extremes, percentile among the days; the index is that of the options."""
    candles = world.market.candles(symbol, 0)
    assert candles is not None
    assert candles.implied_volatility is not None
    year = candles.implied_volatility[-252:]
    metrics = _metrics(world, symbol)
    assert metrics.implied_volatility == world.options.implied_volatility_index(symbol)
    span = max(year) - min(year)
    assert metrics.implied_volatility_rank == pytest.approx((year[-1] - min(year)) / span)
    lower = [value for value in year if value < year[-1]]
    assert metrics.implied_volatility_percentile == pytest.approx(len(lower) / 252)
    assert metrics.five_day_change == pytest.approx(year[-1] - year[-6])


def test_liquidity_follows_the_dollars_traded(world: World) -> None:
    """Averaged over twenty days; a generated name trades less than a well-known one."""
    candles = world.market.candles("AAPL", 0)
    assert candles is not None
    dollars = [price * count for price, count in zip(candles.close, candles.volume, strict=True)][-20:]
    apple = _metrics(world, "AAPL")
    assert apple.dollar_volume == pytest.approx(sum(dollars) / 20)
    small = next(
        _metrics(world, one.symbol)
        for one in world.market.listings()
        if not one.is_well_known and one.is_active(world.market.today)
    )
    assert small.liquidity_rating < apple.liquidity_rating <= 4
    assert 0 <= small.liquidity_rank < apple.liquidity_rank <= 1


def test_ratios_of_dividends_and_earnings_follow_from_the_actions(world: World) -> None:
    """For every eighth well-known name: yield, price to earnings, market capitalization."""
    today = world.market.today
    seen_dividends = seen_earnings = 0
    for listing in [one for one in world.market.listings() if one.is_well_known][::8]:
        actions, metrics = world.market.actions(listing.symbol), _metrics(world, listing.symbol)
        paid = [
            one.amount
            for one in actions.dividends
            if one.ex_date <= today and (today - one.ex_date).days < 365
        ]
        seen_dividends += bool(paid)
        expected = sum(paid) / metrics.quote.last if paid else None
        assert metrics.dividend_yield == (None if expected is None else pytest.approx(expected))
        reported = [one.eps for one in actions.earnings if one.report_date <= today][-4:]
        if len(reported) == 4 and sum(reported) > 0:
            seen_earnings += 1
            assert metrics.price_earnings_ratio == pytest.approx(metrics.quote.last / sum(reported))
        else:
            assert metrics.price_earnings_ratio is None
        shares = actions.shares_outstanding
        assert metrics.market_cap == (None if shares is None else round(shares * metrics.quote.last))
    assert seen_dividends
    assert seen_earnings


def test_a_name_listed_last_week_has_little_to_tell(world: World) -> None:
    """No volatility, beta or correlation of a handful of days; but a liquidity."""
    newest = max(
        (one for one in world.market.listings() if one.listed_on is not None),
        key=lambda one: str(one.listed_on),
    )
    metrics = _metrics(world, newest.symbol)
    assert metrics.history.volatilities == (None, None, None)
    assert metrics.history.beta is None
    assert metrics.history.correlation is None
    assert metrics.dollar_volume > 0


def test_names_without_a_quote_have_no_metrics(world: World) -> None:
    """Unknown, and delisted."""
    gone = next(one.symbol for one in world.market.listings() if not one.is_active(world.market.today))
    for symbol in ("NOPE", "", gone, "/ESZ6"):
        assert world.metrics.of(symbol) is None


def test_a_session_that_goes_on_does_not_count_yet(world: World) -> None:
    """Within the next session the volatilities are those of the evening before; the quote moves on."""
    evening, midday = _metrics(world, "AAPL"), _metrics(world_at("2026-11-23T17:00"), "AAPL")
    assert midday.history.volatilities == evening.history.volatilities
    assert midday.history.beta == evening.history.beta
    assert midday.quote.last != evening.quote.last


def test_what_was_computed_is_kept_for_the_day(world: World) -> None:
    """The same object is answered again."""
    assert world.metrics.history("AAPL") is world.metrics.history("AAPL")
