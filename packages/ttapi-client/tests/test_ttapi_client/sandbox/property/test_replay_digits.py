# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded digits: whatever a file holds is what goes over the wire."""

from __future__ import annotations

import math
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given, strategies as st
from scale import examples

from test_ttapi_client.sandbox.recorded_lake import write_lake
from test_ttapi_client.sandbox.recordings import write_recording
from ttapi_client.sandbox import replay_world
from ttapi_client.sandbox.dxlink.candle_events import candle_columns
from ttapi_client.sandbox.dxlink.layout import Layout
from ttapi_client.sandbox.dxlink.snapshot_rows import SnapshotRows
from ttapi_client.sandbox.replay.wire_texts import instant_text, number_text
from ttapi_client.sandbox.rest.envelope import decimal_text

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.market import DailyCandles

prices = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(99999), places=6).filter(bool)
volumes = st.integers(min_value=0, max_value=10**12)
FIELDS = ("time", "open", "high", "low", "close", "volume", "vwap", "impVolatility")
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)
HEADER = "symbol,date,open,high,low,close,volume,vwap,implied_volatility"


def sent_cells(candles: DailyCandles | None) -> list[list[str]]:
    """The texts of one snapshot's rows as they go over the wire, oldest first, without the time."""
    assert candles is not None
    count = len(candles.times)
    rows = SnapshotRows("X{=d}", candle_columns(candles, FIELDS), count, from_time=0, fields=FIELDS)
    rows.drop_placeholder()
    layout = Layout(channel=1, event_type="Candle", is_compact=True, fields=FIELDS)
    ((frame, sent),) = layout.frames(rows.columns, rows=rows.count)
    assert sent == count
    assert orjson.loads(frame)["type"] == "FEED_DATA"
    cells = frame.decode().partition('["Candle",[')[2].removesuffix("]]}").split(",")
    width = len(FIELDS)
    return [cells[start + 1 : start + width] for start in range(0, len(cells), width)][::-1]


@given(rows=st.lists(st.tuples(prices, prices, prices, prices, volumes), min_size=1, max_size=20))
@examples(times=2)
def test_digits_on_the_wire_are_digits_of_the_file(rows: list[tuple[Decimal | int, ...]]) -> None:
    """As decimals they are equal, with nothing added and nothing lost."""
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(len(rows))]
    lines = [",".join(map(str, (day, *row))) for day, row in zip(days, rows, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        market = replay_world(write_recording(Path(folder), X="\n".join(lines) + "\n")).market
    sent = sent_cells(market.candles("X", 0))
    assert [[Decimal(cell) for cell in row[:5]] for row in sent] == [list(map(Decimal, row)) for row in rows]
    assert {cell for row in sent for cell in row[5:]} == {'"NaN"'}


@given(
    rows=st.lists(
        st.tuples(*[numbers] * 4, st.none() | counts, st.none() | numbers, st.none() | numbers),
        min_size=1,
        max_size=20,
    )
)
@examples(times=4)
def test_a_lake_of_any_numbers_is_read_exactly(rows: list[tuple[float | None, ...]]) -> None:
    """Each cell is the very number that was written, and what is null in the lake is not a number."""
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(len(rows))]
    lines = [
        ",".join(["X", day.isoformat(), *("" if cell is None else repr(cell) for cell in row)])
        for day, row in zip(days, rows, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        lake = write_lake(Path(folder), "symbols.csv", eod_data_2020="\n".join([HEADER, *lines]) + "\n")
        candles = replay_world(_with_symbol(lake)).market.candles("X", 0)
    assert candles is not None
    columns = (candles.open, candles.high, candles.low, candles.close, candles.volume)
    extras = (candles.vwap or [math.nan] * len(rows), candles.implied_volatility or [math.nan] * len(rows))
    read = [
        [None if math.isnan(cell) else cell for cell in row] for row in zip(*columns, *extras, strict=True)
    ]
    assert [list(map(repr, row)) for row in read] == [list(map(repr, row)) for row in rows]


def _with_symbol(lake: Path) -> Path:
    symbols = (lake / "symbols.csv").read_text(encoding="utf-8")
    line = "X,X,Equity,false,false,,,,false,false,X,true\n"
    (lake / "symbols.csv").write_text(symbols + line, encoding="utf-8")
    return lake


@given(value=st.floats(min_value=0, max_value=1e25, allow_nan=False))
def test_decimal_texts_are_exact_and_plain(value: float) -> None:
    """REST texts read back as the same number and never use an exponent."""
    text = decimal_text(value)
    assert float(text) == value
    assert "e" not in text.lower()


@given(value=numbers)
def test_recorded_numbers_read_back_as_they_were(value: float) -> None:
    """Whatever their size, the texts stay short."""
    text = number_text(value)
    assert repr(float(text)) == repr(value)
    assert len(text) <= 40


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
@given(instant=st.datetimes(timezones=st.just(UTC)))
def test_recorded_instants_read_back_as_they_were(instant: datetime, zone: str) -> None:
    """To the microsecond."""
    text = instant_text(instant, zone=zone)
    assert text.endswith(zone)
    assert datetime.fromisoformat(text) == instant
