# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of drawn candles, held against drawings made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ttapi_onboarding.candle_chart import ASCII, SMALLEST_HEIGHT, SMALLEST_WIDTH, Candle, draw

RISING = Candle(date=date(2026, 7, 1), open=1.0, high=3.0, low=0.0, close=2.0)
FALLING = Candle(date=date(2026, 7, 2), open=2.0, high=3.0, low=0.0, close=1.0)


def stripped(lines: tuple[str, ...]) -> list[str]:
    """Without the margin on the left."""
    return [line.strip() for line in lines]


def test_a_hollow_body_rose_and_a_filled_one_fell() -> None:
    """Wicks above and below, in halves of a character; prices on the right, the first date below."""
    drawing = draw([RISING, FALLING], width=24, height=7)
    assert stripped(drawing.lines) == [
        "│  │ ┤ 3.00",
        "╽  ▄ │",
        "┃  █ │",
        "╿  ▀ │",
        "│  │ ┤ 0.00",
        "─────────────┴────┘",
        "2026-07-01",
    ]


def test_without_such_characters_it_is_drawn_with_ascii() -> None:
    """The same shape, in whole characters."""
    drawing = draw([RISING, FALLING], width=24, height=6, glyphs=ASCII)
    assert stripped(drawing.lines) == [
        "|  | + 3.00",
        "O  # |",
        "O  # |",
        "|  | + 0.00",
        "-------------+----+",
        "2026-07-01",
    ]
    assert "".join(drawing.lines).isascii()


def test_days_that_have_no_column_of_their_own_are_joined_with_their_neighbours() -> None:
    """First open, highest high, lowest low, last close; the last candle is whole."""
    day = timedelta(days=1)
    up = [
        Candle(date=RISING.date + day * index, open=index, high=index + 1, low=index, close=index + 1)
        for index in range(31)
    ]
    drawing = draw(up, width=24, height=10, glyphs=ASCII)
    assert drawing.days_a_candle == 2
    assert len(drawing.rose) == 16
    assert all(drawing.rose.values())


def test_prices_that_are_close_together_get_the_decimals_that_tell_them_apart() -> None:
    """Never fewer than two."""
    near = Candle(date=RISING.date, open=0.00011, high=0.00014, low=0.0001, close=0.00012)
    assert draw([near], width=40, height=7).lines[0].endswith("┤ 0.000140")
    assert draw([RISING], width=40, height=7).lines[0].endswith("┤ 3.00")


def test_a_price_that_never_moved_is_drawn_on_the_top_line() -> None:
    """Without a span there is nothing to divide by."""
    flat = Candle(date=RISING.date, open=5.0, high=5.0, low=5.0, close=5.0)
    lines = draw([flat], width=24, height=5).lines
    assert stripped(lines)[0] == "╹ ┤ 5.00"


def test_dates_keep_apart_and_stay_within_the_width() -> None:
    """Each below the tick of its candle, if it need not move to the left."""
    day = timedelta(days=1)
    many = [
        Candle(date=RISING.date + day * index, open=1.0, high=3.0, low=0.0, close=2.0) for index in range(30)
    ]
    drawing = draw(many, width=40, height=8)
    rule, dates = drawing.lines[-2:]
    assert dates.split() == ["2026-07-01", "2026-07-13", "2026-07-25"]
    assert [place for place, letter in enumerate(rule) if letter == "┴"] == [3, 15, 27]
    assert [dates.index(text) for text in dates.split()] == [3, 15, 27]


@pytest.mark.parametrize(
    ("width", "height"), [(SMALLEST_WIDTH - 1, SMALLEST_HEIGHT), (SMALLEST_WIDTH, SMALLEST_HEIGHT - 1)]
)
def test_what_is_too_small_is_refused(width: int, height: int) -> None:
    """With both sizes in the words."""
    with pytest.raises(ValueError, match=f"{width} by {height} is less than"):
        draw([RISING], width=width, height=height)


def test_nothing_cannot_be_drawn() -> None:
    """As there is neither price nor date."""
    with pytest.raises(ValueError, match="no candle"):
        draw([], width=80, height=20)
