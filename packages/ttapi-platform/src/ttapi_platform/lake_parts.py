# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The parts of the daily candles: which row lies in which file, and when all rows are cut into files anew.

Ranges hold consecutive symbols, all rows of each up to one day, the same for all; what is later lies in one
recent part. So nearly all rows are sorted by symbol, which reads want, and a new day rewrites few of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

import attrs
import polars as pl

from ttapi_polars.lake_versions import NO_ROWS, RANGE, RECENT
from ttapi_polars.row_order import in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from ttapi_polars.footers import FileFooter

KEY: Final = ("symbol", "date")
_FEWEST_DIGITS: Final = 3


@attrs.frozen(kw_only=True)
class Limits:
    """When a range is full, and when all rows are cut anew."""

    # With its header it opens in a spreadsheet, whose sheets end at 1,048,576 rows.
    rows_of_a_range: int = 1_000_000
    # Of so many rows at most one is recent. Of N rows, with S symbols and so S new rows a day, the recent
    # part grows to N / 50 in N / 50 S days. To cut N rows is 50 S rows a day then, and what an update
    # rewrites is N / 100 rows on average: as much, when there are 20 years of days in the lake.
    rows_to_a_recent_one: int = 50


LIMITS = Limits()


@attrs.frozen
class ChangedParts:
    """All rows of the parts that change, and the fingerprints of those that stay as they are stored."""

    parts: Mapping[str, pl.DataFrame]
    keep: Mapping[str, str] = attrs.field(factory=dict[str, str])


def cut(rows: pl.DataFrame, limits: Limits) -> dict[str, pl.DataFrame]:
    """
    All rows in ranges of symbols, each as full as it may be; a symbol is never divided.

    Parameters
    ----------
    rows
        Columns ``symbol`` and ``date`` among others, in any order.
    limits
        A symbol with more rows than a range may have is a range of its own.

    Returns
    -------
    dict
        By part, in order, its rows sorted by symbol and date; one part without rows for no rows.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 1), date(2026, 7, 2)]
    >>> rows = pl.DataFrame({"symbol": ["A", "A", "B", "C", "C"], "date": [*days, *days, days[0]]})
    >>> found = cut(rows, Limits(rows_of_a_range=3))
    >>> {part: part_rows["symbol"].to_list() for part, part_rows in found.items()}
    {'range-000': ['A', 'A', 'B'], 'range-001': ['C', 'C']}
    """
    if rows.is_empty():
        return {NO_ROWS: rows}
    rows = in_order(rows, KEY)
    borders, filled = [0], 0
    for rows_of_symbol in rows.select(pl.col("symbol").rle().struct.field("len")).to_series():
        if filled and filled + rows_of_symbol > limits.rows_of_a_range:
            borders.append(borders[-1] + filled)
            filled = 0
        filled += rows_of_symbol
    # One width for all, so that their names are in the order of their symbols.
    digits = max(_FEWEST_DIGITS, len(str(len(borders) - 1)))
    spans = pairwise([*borders, rows.height])
    return {f"range-{number:0{digits}}": rows[start:stop] for number, (start, stop) in enumerate(spans)}


@attrs.frozen
class Ranges:
    """
    The ranges that are stored, by which it is known where a row lies or would have to lie.

    ``until`` is the last day in any of them. It is kept nowhere, so that nothing can disagree with the rows.
    """

    begins: Mapping[str, str]  # by part, in order, its first symbol
    until: date

    @classmethod
    def of(cls, footers: Mapping[str, FileFooter], until: date | None) -> Self | None:
        """Those of a version of the dataset; ``None`` where its rows lie otherwise, as in files by year."""
        begins = {
            part: footer.sorted_from
            for part, footer in footers.items()
            if RANGE.fullmatch(part) and footer.sorted_from is not None
        }
        if until is None or not begins or footers.keys() - begins.keys() - {RECENT}:
            return None
        return cls(begins, until)

    def parts_of(self, rows: pl.DataFrame) -> pl.Series:
        """The part of each row; a symbol that no range has yet goes to the one before it."""
        ranges = self._ranges_of(rows["symbol"])
        is_recent = pl.col("date") > pl.lit(self.until, pl.Date)
        return rows.select(part=pl.when(is_recent).then(pl.lit(RECENT)).otherwise(ranges)).to_series()

    def of_symbols(self, symbols: Collection[str]) -> set[str]:
        """The ranges of these symbols."""
        return set(self._ranges_of(pl.Series(list(symbols), dtype=pl.String)))

    def split(self, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The rows of each part that has some, in order."""
        return _split(rows, self.parts_of(rows))

    def split_by_symbol(self, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The same without regard to the day, as if none were recent."""
        return _split(rows, self._ranges_of(rows["symbol"]))

    def _ranges_of(self, symbols: pl.Series) -> pl.Series:
        names, begins = pl.Series(list(self.begins)), pl.Series(list(self.begins.values()))
        return names.gather((begins.search_sorted(symbols, "right").cast(pl.Int64) - 1).clip(0))


def must_be_cut_anew(changed: Mapping[str, pl.DataFrame], stay: Mapping[str, int], limits: Limits) -> bool:
    """
    Whether all rows are to be cut into ranges anew, so that there are no recent ones.

    Parameters
    ----------
    changed
        Rows of the parts that change.
    stay
        How many rows each of the other parts has.
    limits
        By which it is decided.
    """
    rows = sum(stay.values()) + sum(frame.height for frame in changed.values())
    recent = changed[RECENT].height if RECENT in changed else stay.get(RECENT, 0)
    return (
        rows <= limits.rows_of_a_range
        or recent * limits.rows_to_a_recent_one > rows
        or any(
            frame.height > limits.rows_of_a_range and frame["symbol"].n_unique() > 1
            for part, frame in changed.items()
            if part != RECENT
        )
    )


def merged(runs: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rows, sorted by symbol and date; four times as fast as to sort them, where each run is sorted."""
    first, *others = runs
    rows = in_order(first, KEY)
    for run in others:
        rows = rows.merge_sorted(in_order(run, KEY), key=KEY) if run.height else rows
    return rows


def _split(rows: pl.DataFrame, parts: pl.Series) -> dict[str, pl.DataFrame]:
    named = rows.with_columns(parts.alias("part"))
    found = named.partition_by("part", as_dict=True, include_key=False, maintain_order=True)
    return {part: found[part,] for (part,) in sorted(found)}
