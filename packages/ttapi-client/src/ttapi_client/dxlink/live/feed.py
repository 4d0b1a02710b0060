# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The live feed: one DXLink connection for all who listen, replaced when it is lost."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from loguru import logger

from ttapi_client.dxlink.live.book import SubscriptionBook
from ttapi_client.dxlink.live.connection import LiveConnection
from ttapi_client.dxlink.live.event_kinds import (
    EXTENDED_HOURS_TRADE,
    GREEKS,
    PROFILE,
    QUOTE,
    SUMMARY,
    THEORETICAL_PRICE,
    TIME_AND_SALE,
    TRADE,
    UNDERLYING,
)
from ttapi_client.dxlink.live.interests import CandleInterest, EventInterest
from ttapi_client.dxlink.live.notices import LiveState
from ttapi_client.dxlink.live.overflow import LatestBuffer, Overflow, QueueBuffer, ReadingGate
from ttapi_client.dxlink.live.statistics import LiveStatistics
from ttapi_client.dxlink.live.subscription import Subscription
from ttapi_client.dxlink.policy import TOTAL_SUBSCRIPTIONS, FeedPolicy
from ttapi_client.dxlink.protocol import DxLinkProtocol
from ttapi_client.dxlink.socket import open_socket
from ttapi_client.pauses import Pauses
from ttapi_client.tracebacks import without_frames
from ttapi_core.candles import DAILY
from ttapi_core.errors import AuthError, TransportError, TTError
from ttapi_core.market_events import CandleUpdate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ttapi_client.dxlink.live.event_kinds import EventKind
    from ttapi_client.dxlink.live.overflow import Buffer
    from ttapi_client.dxlink.live.subscription import Interest, Listening
    from ttapi_client.dxlink.quote_token import QuoteTokenSource
    from ttapi_core.candles import CandleInterval
    from ttapi_core.clock import Clock
    from ttapi_core.market_events import (
        DaySummary,
        Greeks,
        InstrumentProfile,
        QuoteTick,
        TheoreticalPrice,
        TimeAndSale,
        TradeTick,
        UnderlyingVolatility,
    )
    from ttapi_core.tasks import TaskRegistry

T = TypeVar("T")

_REFUSALS: Final = 2  # the second comes after a fresh token: asking on would only look like an attack


class LiveFeed:
    """
    Market events while they happen.

    One connection serves everybody: it is opened for the first subscription and closed after the last.
    Several subscriptions to one symbol are one at the service. A lost connection is replaced, with a new
    token and all subscriptions, for as long as somebody listens; how a consumer learns of it,
    ``Subscription`` says.

    Each method gives a subscription to be used in ``async with``. ``overflow`` names what happens when its
    consumer is too slow. By default, only the latest event of a symbol waits; for candles that is the latest
    state of each candle, so that none is missing. Sales are different ones, each of them: so a consumer who
    is 10,000 of them behind is told so by an error. Under ``Overflow.WAIT`` one slow consumer holds up all
    subscriptions of the client.

    Parameters
    ----------
    tokens
        Gives a quote token for each connection.
    clock
        Keeps keepalive, timeouts and the pauses between connections.
    tasks
        Owns the task that talks to the server while somebody listens.
    user_agent
        Who we are, as ``product/version``.
    policy
        The figures; those of the service by default.
    random
        Draws the jitter of the pauses.

    Examples
    --------
    How it is used, with ``client.live`` being one of these::

        async with client.live.quotes(["AAPL", "SPY"]) as quotes:
            async for quote in quotes:
                print(quote.symbol, quote.bid, quote.ask)
    """

    def __init__(
        self,
        tokens: QuoteTokenSource,
        *,
        clock: Clock,
        tasks: TaskRegistry,
        user_agent: str,
        policy: FeedPolicy | None = None,
        random: Random | None = None,
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._tasks = tasks
        self._user_agent = user_agent
        self._policy = policy or FeedPolicy()
        self._random = random or Random()
        self._state = LiveState.IDLE
        self._gate = ReadingGate()
        self._subscriptions: dict[Listening, None] = {}
        self._run: asyncio.Task[None] | None = None  # keeps the connection
        self._ending: asyncio.Task[None] | None = None  # the one before, until it has said goodbye
        self._connection: LiveConnection | None = None
        self._was_connected = False  # by this run
        self._connected_at: float | None = None  # this connection
        self._refusals = 0  # of tokens, in a row
        self.statistics = LiveStatistics()
        self._book = SubscriptionBook(self._policy, self.statistics)

    @property
    def state(self) -> LiveState:
        """How the connection stands."""
        return self._state

    def quotes(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST
    ) -> Subscription[QuoteTick]:
        """The best bid and ask of each symbol, whenever they change."""
        return self._events(QUOTE, symbols, overflow)

    def trades(
        self,
        symbols: Iterable[str],
        *,
        extended_hours: bool = False,
        overflow: Overflow = Overflow.LATEST,
    ) -> Subscription[TradeTick]:
        """The last trade of each symbol, in regular or in extended hours; all are in ``time_and_sales``."""
        return self._events(EXTENDED_HOURS_TRADE if extended_hours else TRADE, symbols, overflow)

    def greeks(self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST) -> Subscription[Greeks]:
        """The sensitivities of options; ``symbols`` are streamer spellings, such as ``.AAPL261218C200``."""
        return self._events(GREEKS, symbols, overflow)

    def summaries(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST
    ) -> Subscription[DaySummary]:
        """Each symbol's prices of the day so far."""
        return self._events(SUMMARY, symbols, overflow)

    def profiles(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST
    ) -> Subscription[InstrumentProfile]:
        """Trading status, halts, limits and fundamentals of each symbol."""
        return self._events(PROFILE, symbols, overflow)

    def underlyings(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST
    ) -> Subscription[UnderlyingVolatility]:
        """What the options of each symbol say of it."""
        return self._events(UNDERLYING, symbols, overflow)

    def theoretical_prices(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.LATEST
    ) -> Subscription[TheoreticalPrice]:
        """What each option is worth in theory."""
        return self._events(THEORETICAL_PRICE, symbols, overflow)

    def time_and_sales(
        self, symbols: Iterable[str], *, overflow: Overflow = Overflow.FAIL
    ) -> Subscription[TimeAndSale]:
        """
        Every sale of each symbol from now on.

        What is sold while the connection is being replaced is lost: ``Subscription.with_notices`` says when.
        """
        return self._events(TIME_AND_SALE, symbols, overflow)

    def candles(
        self,
        symbols: Iterable[str],
        *,
        since: date | datetime,
        interval: CandleInterval = DAILY,
        regular_hours_only: bool = True,
        overflow: Overflow = Overflow.LATEST,
    ) -> Subscription[CandleUpdate]:
        """
        The candles of each symbol from an instant on: first those there are, oldest first, then what changes.

        Whatever happens to the connection, none is missing and none is told twice: what was missed is asked
        for from the last candles told on. An update says something new of its candle; states that a slow
        consumer did not see are counted in ``dropped``. The service allows 100 symbols in all; histories of
        more, or of many years, are for ``client.candles``.

        Parameters
        ----------
        symbols
            Streamer spellings.
        since
            Beginning of the first candle wanted: an instant with its time zone, or a day, UTC.
        interval
            Length of a candle.
        regular_hours_only
            Whether trades outside the regular session are left out of the candles.
        overflow
            What happens when the consumer is too slow.
        """
        interest = CandleInterest(
            self._book, since=since, interval=interval, regular_hours_only=regular_hours_only
        )
        most = self._policy.candles_ahead
        return self._subscription(CandleUpdate, symbols, interest, overflow, latest_limit=most)

    async def aclose(self) -> None:
        """End every subscription with ``TransportError``, and the connection."""
        self._end_all(_closed())
        ending = [task for task in (self._run, self._ending) if task is not None]
        await asyncio.gather(*ending, return_exceptions=True)

    def entered(self, subscription: Listening) -> None:
        """Keep a connection for it; for the subscription itself to call."""
        self._subscriptions[subscription] = None
        if self._run is None:
            self._state = LiveState.CONNECTING
            self._run = self._tasks.spawn("live feed", self._stay_connected(self._ending))

    def left(self, subscription: Listening) -> None:
        """Keep no connection for it any more; for the subscription itself to call."""
        self._subscriptions.pop(subscription, None)
        if not self._subscriptions and self._run is not None:
            self._ending, self._run = self._run, None
            self._state = LiveState.IDLE
            self._ending.cancel()
            if self._connection is not None:
                self._connection.stop()

    def _events(self, kind: EventKind[T], symbols: Iterable[str], overflow: Overflow) -> Subscription[T]:
        interest = EventInterest(self._book, kind)
        most = TOTAL_SUBSCRIPTIONS
        return self._subscription(kind.value, symbols, interest, overflow, latest_limit=most)

    def _subscription(
        self,
        value: type[T],  # noqa: ARG002 - says what T is
        symbols: Iterable[str],
        interest: Interest,
        overflow: Overflow,
        *,
        latest_limit: int,
    ) -> Subscription[T]:
        buffer: Buffer[T]
        if overflow is Overflow.LATEST:
            buffer = LatestBuffer(latest_limit)
        else:
            buffer = QueueBuffer(self._policy.events_ahead, overflow=overflow, gate=self._gate)
        return Subscription(symbols, interest=interest, buffer=buffer, host=self)

    async def _stay_connected(self, earlier: asyncio.Task[None] | None) -> None:
        """Connect, again and again, until nobody listens or it is pointless to go on."""
        if earlier is not None:
            await asyncio.wait([earlier])
            del earlier  # it would keep its socket alive, and each one the one before
        trouble: TTError = _closed()
        try:
            trouble = await self._reconnect()
        finally:
            self._book.disconnected()
            if self._run is asyncio.current_task():
                # Nobody took the connection away from us: it ends, and those who listen have to know.
                self._ending, self._run = self._run, None
                self._state = LiveState.IDLE
                self._end_all(trouble)

    async def _reconnect(self) -> TTError:
        """Give what makes it pointless to go on."""
        pauses = Pauses(
            self._policy.shortest_pause_seconds, self._policy.longest_pause_seconds, random=self._random
        )
        self._was_connected = False
        self._refusals = 0
        while True:
            trouble = await self._converse()
            lasted = 0.0 if self._connected_at is None else self._clock.monotonic() - self._connected_at
            if lasted >= self._policy.healthy_seconds:
                pauses.reset()
            self._lost(trouble)
            seconds = pauses.after_failure(trouble)
            if self._is_hopeless(trouble, pauses.failures):
                return _final(trouble, pauses.failures)
            logger.bind(
                code=trouble.code,
                reason=trouble.message,
                failures=pauses.failures,
                pause_seconds=round(seconds, 3),
            ).warning("live feed lost")
            await self._clock.sleep(seconds)

    async def _converse(self) -> TTError:
        """Give what ended the connection."""
        trouble: TTError = TransportError("the live feed has nothing more to say")
        self._connected_at = None
        self.statistics.connections += 1
        try:
            token = await self._tokens.issue()
            policy, agent = self._policy, self._user_agent
            async with open_socket(token.dxlink_url, user_agent=agent, policy=policy) as socket:
                now = self._clock.monotonic()
                self._connection = LiveConnection(
                    socket=socket,
                    protocol=DxLinkProtocol(token.token, agent=agent, policy=policy, now=now),
                    book=self._book,
                    gate=self._gate,
                    on_authorized=self._authorized,
                    on_restored=self._restored,
                    clock=self._clock,
                    policy=policy,
                    statistics=self.statistics,
                )
                await self._connection.run()
        except TTError as error:
            # The frames of a socket hold what was said on it, the token included.
            trouble = without_frames(error)
        finally:
            self._connection = None
        return trouble

    def _authorized(self) -> None:
        self._refusals = 0
        self._connected_at = self._clock.monotonic()

    def _restored(self) -> None:
        self._was_connected = True
        self._state = LiveState.CONNECTED
        for subscription in tuple(self._subscriptions):
            subscription.resumed(self._clock.now())

    def _lost(self, trouble: TTError) -> None:
        self.statistics.lost_connections += 1
        self._refusals = self._refusals + 1 if isinstance(trouble, AuthError) else 0
        self._book.disconnected()
        if self._state is LiveState.CONNECTED:
            self._state = LiveState.RECONNECTING
            for subscription in tuple(self._subscriptions):
                subscription.interrupted(trouble, self._clock.now())

    def _is_hopeless(self, trouble: TTError, failures: int) -> bool:
        tries = self._policy.reconnection_tries if self._was_connected else self._policy.connection_tries
        return not trouble.retryable or self._refusals >= _REFUSALS or failures == tries

    def _end_all(self, error: TTError) -> None:
        for subscription in tuple(self._subscriptions):
            subscription.end(error)


def _closed() -> TransportError:
    return TransportError("the live feed was closed")


def _final(trouble: TTError, failures: int) -> TTError:
    """Say how often a lost connection was tried; anything else speaks for itself."""
    if not isinstance(trouble, TransportError):
        return trouble
    final = TransportError(
        f"the live feed was lost {failures} times in a row; the last time: {trouble.message}",
        hint="the service may be in trouble; try again later",
    )
    final.__cause__ = trouble
    return final
