# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots: begin, end, pending, removed, cut short, and rows that are no candles."""

from __future__ import annotations

from typing import Any

import pytest

from test_ttapi_client.dxlink_stub import (
    BEGIN,
    END,
    NEWEST_MS,
    PENDING,
    REMOVE,
    SNIP,
    candle,
    compact,
    empty_snapshot,
    placeholder,
    snapshot,
    times,
)
from ttapi_client.dxlink.columns import CANDLE_FIELDS, CandleLayout, candle_runs
from ttapi_client.dxlink.snapshots import EventFlag, SnapshotAssembler
from ttapi_core.errors import DecodeError, IncompleteDataError

LAYOUT = CandleLayout.of(CANDLE_FIELDS)


def assembler(*, since_ms: int = 0, most_candles: int = 1000) -> SnapshotAssembler:
    """An assembler for one symbol."""
    return SnapshotAssembler("A", since_ms=since_ms, most_candles=most_candles)


def add(assembler: SnapshotAssembler, *rows: dict[str, Any]) -> bool:
    """Add rows as one frame of one symbol."""
    (run,) = candle_runs(list(compact(rows)[1]), LAYOUT)
    return assembler.add(run.columns)


def finish(assembler: SnapshotAssembler, rows: list[dict[str, Any]]) -> None:
    """Take the rows as the whole snapshot."""
    assert add(assembler, *rows)
    assembler.result()


def closes(assembler: SnapshotAssembler) -> list[float | None]:
    """The closes of the result, oldest first."""
    return assembler.result().to_lists()["close"]


def test_flags_have_the_bits_of_the_facts() -> None:
    """API facts 7.5."""
    assert [flag.value for flag in EventFlag] == [PENDING, REMOVE, BEGIN, END, SNIP]


def test_a_snapshot_in_one_frame() -> None:
    """Begin and end in one, oldest first in the result."""
    target = assembler()
    assert add(target, *snapshot("A", 4))
    assert closes(target) == [103.0, 102.0, 101.0, 100.0]


def test_a_snapshot_of_one_candle() -> None:
    """Flags 12: begin and end on the same row."""
    target = assembler()
    assert add(target, candle("A", 0, flags=BEGIN | END, close=5.0))
    assert closes(target) == [5.0]


def test_a_snapshot_over_frames_ends_with_its_last_row_only() -> None:
    """Each frame before it leaves the snapshot open."""
    target = assembler()
    rows = snapshot("A", 6)
    assert not add(target, *rows[:2])
    assert not add(target, *rows[2:5])
    assert target.is_begun
    assert len(target) == 5
    assert add(target, rows[5])
    assert target.result().to_lists()["time"] == times(6)


def test_the_closing_placeholder_is_no_candle() -> None:
    """Flags 10 with NaN prices."""
    target = assembler()
    assert add(target, *snapshot("A", 3, ending=0), placeholder("A", 3))
    assert closes(target) == [102.0, 101.0, 100.0]


def test_an_empty_snapshot_is_complete_and_empty() -> None:
    """Flags 14."""
    target = assembler()
    assert add(target, *empty_snapshot("A"))
    assert len(target.result()) == 0


def test_rows_before_a_begin_are_not_taken() -> None:
    """Updates of an earlier subscription; even an END among them ends nothing."""
    target = assembler()
    assert not add(target, candle("A", 0), candle("A", 1, flags=END))
    assert len(target) == 0
    assert not add(target, candle("A", 2), *snapshot("A", 2)[:1])
    assert add(target, *snapshot("A", 2)[1:])
    assert target.result().to_lists()["time"] == times(2)


def test_a_second_begin_discards_what_was_there() -> None:
    """Removals that were noted included."""
    target = assembler()
    add(target, *snapshot("A", 5)[:3], placeholder("A", 4, flags=REMOVE))
    assert add(target, *snapshot("A", 2))
    assert target.result().to_lists()["time"] == times(2)


def test_the_end_waits_for_a_pending_transaction() -> None:
    """Applied only at END and TX_PENDING clear; the rows in between belong to it."""
    target = assembler()
    assert not add(target, *snapshot("A", 3, ending=END | PENDING))
    assert not add(target, candle("A", 3, flags=PENDING, close=1.0))
    assert add(target, candle("A", 4, close=2.0), candle("A", 5, close=3.0))
    assert closes(target) == [2.0, 1.0, 102.0, 101.0, 100.0]


def test_a_snip_is_an_error_at_once() -> None:
    """Older candles exist that will not come."""
    target = assembler()
    with pytest.raises(IncompleteDataError, match="'A' short"):
        add(target, *snapshot("A", 3, ending=SNIP))


def test_a_removal_deletes_and_a_later_row_restores() -> None:
    """By index; the last word counts."""
    target = assembler()
    add(target, *snapshot("A", 4, ending=0))
    add(target, placeholder("A", 1, flags=REMOVE), placeholder("A", 2, flags=REMOVE))
    assert add(target, candle("A", 2, flags=END, close=7.0))
    assert closes(target) == [103.0, 7.0, 100.0]


def test_a_closing_removal_of_a_real_candle_deletes_it() -> None:
    """The placeholder may bear the index of the oldest candle."""
    target = assembler()
    assert add(target, *snapshot("A", 3, ending=0), placeholder("A", 2))
    assert closes(target) == [101.0, 100.0]


def test_rows_out_of_order_and_repeated_are_sorted_and_replaced() -> None:
    """The last of a repeated index stands."""
    target = assembler()
    assert add(
        target,
        candle("A", 2, flags=BEGIN, close=2.0),
        candle("A", 0, close=0.0),
        candle("A", 2, close=22.0),
        candle("A", 1, flags=END, close=1.0),
    )
    assert closes(target) == [22.0, 1.0, 0.0]


def test_candles_before_the_first_moment_wanted_are_cut() -> None:
    """Exactly at it they stay."""
    target = assembler(since_ms=times(3)[0])
    assert add(target, *snapshot("A", 5))
    assert target.result().to_lists()["time"] == times(3)


def test_a_snapshot_without_end_is_given_up_when_it_grows_too_large() -> None:
    """Memory is bounded."""
    target = assembler(most_candles=3)
    add(target, *snapshot("A", 9)[:3])
    with pytest.raises(IncompleteDataError, match="passes 3"):
        add(target, candle("A", 4))


def test_words_for_numbers_that_are_not_finite_become_null() -> None:
    """Three words and null; an integer stays one."""
    target = assembler()
    rows = [
        {**row, "vwap": word}
        for row, word in zip(snapshot("A", 4), ("NaN", "Infinity", None, 3), strict=True)
    ]
    rows[2]["volume"] = "-Infinity"
    assert add(target, *rows)
    columns = target.result().to_lists()
    assert columns["vwap"] == [3, None, None, None]
    assert columns["volume"] == [103, None, 101, 100]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("close", "12.5"),
        ("volume", []),
        ("vwap", {}),
        ("impVolatility", "nan"),
        ("time", "now"),
        ("time", None),
        ("time", 1.5),
        ("index", "7"),
        ("index", None),
        ("index", 7e18),  # a double cannot tell neighbouring candles apart
        ("index", 2**64),
        ("eventFlags", "NaN"),
        ("eventFlags", 1.0),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_decode_error_that_names_the_field(field: str, value: object) -> None:
    """The symbol is named too."""
    target = assembler()
    rows = snapshot("A", 3)
    rows[1][field] = value
    column = {"impVolatility": "implied_volatility"}.get(field, field)
    with pytest.raises(DecodeError, match=rf"candles of 'A'\.{column}"):
        finish(target, rows)


def test_times_that_contradict_the_index_are_a_decode_error() -> None:
    """Sorted by index they must be sorted by time."""
    target = assembler()
    rows = [candle("A", 1, flags=BEGIN), candle("A", 0), candle("A", 2, flags=END)]
    rows[1]["time"] = NEWEST_MS - 10**10
    assert add(target, *rows)
    with pytest.raises(DecodeError, match="order of index"):
        target.result()


def test_null_for_flags_is_no_flag() -> None:
    """As an absent field would be."""
    target = assembler()
    rows = snapshot("A", 4)
    add(target, rows[0])
    add(target, {**rows[2], "eventFlags": None}, {**rows[1], "eventFlags": None})
    assert add(target, rows[3])
    assert target.result().to_lists()["time"] == times(4)
