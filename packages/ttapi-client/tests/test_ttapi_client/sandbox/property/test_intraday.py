# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A day taken apart: its parts are the day again, whatever the day was."""

from __future__ import annotations

from hypothesis import given, strategies as st
from scale import examples

from ttapi_client.sandbox.world.intraday import Bar, DayPath, subdivide, whole


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    """Any candle, from one that never moved to one of many digits."""
    low = draw(st.integers(1, 10**15))
    high = low + draw(st.sampled_from([0, 1, 2, 7, 300, 10**6, 10**18]))
    prices = st.integers(low, high)
    return Bar(draw(prices), high, low, draw(prices), draw(st.integers(1, 10**10)))


@given(
    bar=bars(),
    weights=st.lists(st.integers(0, 300), min_size=1, max_size=60).filter(any),
    chance=st.binary(min_size=120, max_size=120),
)
@examples(times=12)
def test_the_parts_of_a_bar_are_the_bar(bar: Bar, weights: list[int], chance: bytes) -> None:
    """First open, last close, extremes and volume, exactly; and each part is a candle."""
    parts = subdivide(bar, weights, chance)
    assert len(parts) == len(weights)
    assert whole(parts) == bar
    for part, weight in zip(parts, weights, strict=True):
        if part is not None:
            assert weight > 0
            assert part.low <= min(part.open, part.close) <= max(part.open, part.close) <= part.high
            assert part.volume > 0


@given(bar=bars(), hours=st.sampled_from([13, 7, 9]), second=st.integers(0, 24_000), data=st.data())
@examples(times=2)
def test_what_was_traded_up_to_a_second_is_the_sum_of_its_bars(
    bar: Bar, hours: int, second: int, data: st.DataObject
) -> None:
    """In half hours, minutes and seconds alike, and it only grows."""
    path = DayPath("any name", bar, session_seconds=hours * 1800)
    so_far = path.until(second)
    assert so_far == whole(part for _, part in path.bars(1800, 0, second))
    assert so_far == whole(part for _, part in path.bars(60, 0, second))
    minute = data.draw(st.integers(0, hours * 30 - 1)) * 60
    found = path.bars(60, minute, minute + 60)
    assert len(found) <= 1
    assert whole(part for _, part in found) == whole(part for _, part in path.bars(1, minute, minute + 60))
    latest = path.latest(second)
    assert (latest is None) == (so_far is None)
    if latest is not None and so_far is not None:
        assert latest[0] < second
        assert latest[1].close == so_far.close
    assert path.until(hours * 1800) == bar


@given(
    bar=bars(),
    seconds=st.lists(st.integers(0, 23_400), min_size=1, max_size=12),
    width=st.sampled_from([1, 60]),
)
def test_the_order_of_questions_changes_no_answer(bar: Bar, seconds: list[int], width: int) -> None:
    """A path keeps little of itself, and makes the rest again as it was."""
    asked = DayPath("any name", bar, session_seconds=23_400)
    for second in seconds:
        fresh = DayPath("any name", bar, session_seconds=23_400)
        start = second // 60 * 60
        assert asked.until(second) == fresh.until(second)
        assert asked.bars(width, start, start + 180) == fresh.bars(width, start, start + 180)
        assert asked.latest(second) == fresh.latest(second)


@given(bar=bars(), silent=st.sets(st.integers(0, 12), min_size=1, max_size=12))
def test_nothing_is_traded_in_a_silent_half_hour(bar: Bar, silent: set[int]) -> None:
    """What is halted there is traded in the others."""
    path = DayPath("any name", bar, session_seconds=23_400, silent=silent)
    found = path.bars(1800, 0, 23_400)
    assert not {second // 1800 for second, _ in found} & silent
    assert whole(part for _, part in found) == bar
