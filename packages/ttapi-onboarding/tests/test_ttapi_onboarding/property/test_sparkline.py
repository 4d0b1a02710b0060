# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for the sparkline of any prices in any width."""

from __future__ import annotations

from hypothesis import given, strategies as st

from ttapi_onboarding.watching.sparkline import ASCII, BLOCKS, sparkline

prices = st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(99, 101).map(float))
widths = st.integers(-1, 60)
levels = st.sampled_from([BLOCKS, ASCII])


@given(prices, widths, levels)
def test_it_is_exactly_as_wide_as_asked_for(values: list[float], width: int, levels: str) -> None:
    """The newest value on the right, a character each; blanks stand only where values are missing."""
    line = sparkline(values, width, levels)
    assert len(line) == max(0, width)
    count = min(len(values), max(0, width))
    assert line.count(" ") == max(0, width) - count
    assert set(line[len(line) - count :]) <= set(levels)


@given(prices, st.integers(1, 60), levels)
def test_a_higher_value_never_stands_lower(values: list[float], width: int, levels: str) -> None:
    """And the lowest and the highest of those shown reach the ends."""
    shown = values[-width:]
    heights = [levels.index(glyph) for glyph in sparkline(values, width, levels).lstrip(" ")]
    by_value = [height for _, height in sorted(zip(shown, heights, strict=True))]
    assert by_value == sorted(by_value)
    if shown and max(shown) / 2 - min(shown) / 2 > 0:
        assert (by_value[0], by_value[-1]) == (0, len(levels) - 1)


@given(st.floats(-1e9, 1e9), st.integers(1, 20), st.integers(1, 20), levels)
def test_values_that_do_not_differ_are_one_level_line(
    value: float, count: int, width: int, levels: str
) -> None:
    """In the middle: neither high nor low."""
    (glyph,) = set(sparkline([value] * count, width, levels).strip())
    assert glyph not in {levels[0], levels[-1]}
