# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Wire rows to columns: stride, order, runs of symbols, both formats, and what is neither."""

from __future__ import annotations

from array import array
from math import nan
from typing import Any

import pytest

from test_ttapi_client.dxlink_stub import FIELDS, candle, compact, full, placeholder, snapshot
from ttapi_client.dxlink.columns import (
    CANDLE_FIELDS,
    KEPT_COLUMNS,
    CandleColumns,
    CandleLayout,
    candle_runs,
    event_batches,
)
from ttapi_core.errors import DecodeError

LAYOUT = CandleLayout.of(CANDLE_FIELDS)


def values_of(rows: list[dict[str, Any]]) -> list[Any]:
    """The flat array of compact rows."""
    return list(compact(rows)[1])


def test_the_fields_we_ask_for_are_those_of_the_stub() -> None:
    """The stub has its own list, so that a slip on one side shows."""
    assert CANDLE_FIELDS == FIELDS


def test_columns_of_one_symbol_are_sliced_out_of_the_flat_array() -> None:
    """Values as the wire had them, NaN included."""
    (run,) = candle_runs(values_of(snapshot("A{=d}", 3)), LAYOUT)
    assert run.event_symbol == "A{=d}"
    assert set(run.columns) == set(KEPT_COLUMNS)
    assert run.columns["flags"] == [4, 0, 8]
    assert run.columns["close"] == [100.0, 101.0, 102.0]
    assert run.columns["implied_volatility"] == ["NaN"] * 3


def test_an_index_beyond_doubles_stays_an_exact_integer() -> None:
    """It exceeds 2^53 (API facts 7.5)."""
    (run,) = candle_runs(values_of([candle("A", 0)]), LAYOUT)
    assert run.columns["index"] == [7_651_405_210_425_753_600]


def test_several_symbols_in_one_array_become_runs_in_order() -> None:
    """A, B, B, A: three runs."""
    rows = [candle("A", 0), candle("B", 0), candle("B", 1), candle("A", 1)]
    runs = [(run.event_symbol, len(run.columns["time"])) for run in candle_runs(values_of(rows), LAYOUT)]
    assert runs == [("A", 1), ("B", 2), ("A", 1)]


def test_another_order_with_unknown_and_missing_fields_is_obeyed() -> None:
    """Unknown fields are stepped over, optional ones that do not come are null."""
    fields = ("low", "count", "time", "close", "index", "eventSymbol", "high", "open", "volume", "eventFlags")
    layout = CandleLayout.of(fields)
    (run,) = candle_runs(list(compact([candle("A", 0), candle("A", 1)], fields)[1]), layout)
    assert run.columns["close"] == [10.0, 10.0]
    assert run.columns["low"] == [8.0, 8.0]
    assert run.columns["vwap"] == [None, None]
    assert run.columns["implied_volatility"] == [None, None]


@pytest.mark.parametrize("name", sorted(set(CANDLE_FIELDS) - {"vwap", "impVolatility"}))
def test_a_layout_without_a_needed_field_is_refused(name: str) -> None:
    """The error names what is missing."""
    with pytest.raises(DecodeError, match=name):
        CandleLayout.of([field for field in CANDLE_FIELDS if field != name])


def test_full_objects_give_the_same_columns_as_compact_rows() -> None:
    """Absent numbers are null, absent flags are zero."""
    rows = [candle("A", 0, flags=4), {**placeholder("A", 1), "eventFlags": 0}]
    objects = full(rows)
    del objects[1]["eventFlags"]
    ((kind, batch),) = event_batches(objects)
    assert kind == "Candle"
    (run,) = candle_runs(batch, LAYOUT)
    assert run.columns["flags"] == [4, 0]
    assert run.columns["close"] == [10.0, None]
    assert run.columns["vwap"] == [9.5, None]


def test_full_objects_may_spell_vwap_in_capitals() -> None:
    """As the specification does."""
    (run,) = candle_runs([{"eventType": "Candle", "eventSymbol": "A", "VWAP": 3.5}], LAYOUT)
    assert run.columns["vwap"] == [3.5]


def test_an_empty_payload_and_an_empty_array_are_no_events() -> None:
    """Some servers send them."""
    assert list(event_batches([])) == []
    assert list(event_batches(["Candle", []])) == [("Candle", [])]
    assert list(candle_runs([], LAYOUT)) == []


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"Candle": []},
        "Candle",
        ["Candle"],
        ["Candle", [], "Quote"],
        ["Candle", {}],
        [7, []],
        [{"eventSymbol": "A"}],
        [{"eventType": "Candle"}, "Candle"],
    ],
)
def test_a_payload_in_neither_format_is_a_decode_error(data: object) -> None:
    """Rows cannot be told apart."""
    with pytest.raises(DecodeError, match="FEED_DATA"):
        list(event_batches(data))


def test_an_array_that_does_not_divide_into_rows_is_a_decode_error() -> None:
    """One value too few shifts every row behind it."""
    with pytest.raises(DecodeError, match="rows of 11"):
        list(candle_runs(values_of(snapshot("A", 2))[:-1], LAYOUT))


@pytest.mark.parametrize("symbols", [[7], ["A", 7], [None, "A"]])
def test_an_event_without_a_symbol_is_a_decode_error(symbols: list[Any]) -> None:
    """Nobody knows whose candle it is."""
    rows = [{**candle("A", 0), "eventSymbol": symbol} for symbol in symbols]
    with pytest.raises(DecodeError, match="eventSymbol"):
        list(candle_runs(values_of(rows), LAYOUT))


def test_columns_know_their_length() -> None:
    """By their times."""
    candles = CandleColumns("A", {"time": array("q", [1, 2]), "close": array("d", [1.0, nan])})
    assert len(candles) == 2
    assert candles.to_lists() == {"time": [1, 2], "close": [1.0, None]}
