# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `eod_data`: the daily candles of each member of the universe, and later only what is missing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core.errors import DataError
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_platform.collectors.candle_histories import candle_histories
from ttapi_platform.collectors.dividends import dividends_of, last_ex_dates, unknown_ex_dates
from ttapi_platform.eod_days import days_to_ask_from, last_completed_day
from ttapi_platform.eod_update import Spans, compare, merge, renamed
from ttapi_platform.lake_parts import KEY, merged
from ttapi_platform.run_summary import Event, EventKind
from ttapi_polars.adjustments import with_factors
from ttapi_polars.coverage import holes
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from ttapi_core.errors import TTError
    from ttapi_platform.collectors.base import StoredRows

DATASET: Final = "eod_data"
GAPS: Final = "gaps"  # the note of trading days that the service has no candle of: "SYMBOL 2026-07-01"
_VANISHED: Final = "vanished"  # the note of symbols that are stored and no longer listed
_NO_SPLITS: Final = pl.DataFrame(schema={"symbol": pl.String, "date": pl.Date, "factor": pl.Float64})


async def collect_eod_data(context: CollectorContext) -> Collected:
    """
    One row per symbol and completed session, sorted by symbol, then date, with the dividends of each.

    The candle of a session that is still going on is left out: it is not the end of its day. Where candles
    are stored, a symbol is asked for from its fifth last day on. If these five days disagree with what is
    stored, its whole history is asked for again; and so it is when the first day has moved to before its
    first candle. Stored rows of symbols that are not asked for, and of earlier days, stay.

    A symbol of which no candle comes is a failure.
    """
    if context.stored is None:
        return await _collect_whole(context)
    return await _Update(context, context.stored, await asyncio.to_thread(_spans, context.stored)).collect()


async def _collect_whole(context: CollectorContext) -> Collected:
    streamers, last_day = dict(context.universe_symbols), _last_completed_day(context)
    if last_day is None or last_day < context.history_start:
        raise DataError(
            f"no session that began on {context.history_start} or later has closed yet",
            hint="name an earlier first day with --since",
        )
    # Candles of earlier days that are stored are asked for again, too, or they would be lost.
    stored: Mapping[str, date] = {}
    if context.before is not None:
        stored = (await asyncio.to_thread(_spans, context.before)).first
    start = context.history_start
    context.progress.started(DATASET, len(streamers))
    found = await candle_histories(
        context,
        {symbol: min(start, stored.get(symbol, start)) for symbol in streamers},
        streamers=streamers,
        last_day=last_day,
        dataset=DATASET,
    )
    came = [symbol for symbol in streamers if symbol not in found.failures]
    dividends, events = await dividends_of(context, came)
    rows = await asyncio.to_thread(with_factors, found.candles, dividends, _NO_SPLITS)
    notes: Mapping[str, Collection[str]] = {}
    if context.before is not None and (others := stored.keys() - streamers.keys()):
        rows = await asyncio.to_thread(_with_rows_of, others, context.before, rows)
        known = context.before.state.notes
        notes = {note: {each for each in known[note] if each.partition(" ")[0] in others} for note in known}
    return Collected(
        rows=rows, asked=len(streamers), failures=found.failures, events=tuple(events), notes=notes
    )


@attrs.frozen
class _Update:
    """What is stored, brought up to date."""

    context: CollectorContext
    stored: StoredRows
    spans: Spans

    async def collect(self) -> Collected:
        context, last_day = self.context, _last_completed_day(self.context)
        symbols = dict(context.universe_symbols)
        unlisted = self._unlisted()
        wanted = context.universe.symbols
        # One that was taken out of the universe may well be listed: only the universe's own were looked up.
        vanished = unlisted if wanted is None else unlisted.intersection(wanted)
        # Once more, for its last days; delisted names are shares, which the feed spells as the service does.
        leaving = vanished.difference(self.stored.state.notes.get(_VANISHED, ()))
        streamers = {symbol: symbol for symbol in leaving} | symbols
        days = days_to_ask_from(
            streamers,
            self.spans,
            context.inputs["trading_days"],
            history_start=context.history_start,
            last_day=last_day,
            extended=streamers if context.history_moved else self.stored.state.missing,
            earliest=context.since,
        )
        since = days.since
        context.progress.started(DATASET, len(since))
        found = await candle_histories(
            context, since, streamers=streamers, last_day=last_day, dataset=DATASET
        )
        distrust = await asyncio.to_thread(compare, self.stored, self.spans, found.candles)
        again = {symbol: min(context.history_start, self.spans.first[symbol]) for symbol in distrust.events}
        if again:
            context.progress.started(DATASET, len(since) + len(again))
        whole = await candle_histories(
            context, again, streamers=streamers, last_day=last_day, dataset=DATASET
        )
        received = pl.concat([found.candles.filter(~pl.col("symbol").is_in(list(again))), whole.candles])
        failed = {**found.failures, **whole.failures}
        failures = {symbol: error for symbol, error in failed.items() if symbol not in leaving}

        new = {symbol for symbol in since if symbol not in self.spans.first and symbol not in failures}
        names = await asyncio.to_thread(renamed, self.stored, received, vanished=unlisted, new=new)
        replaced = again.keys() - whole.failures.keys()
        dividends, no_dividends = await dividends_of(
            context,
            await self._with_unknown_dividends(
                symbols, failures, new | replaced | days.reached_back, last_day
            ),
        )
        rows = await asyncio.to_thread(
            merge,
            self.stored,
            self.spans,
            received.join(distrust.unchanged, on=KEY, how="anti", maintain_order="left"),
            replaced=replaced,
            names=names,
            dividends=dividends,
            splits=distrust.splits.filter(pl.col("symbol").is_in(list(replaced))),
        )
        gaps, healed = await asyncio.to_thread(self._gaps, received)
        listings = self._listings(new, leaving.difference(names), names, received)
        refetched = [event for symbol, event in distrust.events.items() if symbol in replaced]
        return Collected(
            rows=rows,
            asked=len(symbols),
            failures=failures,
            events=(*listings, *refetched, *healed, *no_dividends),
            notes={GAPS: gaps, _VANISHED: vanished.difference(names)},
        )

    def _unlisted(self) -> set[str]:
        """Stored symbols that are not in the listing; those known before where it is not asked about all."""
        if self.context.items is not None:
            return set(self.stored.state.notes.get(_VANISHED, ()))
        return self.spans.last.keys() - set(self.context.inputs["symbols"]["symbol"])

    async def _with_unknown_dividends(
        self,
        symbols: Collection[str],
        failures: Mapping[str, TTError],
        whole: Collection[str],
        last_day: date | None,
    ) -> set[str]:
        """The symbols whose dividends are to be asked for: of whole new histories, and with a new ex-date."""
        came = set(symbols).difference(failures)
        known = self.stored.scan().drop_nulls("dividend").select(KEY)
        last = await last_ex_dates(self.context, sorted(came.difference(whole)))
        unknown = unknown_ex_dates(
            last,
            await asyncio.to_thread(known.collect),
            first_days=self.spans.first,
            last_day=last_day or self.context.history_start,
        )
        return came.intersection([*whole, *unknown])

    def _gaps(self, received: pl.DataFrame) -> tuple[set[str], list[Event]]:
        """
        The trading days that the service is known to have no candle of, and what was healed.

        Known are those of symbols that were asked for again from before a hole on.
        """
        gaps, since = set(self.stored.state.notes.get(GAPS, ())), self.context.since
        if not since:
            return gaps, []
        asked = received.filter(pl.col("symbol").is_in(list(since)))
        stored = self.stored.scan().filter(pl.col("symbol").is_in(list(since))).select(KEY).collect()
        healed = asked.join(stored, on=KEY, how="anti").filter(
            pl.col("date") < pl.col("symbol").replace_strict(self.spans.last, return_dtype=pl.Date)
        )
        counted = healed.group_by("symbol").agg(pl.len(), pl.col("date").min()).sort("symbol")
        still = holes(asked.lazy(), self.context.inputs["trading_days"])
        came = set(asked["symbol"])
        others = {gap for gap in gaps if gap.partition(" ")[0] not in came}
        events = [
            Event(symbol=symbol, kind=EventKind.HEALED, detail=f"{days} lacking days came, the first {first}")
            for symbol, days, first in counted.rows()
        ]
        return others | {f"{symbol} {day}" for symbol, day in still.rows()}, events

    def _listings(
        self, new: Collection[str], gone: Collection[str], names: Mapping[str, str], received: pl.DataFrame
    ) -> Iterator[Event]:
        old_names = {symbol: old for old, symbol in names.items()}
        for symbol in sorted(new):
            if symbol in old_names:
                detail = f"was {old_names[symbol]}, whose rows it took over"
                yield Event(symbol=symbol, kind=EventKind.RENAMED, detail=detail)
            else:
                detail = "its whole history was collected"
                yield Event(symbol=symbol, kind=EventKind.LISTED, detail=detail)
        last = dict(received.group_by("symbol").agg(pl.col("date").max()).rows())
        for symbol in sorted(gone):
            detail = f"no longer listed; its candles up to {last.get(symbol, self.spans.last[symbol])} stay"
            yield Event(symbol=symbol, kind=EventKind.DELISTED, detail=detail)


def _with_rows_of(symbols: Collection[str], stored: StoredRows, rows: pl.DataFrame) -> pl.DataFrame:
    with reading(stored.version.paths[-1].parent):
        kept = stored.scan().filter(pl.col("symbol").is_in(list(symbols))).select(rows.columns).collect()
    return merged([rows, kept])


def _spans(stored: StoredRows) -> Spans:
    with reading(stored.version.paths[-1].parent):
        return Spans.of(stored)


def _last_completed_day(context: CollectorContext) -> date | None:
    return last_completed_day(context.inputs["trading_days"], context.now)
