# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R17: what is not the whole history is never taken for it, neither by histories nor by live candles."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
import pytest
from scale import scale

from test_ttapi_client.live_sandbox import OPENING, LiveBench, Prices, RunningClock, at, live_bench, prices_of
from test_ttapi_client.promises.virtual_time import run_at_once
from ttapi_client.dxlink import CandleFeed
from ttapi_client.dxlink.live import SymbolFailed
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.candles import CandleInterval, CandleUnit
from ttapi_core.errors import ApiError, IncompleteDataError, TTError
from ttapi_core.market_events import CandleUpdate
from ttapi_core.outcome import Ok
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ttapi_core.clock import Clock

MINUTE: Final = CandleInterval(unit=CandleUnit.MINUTE)
SYMBOLS: Final = ("AAPL", "SPY", "MSFT", "KO", "QQQ", "BRK/B")
SINCE: Final = date(2023, 6, 1)
SINCE_AT: Final = OPENING.replace(year=2023, month=6, day=1, hour=0, minute=0)
# What may be done to a snapshot, and whether the symbol can still be whole.
HARMLESS: Final = (FaultKind.REORDER, FaultKind.PLAIN_END, FaultKind.VERBATIM_ECHO)
CUTTING: Final = (FaultKind.SNIP, FaultKind.ROW_CAP, FaultKind.SILENT, FaultKind.ERROR)
HEALED: Final = (FaultKind.EMPTY, FaultKind.DROP, FaultKind.CLOSE, FaultKind.MUTE, FaultKind.RESET)


@attrs.define
class Tally:
    """What came of all symbols of all runs."""

    whole: int = 0
    incomplete: int = 0
    refused: int = 0
    taken_for_whole: list[str] = attrs.field(factory=list)
    candles: int = 0
    faults: Counter[str] = attrs.field(factory=Counter[str])

    def judge(self, symbol: str, got: Mapping[datetime, Prices] | TTError, truth: Any) -> None:
        """It equals the truth, or says that it does not."""
        if isinstance(got, IncompleteDataError):
            self.incomplete += 1
        elif isinstance(got, ApiError):
            self.refused += 1
        elif got == truth:
            self.whole += 1
            self.candles += len(truth)
        else:
            self.taken_for_whole.append(symbol)


def scripted(random: Random) -> dict[str, list[Fault]]:
    """Trouble for some of the symbols: what spoils one snapshot for good, or comes and goes."""
    script: dict[str, list[Fault]] = {}
    for symbol in SYMBOLS:
        kinds = random.sample([*HARMLESS, *CUTTING, *HEALED], k=random.randint(0, 2))
        script[symbol] = [
            Fault(
                route="dxlink",
                kind=kind,
                symbols=frozenset([symbol]),
                # An answer that is empty under both contracts is what an unknown symbol gets.
                times=1 if kind in HEALED else random.choice([1, None]),
                rows=random.choice([1, 100, 500, 10_000]),
                after_frames=random.randint(0, 2),
                close_code=random.choice([1000, 1012]),
            )
            for kind in kinds
        ]
    return script


async def history(bench: LiveBench, clock: Clock, tasks: TaskRegistry) -> dict[str, Any]:
    """Columns of each symbol as candles, or its error."""
    feed = CandleFeed(bench.tokens, clock=clock, tasks=tasks, user_agent="t/1", random=Random(17))
    got: dict[str, Any] = {}
    async for symbol, outcome in feed.history(SYMBOLS, since=SINCE):
        assert symbol not in got
        if isinstance(outcome, Ok):
            columns = outcome.value.to_lists()
            rows = zip(*(columns[name] for name in ("open", "high", "low", "close", "volume")), strict=True)
            starts = [at(int(cast("float", time))) for time in columns["time"]]
            assert starts == sorted(set(starts))
            got[symbol] = dict(zip(starts, rows, strict=True))
        else:
            got[symbol] = outcome.error
    return got


async def live(bench: LiveBench, clock: Clock) -> dict[str, Any]:
    """What a subscription was told of each symbol when nothing new comes any more, or its error."""
    got: dict[str, Any] = {}
    left = set(SYMBOLS)
    truth = {symbol: bench.days(symbol, SINCE_AT) for symbol in SYMBOLS}

    async def listen() -> None:
        async for event in candles.with_notices():
            if isinstance(event, SymbolFailed):
                got[event.symbol] = event.error
                left.discard(event.symbol)
            elif isinstance(event, CandleUpdate):
                known = got.setdefault(event.symbol, {})
                assert known.get(event.start_at) != prices_of(event)
                known[event.start_at] = prices_of(event)
                if event.start_at == max(truth[event.symbol]):
                    left.discard(event.symbol)

    async with TaskRegistry() as tasks, bench.feed.candles(SYMBOLS, since=SINCE) as candles:
        listening = tasks.spawn("listen", listen())
        given_up_at = clock.monotonic() + 600.0
        while left and clock.monotonic() < given_up_at:
            await clock.sleep(1.0)
        listening.cancel()
    return got


async def run(seeds: int) -> Tally:
    """Both feeds against each script."""
    clock, tally = RunningClock(), Tally()
    async with live_bench(clock=clock, random=Random(17)) as bench, TaskRegistry() as tasks:
        truth = {symbol: bench.days(symbol, SINCE_AT) for symbol in SYMBOLS}
        for seed in range(seeds):
            for fetch in (partial(history, bench, clock, tasks), partial(live, bench, clock)):
                script = scripted(Random(seed))
                bench.server.faults.clear()
                for faults in script.values():
                    for fault in faults:
                        bench.server.faults.add(fault)
                        tally.faults[fault.kind.value] += 1
                got = await fetch()
                for symbol in SYMBOLS:
                    tally.judge(symbol, got[symbol], truth[symbol])
                    if all(fault.kind in HARMLESS for fault in script[symbol]):
                        # Whoever had no trouble of his own is whole, whatever became of the others.
                        assert not isinstance(got[symbol], TTError), (seed, symbol, got[symbol])
    return tally


@pytest.mark.promise("R17")
def test_a_history_is_the_truth_or_says_that_it_is_not(
    record_property: Callable[[str, object], None],
) -> None:
    """Cut short, capped, empty, out of order, silent, refused, torn in the middle: in any mixture."""
    seeds = scale(8, long=150)
    tally = run_at_once(run(seeds))
    assert tally.taken_for_whole == []
    assert tally.whole + tally.incomplete + tally.refused == seeds * 2 * len(SYMBOLS)
    assert min(tally.whole, tally.incomplete, tally.refused) > 0
    record_property(
        "promise",
        f"R17: {seeds} scripts of {tally.faults.total()} faults ({', '.join(sorted(tally.faults))}), each "
        f"for the history and the live feed: {tally.whole} symbols whole ({tally.candles:,} candles), "
        f"{tally.incomplete} incomplete and {tally.refused} refused by name, "
        f"{len(tally.taken_for_whole)} taken for whole and not",
    )


async def capped() -> tuple[int, Any, Any]:
    """The cap of 8,000 rows, on more than that and on less."""
    clock = RunningClock()
    fault = Fault(route="dxlink", kind=FaultKind.ROW_CAP, rows=8_000)
    async with live_bench(fault, clock=clock) as bench, TaskRegistry() as tasks:
        feed = CandleFeed(bench.tokens, clock=clock, tasks=tasks, user_agent="t/1")
        outcomes: list[Any] = []
        for since in (date(2026, 10, 20), date(2026, 10, 28)):
            async for _, outcome in feed.history(["AAPL"], since=since, interval=MINUTE):
                outcomes.append(outcome)
        too_long, whole = outcomes
        starts = {at(int(time)) for time in whole.value.columns["time"]}
        return len(starts), too_long, bench.minutes("AAPL", OPENING).keys() <= starts


@pytest.mark.promise("R17")
def test_a_cap_of_eight_thousand_rows_is_no_history(record_property: Callable[[str, object], None]) -> None:
    """Newest rows only is not what was asked for; a shorter history is whole."""
    rows, too_long, is_whole = run_at_once(capped())
    assert isinstance(too_long.error, IncompleteDataError)
    assert rows < 8_000
    assert is_whole
    record_property(
        "promise", f"R17: cap of 8,000 rows: incomplete above it; {rows:,} rows below it, all of them"
    )
