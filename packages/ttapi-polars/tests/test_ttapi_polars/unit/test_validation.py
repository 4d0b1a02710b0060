# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A frame that breaks its schema is refused with every problem named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from test_ttapi_polars.values import eod
from ttapi_core.errors import SchemaError
from ttapi_polars.schemas import ACCOUNTS, EOD_DATA, SYMBOLS, TRADING_DAYS
from ttapi_polars.validation import validate


def problems_of(frame: pl.DataFrame) -> tuple[str, ...]:
    """What is wrong with a frame of eod_data."""
    with pytest.raises(SchemaError) as caught:
        validate(frame, EOD_DATA)
    return caught.value.problems


def test_a_sound_frame_comes_back_equal() -> None:
    """Nothing to widen, nothing to complain of."""
    frame = eod({"AAPL": [1.0, 2.0], "SPY": [3.0]})
    assert validate(frame, EOD_DATA).equals(frame)


def test_columns_come_back_in_the_schemas_order() -> None:
    """Whoever wrote them in another order loses nothing."""
    frame = eod({"AAPL": [1.0]})
    assert validate(frame.select(reversed(frame.columns)), EOD_DATA).columns == list(EOD_DATA.names)


def test_rows_stay_where_they_are() -> None:
    """Checking is not sorting."""
    frame = eod({"SPY": [1.0], "AAPL": [2.0]})
    assert validate(frame, EOD_DATA)["symbol"].to_list() == ["SPY", "AAPL"]


@pytest.mark.parametrize(
    ("name", "narrow"),
    [
        ("symbol", pl.Categorical),
        ("symbol", pl.Enum(["AAPL", "SPY"])),
        ("volume", pl.Int32),
        ("volume", pl.UInt16),
        ("open", pl.Float32),
        ("close", pl.Int32),
    ],
)
def test_a_narrower_dtype_is_widened(name: str, narrow: pl.DataType) -> None:
    """No value can be lost on the way."""
    frame = eod({"AAPL": [1.0, 2.0], "SPY": [3.0]})
    assert validate(frame.with_columns(pl.col(name).cast(narrow)), EOD_DATA).equals(frame)


def test_a_column_of_nulls_alone_takes_the_dtype() -> None:
    """Polars gives a column that holds nothing the dtype Null."""
    frame = eod({"AAPL": [1.0]}).with_columns(vwap=pl.lit(None))
    assert validate(frame, EOD_DATA).schema == EOD_DATA.polars_schema


def test_milliseconds_become_microseconds() -> None:
    """An instant keeps its value."""
    opened = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "date": [date(2026, 7, 1)],
            "open_at": [opened],
            "close_at": [opened],
            "is_half_day": [False],
            "session_minutes": [390],
        }
    ).with_columns(pl.col("open_at").cast(pl.Datetime("ms", "UTC")))
    assert validate(frame, TRADING_DAYS)["open_at"].item() == opened


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("volume", pl.Float64),  # would round
        ("close", pl.Int64),  # beyond 2 to the 53rd a float has gaps
        ("close", pl.Decimal(20, 4)),
        ("date", pl.Datetime("us")),
        ("symbol", pl.Binary),
    ],
)
def test_a_dtype_that_could_lose_values_is_refused(name: str, other: pl.DataType) -> None:
    """Casting silently is how wrong numbers are made."""
    frame = eod({"AAPL": [1.0]}).with_columns(pl.col(name).cast(other))
    assert problems_of(frame) == (f"column {name!r} is {other}, expected {EOD_DATA[name].dtype}",)


def test_naive_instants_are_refused() -> None:
    """Nobody knows which zone they mean."""
    frame = TRADING_DAYS.empty().with_columns(pl.col("open_at").dt.replace_time_zone(None))
    with pytest.raises(SchemaError, match="'open_at' is Datetime"):
        validate(frame, TRADING_DAYS)


def test_every_problem_is_listed() -> None:
    """Not the first one only."""
    frame = eod({"AAPL": [1.0, 2.0], "SPY": [3.0, 4.0]}).with_columns(
        open=pl.Series([1.0, None, None, 4.0]),
        high=pl.Series([float("nan"), 2.0, float("inf"), float("-inf")]),
        date=pl.lit(date(2026, 6, 1)),
        volume=pl.lit("1000"),
        note=pl.lit("?"),
    )
    assert problems_of(frame.drop("low")) == (
        "column 'low' is missing",
        "column 'volume' is String, expected Int64",
        "column 'note' is unknown",
        "column 'open' is null in 2 of 4 rows, such as AAPL/2026-06-01, SPY/2026-06-01",
        "column 'high' is NaN or infinite in 3 of 4 rows, such as AAPL/2026-06-01, SPY/2026-06-01",
        "key (symbol, date) is not unique in 4 of 4 rows, such as AAPL/2026-06-01, SPY/2026-06-01",
    )


def test_examples_are_few() -> None:
    """A message is read by people."""
    frame = eod({symbol: [1.0] for symbol in "ABCDEFG"}).with_columns(close=pl.lit(None))
    assert problems_of(frame) == (
        "column 'close' is null in 7 of 7 rows, such as A/2026-06-01, B/2026-06-01, C/2026-06-01",
    )


def test_a_problem_without_a_key_column_has_no_examples() -> None:
    """There is nothing to name the rows by."""
    frame = eod({"AAPL": [1.0]}).drop("symbol", "date").with_columns(close=pl.lit(None))
    assert "column 'close' is null in 1 of 1 rows" in problems_of(frame)


def test_a_repeated_key_is_found_in_unsorted_rows() -> None:
    """The quick proof by order fails; the sure one finds it."""
    frame = eod({"SPY": [1.0], "AAPL": [1.0]})
    (problem,) = problems_of(pl.concat([frame, frame.head(1)]))
    assert problem == "key (symbol, date) is not unique in 2 of 3 rows, such as SPY/2026-06-01"


def test_nulls_in_a_key_are_equal_to_each_other() -> None:
    """An account without positions has one row, not two."""
    row = dict.fromkeys(ACCOUNTS.names) | {"account_number": "SBX00001"}
    once = pl.DataFrame([row], schema=ACCOUNTS.polars_schema)
    assert validate(once, ACCOUNTS).height == 1
    with pytest.raises(SchemaError, match="SBX00001/None/None/None"):
        validate(pl.concat([once, once]), ACCOUNTS)


def test_an_empty_text_is_no_missing_text() -> None:
    """Missing is null; where a text must be there, an empty one is allowed."""
    row = {
        "symbol": "A",
        "description": "",
        "instrument_type": "Equity",
        "streamer_symbol": "A",
        "lendability": "",
    }
    flags = {column.name: False for column in SYMBOLS.columns if column.dtype == pl.Boolean}
    frame = pl.DataFrame(
        [row | flags | {"listed_market": None, "borrow_rate": None}], schema=SYMBOLS.polars_schema
    )
    with pytest.raises(SchemaError) as caught:
        validate(frame, SYMBOLS)
    assert caught.value.problems == (
        "column 'lendability' is empty instead of null in 1 of 1 rows, such as A",
    )
    assert validate(frame.with_columns(lendability=pl.lit(None)), SYMBOLS)["description"].item() == ""


def test_the_message_names_the_dataset() -> None:
    """Six datasets are written in one run."""
    with pytest.raises(SchemaError, match=r"^eod_data: column 'symbol' is missing"):
        validate(EOD_DATA.empty().drop("symbol"), EOD_DATA)
