# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live candles against the market itself: whatever is lost and asked again, nobody misses or repeats one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from scale import examples

from test_ttapi_client.dxlink_stub import BEGIN, END, PENDING, REMOVE, SNIP
from ttapi_client.dxlink import FeedPolicy
from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS
from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.live.book import SubscriptionBook
from ttapi_client.dxlink.live.statistics import LiveStatistics
from ttapi_core.candles import DAILY, CandleSymbol
from ttapi_core.errors import IncompleteDataError, TTError
from ttapi_core.market_events import CandleUpdate

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ttapi_client.dxlink.live.topics import ChannelKey

SYMBOL: Final = CandleSymbol(symbol="A", interval=DAILY)
MINUTE_MS: Final = 60_000
HALFWAY: Final = -1.0  # within a transaction
Row = dict[str, Any]


@attrs.define(eq=False)
class Reader:
    """A consumer, who keeps what he was told."""

    since_ms: int
    known: dict[int, float | None] = attrs.field(factory=dict)  # closes by time, removed ones None
    failure: TTError | None = None

    def deliver(self, symbol: str, key: Hashable, event: object) -> None:
        """It must be about one of his, and say something new."""
        assert isinstance(event, CandleUpdate)
        assert (symbol, event.symbol, self.failure) == ("A", "A", None)
        time = round((event.start_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
        assert time >= self.since_ms
        assert event.is_removed == (event.close is None)
        assert event.close != HALFWAY
        assert self.known.get(time) != event.close or time not in self.known
        self.known[time] = event.close

    def symbol_failed(self, symbol: str, error: TTError) -> None:
        """The end."""
        self.failure = error

    def standing(self) -> dict[int, float | None]:
        """Candles that have not been taken back."""
        return {time: close for time, close in self.known.items() if close is not None}


class CandleMachine(RuleBasedStateMachine):
    """A market of one symbol, a service that may be slow, empty or gone, and readers who come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.book = SubscriptionBook(FeedPolicy(), LiveStatistics())
        self.market: dict[int, float] = {MINUTE_MS * number: float(number) for number in range(1, 4)}
        self.newest = 3
        self.price = 1000.0
        self.removals = 0
        self.readers: list[Reader] = []
        self.asked: dict[ChannelKey, int] = {}  # by channel: from when on
        self.unanswered: list[tuple[ChannelKey, int]] = []
        self.empties = 0  # answers that are going to be empty although they should not

    @rule(since=st.integers(0, 5))
    def join(self, since: int) -> None:
        """A reader of more or less of the past."""
        reader = Reader(since * MINUTE_MS)
        self.readers.append(reader)
        self.book.join_candles(SYMBOL, since_ms=reader.since_ms, sink=reader)

    @rule(sinces=st.lists(st.integers(0, 5), min_size=2, max_size=3))
    def crowd(self, sinces: list[int]) -> None:
        """Several, each of them while the last one's snapshot may be on its way."""
        for since in sinces:
            self.join(since)
            self.flush()

    @precondition(lambda self: self.readers)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """One of them goes."""
        reader = self.readers.pop(data.draw(st.integers(0, len(self.readers) - 1)))
        self.book.leave_candles(SYMBOL, reader)

    @rule(back=st.integers(0, 1), pending=st.booleans())
    def change(self, back: int, *, pending: bool) -> None:
        """The newest candle grows, or the one before it is corrected."""
        self.price += 1.0
        time = sorted(self.market)[-1 - back]
        self.market[time] = self.price
        rows = [self.row(time)]
        if pending:  # in two parts, which belong together
            self.say([{**rows[0], "eventFlags": PENDING, "close": HALFWAY}])
        self.say(rows)

    @rule()
    def begin(self) -> None:
        """A new candle."""
        self.price += 1.0
        self.newest += 1
        self.market[self.newest * MINUTE_MS] = self.price
        self.say([self.row(self.newest * MINUTE_MS)])

    @precondition(lambda self: self.removals < 3 and len(self.market) > 2)
    @rule()
    def take_back(self) -> None:
        """The newest candle was a mistake."""
        self.removals += 1
        time = max(self.market)
        removed = self.row(time, REMOVE)
        del self.market[time]
        self.say([removed])

    @rule(moves=st.lists(st.sampled_from([0, 1, 2]), max_size=20))
    def lose(self, moves: list[int]) -> None:
        """The connection is lost with all that was on its way; the market goes on."""
        self.asked.clear()
        self.unanswered.clear()
        self.book.disconnected()
        for move in moves:
            if move < 2:
                self.change(move, pending=False)
            else:
                self.begin()

    @rule()
    def flush(self) -> None:
        """What is wanted is asked for."""
        for channel in self.book.channels():
            self.book.opened(channel)
        for change in self.book.changes(0.0):
            for _ in change.remove:
                # A snapshot that is on its way could be taken for the answer to the next request.
                assert change.channel not in [waiting for waiting, _ in self.unanswered]
                self.asked.pop(change.channel)
            for item in change.add:
                assert not [one for one in self.unanswered if one[0] == change.channel]
                from_ms = item["fromTime"]
                assert isinstance(from_ms, int)
                self.asked[change.channel] = from_ms
                self.unanswered.append((change.channel, from_ms))

    @rule(cut=st.integers(0, 4))
    def answer(self, cut: int) -> None:
        """A snapshot comes, in one frame or in two."""
        if not self.unanswered:
            return
        channel, from_ms = self.unanswered.pop(0)
        rows = [self.row(time) for time in sorted(self.market, reverse=True) if time >= from_ms]
        if self.empties and channel.contract is Contract.HISTORY:
            self.empties -= 1
            rows = []
        rows.append(self.row(max(0, from_ms - 1), REMOVE | END))
        rows[0]["eventFlags"] |= BEGIN
        for part in (rows[:cut], rows[cut:]):
            self.send(channel, part)

    @rule()
    def be_empty_once(self) -> None:
        """As HISTORY has never been, and AUTO has."""
        self.empties = 1

    def say(self, rows: list[Row]) -> None:
        """News go to those channels whose snapshot has been sent."""
        for channel in self.asked:
            if channel not in [waiting for waiting, _ in self.unanswered]:
                self.send(channel, rows)

    def send(self, channel: ChannelKey, rows: list[Row]) -> None:
        """One frame."""
        if rows:
            values = [row[name] for row in rows for name in CANDLE_FIELDS]
            self.book.received(channel, [CANDLE, values], 0.0)

    def row(self, time: int, flags: int = 0) -> Row:
        """A candle as it is now."""
        close: object = self.market.get(time, "NaN") if not flags & REMOVE else "NaN"
        numbers = dict.fromkeys(("open", "high", "low", "volume", "vwap", "impVolatility"), "NaN")
        head = {"eventSymbol": "A{=1d}", "eventFlags": flags, "index": time << 22, "time": time}
        return {**head, **numbers, "close": close}

    @invariant()
    def nobody_fails(self) -> None:
        """None of this is a reason to."""
        assert [reader.failure for reader in self.readers if reader.failure] == []

    def teardown(self) -> None:
        """When all is quiet, everybody knows the market as it is."""
        self.empties = 0
        for _ in range(6):
            self.flush()
            while self.unanswered:
                self.answer(0)
        for reader in self.readers:
            truth = {time: close for time, close in self.market.items() if time >= reader.since_ms}
            assert reader.standing() == truth
        assert (len(self.asked) == 1) == bool(self.readers)
        if self.readers:
            self.spoil()

    def spoil(self) -> None:
        """A snapshot that was cut short ends it for all, with the reason."""
        self.book.join_candles(SYMBOL, since_ms=0, sink=(late := Reader(0)))
        self.flush()
        if not self.unanswered:
            return
        channel, _ = self.unanswered.pop(0)
        self.send(channel, [self.row(max(self.market), BEGIN | SNIP)])
        assert all(isinstance(reader.failure, IncompleteDataError) for reader in [*self.readers, late])
        self.flush()
        assert self.asked == {}


CandleMachine.TestCase.settings = settings(examples(times=8), stateful_step_count=30)
TestCandles = CandleMachine.TestCase


def test_updates_after_a_disbelieved_snapshot_wait_for_the_next() -> None:
    """Else they would hide what came while it was on its way."""
    market = CandleMachine()
    market.crowd(sinces=[0, 5])
    market.answer(cut=0)
    market.be_empty_once()
    market.crowd(sinces=[0])
    market.begin()
    market.begin()  # the fifth minute, not told while a snapshot is awaited
    market.answer(cut=0)
    market.begin()
    market.teardown()


def test_auto_vouches_only_for_what_it_was_asked() -> None:
    """That it had nothing since the third minute does not prove that there was nothing before."""
    market = CandleMachine()
    market.take_back()
    market.be_empty_once()
    market.crowd(sinces=[3])
    market.answer(cut=0)
    market.be_empty_once()
    market.crowd(sinces=[3, 0])
    market.answer(cut=0)
    market.flush()
    market.answer(cut=0)
    market.teardown()
