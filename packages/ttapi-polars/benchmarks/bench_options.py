# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Implied volatilities and prices of a million options, beside a root search and peers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import iv_engine  # pants: no-infer-dep
import numpy as np
import polars as pl
import py_vollib_vectorized  # pants: no-infer-dep
from scipy.optimize import brentq
from scipy.special import ndtr

from ttapi_polars import options
from ttapi_polars.implied_volatility import implied_volatility, implied_volatility_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from side_by_side import Bench

OPTION = ("is_call", "underlying", "strike", "years")
RUST = "iv_engine"
RATE, DIVIDEND_YIELD = 0.03, 0.01
EPSILON = 2.0**-52
CLEAR = 1e-9  # of volatility: what a change of the price by one part in 2**52 is to stay below
VOLATILITY = implied_volatility("price", *OPTION, rate=RATE, dividend_yield=DIVIDEND_YIELD)
REASON = implied_volatility_reason("price", *OPTION, rate=RATE, dividend_yield=DIVIDEND_YIELD)
PRICE = options.price(*OPTION, "volatility", rate=RATE, dividend_yield=DIVIDEND_YIELD)
VEGA = options.vega(*OPTION, "volatility", rate=RATE, dividend_yield=DIVIDEND_YIELD)


def bench_exactness(bench: Bench) -> None:
    """Where the price tells the volatility, it comes back to within 1e-8."""
    found = generated_options(bench.size(1_000_000, quick=2_000)).with_columns(VOLATILITY, REASON)
    peers = Peers(found).implied_volatilities()
    reasons = found["implied_volatility_reason"].drop_nulls().value_counts(sort=True).iter_rows()
    size = f"{found.height:,} options"
    for reason, number in reasons:
        bench.show(f"no volatility: {reason}", 100 * number / found.height, size=size, unit="%")
    missing, largest, common = errors(found, found["implied_volatility"])
    assert not missing
    for name, answer in peers.items():
        _, their_largest, their_common = errors(found, pl.Series(answer))
        for what, ours, theirs in (
            ("largest error of a volatility", largest, their_largest),
            ("99.9 % of errors below", common, their_common),
        ):
            bench.compare(what, [ours], beside={name: [theirs]}, size=size, unit="")
    bench.show("largest error of a volatility", largest, size=size, unit="", goal=1e-8)


def bench_implied_volatilities(bench: Bench) -> None:
    """At least 20 times as fast as a root search, within 3 times of the fastest library."""
    frame = generated_options(bench.size(1_000_000, quick=2_000))
    sample = frame.head(bench.size(2_000, quick=100))
    peers, search = Peers(frame), "brentq in a loop"
    ours, beside = bench.in_turns(
        lambda: frame.lazy().select(VOLATILITY).collect(engine="streaming"),
        {
            "ours, in-memory engine": lambda: frame.select(VOLATILITY),
            RUST: peers.iv_engine,
            "py_vollib_vectorized": peers.py_vollib_vectorized,
            search: lambda: search_roots(sample),
        },
        rounds=5,
    )
    beside[search] = [seconds * frame.height / sample.height for seconds in beside[search]]
    size, goals = f"{frame.height:,} options", {search: 1 / 20, RUST: 3.0}
    bench.compare("implied volatilities", ours, beside=beside, size=size, goals=goals)


def bench_prices(bench: Bench) -> None:
    """Prices of European options."""
    frame = generated_options(bench.size(1_000_000, quick=2_000))
    peers = Peers(frame)
    assert np.allclose(frame.select(PRICE).to_series().to_numpy(), peers.price())
    bench.time(
        "option prices",
        lambda: frame.lazy().select(PRICE).collect(engine="streaming"),
        beside={
            "ours, in-memory engine": lambda: frame.select(PRICE),
            "numpy and scipy": peers.price,
        },
        size=f"{frame.height:,} options",
        rounds=5,
    )


def generated_options(number: int, *, seed: int = 7) -> pl.DataFrame:
    """Calls and puts near and far from the money, from a day to three years, with their prices."""
    row = pl.int_range(pl.len())

    def noise(salt: int) -> pl.Expr:
        """Evenly spread from 0 to 1."""
        return (row.hash(100 * seed + salt) % 1_000_003) / 1_000_003

    rows = pl.select(row=pl.int_range(number))
    return (
        rows.with_columns(
            is_call=noise(1) < 0.5,
            underlying=50.0 + 450.0 * noise(2),
            years=1.0 / 365.0 + 3.0 * noise(3),
            volatility=0.05 * 40.0 ** noise(4),
        )
        .with_columns(
            strike=pl.col("underlying") * ((noise(5) + noise(6) + noise(7) - 1.5) * 0.5).exp(),
        )
        .with_columns(PRICE)
        .drop("row")
    )


def errors(frame: pl.DataFrame, answer: pl.Series) -> tuple[int, float, float]:
    """How many are missing, and how far from the volatility that made the price: at most, and for 99.9 %."""
    clear = (
        frame.with_columns(error=(answer.fill_nan(None) - frame["volatility"]).abs())
        .with_columns(VEGA)
        .filter(pl.col("price") > 1e-290, EPSILON * pl.col("price") < CLEAR * pl.col("vega"))
    )
    error = pl.col("error")
    found = clear.select(error.null_count(), largest=error.max(), common=error.quantile(0.999))
    missing, largest, common = found.row(0)
    return missing, largest, common


def search_roots(frame: pl.DataFrame) -> list[float]:
    """One option after the other, as a plain script does it; NaN without a root."""
    return [implied_by_search(*row) for row in frame.select("price", *OPTION).iter_rows()]


def implied_by_search(price: float, is_call: bool, underlying: float, strike: float, years: float) -> float:
    """The volatility where the textbook formula gives the price."""
    sign = 1.0 if is_call else -1.0
    root = math.sqrt(years)
    held = underlying * math.exp(-DIVIDEND_YIELD * years)
    owed = strike * math.exp(-RATE * years)
    log_moneyness = math.log(held / owed)

    def excess(volatility: float) -> float:
        """The price at a volatility less the one that is given."""
        deviation = volatility * root
        d1 = log_moneyness / deviation + deviation / 2.0
        below = math.erfc(-sign * d1 * math.sqrt(0.5)) / 2.0
        exercised = math.erfc(-sign * (d1 - deviation) * math.sqrt(0.5)) / 2.0
        return sign * (held * below - owed * exercised) - price

    try:
        return float(brentq(excess, 1e-4, 20.0, xtol=1e-12))
    except ValueError:
        return math.nan


class Peers:
    """The same options as arrays, in the form that each peer likes best: that preparation is not timed."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._columns = {name: frame[name].to_numpy() for name in frame.columns}
        self._flags = np.where(self._columns["is_call"], "c", "p")
        years = self._columns["years"]
        forward = self._columns["underlying"] * np.exp((RATE - DIVIDEND_YIELD) * years)
        undiscounted = self._columns["price"] * np.exp(RATE * years)
        self._halves = {
            is_call: [
                np.ascontiguousarray(column[self._columns["is_call"] == is_call])
                for column in (undiscounted, forward, self._columns["strike"], years)
            ]
            for is_call in (True, False)
        }

    def implied_volatilities(self) -> Mapping[str, NDArray[np.float64]]:
        """Each peer's, in the order of the frame."""
        together = np.empty(len(self._flags))
        for is_call, answer in self.iv_engine().items():
            together[self._columns["is_call"] == is_call] = answer
        return {"iv_engine": together, "py_vollib_vectorized": self.py_vollib_vectorized()}

    def iv_engine(self) -> Mapping[bool, NDArray[np.float64]]:
        """Calls and puts apart, on all threads."""
        return {
            is_call: np.asarray(iv_engine.implied_volatilities(*half, is_call=is_call, parallel=True))
            for is_call, half in self._halves.items()
        }

    def py_vollib_vectorized(self) -> NDArray[np.float64]:
        """As its documentation shows it."""
        price, underlying, strike, years = (
            self._columns[name] for name in ("price", "underlying", "strike", "years")
        )
        answer: NDArray[np.float64] = py_vollib_vectorized.vectorized_implied_volatility(
            price,
            underlying,
            strike,
            years,
            RATE,
            self._flags,
            q=DIVIDEND_YIELD,
            model="black_scholes_merton",
            return_as="numpy",
            on_error="ignore",
        )
        return answer

    def price(self) -> NDArray[np.float64]:
        """The textbook formula on whole arrays."""
        years = self._columns["years"]
        deviation = self._columns["volatility"] * np.sqrt(years)
        held = self._columns["underlying"] * np.exp(-DIVIDEND_YIELD * years)
        owed = self._columns["strike"] * np.exp(-RATE * years)
        sign = np.where(self._columns["is_call"], 1.0, -1.0)
        d1 = np.log(held / owed) / deviation + deviation / 2.0
        price: NDArray[np.float64] = sign * (held * ndtr(sign * d1) - owed * ndtr(sign * (d1 - deviation)))
        return price
