# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The namespace gives what the functions give."""

from __future__ import annotations

import polars as pl
import pytest

from test_ttapi_polars.values import eod
from ttapi_polars import returns, tt
from ttapi_polars.adjustments import adjusted
from ttapi_polars.namespace import DataFrameNamespace, ExprNamespace, LazyFrameNamespace
from ttapi_polars.volatility import close_to_close, price_dispersion

FRAME = eod({"A": [1.0, 2.0, 5.0], "B": [7.0]})
CLOSE = tt(pl.col("close"))


@pytest.mark.parametrize(
    ("method", "function"),
    [
        (CLOSE.simple_return(), returns.simple("close")),
        (CLOSE.log_return(), returns.log("close")),
        (CLOSE.close_to_close(), close_to_close("close")),
        (CLOSE.close_to_close(ddof=0), close_to_close("close", ddof=0)),
        (CLOSE.close_to_close(periods_per_year=52), close_to_close("close", periods_per_year=52)),
    ],
)
def test_expressions_are_those_of_the_functions(method: pl.Expr, function: pl.Expr) -> None:
    """Argument by argument."""
    assert FRAME.select(method).equals(FRAME.select(function))


def test_frames_answer_at_once_and_lazy_frames_later() -> None:
    """With the same rows."""
    expected = price_dispersion(FRAME.lazy(), min_days=1).collect()
    assert expected.height == 1
    assert tt(FRAME).price_dispersion(min_days=1).equals(expected)
    assert tt(FRAME.lazy()).price_dispersion(min_days=1).collect().equals(expected)


def test_the_attribute_is_the_same_thing() -> None:
    """Type checkers do not see it, notebooks do."""
    assert isinstance(pl.col("close").tt, ExprNamespace)  # type: ignore[attr-defined]
    assert isinstance(FRAME.tt, DataFrameNamespace)  # type: ignore[attr-defined]
    assert isinstance(FRAME.lazy().tt, LazyFrameNamespace)  # type: ignore[attr-defined]


def test_frames_are_adjusted_as_by_the_function() -> None:
    """Lazily or at once."""
    expected = adjusted(FRAME)
    assert tt(FRAME).adjusted().equals(expected)
    assert tt(FRAME.lazy()).adjusted().collect().equals(expected)
