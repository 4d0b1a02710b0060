# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R34: a fifth of the symbols may fail: the others are fresh, these as last known, and asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl
import pytest

from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_core.errors import IncompleteDataError
from ttapi_platform import Platform
from ttapi_platform.collection_job import CollectionJob
from ttapi_platform.collectors.base import Collected
from ttapi_platform.datasets import Dataset
from ttapi_platform.freshness import Fresh, Stored
from ttapi_platform.run_summary import DatasetStatus
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Mapping
    from pathlib import Path

    from ttapi_platform.run_summary import DatasetResult, RunSummary

SYMBOLS: Final = (
    *("AAPL", "AMZN", "BAC", "BRK/B", "C", "CVX", "DIS", "GOOG", "IBM", "INTC"),
    *("JNJ", "JPM", "KO", "MSFT", "NVDA", "PFE", "QQQ", "SPY", "WMT", "XOM"),
)
FIFTH: Final = frozenset({"BRK/B", "KO", "QQQ", "XOM"})
MORE: Final = FIFTH | {"AAPL"}
# By dataset: the column of its symbols, and how the service fails to give some of them.
TROUBLE: Final[Mapping[str, tuple[str, Fault]]] = {
    "quotes": ("symbol", Fault(route="/market-data/*", kind=FaultKind.MISSING)),
    "eod_data": ("symbol", Fault(route="dxlink", kind=FaultKind.EMPTY)),
    "expiration_series": ("underlying", Fault(route="/option-chains/*", kind=FaultKind.STATUS, status=500)),
}
WEDNESDAY_EVENING: Final = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
LATER: Final = timedelta(days=8)  # no dataset stays fresh for so long


class DrivenClock(SystemClock):
    """A clock that begins on one evening and can be put forward."""

    def __init__(self) -> None:
        self._ahead = WEDNESDAY_EVENING - super().now()

    def now(self) -> datetime:
        """Wall time."""
        return super().now() + self._ahead

    def put_forward(self, span: timedelta) -> None:
        """Let that much time pass at once."""
        self._ahead += span


@attrs.frozen
class Scene:
    """A service, its and our clock, and a lake."""

    server: SandboxServer
    clock: DrivenClock
    directory: Path

    def platform(self, lake: str = "lake", *, max_missing_ratio: float = 0.2) -> Platform:
        """One that collects into a lake of this name."""
        settings = Settings(
            data_dir=self.directory / lake,
            api_url=self.server.url,
            history_years=1,
            retry_attempts=1,
            max_missing_ratio=max_missing_ratio,
        )
        return Platform(settings, symbols=SYMBOLS, clock=self.clock)

    def fail(self, symbols: Collection[str]) -> None:
        """From now on these symbols do not come, in any of the datasets."""
        for _, fault in TROUBLE.values():
            self.server.faults.add(attrs.evolve(fault, symbols=frozenset(symbols)))

    def count(self) -> dict[str, dict[str, Fault]]:
        """From now on count how often each symbol is asked for, by dataset: faults that do nothing else."""
        counters = {
            name: {
                symbol: Fault(route=fault.route, kind=FaultKind.DELAY, symbols=frozenset({symbol}))
                for symbol in SYMBOLS
            }
            for name, (_, fault) in TROUBLE.items()
        }
        for by_symbol in counters.values():
            for counter in by_symbol.values():
                self.server.faults.add(counter)
        return counters


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A lake that was filled eight days ago."""
    clock = DrivenClock()
    async with SandboxServer(World.seeded(clock=clock)) as server:
        found = Scene(server, clock, tmp_path)
        assert not (await found.platform().collect()).is_partial
        clock.put_forward(LATER)
        yield found


def rows(platform: Platform, name: str, symbols: Collection[str]) -> pl.DataFrame:
    """What is stored of these symbols."""
    column, _ = TROUBLE[name]
    return platform.lake.read(name).filter(pl.col(column).is_in(list(symbols)))


def stored(platform: Platform, name: str) -> Stored:
    """The state of a dataset that is there."""
    state = platform.lake.stored(name)
    assert isinstance(state, Stored)
    return state


def files(platform: Platform) -> dict[str, bytes]:
    """The bytes of all files that a user sees of the three datasets."""
    return {
        path.relative_to(platform.lake.directory).as_posix(): path.read_bytes()
        for name in TROUBLE
        for path in [*platform.lake.directory.glob(f"{name}.*"), *platform.lake.directory.glob(f"{name}/*")]
    }


def results(summary: RunSummary) -> dict[str, DatasetResult]:
    """What is said of the three datasets."""
    return {result.dataset: result for result in summary.results if result.dataset in TROUBLE}


def statuses(summary: RunSummary) -> set[DatasetStatus]:
    """How the three were left."""
    return {result.status for result in results(summary).values()}


async def untroubled(scene: Scene) -> Platform:
    """Another lake, which was filled when the first one was and has just been brought up to date."""
    scene.clock.put_forward(-LATER)
    await scene.platform("other").collect()
    scene.clock.put_forward(LATER)
    await scene.platform("other").collect()
    return scene.platform("other")


@pytest.mark.promise("R34")
async def test_a_fifth_may_fail_and_is_asked_for_again_alone(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    """Four of twenty: sixteen are fresh, four as last known with their age; a retry asks for the four."""
    platform, others = scene.platform(), set(SYMBOLS) - FIFTH
    before = {name: (stored(platform, name), rows(platform, name, FIFTH)) for name in TROUBLE}
    earlier = rows(platform, "expiration_series", others)
    scene.fail(FIFTH)
    summary = await platform.collect()
    assert (statuses(summary), summary.failed) == ({DatasetStatus.PARTIAL}, ())
    assert summary.is_partial
    for name, result in results(summary).items():
        state, as_last_known = before[name]
        assert (result.asked, sorted(result.missing), result.kept_from_before) == (20, sorted(FIFTH), 4)
        assert {one.last_collected_at for one in result.missing.values()} == {state.collected_at}
        assert stored(platform, name).missing == result.missing
        assert rows(platform, name, FIFTH).equals(as_last_known)
        assert stored(platform, name).collected_at >= state.collected_at + LATER
        assert set(rows(platform, name, others)[TROUBLE[name][0]]) == others
    last_days = rows(platform, "eod_data", others).group_by("symbol").agg(pl.col("date").max())
    assert set(last_days["date"]) == {(WEDNESDAY_EVENING + LATER).date()}
    quoted = rows(platform, "quotes", others)["received_at"]
    assert quoted.min() >= WEDNESDAY_EVENING + LATER  # type: ignore[operator]
    days, key = "days_to_expiration", SCHEMAS["expiration_series"].key
    both = rows(platform, "expiration_series", others).join(earlier, on=key)
    assert set(both[f"{days}_right"] - both[days]) == {LATER.days}

    scene.server.faults.clear()
    counters = scene.count()
    scene.server.statistics.reset()
    fresh = {name: rows(platform, name, others) for name in TROUBLE}
    retried = await platform.retry()
    asked = {
        name: {symbol: counter.struck for symbol, counter in by_symbol.items() if counter.struck}
        for name, by_symbol in counters.items()
    }
    assert asked == dict.fromkeys(TROUBLE, dict.fromkeys(FIFTH, 1))
    assert scene.server.statistics.candle_snapshots == len(FIFTH)
    for listing in ("GET /instruments/equities/active", "GET /market-time/equities/sessions"):
        assert scene.server.statistics.requests[listing] == 0
    assert {result.dataset for result in retried.results} == TROUBLE.keys()
    assert statuses(retried) == {DatasetStatus.COLLECTED}
    assert not retried.is_partial
    assert all(rows(platform, name, others).equals(fresh[name]) for name in TROUBLE)
    assert all(isinstance(state.verdict, Fresh) and not state.missing for state in platform.status())
    expected = await untroubled(scene)
    for name in ("eod_data", "expiration_series"):
        assert stored(platform, name).fingerprint == stored(expected, name).fingerprint
    record_property(
        "promise",
        f"R34: {len(FIFTH)} of {len(SYMBOLS)} symbols failing in {len(TROUBLE)} datasets: partial, "
        f"{len(others)} fresh, {len(FIFTH)} as last known; retry asked for {len(FIFTH)} symbols once each "
        "and for nothing else; the lake is then that of a run without trouble",
    )


@pytest.mark.promise("R34")
async def test_above_a_fifth_nothing_that_was_stored_is_replaced(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    """Five of twenty: the datasets fail with the reason, their files are the same to the byte."""
    platform = scene.platform()
    before = files(platform)
    scene.fail(MORE)
    summary = await platform.collect()
    assert statuses(summary) == {DatasetStatus.FAILED}
    for name, result in results(summary).items():
        assert isinstance(result.error, IncompleteDataError)
        assert f"5 of 20 are missing from {name}, more than the allowed 20%" in result.error.message
        assert "AAPL, BRK/B, KO …" in result.error.message
    assert files(platform) == before
    assert {state.dataset for state in platform.status() if state.failure} == TROUBLE.keys()

    scene.server.faults.clear()
    retried = await platform.retry()
    assert {result.dataset for result in retried.results} == TROUBLE.keys()
    assert statuses(retried) == {DatasetStatus.COLLECTED}
    assert not any(state.failure for state in platform.status())
    record_property(
        "promise",
        f"R34: {len(MORE)} of {len(SYMBOLS)} symbols failing: {len(TROUBLE)} datasets failed, "
        f"{len(before)} files the same to the byte; retry collected them and nothing else",
    )


@pytest.mark.promise("R34")
@pytest.mark.parametrize(
    ("ratio", "failing", "status"),
    [
        (0.0, 1, DatasetStatus.FAILED),
        (0.0, 0, DatasetStatus.COLLECTED),
        (0.5, 10, DatasetStatus.PARTIAL),
        (0.5, 11, DatasetStatus.FAILED),
        (1.0, 20, DatasetStatus.PARTIAL),
    ],
)
async def test_the_threshold_is_a_setting(
    scene: Scene, ratio: float, failing: int, status: DatasetStatus
) -> None:
    """As many as it allows, and one more."""
    platform = scene.platform(max_missing_ratio=ratio)
    if failing:
        scene.fail(SYMBOLS[:failing])
    assert statuses(await platform.collect()) == {status}


@pytest.mark.promise("R34")
def test_a_share_is_allowed_exactly(record_property: Callable[[str, object], None]) -> None:
    """For every whole percentage: so many of a hundred may be missing, and no more."""
    quotes = Dataset(name="quotes", ttl=timedelta(hours=1))
    job = CollectionJob(dataset=quotes, inputs={}, before=None, increments=None, again=None)

    def is_allowed(missing: int, percent: int) -> bool:
        failures = {str(number): IncompleteDataError("-") for number in range(missing)}
        collected = Collected(rows=pl.DataFrame(), asked=100, failures=failures)
        try:
            job.check(collected, max_missing_ratio=percent / 100)
        except IncompleteDataError:
            return False
        return True

    found = [
        (percent, missing)
        for percent in range(101)
        for missing in range(101)
        if is_allowed(missing, percent) != (missing <= percent)
    ]
    assert not found
    record_property("promise", "R34: 101 thresholds x 101 shares of failing symbols: each edge exact")
