# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An update of the daily candles: what came becomes part of what is stored, in the files that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import attrs
import polars as pl

from ttapi_platform import lake_parts
from ttapi_platform.lake_parts import KEY, ChangedParts, Ranges, cut, merged, must_be_cut_anew
from ttapi_platform.run_summary import Event, EventKind
from ttapi_polars.adjustments import with_factors
from ttapi_polars.coverage import spans
from ttapi_polars.lake_versions import RECENT
from ttapi_polars.overlaps import REFETCHED_KINDS, disagreements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from ttapi_platform.collectors.base import StoredRows

# Candles that tell a symbol's history from every other's.
_SAME_CANDLES: Final = 20
_PRICES: Final = ("open", "high", "low", "close")
_RECEIVED: Final = (*KEY, *_PRICES, "volume", "vwap", "implied_volatility")
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
    until: date | None  # last candle of all that is not in the recent part

    @classmethod
    def of(cls, stored: StoredRows) -> Spans:
        """Of all stored rows."""
        older, recent = (
            spans(stored.scan(parts)).collect(engine="streaming") for parts in (_older(stored), {RECENT})
        )
        frame = (
            pl.concat([older, recent])
            .group_by("symbol")
            .agg(pl.col("first_date").min(), pl.col("last_date").max(), pl.col("days").sum())
            .sort("symbol")
        )
        symbols = frame["symbol"].to_list()
        return cls(
            dict(zip(symbols, frame["first_date"], strict=True)),
            dict(zip(symbols, frame["last_date"], strict=True)),
            frame,
            cast("date | None", older["last_date"].max()),
        )


@attrs.frozen
class Distrust:
    """Symbols whose stored candles are no longer what the feed gives."""

    events: Mapping[str, Event]
    splits: pl.DataFrame  # symbol, date and factor of the splits among them
    unchanged: pl.DataFrame  # symbol and date of the candles of all others that are stored as they came


def compare(stored: StoredRows, spans: Spans, received: pl.DataFrame) -> Distrust:
    """
    Whether the candles that came agree with those that are stored of the same days.

    Parameters
    ----------
    stored
        What the lake holds.
    spans
        Of what is stored.
    received
        Candles of some symbols, each from some day on.
    """
    known = received.filter(pl.col("symbol").is_in(list(spans.first)))
    overlap = _stored_since(stored, spans, known.group_by("symbol").agg(pl.col("date").min().alias("since")))
    found = disagreements(overlap, known).filter(pl.col("kind").is_in(REFETCHED_KINDS))
    after = received.join(found.filter(kind="split"), on="symbol").filter(
        pl.col("date") > pl.col("last_date")
    )
    same = known.join(overlap, on=_RECEIVED, how="semi", nulls_equal=True)
    return Distrust(
        events={row["symbol"]: _event(row) for row in found.iter_rows(named=True)},
        splits=after.group_by("symbol").agg(pl.col("date").min(), pl.col("factor").first()),
        unchanged=same.join(found, on="symbol", how="anti").select(KEY),
    )


def merge(
    stored: StoredRows,
    spans: Spans,
    received: pl.DataFrame,
    *,
    replaced: Collection[str],
    names: Mapping[str, str],
    dividends: pl.DataFrame,
    splits: pl.DataFrame,
) -> ChangedParts:
    """
    The parts that change; all of them, cut anew, when that is due.

    Parameters
    ----------
    stored
        What the lake holds.
    spans
        Of what is stored.
    received
        Candles, sorted; each takes the place of the stored one of its symbol and day. Those that are stored
        as they came may be left out: where they are the only ones of a part, it stays.
    replaced
        Symbols of which no stored row stays.
    names
        By old symbol the one that its stored rows get.
    dividends
        Symbol, ex-date and amount: every one of the symbols that are in it.
    splits
        Symbol, date and factor, beside those that are stored.
    """
    limits, footers = lake_parts.LIMITS, stored.version.footers
    ranges = Ranges.of(footers, spans.until)
    if ranges is None or stored.state.rows + received.height <= limits.rows_of_a_range:
        changing = {*footers}  # all are cut anew, whatever they turn out to be
    else:
        days = pl.concat([received.select(KEY), _days_of_changed_dividends(stored, spans, dividends)])
        moved = {*replaced, *names, *names.values()}
        changing = {RECENT, *ranges.parts_of(days), *ranges.of_symbols(moved)}
    of_replaced, new_name = pl.col("symbol").is_in(list(replaced)), pl.col("symbol").replace(names)
    before = [
        stored.of_parts(parts).with_columns(new_name) for parts in (changing - {RECENT}, changing & {RECENT})
    ]
    base = (
        each.filter(~of_replaced).join(received, on=KEY, how="anti", maintain_order="left") for each in before
    )
    rows = merged([*base, received])
    touched = pl.concat([received["symbol"], dividends["symbol"], splits["symbol"]]).unique()
    known = pl.concat(before).filter(pl.col("symbol").is_in(touched.implode()))
    paid = known.select(*KEY, pl.col("dividend").alias("amount")).drop_nulls("amount")
    split = known.select(*KEY, pl.col("split_factor").alias("factor")).drop_nulls("factor")
    paid, split = _beside(paid, dividends, on=["symbol"]), _beside(split, splits, on=KEY)
    if ranges is None:
        return ChangedParts(cut(with_factors(rows, paid, split), limits))
    earlier = _last_rows_not_read(stored, ranges, rows, paid, read=changing)
    rows = with_factors(merged([rows, earlier]), paid, split)
    parts = ranges.split(rows.join(earlier, on=KEY, how="anti", maintain_order="left"))
    stay = {part: footer.rows for part, footer in footers.items() if part not in changing}
    if must_be_cut_anew(parts, stay, limits):
        return ChangedParts(cut(_all_rows(stored, ranges, parts, stay), limits))
    return ChangedParts(parts, stored.fingerprints_beside(changing))


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


def _older(stored: StoredRows) -> set[str]:
    """The parts that hold no recent rows."""
    return {*stored.version.pairs} - {RECENT}


def _stored_since(stored: StoredRows, spans: Spans, since: pl.DataFrame) -> pl.DataFrame:
    """The stored rows of each symbol since a day of its own."""

    def among(parts: Collection[str], since: pl.DataFrame) -> pl.DataFrame:
        rows = stored.scan(parts).filter(
            pl.col("symbol").is_in(since["symbol"].implode()),
            pl.col("date") >= pl.lit(since["since"].min(), pl.Date),
        )
        of_symbols = rows.join(since.lazy(), on="symbol").filter(pl.col("date") >= pl.col("since"))
        return of_symbols.drop("since").collect(engine="streaming")

    # On most days these are few: the older parts, which are large, are read for them alone.
    reach_back = since.filter(pl.col("since") <= pl.lit(spans.until, pl.Date))
    return pl.concat([among(_older(stored), reach_back), among({RECENT}, since)])


def _days_of_changed_dividends(stored: StoredRows, spans: Spans, dividends: pl.DataFrame) -> pl.DataFrame:
    """Symbol and date of each dividend that is told and not stored so, or stored and no longer told so."""
    told = (
        dividends.join(spans.frame, on="symbol")
        .filter(pl.col("date") >= pl.col("first_date"))
        .group_by(KEY)
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") > 0)
    )
    rows = stored.scan().filter(pl.col("symbol").is_in(told["symbol"].unique().implode()))
    known = rows.drop_nulls("dividend").select(*KEY, pl.col("dividend").alias("amount")).collect()
    pairs = ((told, known), (known, told))
    return pl.concat(one.join(other, on=told.columns, how="anti").select(KEY) for one, other in pairs)


def _last_rows_not_read(
    stored: StoredRows, ranges: Ranges, rows: pl.DataFrame, events: pl.DataFrame, *, read: Collection[str]
) -> pl.DataFrame:
    """
    The last row in ranges that are not read of each symbol of which an event falls on its first recent row.

    Without it that row would be taken for the symbol's first of all. An event of an earlier day for which the
    ranges have no candle may fall on it as well, but is not stored on its own day: then the range is read.
    """
    until = pl.lit(ranges.until, pl.Date)
    first = rows.filter(pl.col("date") > until).group_by("symbol").agg(pl.col("date").min().alias("first"))
    early = events.join(first, on="symbol").filter(pl.col("date").is_between(until, "first", closed="right"))
    symbols = early["symbol"].unique()
    unread = stored.scan(ranges.of_symbols(symbols).difference(read))
    found = unread.filter(pl.col("symbol").is_in(symbols.implode())).collect(engine="streaming").sort(KEY)
    return found.group_by("symbol", maintain_order=True).last()


def _all_rows(
    stored: StoredRows, ranges: Ranges, changed: Mapping[str, pl.DataFrame], stay: Collection[str]
) -> pl.DataFrame:
    """All rows after an update, sorted; of no more than one range there are two copies at a time."""
    none = stored.schema.empty()
    recent = ranges.split_by_symbol(changed.get(RECENT, none))

    def runs() -> Iterator[pl.DataFrame]:
        for part in ranges.begins:
            older = stored.of_parts({part}) if part in stay else changed.get(part, none)
            yield merged([older, recent.get(part, none)])

    return pl.concat(runs())


def _beside(known: pl.DataFrame, told: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """Events that are told, and those known ones that share nothing of this with them."""
    return pl.concat([known.join(told, on=on, how="anti"), told.select(known.columns)])
