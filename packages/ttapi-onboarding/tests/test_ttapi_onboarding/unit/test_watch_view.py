# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a frame shows of known figures: signs, ages, marks and words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ttapi_client.dxlink.live import LiveState
from ttapi_core.market_events import DaySummary, QuoteTick, TradeTick
from ttapi_onboarding.watching.view import Look, Scene, draw
from ttapi_platform.live_quotes import Link
from ttapi_platform.quote_board import QuoteBoard

if TYPE_CHECKING:
    from collections.abc import Sequence

SINCE = datetime(2026, 11, 20, 16, 30, 2, tzinfo=UTC)
CONNECTED = Link(state=LiveState.CONNECTED, since=SINCE)
LOST = Link(state=LiveState.RECONNECTING, since=SINCE, tries=2)
PLAIN = Look(is_coloured=False)


def board_of(**lasts: float) -> QuoteBoard:
    """Symbols with a last price each, heard at second 10, after a close at 100."""
    board = QuoteBoard({symbol: symbol for symbol in lasts})
    for symbol, last in lasts.items():
        board.take(QuoteTick(symbol=symbol, bid=last - 0.5, ask=last + 0.5), at=10.0)
        board.take(TradeTick(symbol=symbol, price=last, day_volume=1_500.0), at=10.0)
        board.take(DaySummary(symbol=symbol, low=90.0, high=1_234.5, prev_close=100.0), at=10.0)
    return board


def shown(
    board: QuoteBoard,
    link: Link = CONNECTED,
    *,
    look: Look = PLAIN,
    width: int = 140,
    height: int = 12,
    top: int = 0,
    notes: Sequence[str] = (),
    now: float = 13.0,
) -> list[str]:
    """The lines of a frame."""
    scene = Scene(board=board, link=link, source="SIMULATED", market="Open", notes=notes, now=now)
    return [line.rstrip() for line in draw(scene, look, width=width, height=height, top=top).lines]


def test_a_frame_says_whose_prices_they_are_and_how_the_connection_stands() -> None:
    """At the top; the keys stand at the bottom."""
    lines = shown(board_of(AAPL=101.0))
    assert lines[:2] == ["SIMULATED | stock market open", "connected since 16:30:02 UTC"]
    assert lines[-1] == "1 symbol | q quits"
    assert len(lines) == 12


def test_a_row_has_the_figures_of_its_headings() -> None:
    """The change with its sign, in the currency and in percent."""
    headings, row = shown(board_of(AAPL=101.25))[2:4]
    assert headings.split() == [
        *("symbol", "bid", "ask", "last", "change", "%", "low", "high", "volume", "trend", "age")
    ]
    assert row.split() == [
        *("AAPL", "100.75", "101.75", "101.25", "+1.25", "+1.25", "90.00", "1,234.50", "1,500", "3s")
    ]


def test_what_is_not_known_is_empty() -> None:
    """A row stands there before anything has come."""
    lines = shown(QuoteBoard({"AAPL": "AAPL"}))
    assert lines[3] == "AAPL"


def test_stale_rows_say_so_with_their_age() -> None:
    """The state says since when, and how often it was tried."""
    board = board_of(AAPL=101.0, SPY=99.0)
    board.lost(at=11.0)
    board.take(QuoteTick(symbol="SPY", bid=98.0, ask=99.0), at=12.0)
    lines = shown(board, LOST, now=75.0)
    assert lines[1].startswith("reconnecting since 16:30:02 UTC, attempt 2")
    assert lines[3].endswith("  stale 1m")
    assert lines[4].endswith("  1m")
    assert "stale" not in lines[4]


def test_the_first_connection_is_being_made() -> None:
    """Nothing was lost, so nothing is stale."""
    lines = shown(board_of(AAPL=101.0), Link(state=LiveState.CONNECTING, tries=1))
    assert lines[1] == "connecting, attempt 1"
    assert "stale" not in lines[3]


def test_a_failed_symbol_says_why() -> None:
    """In the line of notes, behind those that were there from the beginning."""
    board = board_of(AAPL=101.0)
    board.fail("AAPL", "refused\x1b[2J")
    lines = shown(board, notes=["no quote of APPL: did you mean AAPL?"])
    assert lines[2] == "no quote of APPL: did you mean AAPL?; AAPL: refused?[2J"
    assert lines[4].endswith("  failed")


@pytest.mark.parametrize(("last", "colour"), [(101.0, "\x1b[32m"), (99.0, "\x1b[31m"), (100.0, None)])
def test_a_change_is_green_or_red(last: float, colour: str | None) -> None:
    """Where there are colours; no change has none."""
    row = shown(board_of(AAPL=last), look=Look())[3]
    if colour is None:
        assert "\x1b" not in row
    else:
        assert f"{colour}  {last - 100:+.2f}\x1b[0m" in row
        assert row.count(colour) == 3


def test_narrow_windows_drop_columns_by_importance() -> None:
    """Price and change stay longest; bid and ask, low and high go in pairs."""
    board = board_of(AAPL=101.0)
    kept = {width: shown(board, width=width)[2].split() for width in (120, 90, 70, 60, 40, 20, 5)}
    assert kept == {
        120: ["symbol", "bid", "ask", "last", "change", "%", "low", "high", "volume", "trend", "age"],
        90: ["symbol", "bid", "ask", "last", "change", "%", "volume", "trend", "age"],
        70: ["symbol", "bid", "ask", "last", "change", "%", "age"],
        60: ["symbol", "bid", "ask", "last", "%", "age"],
        40: ["symbol", "last", "%", "age"],
        20: ["symbol", "last"],
        5: ["symbo"],
    }


def test_the_trend_takes_the_room_that_is_left() -> None:
    """The newest price stands on the right."""
    board = board_of(AAPL=101.0)
    for price in (1.0, 2.0, 3.0):
        board.take(QuoteTick(symbol="AAPL", bid=price, ask=price), at=10.0)
        board.sample()
    assert " ▁▅█ " in shown(board, width=140)[3]
    ascii_only = shown(board, look=Look(is_coloured=False, has_blocks=False))[3]
    assert " _=# " in ascii_only
    assert ascii_only.isascii()


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        (8, ["SIM", "con", "not", "sym", "A0", "A1", "A2", "1-3"]),
        (6, ["SIM", "con", "sym", "A0", "A1", "1-2"]),
        (5, ["SIM", "con", "sym", "A0", "A1"]),
        (3, ["SIM", "con", "A0"]),
        (2, ["SIM", "con"]),
        (1, ["SIM"]),
    ],
)
def test_low_windows_keep_whose_prices_they_are(height: int, expected: list[str]) -> None:
    """The footer goes first, then headings; the rest scrolls."""
    board = board_of(**{f"A{number}": 100.0 for number in range(9)})
    lines = shown(board, height=height, notes=["note"])
    assert [line[:3].strip() for line in lines] == expected


def test_the_footer_says_which_rows_are_shown() -> None:
    """And which keys show the others; the last page is full."""
    board = board_of(**{f"A{number}": 100.0 for number in range(30)})
    assert shown(board, height=14)[-1] == "1-10 of 30 symbols | q quits, arrows and page keys scroll"
    last = shown(board, height=14, top=99)
    assert last[-1].startswith("21-30 of 30")
    assert [line.split()[0] for line in last[3:13]] == [f"A{number}" for number in range(20, 30)]
