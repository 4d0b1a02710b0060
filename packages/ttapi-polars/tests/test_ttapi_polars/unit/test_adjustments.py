# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Factors from dividends and splits, and the prices that follow, against published examples."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_core.errors import SchemaError
from ttapi_polars.adjustments import adjusted, with_factors
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

DIVIDENDS = pl.Schema({"symbol": pl.String, "date": pl.Date, "amount": pl.Float64})
SPLITS = pl.Schema({"symbol": pl.String, "date": pl.Date, "factor": pl.Float64})
NO_DIVIDENDS, NO_SPLITS = pl.DataFrame(schema=DIVIDENDS), pl.DataFrame(schema=SPLITS)
# Microsoft in February 2003, the example of Yahoo's help page "What is the adjusted close?": two for one on
# the 18th, 8 cents on the 19th. The feed gives the closes before the split in halves.
MSFT_DAYS = [date(2003, 2, 13), date(2003, 2, 14), date(2003, 2, 18), date(2003, 2, 19)]
MSFT_TRADED = [46.99, 48.30, 24.96, 24.53]
MSFT_FEED = [23.495, 24.15, 24.96, 24.53]
MSFT_ADJUSTED = [23.42, 24.07, 24.88, 24.53]


def candles(
    symbol: str, days: Sequence[date], closes: Sequence[float], volume: int | None = 1000
) -> pl.DataFrame:
    """Flat candles of one symbol, without factors."""
    rows = [(symbol, day, *[close] * 4, volume, *[None] * 5) for day, close in zip(days, closes, strict=True)]
    return pl.DataFrame(rows, schema=EOD_DATA.polars_schema, orient="row")


MSFT = candles("MSFT", MSFT_DAYS, MSFT_FEED)


def dividends(*events: tuple[str, date | None, float | None]) -> pl.DataFrame:
    """Symbol, ex-date, amount."""
    return pl.DataFrame(events, schema=DIVIDENDS, orient="row")


def splits(*events: tuple[str, date | None, float | None]) -> pl.DataFrame:
    """Symbol, first day at the new price, factor."""
    return pl.DataFrame(events, schema=SPLITS, orient="row")


def factors(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    """The three columns, rounded."""
    return frame.select(pl.col("dividend", "dividend_factor", "split_factor").round(6)).rows()


NONE = (None, None, None)


def test_the_published_example_comes_out_to_the_cent() -> None:
    """Adjusted for the dividend, and as traded before the split, of which the feed tells nothing any more."""
    frame = with_factors(MSFT, dividends(("MSFT", MSFT_DAYS[3], 0.08)), splits(("MSFT", MSFT_DAYS[2], 0.5)))
    assert validate(frame, EOD_DATA).equals(frame)
    assert factors(frame) == [NONE, NONE, (None, None, 0.5), (0.08, 0.996795, None)]
    found = adjusted(frame)
    for part in ("open", "high", "low", "close"):
        assert found[f"adjusted_{part}"].round(2).to_list() == MSFT_ADJUSTED
        assert found[f"traded_{part}"].round(2).to_list() == MSFT_TRADED
    assert found["adjusted_volume"].to_list() == [1000] * 4
    assert found["traded_volume"].to_list() == [500, 500, 1000, 1000]


@pytest.mark.parametrize(
    ("amount", "close", "multiplier"), [(0.08, 24.96, 0.9968), (2.40, 16.51, 0.8546), (1.25, 51.20, 0.9756)]
)
def test_multipliers_are_the_published_ones(amount: float, close: float, multiplier: float) -> None:
    """The three of the same page."""
    frame = candles("A", MSFT_DAYS[:2], [close, close])
    found = with_factors(frame, dividends(("A", MSFT_DAYS[1], amount)), NO_SPLITS)
    assert round(found["dividend_factor"][1], 4) == multiplier


def test_the_return_over_an_ex_date_has_the_dividend() -> None:
    """100 before, 1.50 paid, 99 after: 99 / 98.50 - 1."""
    frame = candles("A", MSFT_DAYS[:2], [100.0, 99.0])
    before, after = adjusted(with_factors(frame, dividends(("A", MSFT_DAYS[1], 1.5)), NO_SPLITS))[
        "adjusted_close"
    ]
    assert after / before - 1 == pytest.approx(99.0 / 98.5 - 1, rel=1e-12)


def test_an_event_between_candles_belongs_to_the_next_one() -> None:
    """On a weekend, or in a hole; there it joins what that day has of its own."""
    events = dividends(("MSFT", date(2003, 2, 16), 0.1), ("MSFT", MSFT_DAYS[2], 0.2))
    found = with_factors(MSFT, events, splits(("MSFT", date(2003, 2, 17), 0.5), ("MSFT", MSFT_DAYS[2], 0.5)))
    assert factors(found) == [NONE, NONE, (0.3, round(1 - 0.3 / 24.15, 6), 0.25), NONE]


def test_events_outside_of_the_candles_leave_no_trace() -> None:
    """Before the first there is nothing to adjust; after the last they are not due yet."""
    days = (date(2003, 2, 12), date(2003, 2, 20))
    found = with_factors(
        MSFT,
        dividends(*(("MSFT", day, 0.08) for day in days)),
        splits(*(("MSFT", day, 0.5) for day in days)),
    )
    assert found.equals(MSFT)


def test_a_dividend_on_the_first_candle_has_no_factor() -> None:
    """There is no close before; another symbol's is none."""
    frame = pl.concat([candles("A", MSFT_DAYS, MSFT_FEED), candles("B", MSFT_DAYS, MSFT_FEED)])
    found = with_factors(frame, dividends(("B", MSFT_DAYS[0], 0.08)), NO_SPLITS)
    assert factors(found) == [*[NONE] * 4, (0.08, None, None), *[NONE] * 3]


@pytest.mark.parametrize(("close", "amount"), [(2.0, 2.0), (2.0, 3.0), (0.0, 1.0), (-5.0, 1.0)])
def test_a_dividend_that_leaves_no_price_has_no_factor(close: float, amount: float) -> None:
    """Its amount is kept, and no price becomes zero or negative by it."""
    frame = candles("A", MSFT_DAYS[:2], [close, 1.0])
    found = with_factors(frame, dividends(("A", MSFT_DAYS[1], amount)), NO_SPLITS)
    assert factors(found)[1] == (amount, None, None)
    assert adjusted(found)["adjusted_close"].to_list() == [close, 1.0]


@pytest.mark.parametrize("amounts", [[0.0], [-0.5], [0.5, -0.5]])
def test_an_amount_that_is_not_positive_is_no_dividend(amounts: list[float]) -> None:
    """Nor is one that was taken back."""
    events = dividends(*(("MSFT", MSFT_DAYS[2], amount) for amount in amounts))
    assert with_factors(MSFT, events, NO_SPLITS).equals(MSFT)


@pytest.mark.parametrize("factor", [0.0, -2.0, float("inf"), float("nan")])
def test_an_impossible_split_is_refused(factor: float) -> None:
    """With its symbol and day."""
    with pytest.raises(SchemaError, match=rf"splits: factor {factor} of MSFT on 2003-02-18 is not positive"):
        with_factors(MSFT, NO_DIVIDENDS, splits(("MSFT", MSFT_DAYS[2], factor)))


def test_events_are_the_whole_truth_of_their_symbols_and_kind() -> None:
    """Others keep what they have, and so does the kind that is not told of."""
    frame = pl.concat([candles("A", MSFT_DAYS, MSFT_FEED), candles("B", MSFT_DAYS, MSFT_FEED)])
    first, second = MSFT_DAYS[1], MSFT_DAYS[2]
    before = with_factors(
        frame,
        dividends(("A", first, 0.1), ("B", first, 0.2)),
        splits(("A", first, 0.5), ("B", first, 0.25)),
    )
    found = with_factors(before, dividends(("A", second, 0.3)), splits(("B", second, 2.0)))
    of_0_3, of_0_2 = round(1 - 0.3 / MSFT_FEED[1], 6), round(1 - 0.2 / MSFT_FEED[0], 6)
    of_a = [NONE, (None, None, 0.5), (0.3, of_0_3, None), NONE]
    of_b = [NONE, (0.2, of_0_2, None), (None, None, 2.0), NONE]
    assert factors(found) == [*of_a, *of_b]


def test_a_symbol_named_without_an_event_has_none() -> None:
    """Asked, and there are none: what was stored goes."""
    before = with_factors(MSFT, dividends(("MSFT", MSFT_DAYS[1], 0.1)), splits(("MSFT", MSFT_DAYS[1], 0.5)))
    assert with_factors(before, NO_DIVIDENDS, NO_SPLITS).equals(before)
    assert with_factors(before, dividends(("MSFT", None, None)), splits(("MSFT", None, None))).equals(MSFT)


def test_symbols_and_columns_that_are_not_ours_do_no_harm() -> None:
    """Events of symbols without candles, with further columns that are null."""
    events = dividends(("MSFT", MSFT_DAYS[3], 0.08), ("OTHER", MSFT_DAYS[3], 0.08)).with_columns(paid_at=None)
    found = with_factors(MSFT, events, NO_SPLITS)
    assert found.columns == MSFT.columns
    assert found["dividend"].to_list() == [None, None, None, 0.08]


@pytest.mark.parametrize("frame", [EOD_DATA.empty(), MSFT[:1]])
def test_few_candles_stay_as_they_are(frame: pl.DataFrame) -> None:
    """None, or one: nothing is earlier than any event."""
    after = with_factors(frame, dividends(("MSFT", MSFT_DAYS[1], 0.08)), splits(("MSFT", MSFT_DAYS[1], 0.5)))
    assert after.equals(frame)
    found = adjusted(after)
    assert found.columns[12:] == [
        "adjusted_open",
        "adjusted_high",
        "adjusted_low",
        "adjusted_close",
        "adjusted_volume",
        "traded_open",
        "traded_high",
        "traded_low",
        "traded_close",
        "traded_volume",
    ]
    assert found.dtypes[12:] == [*[pl.Float64] * 4, pl.Int64, *[pl.Float64] * 4, pl.Int64]
    assert found["adjusted_close"].to_list() == found["traded_close"].to_list() == frame["close"].to_list()


def test_a_volume_of_null_stays_null() -> None:
    """Before a split too."""
    frame = with_factors(
        candles("A", MSFT_DAYS, MSFT_FEED, None), NO_DIVIDENDS, splits(("A", MSFT_DAYS[2], 0.5))
    )
    found = adjusted(frame)
    assert found["adjusted_volume"].to_list() == found["traded_volume"].to_list() == [None] * 4


def test_a_volume_of_63_bits_keeps_its_last_unit() -> None:
    """Where no split changes it."""
    volume = 2**63 - 1
    frame = candles("A", MSFT_DAYS, MSFT_FEED, volume)
    assert adjusted(frame)["traded_volume"].to_list() == [volume] * 4


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_query_stays_a_query(engine: pl._typing.EngineType) -> None:
    """Lazy in, lazy out, and the same numbers."""
    frame = with_factors(MSFT, dividends(("MSFT", MSFT_DAYS[3], 0.08)), splits(("MSFT", MSFT_DAYS[2], 0.5)))
    found = adjusted(frame.lazy())
    assert isinstance(found, pl.LazyFrame)
    assert found.collect(engine=engine).sort("symbol", "date").equals(adjusted(frame))


def test_a_query_for_one_column_computes_no_other() -> None:
    """Neither the split factors nor the other prices are read."""
    plan = adjusted(MSFT.lazy()).select("symbol", "date", "adjusted_close").explain()
    assert "4/12 COLUMNS" in plan
