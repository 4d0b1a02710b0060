# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""However candles are cut into parts, the same rows come of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from test_ttapi_polars.values import Part, milliseconds
from ttapi_polars.candle_frames import candles_frame
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.testing import eod_frames
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    import polars as pl


def part_of(rows: pl.DataFrame) -> Part:
    """The rows of one symbol as the client hands them on."""
    columns = {name: rows[name].to_list() for name in rows.columns if name not in {"symbol", "date"}}
    return Part(rows["symbol"][0], columns | {"time": [milliseconds(day) for day in rows["date"]]})


@given(eod_frames(), st.data())
def test_parts_in_any_cut_and_order_make_the_same_frame(frame: pl.DataFrame, data: st.DataObject) -> None:
    """Back to front and in pieces."""
    candles = validate(frame.select(EOD_DATA.as_of(1).names), EOD_DATA)  # the feed tells no dividends
    pieces: list[Part] = []
    for history in candles.partition_by("symbol", maintain_order=True):
        cut = data.draw(st.integers(0, history.height))
        pieces += [part_of(piece) for piece in (history[cut:], history[:cut]) if piece.height]
    assert candles_frame(data.draw(st.permutations(pieces))).equals(candles)
