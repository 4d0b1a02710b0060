# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rolling statistics after extreme values and where nothing moves: what has left a window leaves no trace."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_polars.plain_volatility import (
    PLAIN,
    alike,
    candle_frame,
    plain_rolling,
    rolled,
    rolled_returns,
    values,
)
from ttapi_polars import rolling

if TYPE_CHECKING:
    from test_ttapi_polars.plain_volatility import Candle


def quiet(rows: int, scale: float) -> list[float]:
    """Small returns, none like another."""
    return [scale * math.sin(7.0 * row + 0.1 * row * row) for row in range(rows)]


def wild_candles(seed: int) -> list[Candle]:
    """Days of all kinds, each of which begins at a price of one."""
    random = Random(seed)
    candles: list[Candle] = []
    for _ in range(60):
        last = math.exp(random.gauss(0.0, 0.01))
        reach = math.exp(abs(random.gauss(0.0, 0.01)))
        candles.append((1.0, max(1.0, last) * reach, min(1.0, last) / reach, last))
    return candles


def spiked_candles() -> list[Candle]:
    """Quiet candles, one of a million times the price, quiet ones again, and then no move at all."""
    log_closes = [math.fsum(quiet(row, 1e-4)) for row in range(90)]
    candles: list[Candle] = []
    for before, last in pairwise(log_closes):
        reach = 1e-4 * (1.5 + math.sin(3.0 * last * 1e4))
        high, low = max(before, last) + reach, min(before, last) - reach / 2
        candles.append((math.exp(before), math.exp(high), math.exp(low), math.exp(last)))
    candles[30] = (1.0, 1e6, 1.0, 1e6)
    end = candles[-1][3]
    return [*candles, *[(end, end, end, end)] * 30]


@pytest.mark.parametrize("window", [5, 20])
@pytest.mark.parametrize("name", list(PLAIN))
def test_a_price_a_million_times_too_high_leaves_no_trace_in_ranges(name: str, window: int) -> None:
    """To nine digits in each window, and exactly zero once nothing moves."""
    candles = spiked_candles()
    found = values(candle_frame(candles), rolled(window)[name])
    assert alike(found, plain_rolling(name, candles, window), rel=1e-9)
    assert found[-5:] == [0.0] * 5


@pytest.mark.parametrize("name", list(PLAIN))
def test_candles_that_stand_still_have_a_volatility_of_exactly_zero(name: str) -> None:
    """However the candles before have moved: of forty walks several leave a rest in the rolling sums."""
    for seed in range(40):
        candles = [*wild_candles(seed), *[(1.0, 1.0, 1.0, 1.0)] * 25]
        assert values(candle_frame(candles), rolled(20)[name])[-5:] == [0.0] * 5


@pytest.mark.parametrize("name", list(PLAIN))
def test_candles_that_nearly_stand_still_have_a_volatility(name: str) -> None:
    """The rest that others leave may be negative and greater than what there is: its root would be NaN."""
    least = 1.0 + 1e-13
    for seed in range(40):
        candles = [*wild_candles(seed), *[(1.0, least, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0)] * 13]
        for value in values(candle_frame(candles), rolled(20)[name])[-5:]:
            assert value is not None
            assert 0.0 <= value < 1e-7


@pytest.mark.parametrize("window", [5, 20])
def test_a_price_a_million_times_too_high_leaves_no_trace_in_closes(window: int) -> None:
    """As above."""
    closes = [last for *_, last in spiked_candles()]
    found = values(pl.DataFrame({"close": closes}), rolling.close_to_close("close", window=window))
    log_returns = [math.log(later or 0) - math.log(earlier or 0) for earlier, later in pairwise(closes)]
    expected = [
        statistics.stdev(log_returns[end - window : end]) * math.sqrt(252)
        for end in range(window, len(log_returns) + 1)
    ]
    assert alike(found, [*[None] * window, *expected], rel=1e-9)
    assert found[-5:] == [0.0] * 5


@pytest.mark.parametrize("sides", [{"return"}, {"benchmark"}, {"return", "benchmark"}])
@pytest.mark.parametrize("window", [5, 20])
def test_a_return_a_million_times_too_high_leaves_no_trace(window: int, sides: set[str]) -> None:
    """Python's statistics, which reckon in fractions, say the same of each window."""
    other = [0.0003 + value for value in quiet(80, 0.01)]
    mine = [0.0001 + 0.7 * value + noise for value, noise in zip(other, quiet(81, 0.008)[1:], strict=True)]
    for name, side in (("return", mine), ("benchmark", other)):
        side[30] = 1e4 if name in sides else side[30]
    frame = pl.DataFrame({"return": mine, "benchmark": other})
    windows = [(mine[end - window : end], other[end - window : end]) for end in range(window, 81)]
    expected = {
        "beta": [statistics.linear_regression(theirs, ours).slope for ours, theirs in windows],
        "correlation": [statistics.correlation(ours, theirs) for ours, theirs in windows],
        "sharpe": [statistics.mean(ours) / statistics.stdev(ours) * math.sqrt(252) for ours, _ in windows],
    }
    for name, wanted in expected.items():
        found = values(frame, rolled_returns(window)[name])
        assert alike(found, [*[None] * (window - 1), *wanted], rel=1e-9)


@pytest.mark.parametrize("constant", [0.0, 0.0123, -0.3])
def test_returns_that_are_all_the_same_have_no_correlation(constant: float) -> None:
    """Nor beta nor Sharpe ratio, though their deviation is no more than a rounding of zero."""
    moving = [*quiet(10, 0.01), 1e4, *quiet(30, 0.01)]
    still = [*moving[:21], *[constant] * 20]
    frame = pl.DataFrame({"moving": moving, "still": still})
    expressions = {
        "beta": rolling.beta("moving", "still", window=4),
        "correlation": rolling.correlation("moving", "still", window=4),
        "turned round": rolling.correlation("still", "moving", window=4),
        "sharpe": rolling.sharpe("still", window=4),
    }
    for expression in expressions.values():
        found = values(frame, expression)
        assert found[20 + 4 :] == [None] * (21 - 4)
        assert None not in found[4:21]
    flat = values(frame, rolling.beta("still", "moving", window=4))[20 + 4 :]
    assert flat == pytest.approx([0.0] * (21 - 4), abs=1e-10)


def test_correlation_never_leaves_its_bounds() -> None:
    """Returns that are the same on both sides, or opposite, to the last bit of one."""
    frame = pl.DataFrame({"mine": quiet(300, 0.013)})
    same = frame.select(rolling.correlation("mine", "mine", window=3)).to_series().drop_nulls()
    opposite = frame.select(rolling.correlation("mine", -pl.col("mine"), window=3)).to_series().drop_nulls()
    assert same.max() == pytest.approx(1.0, abs=1e-12)
    assert same.is_between(1.0 - 1e-12, 1.0).all()
    assert opposite.is_between(-1.0, -1.0 + 1e-12).all()


@pytest.mark.parametrize("name", ["beta", "correlation", "sharpe"])
def test_returns_beyond_all_reason_give_null_rather_than_infinity(name: str) -> None:
    """Their squares are no numbers any more; windows without them have their values."""
    returns = [*quiet(10, 0.01), 1e200, -1e308, *quiet(10, 0.01)]
    found = values(pl.DataFrame({"return": returns, "benchmark": returns}), rolled_returns(4)[name])
    assert found[10:15] == [None] * 5
    assert None not in found[3:10] + found[15:]
    assert all(map(math.isfinite, filter(None, found)))
