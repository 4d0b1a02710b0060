# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a subscribed symbol stands for: an option, a listing, or one of the other instruments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.profile_facts import ProfileFacts, facts_of_listing, facts_of_option
from ttapi_client.sandbox.dxlink.view import View, view_of_market, view_of_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.market import Bars, DailyCandles

# A regional symbol; there is one exchange here, so it is the same as the composite one (API facts 7.4).
_REGION: Final = re.compile(r"&[A-Z]$", re.ASCII)


class Subject:
    """
    One instrument as the feed sees it.

    Views are kept for as long as the market's second lasts: between two instants of one second nothing moves.

    Parameters
    ----------
    look
        How it stands now or at an earlier instant of today.
    daily
        Its daily candles at or after a time in milliseconds.
    facts
        What is known of it for longer than a day.
    bars
        Of which symbol the market makes bars within a session that are those of this instrument.
    """

    def __init__(
        self,
        world: World,
        *,
        look: Callable[[datetime | None], View | None],
        daily: Callable[[int], DailyCandles | None],
        facts: Callable[[], ProfileFacts],
        bars_symbol: str | None = None,
    ) -> None:
        self.world = world
        self._look = look
        self.daily = daily
        self._make_facts = facts
        self.bars_symbol = bars_symbol
        self._viewed_at = -1
        self._view: View | None = None
        self._facts: tuple[tuple[date, date], ProfileFacts] | None = None

    def view(self, at: datetime | None = None) -> View | None:
        """How it stands now, or at an earlier instant of today; None when it does not trade."""
        if at is not None:
            return self._look(at)
        second = int(self.world.market.now().timestamp())
        if second != self._viewed_at:
            self._viewed_at, self._view = second, self._look(None)
        return self._view

    def facts(self) -> ProfileFacts:
        """What is known of it for longer than a day; it changes with the date, or when a day is over."""
        market = self.world.market
        days = market.today, market.last_date
        if self._facts is None or self._facts[0] != days:
            self._facts = days, self._make_facts()
        return self._facts[1]

    def bars(self, day: date, width_seconds: int, *, start: int = 0, stop: int | None = None) -> Bars | None:
        """The bars of one session, as the market makes them."""
        if self.bars_symbol is None:
            return None
        return self.world.market.bars(self.bars_symbol, day, width_seconds, start=start, stop=stop)


class SubjectFinder:
    """Finds out what symbols stand for, and remembers it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._found: dict[str, Subject] = {}

    def find(self, symbol: str) -> Subject | None:
        """The instrument of a symbol; None for one that is unknown, at least for now."""
        name = _REGION.sub("", symbol)
        subject = self._found.get(name)
        if subject is None:
            subject = self._option(name) or self._listing(name) or self._other(name)
            if subject is not None:
                self._found[name] = subject
        return subject

    def _option(self, symbol: str) -> Subject | None:
        options = self._world.options
        contract = options.contract_by_streamer(symbol) if symbol.startswith(".") else None
        if contract is None:
            return None

        def look(at: datetime | None) -> View | None:
            quote = options.quote(contract, at)
            return None if quote is None else view_of_option(quote)

        return Subject(
            self._world,
            look=look,
            daily=lambda from_time: options.candles(contract, from_time),
            facts=lambda: facts_of_option(self._world, contract),
        )

    def _listing(self, symbol: str) -> Subject | None:
        market = self._world.market
        if market.listing(symbol) is None:
            return None

        def look(at: datetime | None) -> View | None:
            quote = market.quote(symbol, at)
            return None if quote is None else view_of_market(quote)

        return Subject(
            self._world,
            look=look,
            daily=lambda from_time: market.candles(symbol, from_time),
            facts=lambda: facts_of_listing(self._world, symbol),
            bars_symbol=symbol,
        )

    def _other(self, symbol: str) -> Subject | None:
        others = self._world.others
        instrument = others.by_streamer_symbol(symbol)
        if instrument is None:
            return None

        def look(at: datetime | None) -> View | None:
            quote = others.quote(instrument, at)
            return None if quote is None else view_of_market(quote)

        return Subject(
            self._world,
            look=look,
            daily=lambda from_time: others.candles(instrument, from_time),
            facts=lambda: ProfileFacts(description=instrument.description),
        )
