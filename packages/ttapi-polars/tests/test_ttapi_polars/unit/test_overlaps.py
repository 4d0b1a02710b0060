# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How an overlap disagrees: splits, rescaled and corrected prices, days that come and go, late volume."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from ttapi_polars.overlaps import REFETCHED_KINDS, disagreements
from ttapi_polars.schemas import EOD_DATA

DAYS = [date(2026, 6, 1) + timedelta(days=offset) for offset in range(5)]
PRICES = ("open", "high", "low", "close")
VOLUME = pl.col("volume")
# Prices as they are traded, in cents.
BARS = [
    (201.33, 204.05, 200.01, 203.92, 41_200_311),
    (203.90, 205.11, 202.77, 204.48, 38_118_007),
    (204.50, 206.66, 203.13, 203.35, 44_906_552),
    (203.01, 203.98, 199.87, 200.52, 52_333_190),
    (200.75, 202.49, 198.64, 201.17, 47_018_448),
]
CLOSES = [bar[3] for bar in BARS]


def history(symbol: str = "A", *, divided_by: int = 1) -> pl.DataFrame:
    """Five days of candles; a symbol of other prices has them in cents too."""
    rows = [
        (symbol, day, *(round(price / divided_by, 2) for price in prices), volume, *[None] * 5)
        for day, (*prices, volume) in zip(DAYS, BARS, strict=True)
    ]
    return pl.DataFrame(rows, schema=EOD_DATA.polars_schema, orient="row")


def rescaled(frame: pl.DataFrame, factor: float, *, digits: int, moves_volume: bool) -> pl.DataFrame:
    """As a feed tells the same past after a split or a dividend."""
    volume = (VOLUME / factor).round().cast(pl.Int64) if moves_volume else VOLUME
    return frame.with_columns((pl.col(PRICES) * factor).round(digits), volume)


def changed(frame: pl.DataFrame, day: date, column: str, value: float | None) -> pl.DataFrame:
    """One number is another one."""
    dtype = EOD_DATA[column].dtype
    return frame.with_columns(
        pl.when(pl.col("date") == day).then(pl.lit(value, dtype)).otherwise(column).alias(column)
    )


def without(frame: pl.DataFrame, *days: date) -> pl.DataFrame:
    """The other days."""
    return frame.filter(~pl.col("date").is_in(days))


def only(found: pl.DataFrame) -> dict[str, object]:
    """The one row."""
    assert found.height == 1
    return found.row(0, named=True)


def test_what_is_received_as_it_is_stored_agrees() -> None:
    """Days before and after the overlap are no disagreement, whichever side has them."""
    part, whole = history()[1:4], history()
    assert disagreements(part, whole).is_empty()
    assert disagreements(whole, part).is_empty()
    assert disagreements(whole.lazy(), part.lazy()).is_empty()


@pytest.mark.parametrize(
    ("stored", "received"),
    [
        (EOD_DATA.empty(), EOD_DATA.empty()),
        (EOD_DATA.empty(), history()),
        (history(), EOD_DATA.empty()),
        (history("OLD"), history("NEW", divided_by=2)),
        (history()[:2], history(divided_by=2)[2:]),
    ],
)
def test_without_a_day_in_common_nothing_is_said(stored: pl.DataFrame, received: pl.DataFrame) -> None:
    """Not of symbols of one side only, nor of spans that do not meet; the columns are there."""
    found = disagreements(stored, received)
    assert found.is_empty()
    assert found.schema == {
        "symbol": pl.String,
        "kind": pl.String,
        "first_date": pl.Date,
        "last_date": pl.Date,
        "days": pl.Int64,
        "factor": pl.Float64,
        "old_close": pl.Float64,
        "new_close": pl.Float64,
    }


@pytest.mark.parametrize("digits", [2, 4, 6])
@pytest.mark.parametrize(
    ("old_shares", "new_shares"),
    [(1, 2), (1, 4), (1, 7), (1, 20), (2, 3), (4, 5), (3, 4), (20, 21), (10, 1), (25, 1), (4, 1), (3, 2)],
)
def test_a_split_is_told_with_its_factor(old_shares: int, new_shares: int, digits: int) -> None:
    """Exactly p / q, however roughly the feed has rounded the new prices."""
    factor = old_shares / new_shares
    received = rescaled(history(), factor, digits=digits, moves_volume=True)
    assert only(disagreements(history(), received)) == {
        "symbol": "A",
        "kind": "split",
        "first_date": DAYS[0],
        "last_date": DAYS[4],
        "days": 5,
        "factor": factor,
        "old_close": CLOSES[0],
        "new_close": received["close"][0],
    }


def test_a_split_shows_through_late_prints() -> None:
    """The last day's volume has grown by a tenth on top."""
    received = rescaled(history(), 0.5, digits=2, moves_volume=True)
    received = changed(received, DAYS[4], "volume", 2.2 * BARS[4][4])
    assert only(disagreements(history(), received))["kind"] == "split"


def test_a_split_that_the_feed_works_in_late_is_one_of_the_first_days() -> None:
    """Collected once at the new price before the past was rescaled; the split took effect after last_date."""
    shares = rescaled(history(), 0.25, digits=4, moves_volume=True)
    stored = pl.concat([history()[:3], shares[3:]])
    found = only(disagreements(stored, shares))
    assert (found["kind"], found["factor"], found["days"]) == ("split", 0.25, 3)
    assert (found["first_date"], found["last_date"]) == (DAYS[0], DAYS[2])


@pytest.mark.parametrize("factor", [0.9968, 0.9523, 0.95, 1.0132])
def test_prices_without_their_dividends_are_rescaled(factor: float) -> None:
    """No volume has moved, even where the factor is a fraction of small numbers: 19 / 20 is no split."""
    received = rescaled(history(), factor, digits=4, moves_volume=False)
    found = only(disagreements(history(), received))
    assert (found["kind"], found["days"]) == ("rescaled", 5)
    assert found["factor"] == pytest.approx(factor, rel=5e-5)


def test_a_factor_of_large_numbers_is_no_split() -> None:
    """27 / 31, though the volume moves with it."""
    received = rescaled(history(), 27 / 31, digits=6, moves_volume=True)
    found = only(disagreements(history(), received))
    assert (found["kind"], found["factor"]) == ("rescaled", pytest.approx(27 / 31, rel=5e-5))


@pytest.mark.parametrize(
    ("factor", "kind"), [(0.1, "split"), (10.0, "split"), (2 / 3, "rescaled"), (0.75, "rescaled")]
)
@pytest.mark.parametrize("volume", [None, 0])
def test_without_volume_only_a_whole_ratio_is_a_split(factor: float, kind: str, volume: int | None) -> None:
    """As of an index that is quoted at a tenth, or of days without a trade."""
    silent = history().with_columns(volume=pl.lit(volume, pl.Int64))
    found = only(disagreements(silent, rescaled(silent, factor, digits=4, moves_volume=False)))
    assert (found["kind"], found["factor"]) == (kind, pytest.approx(factor, rel=1e-4))


@pytest.mark.parametrize("column", PRICES)
@pytest.mark.parametrize("divided_by", [1, 300])
def test_a_correction_by_the_smallest_step_is_seen(column: str, divided_by: int) -> None:
    """A cent from a dollar up, a hundredth of it below; in any of the four prices."""
    stored = history(divided_by=divided_by)
    old = stored[column][2]
    received = changed(stored, DAYS[2], column, old + (0.01 if divided_by == 1 else 0.0001))
    assert only(disagreements(stored, received)) == {
        "symbol": "A",
        "kind": "corrected",
        "first_date": DAYS[2],
        "last_date": DAYS[2],
        "days": 1,
        "factor": None,
        "old_close": stored["close"][2],
        "new_close": received["close"][2],
    }


@pytest.mark.parametrize(("price", "step"), [(51.1234, 0.0001), (51.123456, 0.000001), (0.123456, 0.000001)])
def test_the_last_digit_of_a_computed_price_is_rounding(price: float, step: float) -> None:
    """One up or down is no disagreement, two times the tolerance is one."""
    stored = changed(history(), DAYS[1], "close", price)
    tolerance = 0.0001 if price > 1 else 0.000001
    for near in (price + step, price - step):
        assert disagreements(stored, changed(stored, DAYS[1], "close", near)).is_empty()
    far = changed(stored, DAYS[1], "close", price + 2 * tolerance)
    assert only(disagreements(stored, far))["kind"] == "corrected"


def test_other_prices_in_no_one_ratio_are_corrected() -> None:
    """All days differ, each in its own way."""
    received = history().with_columns(pl.col(PRICES) + 1.5)
    found = only(disagreements(history(), received))
    assert (found["kind"], found["days"], found["factor"]) == ("corrected", 5, None)


def test_a_ratio_of_some_days_is_a_correction() -> None:
    """The last days halved, which no split does, and one day in the middle doubled."""
    halved = rescaled(history(), 0.5, digits=2, moves_volume=True)
    for mixed in (
        pl.concat([history()[:3], halved[3:]]),
        pl.concat([history()[:2], halved[2:3], history()[3:]]),
    ):
        found = only(disagreements(history(), mixed))
        assert (found["kind"], found["factor"]) == ("corrected", None)


def test_fine_digits_leave_a_ratio_little_room() -> None:
    """Half of all prices, of six digits, but for one that is off in the fourth."""
    stored = rescaled(history(), 1 / 3, digits=6, moves_volume=True)
    halved = rescaled(stored, 0.5, digits=6, moves_volume=True)
    received = changed(halved, DAYS[2], "close", halved["close"][2] + 0.0003)
    assert only(disagreements(stored, halved))["kind"] == "split"
    assert only(disagreements(stored, received))["kind"] == "corrected"


def test_a_price_that_is_the_same_is_in_no_ratio() -> None:
    """Though a low price in cents would leave room for one: every high is 5.02 instead of 5.00."""
    stored = history().with_columns(pl.lit(5.0).alias(name) for name in PRICES)
    found = only(disagreements(stored, stored.with_columns(high=5.02)))
    assert (found["kind"], found["days"], found["factor"]) == ("corrected", 5, None)


@pytest.mark.parametrize("price", [0.0, -37.63])
def test_prices_that_have_no_ratio_are_corrected(price: float) -> None:
    """Zero, or below it, as oil in April 2020."""
    stored = history().with_columns(pl.lit(price).alias(name) for name in PRICES)
    found = only(disagreements(stored, stored.with_columns(pl.col(PRICES) * 2 + 1)))
    assert (found["kind"], found["factor"]) == ("corrected", None)


def test_days_of_one_side_are_added_or_removed() -> None:
    """The close of the side that lacks the day is null; days at the edge of the overlap are none."""
    lacking = without(history(), DAYS[1], DAYS[3])
    added = only(disagreements(lacking, history()))
    assert (added["kind"], added["days"], added["first_date"]) == ("added", 2, DAYS[1])
    assert (added["old_close"], added["new_close"]) == (None, CLOSES[1])
    removed = only(disagreements(history(), lacking))
    assert (removed["kind"], removed["days"], removed["last_date"]) == ("removed", 2, DAYS[3])
    assert (removed["old_close"], removed["new_close"]) == (CLOSES[1], None)


def test_the_gravest_kind_is_told_with_all_days_counted() -> None:
    """A removed day beside an added one; a corrected price beside both, and a volume that does not count."""
    stored, received = without(history(), DAYS[1]), without(history(), DAYS[2])
    both = only(disagreements(stored, received))
    assert (both["kind"], both["days"]) == ("removed", 2)
    received = changed(changed(received, DAYS[3], "close", 201.0), DAYS[4], "volume", 5)
    found = only(disagreements(stored, received))
    assert (found["kind"], found["days"], found["last_date"]) == ("corrected", 3, DAYS[3])


def test_a_split_is_told_though_a_day_is_missing() -> None:
    """It counts among the days, and says nothing of the ratio."""
    received = without(rescaled(history(), 0.5, digits=2, moves_volume=True), DAYS[2])
    found = only(disagreements(history(), received))
    assert (found["kind"], found["factor"], found["days"]) == ("split", 0.5, 5)


@pytest.mark.parametrize(("old", "new"), [(BARS[4][4], BARS[4][4] + 100), (None, 100), (100, None)])
def test_late_volume_is_a_kind_of_its_own(old: int | None, new: int | None) -> None:
    """The received rows are simply taken; a volume of null is another than any number."""
    stored, received = (changed(history(), DAYS[4], "volume", volume) for volume in (old, new))
    found = only(disagreements(stored, received))
    assert (found["kind"], found["days"], found["first_date"]) == ("volume", 1, DAYS[4])
    assert found["old_close"] == found["new_close"] == CLOSES[4]


def test_derived_columns_are_not_compared() -> None:
    """Neither what the feed computes nor what we have set."""
    names = ["vwap", "implied_volatility", "dividend", "dividend_factor", "split_factor"]
    received = history().with_columns(pl.lit(0.5).alias(name) for name in names)
    assert disagreements(history(), received).is_empty()


def test_each_symbol_is_judged_by_itself() -> None:
    """Sorted by symbol, those that agree left out, whatever the order of the rows."""
    stored = pl.concat([history("SPLIT"), history("SAME"), history("FIXED")])
    received = pl.concat(
        [
            history("SAME"),
            changed(history("FIXED"), DAYS[0], "low", 199.99),
            rescaled(history("SPLIT"), 0.5, digits=2, moves_volume=True),
        ]
    )
    for turn in range(3):
        rows = received.sample(fraction=1, shuffle=True, seed=turn)
        found = disagreements(stored, rows).select("symbol", "kind", "factor").rows()
        assert found == [("FIXED", "corrected", None), ("SPLIT", "split", 0.5)]


def test_added_days_and_late_volume_need_no_history() -> None:
    """Whatever puts the stored past in doubt does."""
    assert sorted(REFETCHED_KINDS) == ["corrected", "removed", "rescaled", "split"]
