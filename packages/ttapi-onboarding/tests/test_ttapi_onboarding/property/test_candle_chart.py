# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for the drawing of any candles in any size."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from ttapi_onboarding.candle_chart import (
    ASCII,
    SMALLEST_HEIGHT,
    SMALLEST_WIDTH,
    UNICODE,
    Candle,
    Drawing,
    Glyphs,
    draw,
)

FIRST = date(2026, 7, 1)

# Futures have been negative; an index has six digits, a coin may have as many decimals.
prices = st.floats(-1e9, 1e9) | st.floats(1e-6, 1e-3) | st.integers(90, 110).map(float)
glyphs = st.sampled_from([UNICODE, ASCII])
widths = st.integers(SMALLEST_WIDTH, 200)
heights = st.integers(SMALLEST_HEIGHT, 60)


@st.composite
def days(draw_from: st.DrawFn) -> list[Candle]:
    """Candles of consecutive days."""
    candles = draw_from(
        st.lists(st.lists(prices, min_size=4, max_size=4).map(sorted), min_size=1, max_size=300)
    )
    falls = draw_from(st.lists(st.booleans(), min_size=len(candles), max_size=len(candles)))
    return [
        Candle(
            date=FIRST + timedelta(days=index),
            low=low,
            open=upper if falls[index] else lower,
            close=lower if falls[index] else upper,
            high=high,
        )
        for index, (low, lower, upper, high) in enumerate(candles)
    ]


def columns_of(drawing: Drawing) -> dict[int, str]:
    """Each candle's column from top to bottom."""
    rows = drawing.lines[: drawing.candle_rows]
    return {place: "".join(row[place] for row in rows) for place in drawing.rose}


@given(days(), widths, heights, glyphs)
def test_the_size_is_kept(candles: list[Candle], width: int, height: int, drawn_with: Glyphs) -> None:
    """As many lines as asked for, none of them longer than the width, and the axis fills it."""
    lines = draw(candles, width=width, height=height, glyphs=drawn_with).lines
    assert len(lines) == height
    assert max(len(line) for line in lines) == width


@given(days(), widths, heights, glyphs)
def test_the_highest_high_is_on_the_top_line_and_the_lowest_low_on_the_last(
    candles: list[Candle], width: int, height: int, drawn_with: Glyphs
) -> None:
    """Of the very candles that hold them; when all prices are one, that is the top."""
    drawing = draw(candles, width=width, height=height, glyphs=drawn_with)
    columns = list(columns_of(drawing).values())
    count = drawing.days_a_candle
    groups = [candles[max(0, stop - count) : stop] for stop in range(len(candles), 0, -count)][::-1]
    assert len(columns) == len(groups)
    highs = [max(day.high for day in group) for group in groups]
    lows = [min(day.low for day in group) for group in groups]
    assert columns[highs.index(max(highs))][0] != " "
    if max(highs) > min(lows):
        assert columns[lows.index(min(lows))][-1] != " "


@given(days(), widths, heights, glyphs)
def test_every_candle_is_one_unbroken_line_that_tells_whether_it_rose(
    candles: list[Candle], width: int, height: int, drawn_with: Glyphs
) -> None:
    """In glyphs that its kind alone has, or that both have for wicks."""
    drawing = draw(candles, width=width, height=height, glyphs=drawn_with)
    wicks = set(drawn_with.rose.values()) & set(drawn_with.fell.values())
    for place, column in columns_of(drawing).items():
        kind = drawn_with.rose if drawing.rose[place] else drawn_with.fell
        assert column.strip(" ")
        assert " " not in column.strip(" ")
        assert set(column.strip(" ")) <= set(kind.values())
        assert set(column.strip(" ")) - wicks, "the body is always there"


@given(days(), widths, heights)
def test_the_latest_day_is_next_to_the_axis_and_no_day_is_left_out(
    candles: list[Candle], width: int, height: int
) -> None:
    """Days are joined, rather than dropped."""
    drawing = draw(candles, width=width, height=height)
    axis = len(drawing.lines[-2]) - 1
    assert max(drawing.rose) == axis - 2
    assert min(drawing.rose) >= 0
    assert (len(drawing.rose) - 1) * drawing.days_a_candle < len(candles)
    assert len(candles) <= len(drawing.rose) * drawing.days_a_candle


@given(days(), widths, heights, glyphs)
def test_paint_changes_no_letter(candles: list[Candle], width: int, height: int, drawn_with: Glyphs) -> None:
    """And nothing but candles is painted, each in the colour of its kind."""
    drawing = draw(candles, width=width, height=height, glyphs=drawn_with)
    painted = drawing.painted(up="\x01", down="\x02", plain="\x03")
    bare = [line.translate({1: None, 2: None, 3: None}) for line in painted]
    assert bare == list(drawing.lines)
    text = "".join(painted)
    assert ("\x01" in text) is any(drawing.rose.values())
    assert ("\x02" in text) is not all(drawing.rose.values())
