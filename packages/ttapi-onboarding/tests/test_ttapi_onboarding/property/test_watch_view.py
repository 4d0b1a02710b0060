# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for a frame of any figures in any window."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given, strategies as st
from rich.cells import cell_len

from ttapi_client.dxlink.live import LiveState
from ttapi_core.market_events import DaySummary, QuoteTick, TradeTick
from ttapi_onboarding.watching.view import Look, Scene, draw
from ttapi_platform.live_quotes import Link
from ttapi_platform.quote_board import QuoteBoard

COLOUR = re.compile(r"\x1b\[\d+m")
SINCE = datetime(2026, 11, 20, 16, 30, 2, tzinfo=UTC)

numbers = st.none() | st.floats() | st.floats(0.0001, 100_000)
names = st.from_regex(r"[A-Z/.]{1,12}( {1,2}\d{6}C\d{8})?", fullmatch=True)
links = st.sampled_from(
    [
        Link(state=LiveState.CONNECTING, tries=1),
        Link(state=LiveState.CONNECTED, since=SINCE),
        Link(state=LiveState.RECONNECTING, since=SINCE, tries=3),
    ]
)


@st.composite
def scenes(draw_from: st.DrawFn) -> Scene:
    """Some symbols, each with or without figures, fresh, stale or failed."""
    symbols = draw_from(st.lists(names, min_size=1, max_size=40, unique=True))
    board = QuoteBoard({symbol: symbol for symbol in symbols})
    for symbol in symbols:
        bid, ask, last, volume, low = draw_from(st.tuples(numbers, numbers, numbers, numbers, numbers))
        if draw_from(st.booleans()):
            board.lost(2.0)
        board.take(QuoteTick(symbol=symbol, bid=bid, ask=ask), draw_from(st.floats(0, 4)))
        board.take(TradeTick(symbol=symbol, price=last, day_volume=volume), 1.0)
        board.take(DaySummary(symbol=symbol, low=low, high=ask, prev_close=bid), 1.0)
        board.sample()
        if draw_from(st.integers(0, 9)) == 0:
            board.fail(symbol, draw_from(st.text()))
    return Scene(
        board=board,
        link=draw_from(links),
        source="SIMULATED by the sandbox: no real prices",
        market=draw_from(st.none() | st.text()),
        notes=draw_from(st.lists(st.text(), max_size=2)),
        now=draw_from(st.floats(0, 1e7)),
    )


@given(scenes(), st.booleans(), st.integers(1, 200), st.integers(1, 50), st.integers(0, 60))
def test_a_frame_never_passes_the_window(
    scene: Scene, is_coloured: bool, width: int, height: int, top: int
) -> None:
    """No line is longer and none too many, and a terminal acts on nothing but colours."""
    look = Look(is_coloured=is_coloured, has_blocks=True)
    frame = draw(scene, look, width=width, height=height, top=top)
    assert len(frame.lines) <= height
    for line in frame.lines:
        shown = COLOUR.sub("", line)
        assert shown.isprintable()
        assert cell_len(shown) <= width
        assert is_coloured or shown == line


@given(scenes(), st.integers(30, 200), st.integers(6, 50))
def test_every_row_can_be_scrolled_to(scene: Scene, width: int, height: int) -> None:
    """Page by page, in order, each once."""
    look = Look(is_coloured=False)
    top, symbols = 0, [row.symbol for row in scene.board.rows]
    while top < len(symbols):
        frame = draw(scene, look, width=width, height=height, top=top)
        first = next(at for at, line in enumerate(frame.lines) if line.startswith("symbol")) + 1
        shown = symbols[frame.top : frame.top + frame.page]
        for line, symbol in zip(frame.lines[first:], shown, strict=False):
            assert f"{line} ".startswith(f"{symbol} ")
        assert frame.top <= top
        assert frame.page > 0
        top = frame.top + frame.page


@given(scenes(), st.integers(6, 50))
def test_a_wider_window_has_no_fewer_columns(scene: Scene, height: int) -> None:
    """What is dropped in a narrow one is the least important."""
    look = Look(is_coloured=False)
    before = set[str]()
    for width in range(30, 180, 10):
        frame = draw(scene, look, width=width, height=height, top=0)
        headings = next(line for line in frame.lines if line.startswith("symbol"))
        columns = set(headings.split())
        assert before <= columns
        before = columns


@given(scenes())
def test_colours_say_nothing_that_is_not_said_without_them(scene: Scene) -> None:
    """The same characters, with and without."""
    plain, painted = (
        draw(scene, Look(is_coloured=is_coloured), width=150, height=30, top=0).lines
        for is_coloured in (False, True)
    )
    assert plain == tuple(COLOUR.sub("", line) for line in painted)
