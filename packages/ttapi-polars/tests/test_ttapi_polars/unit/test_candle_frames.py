# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle columns become rows: in order, without invented values, and nothing lost without a word."""

from __future__ import annotations

from array import array
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_polars.values import FIRST_DAY, Part, eod, milliseconds, part
from ttapi_core.errors import SchemaError
from ttapi_polars.candle_frames import candles_frame, unpriced_candles
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from ttapi_polars.typing import ColumnValues

NAN, INFINITY = float("nan"), float("inf")
PRICES = ("open", "high", "low", "close")


def single(**columns: ColumnValues) -> Part:
    """A part of one candle with some columns of its own."""
    return Part("AAPL", {**part("AAPL", [1.0]).columns, **columns})


def test_symbols_and_days_come_in_order() -> None:
    """Whatever the order of the parts."""
    frame = candles_frame([part("SPY", [4.0, 5.0]), part("AAPL", [1.0, 2.0, 3.0])])
    assert frame.equals(eod({"AAPL": [1.0, 2.0, 3.0], "SPY": [4.0, 5.0]}))


def test_several_parts_of_one_symbol_are_joined() -> None:
    """The newer part may come first."""
    newer, older = part("AAPL", [3.0], date(2026, 6, 3)), part("AAPL", [1.0, 2.0])
    assert candles_frame([newer, older]).equals(eod({"AAPL": [1.0, 2.0, 3.0]}))


def test_newest_first_is_put_right() -> None:
    """As the feed sends a snapshot."""
    forward = part("AAPL", [1.0, 2.0, 3.0])
    backward = Part("AAPL", {name: list(reversed(values)) for name, values in forward.columns.items()})
    assert candles_frame([backward]).equals(candles_frame([forward]))


@pytest.mark.parametrize("parts", [[], [Part("AAPL", dict.fromkeys(("time", *PRICES), ()))]])
def test_no_candles_make_an_empty_frame(parts: list[Part]) -> None:
    """Of the right columns."""
    assert candles_frame(parts).equals(EOD_DATA.empty())
    assert unpriced_candles(parts).is_empty()


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(1969, 12, 31), date(2026, 3, 8), date(2028, 2, 29)])
def test_a_date_is_the_utc_day_of_its_time(day: date) -> None:
    """Before 1970, on a day of clock change, on a leap day."""
    assert candles_frame([single(time=[milliseconds(day)])])["date"].to_list() == [day]


def test_each_column_keeps_its_values() -> None:
    """Numbers written without a point come as integers."""
    frame = candles_frame(
        [single(open=[2], high=[4.5], low=[1], close=[3], volume=[7], vwap=[2.25], implied_volatility=[0.3])]
    )
    assert frame.row(0) == ("AAPL", FIRST_DAY, 2.0, 4.5, 1.0, 3.0, 7, 2.25, 0.3, None, None, None)


def test_integers_and_floats_may_be_mixed() -> None:
    """In any order within one column, whole numbers beyond 64 bits too."""
    closes: list[float] = [1.5, 2, 2**70]
    assert (
        candles_frame([part("A", closes), part("B", closes[::-1])])["close"].to_list()
        == closes + closes[::-1]
    )


def test_typed_arrays_are_taken_as_lists_are() -> None:
    """A feed may keep its columns in arrays."""
    columns: dict[str, ColumnValues] = dict.fromkeys(PRICES, array("d", [1.0]))
    columns |= {"time": array("q", [milliseconds(FIRST_DAY)]), "volume": array("d", [1000.0])}
    assert candles_frame([Part("A", columns)]).equals(eod({"A": [1.0]}))


@pytest.mark.parametrize("missing", [None, NAN, INFINITY, -INFINITY])
@pytest.mark.parametrize("name", PRICES)
def test_a_candle_without_a_price_is_left_out_and_listed(name: str, missing: float | None) -> None:
    """Nothing was traded: that is no price of zero."""
    parts = [part("SPY", [1.0]), single(**{name: [missing]})]
    assert candles_frame(parts)["symbol"].to_list() == ["SPY"]
    assert unpriced_candles(parts).rows() == [("AAPL", FIRST_DAY)]


def test_every_row_is_a_candle_or_listed() -> None:
    """So that heights tell whether anything was left out."""
    parts = [part("SPY", [1.0, None, 3.0, None]), part("AAPL", [None, 2.0])]
    frame, unpriced = candles_frame(parts), unpriced_candles(parts)
    assert frame.height + unpriced.height == 6
    assert unpriced.rows() == [
        ("AAPL", date(2026, 6, 1)),
        ("SPY", date(2026, 6, 2)),
        ("SPY", date(2026, 6, 4)),
    ]


@pytest.mark.parametrize("missing", [None, NAN, INFINITY])
@pytest.mark.parametrize("name", ["volume", "vwap", "implied_volatility"])
def test_a_missing_extra_is_null(name: str, missing: float | None) -> None:
    """An index has prices and no volume."""
    frame = candles_frame([single(**{name: [missing]})])
    assert frame.height == 1
    assert frame[name].to_list() == [None]


def test_a_price_of_zero_stays_a_zero() -> None:
    """Whether it is possible is for others to judge."""
    assert candles_frame([part("AAPL", [0.0])])["close"].to_list() == [0.0]


@pytest.mark.parametrize(
    ("volume", "stored"), [(0.0, 0), (0.4, 0), (1.6, 2), (4.3e7, 43_000_000), (2.0**53, 2**53)]
)
def test_a_volume_is_rounded_to_the_nearest_unit(volume: float, stored: int) -> None:
    """Fractions of shares are traded."""
    assert candles_frame([single(volume=[volume])])["volume"].to_list() == [stored]


def test_a_volume_beyond_64_bits_is_refused() -> None:
    """It would become null without a word."""
    with pytest.raises(SchemaError, match=r"volume 1e\+19 of AAPL on 2026-06-01 does not fit 64 bits"):
        candles_frame([single(volume=[1e19])])


@pytest.mark.parametrize("time", [milliseconds(FIRST_DAY) + 1, 13 * 3_600_000, 2**62, -(2**62), 2**31 * 1000])
def test_a_candle_that_is_not_daily_is_refused(time: int) -> None:
    """Minutes, seconds instead of milliseconds, the placeholder of 2038: none of them is a day."""
    with pytest.raises(SchemaError, match=f"1 candles are not at 00:00 UTC of a day, such as {time} of AAPL"):
        candles_frame([part("SPY", [1.0]), single(time=[time])])


def test_a_day_that_comes_twice_is_refused() -> None:
    """One of the two is wrong, and nobody knows which."""
    with pytest.raises(SchemaError, match="not unique in 2 of 3 rows, such as AAPL/2026-06-01"):
        candles_frame([part("AAPL", [1.0, 2.0]), part("AAPL", [1.0])])


@pytest.mark.parametrize("lacking", ["time", *PRICES])
def test_a_part_that_lacks_a_column_is_refused(lacking: str) -> None:
    """By name."""
    columns = {name: values for name, values in part("AAPL", [1.0]).columns.items() if name != lacking}
    with pytest.raises(SchemaError, match=f"candles of AAPL lack column '{lacking}'"):
        candles_frame([Part("AAPL", columns)])


@pytest.mark.parametrize(
    "columns",
    [
        {"close": [1.0, 2.0]},
        {"close": ["NaN"]},
        {"close": [[1.0]]},
        {"time": [None]},
        {"time": [1.5]},
        {"time": [2**70]},
        {"volume": [10**400]},
    ],
)
def test_a_part_that_makes_no_frame_is_named(columns: dict[str, ColumnValues]) -> None:
    """Among hundreds, one symbol is at fault."""
    with pytest.raises(SchemaError, match="candles of AAPL make no frame"):
        candles_frame([part("SPY", [1.0]), single(**columns)])


def test_columns_of_no_interest_are_ignored() -> None:
    """The feed sends more than is stored."""
    assert candles_frame([single(open_interest=[None], count=[3])]).columns == list(EOD_DATA.names)


def test_the_frame_is_not_left_in_pieces() -> None:
    """A chunk for each part would slow every later step; Polars itself may cut by thread."""
    parts = [part(f"S{number:03}", [1.0]) for number in range(100)]
    assert candles_frame(parts).n_chunks() <= pl.thread_pool_size()
