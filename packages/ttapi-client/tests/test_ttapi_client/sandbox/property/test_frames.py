# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Frames and rows for any field list, any number of rows, any start."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from hypothesis import given, strategies as st

from ttapi_client.sandbox import World
from ttapi_client.sandbox.dxlink.candle_events import candle_columns
from ttapi_client.sandbox.dxlink.candle_symbol import parse_candle_symbol
from ttapi_client.sandbox.dxlink.event_fields import DEFAULT_FIELDS
from ttapi_client.sandbox.dxlink.event_flags import BEGIN, END, REMOVE, SNIP
from ttapi_client.sandbox.dxlink.layout import FRAME_LIMIT, Layout
from ttapi_client.sandbox.dxlink.snapshot_rows import SnapshotRows
from ttapi_core.clock import ManualClock

MARKET = World.seeded(clock=ManualClock(datetime(2026, 11, 20, 23, 0, tzinfo=UTC))).market
NOW = 1_795_200_000_000
fields = st.lists(
    st.sampled_from([*DEFAULT_FIELDS["Candle"], "vwap", "unknown", "Größe"]), min_size=1, max_size=30
).map(tuple)
starts = st.integers(min_value=0, max_value=NOW)


@given(names=fields, from_time=starts, is_compact=st.booleans())
def test_every_frame_fits_and_together_they_are_the_history(
    names: tuple[str, ...], from_time: int, is_compact: bool
) -> None:
    """No frame passes the limit, no row is lost, doubled or cut, and only the last frame is small."""
    rows = _history("BRK/B", from_time, names)
    layout = Layout(channel=1, event_type="Candle", is_compact=is_compact, fields=names)
    frames = list(layout.frames(rows.columns, rows=rows.count))
    assert all(len(frame) <= FRAME_LIMIT for frame, _ in frames)
    assert sum(count for _, count in frames) == rows.count
    values: list[object] = []
    for frame, count in frames:
        data = orjson.loads(frame)["data"]
        if is_compact:
            assert len(data[1]) == count * len(names)
            values += data[1]
        else:
            assert len(data) == count
            values += [event.get(name, "NaN") for event in data for name in names]
    expected = [column for name in names for column in (rows.columns.get(name, ["NaN"] * rows.count),)]
    assert values == [column[row] for row in range(rows.count) for column in expected]
    assert all(len(frame) > FRAME_LIMIT // 3 for frame, _ in frames[:-1])


@given(from_time=starts)
def test_a_snapshot_begins_once_and_ends_once(from_time: int) -> None:
    """The placeholder lies before everything asked for, so that it removes no candle."""
    rows = _history("KO", from_time, ("time", "index"))
    flags, times = rows.columns["eventFlags"], rows.columns["time"]
    assert len(flags) == len(times) == rows.count
    if rows.count == 1:
        assert flags == [BEGIN | REMOVE | END]
    else:
        assert flags == [BEGIN, *[0] * (rows.count - 2), REMOVE | END]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]
    assert len(set(times)) == len(times)
    assert isinstance(times[-1], int)
    assert times[-1] < max(from_time, 1)
    assert all(index == time // 1000 << 32 for index, time in zip(rows.columns["index"], times, strict=True))  # type: ignore[operator]


@given(from_time=starts)
def test_trouble_keeps_rows_whole(from_time: int) -> None:
    """Snipped, capped, plainly ended or reordered: the columns stay of equal length, with one end."""
    for trouble in (
        SnapshotRows.snip,
        SnapshotRows.drop_placeholder,
        SnapshotRows.reorder,
        lambda rows: rows.cap(10),
    ):
        rows = _history("KO", from_time, ("time", "close"))
        trouble(rows)
        assert {len(column) for column in rows.columns.values()} == {rows.count}
        flags = [flag for flag in rows.columns["eventFlags"] if isinstance(flag, int)]
        assert flags[0] & BEGIN
        assert sum(bool(flag & (END | SNIP)) for flag in flags) == 1
        assert flags[-1] & (END | SNIP)


@given(
    symbol=st.from_regex(r"[A-Z][A-Z/.:]{0,9}", fullmatch=True),
    count=st.integers(min_value=1, max_value=99_999),
    unit=st.sampled_from(["t", "s", "m", "h", "d", "w", "mo", "o", "y", "v", "p", "pm", "pr"]),
    keys=st.dictionaries(
        st.sampled_from(["tho", "a", "price", "pl"]), st.sampled_from(["true", "m", "last", "s", "1"])
    ),
)
def test_the_canonical_spelling_is_its_own(symbol: str, count: int, unit: str, keys: dict[str, str]) -> None:
    """Reading it again changes nothing, and the order of attributes never matters."""
    pairs = [f",{key}={value}" for key, value in keys.items()]
    one = parse_candle_symbol(f"{symbol}{{={count}{unit}{''.join(pairs)}}}")
    two = parse_candle_symbol(f"{symbol}{{={count}{unit}{''.join(reversed(pairs))}}}")
    assert one is not None
    assert one == two == parse_candle_symbol(one.canonical)
    assert one.canonical.startswith(f"{symbol}{{=")
    assert "price=last" not in one.canonical
    assert (f"=1{unit}" in one.canonical) is False


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never an error."""
    read = parse_candle_symbol(text)
    assert read is None or parse_candle_symbol(read.canonical) == read


@given(from_time=starts, cap=st.integers(min_value=1, max_value=5000))
def test_a_capped_snapshot_keeps_the_newest_and_says_so(from_time: int, cap: int) -> None:
    """SNIP only when something was left out; the placeholder does not count."""
    whole, capped = (_history("KO", from_time, ("time",)) for _ in range(2))
    capped.cap(cap)
    flags = capped.columns["eventFlags"]
    if whole.count - 1 <= cap:
        assert capped.columns == whole.columns
    else:
        assert capped.count == cap
        assert capped.columns["time"] == whole.columns["time"][:cap]
        assert flags[-1] == (SNIP if cap > 1 else BEGIN | SNIP)


def _history(symbol: str, from_time: int, fields: tuple[str, ...]) -> SnapshotRows:
    candles = MARKET.candles(symbol, from_time)
    assert candles is not None
    columns = candle_columns(candles, fields)
    return SnapshotRows(f"{symbol}{{=d}}", columns, len(candles.times), from_time=from_time, fields=fields)
