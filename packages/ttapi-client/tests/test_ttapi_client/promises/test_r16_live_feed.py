# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R16: however its connection is lost, the live feed comes back with everything, and no candle is missing."""

from __future__ import annotations

import itertools
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final, cast

import attrs
import pytest
from scale import scale

from test_ttapi_client.live_sandbox import OPENING, LiveBench, Prices, RunningClock, live_bench, prices_of
from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client.dxlink.live import Interrupted, LiveState, Resumed
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.candles import DAILY, CandleInterval, CandleUnit
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ttapi_client.dxlink import Subscription
    from ttapi_client.dxlink.live import Notice
    from ttapi_core.market_events import CandleUpdate, QuoteTick

MINUTE: Final = CandleInterval(unit=CandleUnit.MINUTE)
SYMBOLS: Final = ("AAPL", "SPY", "MSFT")
TRIGGER: Final = "KO"  # whose subscription brings the trouble
DAYS_SINCE: Final = OPENING.replace(day=2, hour=0, minute=0)
Key = tuple[str, str, "datetime"]  # symbol, interval, start


@attrs.define
class Listener:
    """Collects candles as a consumer would, and looks at each update whether it says something new."""

    known: dict[Key, Prices] = attrs.field(factory=dict)
    updates: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    interrupted: list[Interrupted] = attrs.field(factory=list)
    resumed: list[Resumed] = attrs.field(factory=list)
    newest: dict[tuple[str, str], datetime] = attrs.field(factory=dict)

    async def listen(self, candles: Subscription[CandleUpdate]) -> None:
        """Until the block of the subscription ends."""
        async for event in candles.with_notices():
            self.take(event)

    def take(self, event: CandleUpdate | Notice) -> None:
        """Compare it with what was said of its candle before."""
        if isinstance(event, Interrupted):
            self.interrupted.append(event)
        elif isinstance(event, Resumed):
            self.resumed.append(event)
        else:
            update = cast("CandleUpdate", event)
            series = update.symbol, str(update.interval)
            key = (*series, update.start_at)
            self.updates += 1
            self.duplicates += self.known.get(key) == prices_of(update)
            self.known[key] = prices_of(update)
            self.out_of_order += update.start_at < self.newest.get(series, update.start_at)
            self.newest[series] = max(update.start_at, self.newest.get(series, update.start_at))

    def differences(self, truth: dict[Key, Prices]) -> tuple[int, int, int]:
        """How many candles are missing, too many, and other than they are."""
        missing = truth.keys() - self.known.keys()
        surplus = self.known.keys() - truth.keys()
        other = [key for key in truth.keys() & self.known.keys() if truth[key] != self.known[key]]
        return len(missing), len(surplus), len(other)


def ways_to_lose_it() -> list[tuple[str, list[Fault]]]:
    """Clean, restarted, reset, torn down, mute, and those after which the next try fails as well."""

    def fault(kind: FaultKind, **more: object) -> Fault:
        values = {"route": "dxlink", "times": 1, "symbols": frozenset([TRIGGER]), **more}
        return Fault(kind=kind, **values)  # type: ignore[arg-type]

    def anybody(kind: FaultKind, **more: object) -> Fault:
        return fault(kind, symbols=frozenset(), **more)

    return [
        ("1000", [fault(FaultKind.CLOSE, close_code=1000)]),
        ("1012", [fault(FaultKind.CLOSE, close_code=1012)]),
        ("RST", [fault(FaultKind.RESET)]),
        ("mute", [fault(FaultKind.MUTE)]),
        ("torn down", [fault(FaultKind.DROP)]),
        ("502", [fault(FaultKind.CLOSE), anybody(FaultKind.STATUS, status=502, html=True, times=2)]),
        ("token refused", [fault(FaultKind.CLOSE), anybody(FaultKind.REFUSE_TOKEN)]),
    ]


@attrs.define
class Outcome:
    """The figures of a run."""

    losses: Counter[str]
    listener: Listener
    candles: int
    differences: tuple[int, int, int]
    mute_seconds: list[float]
    pauses: list[float]
    restored: int
    connections: int


async def lose_connections(losses: int, *, speed: float) -> Outcome:
    """Lose one after the other, in every way, while the market goes on."""
    clock = RunningClock()
    async with live_bench(clock=clock, speed=speed, random=Random(16)) as bench:
        feed = bench.feed
        listener, lost, restored = Listener(), Counter[str](), 0
        mute_seconds: list[float] = []
        async with (
            TaskRegistry() as tasks,
            feed.candles(SYMBOLS, since=OPENING, interval=MINUTE) as minutes,
            feed.candles(SYMBOLS, since=DAYS_SINCE, interval=DAILY) as days,
            feed.quotes([*SYMBOLS]) as quotes,
        ):
            listening = [tasks.spawn("candles", listener.listen(candles)) for candles in (minutes, days)]
            await connected(bench, clock)
            for number in range(losses):
                name, faults = ways_to_lose_it()[number % len(ways_to_lose_it())]
                for fault in faults:
                    bench.server.faults.add(fault)
                quotes.add([TRIGGER])
                told = len(listener.interrupted)
                began = clock.monotonic()
                while len(listener.interrupted) < told + 2:  # both of them
                    await clock.sleep(0.05)
                if name == "mute":
                    mute_seconds.append(clock.monotonic() - began)
                lost[name] += 1
                await connected(bench, clock)
                quotes.remove([TRIGGER])
                restored += await has_heard_all(quotes, clock)
                # Sometimes a long good time, after which pauses are short again.
                await clock.sleep(35.0 if number % 5 == 4 else 1.0)
            bench.market_clock.set_speed(0.0)
            await clock.sleep(5.0)
            truth = true_candles(bench)
            for task in listening:
                task.cancel()
        interruptions = [*feed_interruptions(listener)]
        return Outcome(
            losses=lost,
            listener=listener,
            candles=len(truth),
            differences=listener.differences(truth),
            mute_seconds=mute_seconds,
            pauses=pauses_of(bench.tokens.asked_at, interruptions),
            restored=restored,
            connections=feed.statistics.connections,
        )


def feed_interruptions(listener: Listener) -> list[datetime]:
    """When the connection was lost; both subscriptions say so."""
    return sorted({interruption.at for interruption in listener.interrupted})


def pauses_of(asked_at: list[float], interruptions: list[datetime]) -> list[float]:
    """From each loss, and from each failed try, to the next try."""
    clock = VirtualClock()
    zero = clock.now().timestamp() - clock.monotonic()
    lost_at = [instant.timestamp() - zero for instant in interruptions]
    tries = sorted([*((at, "try") for at in asked_at), *((at, "lost") for at in lost_at)])
    return [
        after - before
        for (before, what), (after, next_what) in itertools.pairwise(tries)
        if next_what == "try" and (what == "lost" or before not in connected_tries(asked_at, lost_at))
    ]


def connected_tries(asked_at: list[float], lost_at: list[float]) -> set[float]:
    """Of each connection that stood, when its token was asked for."""
    return {max((asked for asked in asked_at if asked < lost), default=0.0) for lost in lost_at}


async def connected(bench: LiveBench, clock: VirtualClock) -> None:
    """Wait until everything is restored."""
    while bench.feed.state is not LiveState.CONNECTED:
        await clock.sleep(0.05)


async def has_heard_all(quotes: Subscription[QuoteTick], clock: VirtualClock) -> bool:
    """Whether every symbol has news again; what had waited does not count."""
    while (await anext(quotes)).symbol == TRIGGER:
        pass
    await clock.sleep(0.0)
    heard: set[str] = set()
    before = clock.now()
    while not heard.issuperset(SYMBOLS):
        heard.add((await anext(quotes)).symbol)
        assert (clock.now() - before).total_seconds() < 60
    return True


def true_candles(bench: LiveBench) -> dict[Key, Prices]:
    """All that the listener has to know, from the market itself."""
    truth: dict[Key, Prices] = {}
    for symbol in SYMBOLS:
        truth |= {(symbol, "m", start): row for start, row in bench.minutes(symbol, OPENING).items()}
        truth |= {(symbol, "d", start): row for start, row in bench.days(symbol, DAYS_SINCE).items()}
    return truth


@pytest.mark.promise("R16")
def test_connections_lost_in_every_way_cost_no_candle_and_double_none(
    record_property: Callable[[str, object], None],
) -> None:
    """In virtual time, against the sandbox on real sockets, its market moving all the while."""
    losses = scale(14, long=100)
    outcome = run_at_once(lose_connections(losses, speed=scale(20, long=4)))
    listener = outcome.listener
    assert outcome.losses.total() == outcome.restored == losses
    assert outcome.differences == (0, 0, 0)
    assert (listener.duplicates, listener.out_of_order) == (0, 0)
    assert len(listener.interrupted) == len(listener.resumed) == 2 * losses
    assert max(outcome.mute_seconds) <= 65.0
    assert len(outcome.pauses) == outcome.connections - 1
    assert 1.0 <= min(outcome.pauses) <= max(outcome.pauses) <= 31.0  # the last second is the opening
    assert len({round(pause, 3) for pause in outcome.pauses}) > losses // 2  # jitter
    missing, surplus, other = outcome.differences
    record_property(
        "promise",
        f"R16: live feed: {losses} disconnects ({', '.join(outcome.losses)}), {outcome.restored} restored, "
        f"mute found after {max(outcome.mute_seconds):.1f} s at most, pauses {min(outcome.pauses):.2f} to "
        f"{max(outcome.pauses):.2f} s; {outcome.candles:,} candles, {listener.updates:,} updates: {missing} "
        f"missing, {surplus} too many, {other} wrong, {listener.duplicates} duplicates",
    )
