# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The correlation matrix against NumPy and pandas, whole and with holes, and on frames that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from ttapi_core.errors import SchemaError
from ttapi_polars import returns
from ttapi_polars.correlations import correlation_matrix
from ttapi_polars.risk import correlation

NAN, INFINITY = float("nan"), float("inf")


def long_frame(symbols: int, days: int, *, missing: float = 0.0, seed: int = 11) -> pl.DataFrame:
    """Returns with a common part, sorted by symbol and date, of which a share is null."""
    generator = np.random.default_rng(seed)
    own, common = generator.normal(0, 0.02, (symbols, days)), generator.normal(0.001, 0.01, (1, days))
    there = pl.Series(generator.random(symbols * days) >= missing)
    names = pl.DataFrame({"symbol": [f"S{number:03}" for number in range(symbols)]})
    dates = pl.DataFrame({"date": [date(2026, 1, 1) + timedelta(days=day) for day in range(days)]})
    frame = names.join(dates, how="cross", maintain_order="left_right")
    return frame.with_columns(pl.when(there).then(pl.Series((own + common).ravel())).alias("return"))


def numbers(matrix: pl.DataFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Without the names, which have to be the same on both sides; null as NaN."""
    assert matrix.columns == ["symbol", *matrix["symbol"]]
    assert set(matrix.drop("symbol").dtypes) <= {pl.Float64()}
    return matrix.drop("symbol").to_numpy().astype(np.float64)


def by_pandas(frame: pl.DataFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Pivot and corr."""
    wide = frame.to_pandas().pivot_table(index="date", columns="symbol", values="return", dropna=False)
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = wide.corr().to_numpy()
    return found


@pytest.mark.parametrize("symbols", [1, 2, 3, 4, 17])
@pytest.mark.parametrize("days", [2, 15, 16, 33])
def test_without_holes_it_is_numpys(symbols: int, days: int) -> None:
    """The function corrcoef on the ready matrix; even and odd numbers of symbols, any number of days."""
    frame = long_frame(symbols, days)
    expected = np.corrcoef(frame["return"].to_numpy().reshape(symbols, days)).reshape(symbols, symbols)
    np.testing.assert_allclose(numbers(correlation_matrix(frame)), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("symbols", [1, 2, 3, 4, 17])
@pytest.mark.parametrize("missing", [0.02, 0.3, 0.9])
def test_with_holes_it_is_pandas(symbols: int, missing: float) -> None:
    """Each pair over its own common days, and null where those are fewer than two."""
    frame = long_frame(symbols, 41, missing=missing)
    found = numbers(correlation_matrix(frame))
    np.testing.assert_allclose(found, by_pandas(frame), rtol=0, atol=1e-11)


def test_it_is_symmetric_to_the_bit_and_one_on_the_diagonal() -> None:
    """With holes and without."""
    for missing in (0.0, 0.2):
        matrix = numbers(correlation_matrix(long_frame(12, 60, missing=missing)))
        assert (matrix == matrix.T).all()
        assert (np.diag(matrix) == 1.0).all()
        assert np.abs(matrix).max() == 1.0


def test_it_agrees_with_the_expression_for_one_pair() -> None:
    """On the days that both have."""
    frame = long_frame(5, 60, missing=0.1)
    wide = frame.pivot(on="symbol", index="date", values="return")
    alone = wide.select(correlation("S001", "S004")).item()
    assert correlation_matrix(frame).row(1, named=True)["S004"] == pytest.approx(alone, rel=1e-12)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_the_order_of_rows_does_not_matter(missing: float) -> None:
    """Nor does a frame that is lazy."""
    frame = long_frame(7, 30, missing=missing)
    expected = correlation_matrix(frame)
    for other in (frame.sample(fraction=1, shuffle=True, seed=3), frame.sort("date"), frame.reverse()):
        np.testing.assert_allclose(numbers(correlation_matrix(other.lazy())), numbers(expected), atol=1e-13)


def test_rows_left_out_are_like_nulls() -> None:
    """A symbol that is younger than the others has a shorter overlap with them."""
    frame = long_frame(4, 50)
    young = (pl.col("symbol") == "S002") & (pl.col("date") < date(2026, 1, 30))
    nulled = frame.with_columns(pl.when(~young).then("return").alias("return"))
    assert correlation_matrix(frame.filter(~young)).equals(correlation_matrix(nulled))
    np.testing.assert_allclose(numbers(correlation_matrix(nulled)), by_pandas(nulled), atol=1e-12)


def test_a_day_without_any_value_is_no_day() -> None:
    """As the first one, on which no return can be."""
    frame = long_frame(3, 20).with_columns(close=(1 + pl.col("return")).cum_prod().over("symbol"))
    found = correlation_matrix(frame, column=returns.simple("close").over("symbol"))
    expected = correlation_matrix(frame.filter(pl.col("date") > date(2026, 1, 1)))
    np.testing.assert_allclose(numbers(found), numbers(expected), atol=1e-12)


def test_a_symbol_without_any_value_has_null_everywhere() -> None:
    """It stays in the matrix, and the others are as they would be without it."""
    frame = long_frame(4, 20)
    silent = frame.with_columns(pl.when(pl.col("symbol") != "S001").then("return").alias("return"))
    found = correlation_matrix(silent)
    assert found.columns == ["symbol", "S000", "S001", "S002", "S003"]
    assert found["S001"].null_count() == 4
    assert found.row(1)[1:] == (None,) * 4
    others = correlation_matrix(frame.filter(pl.col("symbol") != "S001"))
    assert found.filter(pl.col("symbol") != "S001").drop("S001").equals(others)


@pytest.mark.parametrize("bad", [NAN, INFINITY, -INFINITY])
def test_what_is_no_number_is_missing(bad: float) -> None:
    """As null is."""
    frame = long_frame(3, 20)
    at = (pl.col("symbol") == "S001") & (pl.col("date") == date(2026, 1, 5))
    found, nulled = (
        frame.with_columns(pl.when(at).then(value).otherwise("return").alias("return"))
        for value in (bad, None)
    )
    assert correlation_matrix(found).equals(correlation_matrix(nulled))


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("constant", [0.0, 0.1, 1e300])
def test_a_symbol_that_does_not_vary_has_no_correlation(missing: float, constant: float) -> None:
    """Not with itself either."""
    value = pl.when(pl.col("symbol") == "S001").then(constant).otherwise("return")
    frame = long_frame(4, 40, missing=missing).with_columns(
        pl.when(pl.col("return").is_not_null()).then(value).alias("return")
    )
    found = numbers(correlation_matrix(frame))
    assert np.isnan(found[1]).all()
    assert np.isfinite(np.delete(np.delete(found, 1, 0), 1, 1)).all()


def test_a_pair_whose_common_days_do_not_vary_has_none() -> None:
    """Though both vary on all their days."""
    rows = {
        "symbol": ["A"] * 4 + ["B"] * 4,
        "date": [1, 2, 3, 4, 1, 2, 3, 5],
        "return": [0.1, 0.1, 0.1, 0.7, 0.2, -0.3, 0.5, 0.1],
    }
    assert (
        numbers(correlation_matrix(pl.DataFrame(rows)))[0, 1]
        != numbers(correlation_matrix(pl.DataFrame(rows)))[0, 1]
    )
    assert correlation_matrix(pl.DataFrame(rows))["A"].to_list() == [1.0, None]


def test_values_beyond_what_can_be_squared_have_none() -> None:
    """Null, neither NaN nor zero."""
    rows = {"symbol": ["A"] * 3, "date": [1, 2, 3], "return": [1e200, -1e200, 3e200]}
    assert correlation_matrix(pl.DataFrame(rows)).rows() == [("A", None)]


@pytest.mark.parametrize("unsorted", [False, True])
def test_two_values_on_one_day_are_refused(*, unsorted: bool) -> None:
    """With the symbol and the day."""
    frame = long_frame(3, 10)
    twice = pl.concat([frame, frame[13:14]])
    if not unsorted:
        twice = twice.sort("symbol", "date")
    with pytest.raises(SchemaError, match="S001 has two values on 2026-01-04"):
        correlation_matrix(twice)


def test_a_row_without_symbol_or_date_belongs_nowhere() -> None:
    """It is left out."""
    frame = long_frame(3, 10)
    nobody = pl.DataFrame(
        {"symbol": [None, "S001"], "date": [date(2026, 1, 3), None], "return": [9.0, 9.0]},
        schema=frame.schema,
    )
    assert correlation_matrix(pl.concat([nobody, frame])).equals(correlation_matrix(frame))


def test_columns_may_have_other_names_and_types() -> None:
    """Symbols of a category, instants of half hours, whole numbers."""
    instants = [datetime(2026, 1, 5, 15, 30 * half, tzinfo=UTC) for half in range(2)]
    rows = pl.DataFrame(
        {"name": ["B", "B", "A", "A"], "at": [*instants, *instants], "moves": [1, 2, 5, 3]},
        schema_overrides={"name": pl.Categorical, "moves": pl.Int32},
    )
    found = correlation_matrix(rows, column="moves", symbol="name", date="at")
    assert found.columns == ["name", "A", "B"]
    assert found.with_columns(pl.col("A", "B").round(12)).rows() == [("A", 1.0, -1.0), ("B", -1.0, 1.0)]


@pytest.mark.parametrize("symbols", [[], ["A", "B"]])
def test_without_values_there_is_nothing(symbols: list[str]) -> None:
    """Only the symbols that were named."""
    rows = pl.DataFrame(
        {"symbol": symbols, "date": [1] * len(symbols), "return": [None] * len(symbols)},
        schema={"symbol": pl.String, "date": pl.Int64, "return": pl.Float64},
    )
    nothing = (None,) * len(symbols)
    found = correlation_matrix(rows)
    assert found.columns == ["symbol", *symbols]
    assert found.rows() == [(symbol, *nothing) for symbol in symbols]
