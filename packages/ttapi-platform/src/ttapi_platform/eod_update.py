# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An update of the daily candles: what came becomes part of what is stored, in the files that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_platform.run_summary import Event, EventKind
from ttapi_polars.adjustments import with_factors
from ttapi_polars.coverage import spans
from ttapi_polars.overlaps import REFETCHED_KINDS, disagreements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from ttapi_platform.collectors.base import StoredRows

KEY: Final = ("symbol", "date")
# Candles that tell a symbol's history from every other's.
_SAME_CANDLES: Final = 20
_PRICES: Final = ("open", "high", "low", "close")
_EVENTS: Final = {
    "split": EventKind.SPLIT,
    "rescaled": EventKind.RESCALED,
    "corrected": EventKind.CORRECTED,
    "removed": EventKind.CORRECTED,
}


@attrs.frozen
class Spans:
    """First and last candle of each stored symbol."""

    first: Mapping[str, date]
    last: Mapping[str, date]
    frame: pl.DataFrame  # as coverage.spans gives it

    @classmethod
    def of(cls, stored: StoredRows) -> Spans:
        """Of all stored rows."""
        frame = spans(stored.scan()).collect(engine="streaming")
        symbols = frame["symbol"].to_list()
        return cls(
            dict(zip(symbols, frame["first_date"], strict=True)),
            dict(zip(symbols, frame["last_date"], strict=True)),
            frame,
        )


@attrs.frozen
class Distrust:
    """Symbols whose stored candles are no longer what the feed gives."""

    events: Mapping[str, Event]
    splits: pl.DataFrame  # symbol, date and factor of the splits among them


def compare(stored: StoredRows, received: pl.DataFrame, symbols: Collection[str]) -> Distrust:
    """
    Whether the candles that came agree with those that are stored of the same days.

    Parameters
    ----------
    stored
        What the lake holds.
    received
        Candles of some symbols, each from some day on.
    symbols
        Those that are stored.
    """
    known = received.filter(pl.col("symbol").is_in(list(symbols)))
    since = known.group_by("symbol").agg(pl.col("date").min().alias("since"))
    overlap = (
        stored.scan()
        .filter(pl.col("date") >= pl.lit(since["since"].min(), pl.Date))
        .join(since.lazy(), on="symbol")
        .filter(pl.col("date") >= pl.col("since"))
        .drop("since")
    )
    found = disagreements(overlap, known).filter(pl.col("kind").is_in(REFETCHED_KINDS))
    after = received.join(found.filter(kind="split"), on="symbol").filter(
        pl.col("date") > pl.col("last_date")
    )
    return Distrust(
        events={row["symbol"]: _event(row) for row in found.iter_rows(named=True)},
        splits=after.group_by("symbol").agg(pl.col("date").min(), pl.col("factor").first()),
    )


def merge(
    stored: StoredRows,
    received: pl.DataFrame,
    *,
    replaced: Collection[str],
    names: Mapping[str, str],
    dividends: pl.DataFrame,
    splits: pl.DataFrame,
) -> tuple[pl.DataFrame, dict[str, str]]:
    """
    All rows of the parts that change, and the fingerprints of the others.

    Parameters
    ----------
    stored
        What the lake holds.
    received
        Candles; each takes the place of the stored one of its symbol and day.
    replaced
        Symbols of which no stored row stays.
    names
        By old symbol the one that its stored rows get.
    dividends
        Symbol, ex-date and amount: every one of the symbols that are in it.
    splits
        Symbol, date and factor, beside those that are stored.
    """
    new_name = pl.col("symbol").replace(names)
    of_replaced = pl.col("symbol").is_in(list(replaced))
    years = _years_that_change(stored, received, {*replaced, *names}, dividends)
    parts = {f"{year:04d}" for year in years}
    before = stored.of_parts(parts).with_columns(new_name)
    base = before.filter(~of_replaced).join(received, on=KEY, how="anti")
    earlier = _last_rows_before(stored, years).with_columns(new_name)
    paid = before.select(*KEY, pl.col("dividend").alias("amount")).drop_nulls("amount")
    split = before.select(*KEY, pl.col("split_factor").alias("factor")).drop_nulls("factor")
    rows = with_factors(
        pl.concat([base, received, earlier]).sort(KEY),
        _in_years(_beside(paid, dividends, on=["symbol"]), years),
        _in_years(_beside(split, splits, on=KEY), years),
    )
    return rows.join(earlier, on=KEY, how="anti"), stored.fingerprints_beside(parts)


def renamed(
    stored: StoredRows, received: pl.DataFrame, *, vanished: Collection[str], new: Collection[str]
) -> dict[str, str]:
    """
    By symbol that has vanished the new one that has its history: the last candles are the same.

    Parameters
    ----------
    stored
        What the lake holds.
    received
        Candles of the new symbols, among others.
    vanished
        Stored symbols that the service no longer lists.
    new
        Symbols that were not stored before.
    """
    if not vanished or not new:
        return {}
    old = stored.scan().filter(pl.col("symbol").is_in(list(vanished))).select("symbol", "date", *_PRICES)
    last = old.rename({"symbol": "old"}).sort("old", "date").group_by("old").tail(_SAME_CANDLES).collect()
    found = received.filter(pl.col("symbol").is_in(list(new))).join(last, on=["date", *_PRICES])
    same = found.group_by("old", "symbol").len().filter(pl.col("len") == _SAME_CANDLES)
    return dict(same.select("old", "symbol").rows())


def _event(row: Mapping[str, object]) -> Event:
    kind, factor = _EVENTS[str(row["kind"])], row["factor"]
    by = f" by {factor:g}" if isinstance(factor, float) else ""
    detail = (
        f"close of {row['first_date']} was {row['old_close']}, now {row['new_close']}{by};"
        " its history was collected again"
    )
    return Event(symbol=str(row["symbol"]), kind=kind, detail=detail)


def _years_that_change(
    stored: StoredRows, received: pl.DataFrame, moved: Collection[str], dividends: pl.DataFrame
) -> set[int]:
    """The years of what came, of all stored rows of some symbols, and of dividends that are not stored."""
    of_moved = pl.col("symbol").is_in(list(moved))
    known = stored.scan().filter(pl.col("symbol").is_in(dividends["symbol"].unique().implode()))
    new = dividends.join(known.drop_nulls("dividend").select(KEY).collect(), on=KEY, how="anti")
    years = set(new["date"].dt.year())
    if moved:
        rows = stored.scan().filter(of_moved).select(pl.col("date").dt.year().unique())
        years.update(rows.collect(engine="streaming").to_series())
    years.intersection_update(int(part) for part in stored.version.pairs if part.isdecimal())
    return years.union(received["date"].dt.year())


def _last_rows_before(stored: StoredRows, years: Collection[int]) -> pl.DataFrame:
    """Of each year before one that changes and does not change itself, each symbol's last row."""

    def last_rows() -> Iterator[pl.DataFrame]:
        for year in sorted({year - 1 for year in years}.difference(years)):
            yield stored.of_parts({f"{year:04d}"}).sort(KEY).group_by("symbol", maintain_order=True).last()

    return pl.concat([stored.schema.empty(), *last_rows()])


def _beside(known: pl.DataFrame, told: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """Events that are told, and those known ones that share nothing of this with them."""
    return pl.concat([known.join(told, on=on, how="anti"), told.select(known.columns)])


def _in_years(events: pl.DataFrame, years: Collection[int]) -> pl.DataFrame:
    return events.filter(pl.col("date").dt.year().is_in(list(years)))
