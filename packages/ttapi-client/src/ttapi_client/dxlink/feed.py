# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle history of many symbols over one DXLink connection, replaced when it is lost."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

from loguru import logger

from ttapi_client.dxlink.conversation import CandleConversation
from ttapi_client.dxlink.handoff import Handoff
from ttapi_client.dxlink.history import CandleHistory
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.protocol import DxLinkProtocol
from ttapi_client.dxlink.socket import open_socket
from ttapi_client.dxlink.statistics import FeedStatistics
from ttapi_client.pauses import Pauses
from ttapi_client.tracebacks import without_frames
from ttapi_core.candles import DAILY
from ttapi_core.errors import AuthError, TransportError, TTError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from datetime import date

    from ttapi_client.dxlink.quote_token import QuoteTokenSource
    from ttapi_client.dxlink.wanted import CandleOutcome
    from ttapi_core.candles import CandleInterval
    from ttapi_core.clock import Clock
    from ttapi_core.tasks import TaskRegistry


class CandleFeed:
    """
    Fetches candle history until its end, and says of every symbol how that end came.

    Each history has a connection of its own, apart from the live feed's: while its consumer is behind, its
    socket is not read, and that would hold up everybody's quotes. The service allows a login five
    connections, so of ``FeedPolicy.history_connections`` histories of one client, three by default, each
    further one waits until one of them has ended.

    Parameters
    ----------
    tokens
        Gives a quote token for each connection.
    clock
        Keeps keepalive, timeouts and the pauses between connections.
    tasks
        Owns the task that talks to the server while ``history`` is iterated over.
    user_agent
        Who we are, as ``product/version``.
    policy
        The figures; those of the service by default.
    random
        Draws the jitter of the pauses.

    Examples
    --------
    How it is used, with ``client.candles`` being one of these::

        async with aclosing(client.candles.history(["AAPL", "SPY"], since=date(2016, 1, 1))) as histories:
            async for symbol, outcome in histories:
                match outcome:
                    case Ok(candles):
                        print(symbol, len(candles))
                    case Err(error):
                        print(symbol, error)
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
        self._connections = asyncio.Semaphore(self._policy.history_connections)
        self._runs: set[asyncio.Task[TTError | None]] = set()
        self.statistics = FeedStatistics()

    async def history(
        self,
        symbols: Sequence[str],
        *,
        since: date | Mapping[str, date],
        interval: CandleInterval = DAILY,
        regular_hours_only: bool = True,
    ) -> AsyncGenerator[CandleOutcome, None]:
        """
        Fetch the candles of each symbol from its first day on, up to now; symbols come as they are completed.

        Every symbol is yielded exactly once. While the consumer is behind, the socket is not read. Leaving
        the iteration early closes the connection; ``contextlib.aclosing`` around it does that at once.

        Parameters
        ----------
        symbols
            Streamer spellings, as the service gives them; repeated ones count once.
        since
            First day wanted, UTC: one for all, or each symbol's own, which must then have one.
        interval
            Length of a candle.
        regular_hours_only
            Whether trades outside the regular session are left out of the candles.

        Yields
        ------
        tuple
            The symbol, and ``Ok`` with its columns (none, if the service has none), or ``Err`` with
            ``IncompleteDataError`` (silent too long, or cut short), ``DecodeError`` (candles that are none),
            ``ApiError`` (subscription refused), ``UnknownSymbolError`` (no streamer symbol), ``AuthError``
            (token refused) or ``TransportError`` (connection lost too often).

        Raises
        ------
        ValueError
            For a symbol that ``since`` has no day for, before anything is asked for.
        """
        plan = CandleHistory(
            symbols,
            since=since,
            interval=interval,
            regular_hours_only=regular_hours_only,
            policy=self._policy,
            statistics=self.statistics,
        )
        for unusable in plan.unusable:
            yield unusable
        if not len(plan):
            return
        handoff = Handoff(self._policy.outcomes_ahead)
        run = self._tasks.spawn("candle history", self._work_off(plan, handoff))
        self._runs.add(run)
        try:
            while (outcome := await handoff.take()) is not None:
                yield outcome
        finally:
            run.cancel()
            await asyncio.wait([run])
            self._runs.discard(run)
        trouble = TransportError("the candle feed was closed") if run.cancelled() else run.result()
        if trouble is not None:
            for outcome in plan.abandon(trouble):
                yield outcome

    async def aclose(self) -> None:
        """End what is under way; its remaining symbols become errors."""
        runs = tuple(self._runs)
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def _work_off(self, plan: CandleHistory, handoff: Handoff) -> TTError | None:
        """Connect, as often as it makes sense, until nothing is owed; give what kept it from that."""
        pauses = Pauses(
            self._policy.shortest_pause_seconds, self._policy.longest_pause_seconds, random=self._random
        )
        refusals = 0  # in a row
        try:
            while True:
                progress = plan.progress
                async with self._connections:
                    trouble = await self._converse(plan, handoff)
                if trouble is None:
                    return None
                self.statistics.lost_connections += 1
                if plan.progress > progress:
                    pauses.reset()
                    refusals = 0
                seconds = pauses.after_failure(trouble)
                refusals = refusals + 1 if isinstance(trouble, AuthError) else 0
                # A second fresh token refused is no accident: asking on would only look like an attack.
                tries = self._policy.connection_tries
                if not trouble.retryable or pauses.failures >= tries or refusals > 1:
                    return _final(trouble, pauses.failures)
                logger.bind(
                    code=trouble.code,
                    reason=trouble.message,
                    failures=pauses.failures,
                    symbols_left=len(plan),
                    pause_seconds=round(seconds, 3),
                ).warning("candle feed lost")
                await self._clock.sleep(seconds)
        finally:
            handoff.close()

    async def _converse(self, plan: CandleHistory, handoff: Handoff) -> TTError | None:
        """Give what ended the connection before its time, or nothing."""
        trouble: TTError | None = None
        self.statistics.connections += 1
        try:
            token = await self._tokens.issue()
            policy, agent = self._policy, self._user_agent
            async with open_socket(token.dxlink_url, user_agent=agent, policy=policy) as socket:
                now = self._clock.monotonic()
                conversation = CandleConversation(
                    socket=socket,
                    protocol=DxLinkProtocol(token.token, agent=agent, policy=policy, now=now),
                    history=plan,
                    handoff=handoff,
                    clock=self._clock,
                    policy=policy,
                    statistics=self.statistics,
                )
                await conversation.run()
        except TTError as error:
            # The frames of a socket hold what was said on it, the token included.
            trouble = without_frames(error)
        return trouble


def _final(trouble: TTError, failures: int) -> TTError:
    """Say how often a lost connection was tried; anything else speaks for itself."""
    if not isinstance(trouble, TransportError):
        return trouble
    final = TransportError(
        f"the candle feed was lost {failures} times in a row; the last time: {trouble.message}",
        hint="the service may be in trouble; try again later",
    )
    final.__cause__ = trouble
    return final
