# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded digits: whatever a file holds is what goes over the wire."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import orjson
from hypothesis import given, settings, strategies as st

from test_ttapi_client.sandbox.recordings import write_recording
from ttapi_client.sandbox import replay_world
from ttapi_client.sandbox.dxlink.candle_rows import CandleRows
from ttapi_client.sandbox.dxlink.layout import Layout
from ttapi_client.sandbox.rest.envelope import decimal_text

prices = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(99999), places=6).filter(bool)
volumes = st.integers(min_value=0, max_value=10**12)
FIELDS = ("time", "open", "high", "low", "close", "volume")


@given(rows=st.lists(st.tuples(prices, prices, prices, prices, volumes), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_digits_on_the_wire_are_digits_of_the_file(rows: list[tuple[Decimal | int, ...]]) -> None:
    """As decimals they are equal, with nothing added and nothing lost."""
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(len(rows))]
    lines = [",".join(map(str, (day, *row))) for day, row in zip(days, rows, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        market = replay_world(write_recording(Path(folder), X="\n".join(lines) + "\n")).market
    candles = CandleRows("X{=d}", market.candles("X", 0), from_time=0, fields=FIELDS)
    candles.drop_placeholder()
    layout = Layout(channel=1, event_type="Candle", is_compact=True, fields=FIELDS)
    ((frame, count),) = layout.frames(candles.columns, rows=candles.count)
    assert count == len(rows)
    text = frame.decode().partition('["Candle",[')[2].removesuffix("]]}")
    cells = text.split(",")
    sent = [cells[start + 1 : start + 6] for start in range(0, len(cells), 6)]
    assert [[Decimal(cell) for cell in row] for row in reversed(sent)] == [
        list(map(Decimal, row)) for row in rows
    ]
    assert orjson.loads(frame)["type"] == "FEED_DATA"


@given(value=st.floats(min_value=0, max_value=1e25, allow_nan=False))
def test_decimal_texts_are_exact_and_plain(value: float) -> None:
    """REST texts read back as the same number and never use an exponent."""
    text = decimal_text(value)
    assert float(text) == value
    assert "e" not in text.lower()
