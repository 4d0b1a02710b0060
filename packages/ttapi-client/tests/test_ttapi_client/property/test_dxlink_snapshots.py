# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots from any frames: the result equals a row-by-row model, or the history is incomplete for both."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st

from test_ttapi_client.dxlink_stub import (
    BEGIN,
    DAY_MS,
    END,
    FIELDS,
    NEWEST_MS,
    PENDING,
    REMOVE,
    SNIP,
    candle,
    compact,
    full,
    placeholder,
)
from ttapi_client.dxlink.columns import CandleLayout, candle_runs, event_batches
from ttapi_client.dxlink.snapshots import SnapshotAssembler
from ttapi_core.errors import IncompleteDataError

Row = dict[str, Any]
SYMBOL = "A{=d}"
MODE = 0x40
NUMBERS = {"open", "high", "low", "close", "volume", "vwap"}


def plain_model(rows: list[Row], since_ms: int) -> list[Row] | str:
    """The snapshot as API facts 7.5 tell it, one row after the other."""
    known: dict[int, Row] | None = None
    has_ended = False
    for row in rows:
        flags = row["eventFlags"]
        if flags & BEGIN:
            known = {}
            has_ended = False
        if known is None:
            continue
        if flags & SNIP:
            return "incomplete"
        if flags & REMOVE:
            known.pop(row["index"], None)
        else:
            known[row["index"]] = row
        has_ended = has_ended or bool(flags & END)
        if has_ended and not flags & PENDING:
            return [known[index] for index in sorted(known) if known[index]["time"] >= since_ms]
    return "open"


def assembled(frames: list[list[Any]], layout: CandleLayout, since_ms: int) -> list[tuple[Any, ...]] | str:
    """What the assembler makes of the same rows, in frames."""
    assembler = SnapshotAssembler("A", since_ms=since_ms, most_candles=10_000)
    try:
        for frame in frames:
            for _, values in event_batches(frame):
                for run in candle_runs(values, layout):
                    if assembler.add(run.columns):
                        columns = assembler.result().to_lists()
                        return list(zip(columns["time"], columns["close"], columns["vwap"], strict=True))
    except IncompleteDataError:
        return "incomplete"
    return "open"


def number(value: object) -> object:
    """NaN is null."""
    return None if value == "NaN" else value


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    """Rows with flags of every kind, mostly ordinary ones, in any order, repeated or not."""
    flag_sets = st.sampled_from(
        [0] * 12 + [BEGIN, END, REMOVE, PENDING, END | PENDING, REMOVE | END, SNIP, MODE]
    )
    rows: list[Row] = []
    for _ in range(draw(st.integers(0, 25))):
        day, flags = draw(st.integers(0, 8)), draw(flag_sets)
        close = draw(st.floats(0.01, 1e6))
        rows.append(
            placeholder(SYMBOL, day, flags=flags)
            if flags & REMOVE
            else candle(SYMBOL, day, flags=flags, close=close)
        )
    begins: bool = draw(st.booleans())
    if rows and begins:
        rows[0]["eventFlags"] |= BEGIN
    return rows


@st.composite
def ordinary_rows(draw: st.DrawFn) -> list[Row]:
    """What the service sends nearly always: descending, seldom a removal, with or without a placeholder."""
    days = sorted(draw(st.sets(st.integers(0, 40), min_size=1)))
    removed = draw(st.sets(st.sampled_from(days), max_size=1))
    rows = [
        placeholder(SYMBOL, day, flags=REMOVE)
        if day in removed
        else candle(SYMBOL, day, close=draw(st.floats(0.01, 1e6)))
        for day in days
    ]
    rows[0]["eventFlags"] |= BEGIN
    if draw(st.booleans()):
        rows.append(placeholder(SYMBOL, days[-1] + draw(st.integers(0, 2))))
    else:
        rows[-1]["eventFlags"] |= END
    return rows


def frames_of(rows: list[Row], cuts: set[int], fields: list[str], formats: list[bool]) -> list[list[Any]]:
    """The rows cut into frames, each compact or full."""
    borders = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
    pieces = [rows[start:stop] for start, stop in pairwise(borders) if start < stop]
    return [
        full(piece) if formats[number % len(formats)] else compact(piece, fields)
        for number, piece in enumerate(pieces)
    ]


@given(
    rows=st.one_of(any_rows(), ordinary_rows()),
    cuts=st.sets(st.integers(1, 40)),
    fields=st.permutations([*FIELDS, "sequence", "count"]),
    formats=st.lists(st.booleans(), min_size=1, max_size=3),
    since_day=st.integers(0, 45),
)
def test_any_frames_give_what_the_plain_model_gives(
    rows: list[Row], cuts: set[int], fields: list[str], formats: list[bool], since_day: int
) -> None:
    """Whatever the flags, the order, the cuts, the order of the fields and the format."""
    since_ms = NEWEST_MS - since_day * DAY_MS
    expected = plain_model(rows, since_ms)
    if isinstance(expected, list):
        expected_rows: list[tuple[Any, ...]] | str = [
            (row["time"], number(row["close"]), number(row["vwap"])) for row in expected
        ]
    else:
        expected_rows = expected
    frames = frames_of(rows, cuts, fields, formats)
    assert assembled(frames, CandleLayout.of(fields), since_ms) == expected_rows


@given(
    symbols=st.lists(st.sampled_from("ABC"), max_size=30),
    fields=st.permutations(FIELDS),
    wanted=st.sampled_from(sorted(NUMBERS)),
)
def test_runs_put_together_are_the_rows_in_their_order(
    symbols: list[str], fields: list[str], wanted: str
) -> None:
    """No row is lost, doubled or given to another symbol."""
    rows = [candle(symbol, day, close=float(day)) for day, symbol in enumerate(symbols)]
    ((_, values),) = event_batches(compact(rows, fields))
    runs = list(candle_runs(values, CandleLayout.of(fields)))
    flattened = [(run.event_symbol, value) for run in runs for value in run.columns[wanted]]
    assert flattened == [(row["eventSymbol"], row[wanted]) for row in rows]
    assert all(before.event_symbol != after.event_symbol for before, after in pairwise(runs))
