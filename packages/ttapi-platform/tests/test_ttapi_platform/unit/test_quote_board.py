# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The board of live quotes: what each event changes, what is stale, what is remembered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ttapi_core.market_events import DaySummary, QuoteTick, TradeTick
from ttapi_core.testing import make_one_sided_quote, make_quote
from ttapi_platform.quote_board import SAMPLES, BoardRow, QuoteBoard


def board_of(*symbols: str) -> QuoteBoard:
    """A board whose symbols the feed calls as everybody does."""
    return QuoteBoard({symbol: symbol for symbol in symbols})


def test_rows_stand_in_the_order_given() -> None:
    """Whatever is heard of first."""
    board = board_of("SPY", "AAPL")
    board.take(QuoteTick(symbol="AAPL", bid=1.0), at=0.0)
    assert [row.symbol for row in board.rows] == ["SPY", "AAPL"]


def test_a_quote_begins_a_row() -> None:
    """With the day so far, as floats."""
    board = board_of("AAPL")
    quote = replace(make_quote(last="201.50"), prev_close=Decimal(200), day_low=Decimal("199.5"))
    board.start([quote, make_quote("MSFT")], at=7.0)
    (row,) = board.rows
    assert (row.last, row.prev_close, row.low, row.heard_at) == (201.5, 200.0, 199.5, 7.0)
    assert (row.change, row.change_percent) == (1.5, 0.75)


def test_a_side_that_nobody_quotes_is_unknown() -> None:
    """It was quoted before, and no mid is left of it."""
    board = board_of("AAPL")
    board.take(QuoteTick(symbol="AAPL", bid=10.0, ask=11.0), at=1.0)
    assert board.rows[0].mid == 10.5
    board.take(QuoteTick(symbol="AAPL", bid=10.0), at=2.0)
    row = board.rows[0]
    assert (row.bid, row.ask, row.mid) == (10.0, None, None)


def test_what_a_trade_or_a_summary_leaves_out_stays() -> None:
    """But a new day has neither low nor high before its first trade."""
    board = board_of("AAPL")
    board.take(TradeTick(symbol="AAPL", price=10.0, day_volume=500.0), at=1.0)
    board.take(DaySummary(symbol="AAPL", low=9.0, high=11.0, prev_close=8.0), at=1.0)
    board.take(TradeTick(symbol="AAPL"), at=2.0)
    board.take(DaySummary(symbol="AAPL"), at=2.0)
    (row,) = board.rows
    assert (row.last, row.volume, row.prev_close) == (10.0, 500.0, 8.0)
    assert (row.low, row.high) == (None, None)


def test_events_of_others_change_nothing() -> None:
    """A feed may say more than it was asked."""
    board = board_of("AAPL")
    board.take(QuoteTick(symbol="MSFT", bid=1.0), at=1.0)
    board.fail("MSFT", "refused")
    assert (board.changed(), board.rows[0].heard_at) == ([], None)


def test_a_row_is_known_by_how_the_feed_calls_it() -> None:
    """The table shows the service's spelling."""
    board = QuoteBoard({"/ESZ6": "/ESZ26:XCME"})
    assert board.streamers == ("/ESZ26:XCME",)
    board.take(TradeTick(symbol="/ESZ26:XCME", price=7000.0), at=1.0)
    assert (board.rows[0].symbol, board.rows[0].last) == ("/ESZ6", 7000.0)


def test_only_new_figures_are_a_change() -> None:
    """The same said again is heard, and no news."""
    board = board_of("AAPL", "SPY")
    tick = QuoteTick(symbol="SPY", bid=1.0, ask=2.0, bid_size=5.0)
    board.take(tick, at=1.0)
    assert [row.symbol for row in board.changed()] == ["SPY"]
    board.take(replace(tick, bid_size=6.0), at=2.0)
    assert board.changed() == []
    assert board.rows[1].heard_at == 2.0


def test_rows_are_stale_from_a_loss_until_they_are_heard_of() -> None:
    """One by one; nothing is stale before the first loss."""
    board = board_of("AAPL", "SPY")
    for symbol in ("AAPL", "SPY"):
        board.take(QuoteTick(symbol=symbol, bid=1.0, ask=2.0), at=1.0)
    assert [board.is_stale(row) for row in board.rows] == [False, False]
    board.lost(at=5.0)
    assert [board.is_stale(row) for row in board.rows] == [True, True]
    board.take(QuoteTick(symbol="SPY", bid=1.0, ask=2.0), at=6.0)
    assert [board.is_stale(row) for row in board.rows] == [True, False]
    board.lost(at=7.0)
    assert [board.is_stale(row) for row in board.rows] == [True, True]


def test_a_failed_symbol_is_stale_for_good() -> None:
    """Nothing more will come for it, and that is news."""
    board = board_of("AAPL")
    board.take(QuoteTick(symbol="AAPL", bid=1.0, ask=2.0), at=1.0)
    board.changed()
    board.fail("AAPL", "refused")
    assert board.is_stale(board.rows[0])
    assert [row.failure for row in board.changed()] == ["refused"]


def test_a_sample_is_the_mid_or_else_the_last_price() -> None:
    """Nothing where there is neither, or what there is may not be true any more."""
    board = board_of("AAPL", "SPY", "KO")
    board.take(QuoteTick(symbol="AAPL", bid=10.0, ask=12.0), at=1.0)
    board.take(TradeTick(symbol="AAPL", price=99.0), at=1.0)
    board.take(TradeTick(symbol="SPY", price=50.0), at=1.0)
    board.sample()
    board.lost(at=2.0)
    board.sample()
    assert [list(row.samples) for row in board.rows] == [[11.0], [50.0], []]


def test_a_price_that_is_no_number_is_no_sample() -> None:
    """Halfway between two that are as great as floats get there is none."""
    board = board_of("AAPL")
    board.take(QuoteTick(symbol="AAPL", bid=1.7e308, ask=1.7e308), at=1.0)
    board.sample()
    assert list(board.rows[0].samples) == []


def test_the_oldest_samples_are_forgotten() -> None:
    """Memory is bounded, however long somebody watches."""
    board = board_of("AAPL")
    for number in range(SAMPLES + 5):
        board.take(TradeTick(symbol="AAPL", price=float(number)), at=1.0)
        board.sample()
    assert list(board.rows[0].samples) == [float(number) for number in range(5, SAMPLES + 5)]


@pytest.mark.parametrize(
    ("last", "prev_close", "change", "percent"),
    [
        (110.0, 100.0, 10.0, 10.0),
        (90.0, 100.0, -10.0, -10.0),
        (-35.0, 18.0, -53.0, -294.4444),
        (5.0, 0.0, 5.0, None),
        (None, 100.0, None, None),
        (5.0, None, None, None),
    ],
)
def test_the_change_is_against_the_previous_close(
    last: float | None, prev_close: float | None, change: float | None, percent: float | None
) -> None:
    """A future has been negative; of nothing there is no percentage."""
    row = BoardRow(symbol="X", last=last, prev_close=prev_close)
    assert row.change == change
    assert row.change_percent == (None if percent is None else pytest.approx(percent, abs=1e-4))


def test_a_one_sided_quote_begins_a_row_without_a_last_price() -> None:
    """What the service leaves out is unknown, never zero."""
    board = board_of("AAPL")
    board.start([make_one_sided_quote()], at=1.0)
    assert (board.rows[0].last, board.rows[0].change, board.rows[0].mid) == (None, None, None)
