# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles received again against those stored: which symbols' pasts have changed, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_polars.coverage import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

REFETCHED_KINDS: Final = frozenset({"split", "rescaled", "corrected", "removed"})
"""Kinds of disagreement after which a symbol's stored history is no longer the feed's."""

_PRICES: Final = ("open", "high", "low", "close")
_FEWEST_DIGITS, _MOST_DIGITS = 2, 6  # decimals of cents, and of the finest prices that a feed computes
_LARGEST_PART: Final = 20  # 21 new shares for 20: the smallest stock dividend in use, of 5 percent


def disagreements(stored: pl.DataFrame | pl.LazyFrame, received: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """
    Per symbol whose stored and received candles differ: since when, on how many days, and in what way.

    A symbol's overlap lasts from the later of the two first days to the earlier of the two last days; what
    lies outside, such as the new days, is not compared, and a symbol of one side only has no overlap.

    *Beyond rounding.* Prices from a dollar up are traded in cents, those below in hundredths of a cent (SEC
    rule 612); finer digits are the feed's own arithmetic. Two prices differ when they do so by more than one
    hundredth of that step: 0.0001 from a dollar up, 0.000001 below. So each corrected price is seen, and no
    last digit of an adjusted one. Changes of ``vwap`` and ``implied_volatility`` are none.

    *In one ratio.* A feed that rescales a history rounds each price again, so that the ratios of single
    prices wobble. Prices are in one ratio when all of them differ and some number other than 1 lies within
    what each of them allows, if it was rounded in the last digit that the symbol's prices have (two to six
    decimals), before and after.

    *Split.* The ratio allows for p / q in whole numbers, the smaller of both at most 20, as in 2 for 1, 3 for
    2, 1 for 25 or 21 for 20; and the volume has moved the other way, nearer to stored / (p / q) than to what
    it was. A dividend that a feed works into its prices moves no volume. Where no volume is known, as for an
    index, only the ratio speaks, and p or q has to be 1.

    Parameters
    ----------
    stored, received
        Columns of ``schemas.EOD_DATA``, in any order; no symbol has a day twice.

    Returns
    -------
    DataFrame
        One row per symbol, sorted by symbol:

        - ``symbol``
        - ``kind``, the first that fits:
          ``split``, as above, on all days of the overlap or, where the feed was late, on its first ones;
          ``rescaled``, all prices of all days in another ratio;
          ``corrected``, other prices;
          ``removed``, days that were received no more;
          ``added``, days that were not stored;
          ``volume``, nothing but volumes, which late prints change after the close.
          Only those in ``REFETCHED_KINDS`` ask for the whole history again: for the others it is enough to
          take the received rows.
        - ``first_date`` and ``last_date``: the first and the last day that disagrees. A split took effect
          after ``last_date``.
        - ``days``, Int64: days that disagree, those of one side only included. A day of which nothing but the
          volume changed counts for the kind ``volume`` alone.
        - ``factor``: received / stored, p / q itself for a split, otherwise the middle of what rounding
          allows; null for all kinds but ``split`` and ``rescaled``.
        - ``old_close`` and ``new_close``: on ``first_date``; null on the side that lacks the day.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 1), date(2026, 7, 2)]
    >>> stored = pl.DataFrame({"symbol": "A", "date": days, "close": [100.0, 101.01], "volume": [10, 20]})
    >>> stored = stored.with_columns(open="close", high="close", low="close")
    >>> fourth = stored.with_columns(pl.col("^(open|high|low|close)$") / 4, pl.col("volume") * 4)
    >>> disagreements(stored, fourth).select("kind", "days", "factor", "old_close", "new_close").rows()
    [('split', 2, 0.25, 100.0, 25.0)]
    >>> disagreements(stored, stored).is_empty()
    True
    """
    days = _days_of_symbols_that_disagree(stored.lazy(), received.lazy())
    found = days.group_by("symbol").agg(
        pl.col("date").filter("disagrees").min().alias("first_date"),
        pl.col("date").filter("disagrees").max().alias("last_date"),
        pl.col("disagrees").sum().cast(pl.Int64).alias("days"),
        pl.col("close", "close_received").filter("disagrees").first(),
        pl.col("is_corrected", "is_removed", "is_added").any(),
        pl.max_horizontal(map(_lowest_ratio, _PRICES)).filter("is_corrected").max().alias("lowest"),
        pl.min_horizontal(map(_highest_ratio, _PRICES)).filter("is_corrected").min().alias("highest"),
        pl.all_horizontal(map(_has_ratio, _PRICES)).filter("is_corrected").all().alias("has_ratio"),
        _volume_ratio().alias("volume_ratio"),
        pl.col("date").filter(~pl.col("disagrees")).min().alias("first_agreeing"),
    )
    return (
        found.with_columns(
            is_one_ratio=pl.col("has_ratio")
            & (pl.col("lowest") <= pl.col("highest"))
            & ~pl.lit(1.0).is_between("lowest", "highest"),
            middle=(pl.col("lowest") + pl.col("highest")) / 2,
        )
        .with_columns(split_ratio=_split_ratio())
        .with_columns(kind=_kind())
        .select(
            "symbol",
            "kind",
            "first_date",
            "last_date",
            "days",
            pl.when(kind="split").then("split_ratio").when(kind="rescaled").then("middle").alias("factor"),
            pl.col("close").alias("old_close"),
            pl.col("close_received").alias("new_close"),
        )
        .sort("symbol")
    )


def _days_of_symbols_that_disagree(stored: pl.LazyFrame, received: pl.LazyFrame) -> pl.DataFrame:
    """All days of the overlap in both versions, sorted, with how they differ and whether that counts."""
    key = ["symbol", "date"]
    overlap = (
        spans(stored)
        .join(spans(received), on="symbol", suffix="_received")
        .select(
            "symbol",
            begin=pl.max_horizontal("first_date", "first_date_received"),
            end=pl.min_horizontal("last_date", "last_date_received"),
        )
    )
    ours, theirs = (
        frame.select(*key, *_PRICES, "volume")
        .join(overlap, on="symbol")
        .filter(pl.col("date").is_between("begin", "end"))
        .drop("begin", "end")
        for frame in (stored, received)
    )
    is_added, is_removed = pl.col("close").is_null(), pl.col("close_received").is_null()
    is_corrected = pl.any_horizontal(map(_differs, _PRICES)).fill_null(value=False)
    has_other_volume = pl.col("volume").ne_missing(pl.col("volume_received"))
    matters = pl.col("is_added") | pl.col("is_removed") | pl.col("is_corrected")
    return (
        ours.join(theirs, on=key, how="full", coalesce=True, suffix="_received")
        .with_columns(is_added=is_added, is_removed=is_removed, is_corrected=is_corrected)
        .with_columns(
            disagrees=pl.when(matters.any().over("symbol")).then(matters).otherwise(has_other_volume)
        )
        .filter(pl.col("disagrees").any().over("symbol"))
        .sort(key)
        .with_columns(
            rounding=_rounding(_PRICES).over("symbol"),
            rounding_received=_rounding([f"{name}_received" for name in _PRICES]).over("symbol"),
        )
        .collect(engine="streaming")
    )


def _differs(name: str) -> pl.Expr:
    """Whether two prices differ beyond rounding; null where one is not there."""
    old, new = pl.col(name), pl.col(f"{name}_received")
    is_in_cents = pl.max_horizontal(old.abs(), new.abs()) >= 1
    # Half a unit more, for one unit is no exact number of the machine.
    return (old - new).abs() > pl.when(is_in_cents).then(1.5e-4).otherwise(1.5e-6)


def _rounding(names: Sequence[str]) -> pl.Expr:
    """How far a price may be from what it was before rounding: half a unit in the last digit in use."""
    finer = (
        pl.any_horizontal(
            (pl.col(name) - pl.col(name).round(digits)).abs() > 10.0 ** -(_MOST_DIGITS + 1) for name in names
        )
        .any()
        .cast(pl.Int32)
        for digits in range(_FEWEST_DIGITS, _MOST_DIGITS)
    )
    return 0.5 * pl.lit(10.0).pow(-(_FEWEST_DIGITS + pl.sum_horizontal(finer)))


def _has_ratio(name: str) -> pl.Expr:
    """Whether a price is another one, and neither of both zero or less as far as rounding tells."""
    old, new = pl.col(name), pl.col(f"{name}_received")
    return _differs(name) & (old > pl.col("rounding")) & (new > pl.col("rounding_received"))


def _lowest_ratio(name: str) -> pl.Expr:
    return (pl.col(f"{name}_received") - pl.col("rounding_received")) / (pl.col(name) + pl.col("rounding"))


def _highest_ratio(name: str) -> pl.Expr:
    return (pl.col(f"{name}_received") + pl.col("rounding_received")) / (pl.col(name) - pl.col("rounding"))


def _volume_ratio() -> pl.Expr:
    """Received / stored over days of other prices on which both are above zero; null without any."""
    old, new = pl.col("volume"), pl.col("volume_received")
    compared = pl.col("is_corrected") & (old > 0) & (new > 0)
    return new.filter(compared).cast(pl.Float64).sum() / pl.when(compared.any()).then(
        old.filter(compared).cast(pl.Float64).sum()
    )


def _split_ratio() -> pl.Expr:
    """The p / q with the smallest p or q that rounding allows; null when there is none."""
    middle = pl.col("middle")
    is_down = middle < 1
    ratios: list[pl.Expr] = []
    for part in range(1, _LARGEST_PART + 1):
        other = (part * pl.when(is_down).then(1 / middle).otherwise(middle)).round()
        ratio = pl.when(is_down).then(part / other).otherwise(other / part)
        is_allowed = ratio.is_between("lowest", "highest")
        if part > 1:
            is_allowed &= pl.col("volume_ratio").is_not_null()
        ratios.append(pl.when(is_allowed).then(ratio))
    return pl.coalesce(ratios)


def _kind() -> pl.Expr:
    volume_ratio, split_ratio = pl.col("volume_ratio"), pl.col("split_ratio")
    moved_the_other_way = (volume_ratio * split_ratio).log().abs() < volume_ratio.log().abs()
    from_the_first_day = pl.col("first_agreeing").is_null() | (pl.col("first_agreeing") > pl.col("last_date"))
    is_split = (
        pl.col("is_one_ratio")
        & split_ratio.is_not_null()
        & moved_the_other_way.fill_null(value=True)
        & from_the_first_day
    )
    return (
        pl.when(is_split)
        .then(pl.lit("split"))
        .when(pl.col("is_one_ratio") & pl.col("first_agreeing").is_null())
        .then(pl.lit("rescaled"))
        .when("is_corrected")
        .then(pl.lit("corrected"))
        .when("is_removed")
        .then(pl.lit("removed"))
        .when("is_added")
        .then(pl.lit("added"))
        .otherwise(pl.lit("volume"))
    )
