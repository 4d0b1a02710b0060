# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live quotes on a board: quotes, trades and summaries of the feed, through lost connections."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar, cast

import attrs

from ttapi_client.dxlink.live import Interrupted, LiveState, Resumed, SymbolFailed
from ttapi_core.errors import TransportError, TTError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_platform.freshness import format_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ttapi_client import TTClient
    from ttapi_client.dxlink.live import Subscription
    from ttapi_core.clock import Clock
    from ttapi_core.market_events import DaySummary, QuoteTick, TradeTick
    from ttapi_core.outcome import Outcome
    from ttapi_core.quotes import Quote
    from ttapi_platform.quote_board import QuoteBoard

E = TypeVar("E", bound="QuoteTick | TradeTick | DaySummary")

LONGEST_LOSS: Final = timedelta(minutes=10)
HOURS_SECONDS: Final = 60.0  # from one look at the market's hours to the next
_WATCH_SECONDS: Final = 0.5


@attrs.frozen(kw_only=True)
class Link:
    """How the connection to the feed stands."""

    state: LiveState
    since: datetime | None = None  # UTC; None before anything has come over it
    tries: int = 0  # connections tried since then


async def streamer_symbols(client: TTClient, quotes: Iterable[Quote]) -> dict[str, Outcome[str]]:
    """
    How the feed calls each instrument, or why that is not known; in the order given.

    Shares, funds and indexes are called as everybody calls them; of all others, the service is asked.

    Parameters
    ----------
    client
        Whom to ask.
    quotes
        Of the instruments: a quote knows the type.
    """
    by_type: dict[InstrumentType, list[str]] = {}
    symbols = {quote.symbol: quote.instrument_type for quote in quotes}
    for symbol, instrument_type in symbols.items():
        by_type.setdefault(instrument_type, []).append(symbol)
    found: dict[str, Outcome[str]] = {}
    for instrument_type, members in by_type.items():
        try:
            spellings = await _spellings(client, instrument_type, members)
        except TTError as error:
            found |= dict.fromkeys(members, Err(error))
            continue
        for symbol in members:
            spelling = spellings.get(symbol)
            found[symbol] = Err(_nameless(symbol)) if spelling is None else Ok(spelling)
    return {symbol: found[symbol] for symbol in symbols}


class LiveQuotes:
    """
    Keeps a board up to date for as long as it runs.

    A lost connection is replaced by the client; meanwhile the board's rows are stale.

    Parameters
    ----------
    client
        Whose live feed is listened to.
    board
        The symbols, and where to write down what comes.
    clock
        Tells ages.
    longest_loss
        How long a lost connection is tried again.
    """

    def __init__(
        self,
        client: TTClient,
        board: QuoteBoard,
        *,
        clock: Clock,
        longest_loss: timedelta = LONGEST_LOSS,
    ) -> None:
        self._client = client
        self._board = board
        self._clock = clock
        self._longest_loss = longest_loss
        self._since: datetime | None = None
        self._lost_at: float | None = None
        self._lost_by: TTError | None = None
        self._tries_before = 0
        self.market_state: str | None = None  # of stocks, in the service's word; None while unknown

    @property
    def link(self) -> Link:
        """How the connection stands."""
        tries = max(1, self._client.live.statistics.connections - self._tries_before)
        if self._lost_at is not None:
            return Link(state=LiveState.RECONNECTING, since=self._since, tries=tries)
        if self._since is not None or self._client.live.state is LiveState.CONNECTED:
            return Link(state=LiveState.CONNECTED, since=self._since)
        return Link(state=LiveState.CONNECTING, tries=tries)

    async def run(self) -> NoReturn:
        """
        Listen until cancelled.

        Raises
        ------
        TransportError
            When there is no connection to the feed, or none again for as long as ``longest_loss``.
        ApiError
            When the service refuses.
        """
        live, symbols = self._client.live, self._board.streamers
        try:
            async with (
                live.quotes(symbols) as quotes,
                live.trades(symbols) as trades,
                live.summaries(symbols) as summaries,
                asyncio.TaskGroup() as group,
            ):
                group.create_task(self._follow(quotes, is_first=True))
                group.create_task(self._follow(trades))
                group.create_task(self._follow(summaries))
                group.create_task(self._look_at_hours())
                await self._give_up_in_time()
        except BaseExceptionGroup as errors:
            # All three end with the same trouble.
            raise _first(errors) from None

    async def _follow(self, subscription: Subscription[E], *, is_first: bool = False) -> None:
        async for event in subscription.with_notices():
            match event:
                case Interrupted(error=error, at=at) if is_first:
                    self._since, self._lost_at, self._lost_by = at, self._clock.monotonic(), error
                    self._tries_before = self._client.live.statistics.connections
                    self._board.lost(self._lost_at)
                case Resumed(at=at) if is_first:
                    self._since, self._lost_at, self._lost_by = at, None, None
                case SymbolFailed(symbol=symbol, error=error):
                    self._board.fail(symbol, error.message)
                case Interrupted() | Resumed():
                    pass
                case _:
                    if self._since is None:
                        self._since = self._clock.now()
                    self._board.take(event, self._clock.monotonic())

    async def _look_at_hours(self) -> None:
        while True:
            try:
                self.market_state = (await self._client.market_hours.current_equity_session()).state
            except TTError:
                # Nice to know, and worth no end of the quotes: what is not known any more is not shown.
                self.market_state = None
            await self._clock.sleep(HOURS_SECONDS)

    async def _give_up_in_time(self) -> NoReturn:
        longest = self._longest_loss.total_seconds()
        while True:
            await self._clock.sleep(_WATCH_SECONDS)
            if self._lost_at is not None and self._clock.monotonic() - self._lost_at >= longest:
                tries = f"{self.link.tries} tries in {format_span(self._longest_loss)}"
                reason = "" if self._lost_by is None else f"; it was lost by: {self._lost_by.message}"
                raise TransportError(
                    f"the live feed did not come back, after {tries}{reason}",
                    hint="the service may be in trouble; try again later",
                )


async def _spellings(
    client: TTClient, instrument_type: InstrumentType, symbols: list[str]
) -> Mapping[str, str | None]:
    match instrument_type:
        case InstrumentType.EQUITY_OPTION:
            options = await client.instruments.equity_options(symbols)
            return {
                symbol: each.value.streamer_symbol for symbol, each in options.items() if isinstance(each, Ok)
            }
        case InstrumentType.FUTURE:
            return {
                each.symbol: each.streamer_symbol
                async for each in client.instruments.futures(symbols, only_active=False)
            }
        case InstrumentType.FUTURE_OPTION:
            found = await client.instruments.future_options(symbols)
            return {
                symbol: each.value.streamer_symbol for symbol, each in found.items() if isinstance(each, Ok)
            }
        case InstrumentType.CRYPTOCURRENCY:
            coins = await client.instruments.cryptocurrencies(symbols)
            return {each.symbol: each.streamer_symbol for each in coins}
        case _:
            return {symbol: symbol for symbol in symbols}


def _nameless(symbol: str) -> UnknownSymbolError:
    return UnknownSymbolError(
        f"the service does not say how its feed calls {symbol}", hint="`ttapi quote` may have a quote of it"
    )


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    error = errors.exceptions[0]
    if isinstance(error, BaseExceptionGroup):
        return _first(cast("BaseExceptionGroup[BaseException]", error))
    return error
