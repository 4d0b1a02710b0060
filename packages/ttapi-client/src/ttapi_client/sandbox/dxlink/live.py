# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What one connection is sent after the first data: whatever has changed, as the market's clock moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.sandbox.dxlink.first_data import event_frames

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from ttapi_client.sandbox.dxlink.channel import Subscription
    from ttapi_client.sandbox.dxlink.layout import Layout
    from ttapi_client.sandbox.dxlink.series import Row, Series
    from ttapi_client.sandbox.world.market import Market
    from ttapi_core.clock import Clock

_SHORTEST_NAP_SECONDS: Final = 0.1
_LONGEST_NAP_SECONDS: Final = 1.0  # a new channel may want its data sooner than those there are
_AT_ONCE: Final = 50  # subscriptions that are looked at before others have their turn


@attrs.define
class _Pace:
    """When a channel was sent its news."""

    period_seconds: float
    sent_at: float  # by the server's monotonic clock
    market_second: int | None = None


class LiveFeed:
    """
    All subscriptions of a connection that have had their first data.

    Parameters
    ----------
    clock
        The server's, by which aggregation periods are counted.
    market
        Whose clock moves prices; nothing changes within one second of it.
    """

    def __init__(self, clock: Clock, market: Market) -> None:
        self._clock = clock
        self._market = market
        self._live: list[tuple[Subscription, Series]] = []
        self._paces: dict[int, _Pace] = {}

    @property
    def nap_seconds(self) -> float:
        """How long nothing is due, unless somebody moves the market's clock by hand."""
        periods = [pace.period_seconds for pace in self._paces.values()] if self._live else []
        return max(_SHORTEST_NAP_SECONDS, min([*periods, _LONGEST_NAP_SECONDS]))

    def add(self, subscription: Subscription, series: Series) -> None:
        """Send its news from now on, until it is over."""
        self._live.append((subscription, series))

    def configure(self, config: Mapping[str, object]) -> None:
        """From here on the client goes by this FEED_CONFIG: so do all news."""
        channel = cast("int", config["channel"])
        period = cast("float", config["aggregationPeriod"])
        if channel in self._paces:
            self._paces[channel].period_seconds = period
        else:
            self._paces[channel] = _Pace(period, self._clock.monotonic())
        fields = cast("Mapping[str, tuple[str, ...]]", config.get("eventFields", {}))
        for subscription, _ in self._live:
            layout = subscription.layout
            if layout.channel == channel:
                subscription.layout = attrs.evolve(
                    layout,
                    is_compact=config["dataFormat"] == "COMPACT",
                    fields=fields.get(layout.event_type, layout.fields),
                )

    async def frames(self, *, is_touched: bool) -> AsyncIterator[bytes]:
        """The news of the channels that are due; of all of them when the market was moved by hand."""
        self._live = [one for one in self._live if not one[0].is_over()]
        due = self._due(is_touched=is_touched)
        if not due:
            return
        news: dict[Layout, list[Row]] = {}
        for number, (subscription, series) in enumerate(self._live):
            if number % _AT_ONCE == _AT_ONCE - 1:
                await self._clock.sleep(0)
            if subscription.layout.channel in due and not subscription.is_over():
                rows = await series.news()
                if rows:
                    news.setdefault(subscription.layout, []).extend(rows)
        for layout, rows in news.items():
            for frame, _ in event_frames(layout, rows):
                yield frame

    def _due(self, *, is_touched: bool) -> set[int]:
        now, second = self._clock.monotonic(), int(self._market.now().timestamp())
        due: set[int] = set()
        for channel, pace in self._paces.items():
            if pace.market_second != second and (is_touched or now - pace.sent_at >= pace.period_seconds):
                pace.sent_at, pace.market_second = now, second
                due.add(channel)
        return due
