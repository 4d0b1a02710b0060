# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users call us, for type checkers; never run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

import polars as pl

import ttapi_polars as ttp
from ttapi_polars.candle_frames import candles_frame, unpriced_candles
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.frames import expiration_series_frame, symbols_frame
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.instruments import Equity
    from ttapi_polars.typing import ArrowStream, CandlePart, IntoExprColumn


def lake_files(frame: pl.DataFrame) -> None:
    """Write, read the footer, scan, load."""
    footer = ttp.write_pair(
        frame,
        ttp.SCHEMAS["eod_data"],
        parquet_path=Path("a.parquet"),
        csv_path=Path("a.csv"),
        environment="sandbox",
        source="a test",
        collected_at=datetime(2026, 7, 1, tzinfo=UTC),
        inputs={"symbols": "fingerprint"},
    )
    assert_type(footer, ttp.FileFooter)
    assert_type(footer.rows, int)
    assert_type(footer.sorted_by, tuple[str, ...])
    assert_type(ttp.read_footer(Path("a.parquet")), ttp.FileFooter)
    assert_type(ttp.lake_files.scan(Path("a.parquet")), pl.LazyFrame)
    assert_type(ttp.lake_files.scan([Path("a.parquet"), Path("b.parquet")], EOD_DATA), pl.LazyFrame)
    assert_type(ttp.load(Path("a.parquet"), EOD_DATA), pl.DataFrame)
    assert_type(ttp.fingerprint(frame, EOD_DATA), str)
    assert_type(write_csv_twin(frame, EOD_DATA, Path("a.csv"), escape_formulas=False), str)
    assert_type(read_csv_twin(Path("a.csv"), EOD_DATA), pl.DataFrame)


def frames(parts: list[CandlePart], equities: tuple[Equity, ...], series: list[ExpirationSeries]) -> None:
    """Any iterable of values, any collection of symbols."""
    assert_type(candles_frame(parts), pl.DataFrame)
    assert_type(unpriced_candles(iter(parts)), pl.DataFrame)
    assert_type(symbols_frame(equities, {"SPY"}), pl.DataFrame)
    calendar = ttp.SCHEMAS["trading_days"].empty()
    assert_type(expiration_series_frame(series, calendar, date(2026, 7, 1)), pl.DataFrame)


def analytics(frame: pl.DataFrame, columns: list[IntoExprColumn]) -> None:
    """Functions, and the typed door to the namespace."""
    for column in columns:
        assert_type(ttp.returns.log(column), pl.Expr)
        assert_type(ttp.volatility.close_to_close(column, ddof=0), pl.Expr)
    assert_type(ttp.volatility.price_dispersion(frame.lazy()), pl.LazyFrame)
    assert_type(ttp.tt(pl.col("close")).simple_return(), pl.Expr)
    assert_type(ttp.tt(frame).price_dispersion(), pl.DataFrame)
    assert_type(ttp.tt(frame.lazy()).price_dispersion(min_days=1), pl.LazyFrame)
    assert_type(ttp.tt(pl.col("close")).rolling_close_to_close(window=20), pl.Expr)
    assert_type(ttp.summaries.summary(frame.lazy(), benchmark="SPY"), pl.LazyFrame)
    assert_type(ttp.per_symbol.select(frame.lazy(), "date", gain=ttp.returns.simple("close")), pl.LazyFrame)
    assert_type(ttp.resampling.weekly(frame), pl.DataFrame)
    assert_type(ttp.resampling.weekly(frame.lazy()), pl.LazyFrame)
    assert_type(ttp.correlations.correlation_matrix(frame), pl.DataFrame)


def lakes(table: ArrowStream) -> None:
    """A dataset by name, and Arrow from elsewhere."""
    assert_type(ttp.scan("eod_data", "lake/sandbox", symbols="SPY", since=date(2026, 1, 2)), pl.LazyFrame)
    assert_type(ttp.validate(table, EOD_DATA), pl.DataFrame)


def an_option(chain: pl.DataFrame) -> None:
    """Rates are numbers or columns."""
    terms = ("is_call", "underlying", "strike", "years")
    volatility = ttp.implied_volatility.implied_volatility("price", *terms, rate=0.04)
    assert_type(chain.select(volatility, ttp.options.delta(*terms, volatility, rate="rate")), pl.DataFrame)
