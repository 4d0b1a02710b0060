# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candle feed against the sandbox: the same candles as its market has, or the reason why not."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import attrs
import pytest

from ttapi_client.dxlink import CandleColumns, CandleFeed, FeedPolicy, QuoteToken
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.errors import ApiError, AuthError, IncompleteDataError
from ttapi_core.outcome import Ok
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SINCE = date(2021, 7, 1)
SINCE_MS = 1_625_097_600_000
SYMBOLS = ["AAPL", "BRK/B", "SPY", "MSFT", "QQQ", "KO"]
QUICK = FeedPolicy(
    shortest_pause_seconds=0.0,
    longest_pause_seconds=0.0,
    symbol_timeout_seconds=1.0,
    refusal_timeout_seconds=0.5,
    window=3,
)
AGENT = {"User-Agent": "ttapi-test/1.0"}


@attrs.define
class TokensOverRest:
    """Quote tokens fetched as anybody would: log in, then ask."""

    url: str
    session: aiohttp.ClientSession
    issued: int = 0

    async def issue(self) -> QuoteToken:
        """A new one each time."""
        login = {
            "grant_type": "refresh_token",
            "client_secret": "sandbox-secret",
            "refresh_token": "sandbox-refresh",
        }
        async with self.session.post(f"{self.url}/oauth/token", json=login, headers=AGENT) as answer:
            access = (await answer.json())["access_token"]
        headers = {**AGENT, "Authorization": f"Bearer {access}"}
        async with self.session.get(f"{self.url}/api-quote-tokens", headers=headers) as answer:
            data = (await answer.json())["data"]
        self.issued += 1
        return QuoteToken(token=Secret(data["token"]), dxlink_url=data["dxlink-url"], expires_at=None)


@attrs.define
class Bench:
    """A sandbox and a feed on it."""

    server: SandboxServer
    world: World
    feed: CandleFeed
    tokens: TokensOverRest

    async def collect(self, symbols: list[str], since: date | dict[str, date] = SINCE) -> dict[str, Any]:
        """Columns or error of each symbol; each comes once."""
        got: dict[str, Any] = {}
        async for symbol, outcome in self.feed.history(symbols, since=since):
            assert symbol not in got
            got[symbol] = outcome.value if isinstance(outcome, Ok) else outcome.error
        return got

    def truth(self, symbol: str, since_ms: int = SINCE_MS) -> dict[str, list[Any]]:
        """What the sandbox's market itself says, with no wire in between."""
        candles = self.world.market.candles(symbol, since_ms)
        assert candles is not None
        nothing = [None] * len(candles.times)
        return {
            "time": list(candles.times),
            "open": candles.open,
            "high": candles.high,
            "low": candles.low,
            "close": candles.close,
            "volume": candles.volume,
            "vwap": candles.vwap or nothing,
            "implied_volatility": candles.implied_volatility or nothing,
        }

    def all_true(self, got: dict[str, Any], symbols: list[str] = SYMBOLS) -> bool:
        """Whether these symbols have exactly the candles of the market."""
        return all(
            isinstance(got[symbol], CandleColumns) and got[symbol].to_lists() == self.truth(symbol)
            for symbol in symbols
        )


@asynccontextmanager
async def bench(*faults: Fault, policy: FeedPolicy = QUICK) -> AsyncIterator[Bench]:
    """A fresh sandbox with this trouble."""
    world = World.seeded(clock=ManualClock(datetime(2026, 7, 2, 1, 0, tzinfo=UTC)))
    async with SandboxServer(world) as server, TaskRegistry() as tasks, aiohttp.ClientSession() as session:
        for fault in faults:
            server.faults.add(fault)
        tokens = TokensOverRest(server.url, session)
        feed = CandleFeed(
            tokens,
            clock=SystemClock(),
            tasks=tasks,
            user_agent="ttapi-test/1.0",
            policy=policy,
        )
        yield Bench(server, world, feed, tokens)
        assert len(tasks) == 0


def fault(kind: FaultKind, *symbols: str, times: int | None = None, after_frames: int = 0) -> Fault:
    """Trouble on the feed."""
    return Fault(
        route="dxlink", kind=kind, symbols=frozenset(symbols), times=times, after_frames=after_frames
    )


async def test_candles_equal_the_market_of_the_sandbox() -> None:
    """Every value of every column, an unknown symbol empty, one connection, the window kept."""
    async with bench(policy=FeedPolicy(window=4)) as table:
        got = await table.collect([*SYMBOLS, "NOPE"])
        assert table.all_true(got)
        assert len(got["NOPE"]) == 0
        assert len(got["AAPL"]) > 1_200
        statistics = table.server.statistics
        assert statistics.websocket_connections == 1
        assert statistics.candle_snapshots == len(SYMBOLS) + 2  # NOPE under both contracts


async def test_each_symbol_comes_from_its_own_day_on_over_one_connection() -> None:
    """As an update asks: one from yesterday, one from last year, a new one from the beginning."""
    days = {"SPY": date(2026, 7, 1), "BRK/B": date(2025, 7, 1), "KO": date(1990, 1, 1)}
    async with bench() as table:
        got = await table.collect(list(days), days)
        for symbol, day in days.items():
            since_ms = (day - date(1970, 1, 1)).days * 86_400_000
            assert got[symbol].to_lists() == table.truth(symbol, since_ms)
        assert len(got["SPY"]) == 1 < len(got["BRK/B"]) < 300 < len(got["KO"])
        assert table.server.statistics.websocket_connections == 1
        assert table.server.statistics.candle_rows == sum(map(len, got.values())) + len(got)  # placeholders


async def test_a_symbol_without_a_day_of_its_own_is_refused_before_anything_is_asked() -> None:
    """Not one connection is made."""
    async with bench() as table:
        with pytest.raises(ValueError, match="no first day for 'KO'"):
            await table.collect(["SPY", "KO"], {"SPY": SINCE})
        assert table.server.statistics.websocket_connections == 0


@pytest.mark.parametrize("kind", [FaultKind.REORDER, FaultKind.PLAIN_END, FaultKind.VERBATIM_ECHO])
async def test_oddities_of_snapshots_change_nothing(kind: FaultKind) -> None:
    """Rows out of order, no placeholder, an echo in the words of the request."""
    async with bench(fault(kind)) as table:
        assert table.all_true(await table.collect(SYMBOLS))


async def test_an_empty_answer_under_history_is_filled_under_auto() -> None:
    """The first snapshot of a symbol is empty, the second is not."""
    async with bench(fault(FaultKind.EMPTY, "SPY", times=1)) as table:
        assert table.all_true(await table.collect(SYMBOLS))
        assert table.feed.statistics.fallbacks == 1


async def test_a_snipped_and_a_silent_symbol_are_incomplete_and_the_others_true() -> None:
    """Each failure stays with its symbol."""
    async with bench(fault(FaultKind.SNIP, "KO"), fault(FaultKind.SILENT, "QQQ")) as table:
        got = await table.collect(SYMBOLS)
        assert isinstance(got["KO"], IncompleteDataError)
        assert isinstance(got["QQQ"], IncompleteDataError)
        assert table.all_true(got, ["AAPL", "BRK/B", "SPY", "MSFT"])


async def test_a_refused_symbol_fails_alone() -> None:
    """ERROR under both contracts."""
    async with bench(fault(FaultKind.ERROR, "MSFT")) as table:
        got = await table.collect(SYMBOLS)
        assert type(got["MSFT"]) is ApiError
        assert table.all_true(got, ["AAPL", "BRK/B", "SPY", "QQQ", "KO"])


async def test_a_symbol_refused_once_is_fetched_under_auto() -> None:
    """The second contract gives it."""
    async with bench(fault(FaultKind.ERROR, "MSFT", times=1)) as table:
        assert table.all_true(await table.collect(SYMBOLS))


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.CLOSE, FaultKind.MUTE])
async def test_connections_that_end_in_mid_snapshot_lose_and_double_nothing(kind: FaultKind) -> None:
    """Torn down, closed with 1012, gone mute: again and again, always with a new token."""
    troubles = [fault(kind, symbol, times=1, after_frames=2) for symbol in ("AAPL", "MSFT", "KO")]
    patience = 0.8 if kind is FaultKind.MUTE else 60.0
    policy = attrs.evolve(QUICK, symbol_timeout_seconds=30.0, keepalive_timeout_seconds=patience)
    async with bench(*troubles, policy=policy) as table:
        assert table.all_true(await table.collect(SYMBOLS))
        lost = table.feed.statistics.lost_connections
        # A mute sandbox goes on using up its script unheard.
        assert lost == 3 or (kind is FaultKind.MUTE and lost in {1, 2})
        assert table.server.statistics.websocket_connections == lost + 1
        assert table.tokens.issued == lost + 1


async def test_a_token_refused_once_is_replaced_and_twice_is_an_error() -> None:
    """No loop of refusals."""
    async with bench(fault(FaultKind.REFUSE_TOKEN, times=1)) as table:
        assert table.all_true(await table.collect(SYMBOLS))
    async with bench(fault(FaultKind.REFUSE_TOKEN)) as table:
        got = await table.collect(SYMBOLS)
        assert all(isinstance(got[symbol], AuthError) for symbol in SYMBOLS)
        assert table.tokens.issued == 2


async def test_leaving_early_leaves_no_socket_open() -> None:
    """Seen at the server, before the server itself is stopped."""
    async with bench() as table:
        histories = table.feed.history(SYMBOLS, since=SINCE)
        assert (await anext(histories))[0] in SYMBOLS
        await histories.aclose()
        clock = SystemClock()
        while table.server.statistics.open_websockets:
            await clock.sleep(0)
