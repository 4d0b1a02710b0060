# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Implied volatilities and prices of a million options, side by side with a root search and with peers."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

import iv_engine  # pants: no-infer-dep
import numpy as np
import polars as pl
import py_vollib_vectorized  # pants: no-infer-dep
from scipy.optimize import brentq
from scipy.special import ndtr

from side_by_side import medians, report
from ttapi_polars import options
from ttapi_polars.implied_volatility import implied_volatility, implied_volatility_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OPTION = ("is_call", "underlying", "strike", "years")
RATE, DIVIDEND_YIELD = 0.03, 0.01
EPSILON = 2.0**-52
CLEAR = 1e-9  # of volatility: what a change of the price by one part in 2**52 is to stay below
VOLATILITY = implied_volatility("price", *OPTION, rate=RATE, dividend_yield=DIVIDEND_YIELD)
REASON = implied_volatility_reason("price", *OPTION, rate=RATE, dividend_yield=DIVIDEND_YIELD)
PRICE = options.price(*OPTION, "volatility", rate=RATE, dividend_yield=DIVIDEND_YIELD)
VEGA = options.vega(*OPTION, "volatility", rate=RATE, dividend_yield=DIVIDEND_YIELD)


def main() -> None:
    """Print how exact ours are, and a table of seconds for implied volatilities and one for prices."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--options", type=int, default=1_000_000)
    arguments.add_argument("--searched", type=int, default=2_000)
    arguments.add_argument("--rounds", type=int, default=5)
    wanted = arguments.parse_args()
    frame = generated_options(wanted.options)
    print(f"{frame.height:,} options, {pl.thread_pool_size()} threads")

    found = frame.with_columns(VOLATILITY, REASON)
    print("without a volatility, of all:")
    for reason, number in found["implied_volatility_reason"].drop_nulls().value_counts(sort=True).iter_rows():
        print(f"  {reason:44} {number / frame.height:10.2%}")
    peers = Peers(frame)
    print(f"round-trip error where 2**-52 of the price is worth less than {CLEAR:g} of volatility:")
    answers = {"ours": found["implied_volatility"]} | {
        name: pl.Series(answer) for name, answer in peers.implied_volatilities().items()
    }
    for name, answer in answers.items():
        print_errors(name, found, answer)

    sample = frame.gather_every(frame.height // wanted.searched).head(wanted.searched)
    seconds = medians(
        {
            "ours, streaming": lambda: frame.lazy().select(VOLATILITY).collect(engine="streaming"),
            "ours, in-memory": lambda: frame.select(VOLATILITY),
            "iv_engine (Let's Be Rational in Rust)": peers.iv_engine,
            "py_vollib_vectorized (the same in numba)": peers.py_vollib_vectorized,
            "brentq": lambda: search_roots(sample),
        },
        rounds=wanted.rounds,
    )
    seconds[f"brentq in a loop, from {sample.height:,}"] = (
        seconds.pop("brentq") * frame.height / sample.height
    )
    report("Implied volatilities", seconds, against="ours, streaming")

    seconds = medians(
        {
            "ours, streaming": lambda: frame.lazy().select(PRICE).collect(engine="streaming"),
            "ours, in-memory": lambda: frame.select(PRICE),
            "the textbook formula in numpy and scipy": peers.price,
        },
        rounds=wanted.rounds,
    )
    report("Prices", seconds, against="ours, streaming")


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


def print_errors(name: str, frame: pl.DataFrame, answer: pl.Series) -> None:
    """A line of how far an answer is from the volatility that the prices were made with."""
    clear = (
        frame.with_columns(error=(answer.fill_nan(None) - frame["volatility"]).abs())
        .with_columns(VEGA)
        .filter(pl.col("price") > 1e-290, EPSILON * pl.col("price") < CLEAR * pl.col("vega"))
    )
    error = pl.col("error")
    missing, largest, common = clear.select(
        error.null_count(), largest=error.max(), common=error.quantile(0.999)
    ).row(0)
    print(
        f"  {name:22} {clear.height / frame.height:7.2%} of all, {missing} missing,"
        f" largest {largest:.1e}, 99.9 % below {common:.1e}"
    )


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


if __name__ == "__main__":
    main()
