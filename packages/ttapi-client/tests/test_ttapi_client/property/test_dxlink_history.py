# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs over many symbols with connections lost at any moment: nothing lost, nothing twice, nothing false."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from test_ttapi_client.dxlink_stub import END, SNIP, compact, empty_snapshot, snapshot, times
from ttapi_client.dxlink import FeedPolicy, FeedStatistics
from ttapi_client.dxlink.history import CandleHistory
from ttapi_core.candles import DAILY
from ttapi_core.errors import IncompleteDataError
from ttapi_core.outcome import Err, Ok

if TYPE_CHECKING:
    from ttapi_client.dxlink import CandleOutcome
    from ttapi_client.dxlink.events import Contract


class Server:
    """Snapshots of the subscribed symbols, dealt out in pieces by chance; forgets all when it is lost."""

    def __init__(self, days_of: dict[str, int], snipped: set[str], window: int, random: Random) -> None:
        self.days_of = days_of
        self.snipped = snipped
        self.window = window
        self.random = random
        self.subscribed: dict[tuple[Contract, str], list[dict[str, Any]]] = {}

    def change(self, plan: CandleHistory, now: float) -> None:
        """Obey the plan, and watch over the window."""
        for change in plan.changes(now):
            for subscription in change.remove:
                del self.subscribed[change.contract, str(subscription["symbol"])]
            for subscription in change.add:
                symbol = str(subscription["symbol"])
                self.subscribed[change.contract, symbol] = self._rows(symbol)
        assert len(self.subscribed) <= self.window

    def frame(self) -> tuple[Contract, list[Any]]:
        """The next rows of some symbols of one contract."""
        contract = self.random.choice([key[0] for key, rows in self.subscribed.items() if rows])
        rows: list[dict[str, Any]] = []
        for (of, _), left in self.subscribed.items():
            if of is contract and self.random.random() < 0.7:
                count = self.random.randint(1, 5)
                rows += left[:count]
                del left[:count]
        return contract, compact(rows)

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to send."""
        return any(self.subscribed.values())

    def _rows(self, symbol: str) -> list[dict[str, Any]]:
        name = symbol.partition("{")[0]
        days = self.days_of[name]
        ending = SNIP if name in self.snipped else END
        return snapshot(symbol, days, ending=ending) if days else empty_snapshot(symbol)


@given(
    days_of=st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), st.integers(0, 12), max_size=14),
    window=st.integers(1, 6),
    loss_ratio=st.sampled_from([0.0, 0.05, 0.2]),
    snips=st.integers(0, 3),
    seed=st.integers(0, 2**32),
)
def test_every_symbol_ends_once_with_the_truth(
    days_of: dict[str, int], window: int, loss_ratio: float, snips: int, seed: int
) -> None:
    """Columns equal to the server's, or IncompleteDataError where it cut the history short."""
    random = Random(seed)
    with_days = sorted(symbol for symbol, days in days_of.items() if days)
    snipped = set(random.sample(with_days, min(snips, len(with_days))))
    statistics = FeedStatistics()
    plan = CandleHistory(
        [*days_of, *days_of],
        since=date(2000, 1, 1),
        interval=DAILY,
        regular_hours_only=random.random() < 0.5,
        policy=FeedPolicy(window=window),
        statistics=statistics,
    )
    server = Server(days_of, snipped, window, random)
    outcomes: list[CandleOutcome] = []
    now = 0.0
    is_connected = False
    while len(plan):
        now += 0.1
        if not is_connected:
            plan.connected()
            server.subscribed.clear()
            is_connected = True
        for contract in plan.contracts():
            if contract not in plan._layouts:
                plan.opened(contract)
        server.change(plan, now)
        if random.random() < loss_ratio:
            is_connected = False
        elif server.has_rows:
            outcomes += plan.received(*server.frame(), now)
    assert sorted(symbol for symbol, _ in outcomes) == sorted(days_of)
    for symbol, outcome in outcomes:
        match outcome:
            case Ok(candles):
                assert candles.to_lists()["time"] == times(days_of[symbol])
                assert symbol not in snipped
            case Err(error):
                assert isinstance(error, IncompleteDataError)
                assert symbol in snipped
    assert statistics.fallbacks >= list(days_of.values()).count(0)
