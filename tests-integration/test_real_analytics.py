# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analytics on real daily candles against NumPy, pandas, TA-Lib and empyrical; else on a few rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import empyrical
import numpy as np
import pandas as pd
import polars as pl
import pytest
import talib

import ttapi_polars as ttp
from ttapi_polars import indicators, per_symbol, returns, risk, rolling, summaries

if TYPE_CHECKING:
    from collections.abc import Callable

    Numbers: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

HERE = Path(__file__).resolve().parent
REAL = HERE.parent.parent / "shared" / "real-data"
FEW = HERE / "data" / "candles"
FILES = sorted((REAL if REAL.is_dir() else FEW).glob("*.csv"))
PRICES = ("open", "high", "low", "close")
CANDLES = pl.concat(
    pl.read_csv(path, try_parse_dates=True).with_columns(symbol=pl.lit(path.stem)) for path in FILES
).sort("symbol", "date")
SYMBOLS = CANDLES["symbol"].unique().sort().to_list()


@pytest.fixture(params=SYMBOLS)
def candles(request: pytest.FixtureRequest) -> pl.DataFrame:
    """The candles of one symbol."""
    return CANDLES.filter(symbol=str(request.param))


def close_to(found: pl.Series, expected: Numbers) -> None:
    """Equal but for rounding, null where the other side has no number."""
    numbers = found.cast(pl.Float64).to_numpy()
    np.testing.assert_allclose(numbers, expected, rtol=1e-9, atol=1e-12)


def by_numpy(candles: pl.DataFrame) -> dict[str, float]:
    """Figures of one symbol, from the formulas of the papers."""
    first, top, bottom, last = (candles[name].to_numpy() for name in PRICES)
    log_returns, daily = np.diff(np.log(last)), np.diff(last) / last[:-1]
    within = np.log(top / last) * np.log(top / first) + np.log(bottom / last) * np.log(bottom / first)
    overnight, by_day = np.log(first[1:] / last[:-1]), np.log(last[1:] / first[1:])
    n = len(overnight)
    weight = 0.34 / (1.34 + (n + 1) / (n - 1))
    by_close = weight * np.var(by_day, ddof=1) + (1 - weight) * within[1:].mean()
    garman_klass = 0.5 * np.log(top / bottom) ** 2 - (2 * np.log(2) - 1) * np.log(last / first) ** 2
    return {
        "cumulative_return": last[-1] / last[0] - 1,
        "close_to_close": np.sqrt(252) * np.std(log_returns, ddof=1),
        "parkinson": np.sqrt(252 * (np.log(top / bottom) ** 2).mean() / (4 * np.log(2))),
        "garman_klass": np.sqrt(252 * garman_klass.mean()),
        "rogers_satchell": np.sqrt(252 * within.mean()),
        "yang_zhang": np.sqrt(252 * (np.var(overnight, ddof=1) + by_close)),
        "sharpe": empyrical.sharpe_ratio(daily),
        "sortino": empyrical.sortino_ratio(daily),
        "value_at_risk": -empyrical.value_at_risk(daily, cutoff=0.05),
        "maximum_drawdown": empyrical.max_drawdown(daily),
        "annualised_return": empyrical.annual_return(daily),
    }


def test_the_summary_is_what_numpy_and_empyrical_say(candles: pl.DataFrame) -> None:
    """Returns, volatilities, ratios and tails of the whole history."""
    found = summaries.summary(candles.lazy()).collect().row(0, named=True)
    expected = by_numpy(candles)
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_rolling_volatility_is_that_of_pandas(candles: pl.DataFrame) -> None:
    """Windows of 5 and 20 days, and RiskMetrics'."""
    log_returns = pd.Series(np.log(candles["close"].to_numpy())).diff()
    for window in (5, 20):
        found = candles.select(rolling.close_to_close("close", window=window)).to_series()
        close_to(found, (log_returns.rolling(window).std() * np.sqrt(252)).to_numpy())
    variance = (log_returns**2).ewm(alpha=0.06, adjust=False).mean()
    close_to(candles.select(rolling.ewma("close")).to_series(), np.sqrt(variance * 252).to_numpy())


@pytest.mark.parametrize(
    ("expression", "function", "names"),
    [
        (indicators.sma("close", window=5), talib.SMA, ["close"]),
        (indicators.ema("close", window=5), talib.EMA, ["close"]),
        (indicators.rsi("close", window=5), talib.RSI, ["close"]),
        (indicators.atr("high", "low", "close", window=5), talib.ATR, ["high", "low", "close"]),
    ],
    ids=["sma", "ema", "rsi", "atr"],
)
def test_indicators_are_those_of_ta_lib(
    expression: pl.Expr, function: Callable[..., Numbers], names: list[str], candles: pl.DataFrame
) -> None:
    """From their first value on."""
    expected = function(*(candles[name].to_numpy() for name in names), timeperiod=5)
    close_to(candles.select(expression).to_series(), expected)


def test_two_indexes_move_together_as_numpy_says() -> None:
    """Beta and correlation, by columns and by the matrix, on days that both have."""
    daily = per_symbol.select(CANDLES.lazy(), "date", gain=returns.simple("close")).collect()
    wide = daily.pivot(on="symbol", index="date", values="gain").drop_nulls()
    one, other = (wide[symbol].to_numpy() for symbol in SYMBOLS)
    found = wide.select(beta=risk.beta(*SYMBOLS), correlation=risk.correlation(*SYMBOLS)).row(0)
    expected = (np.polyfit(other, one, 1)[0], np.corrcoef(one, other)[0, 1])
    assert found == pytest.approx(expected, rel=1e-9)
    matrix = ttp.correlations.correlation_matrix(daily, column="gain")
    assert matrix[SYMBOLS[1]][0] == pytest.approx(expected[1], rel=1e-9)
