# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbol lists of the account: a watchlist, or what is held, as a universe of their own."""

from __future__ import annotations

import difflib
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from ttapi_core.errors import DataError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.symbols import parse_symbol
from ttapi_onboarding.figures import counted
from ttapi_onboarding.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from ttapi_client import TTClient
    from ttapi_core.accounts import Position
    from ttapi_core.settings import Settings
    from ttapi_core.watchlists import Watchlist

T = TypeVar("T")

COLLECTED_TYPES: Final = frozenset({InstrumentType.EQUITY, InstrumentType.INDEX})
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolList:
    """Symbols that can be collected, in ascending order, and how many others there were."""

    origin: str  # where they are from, in words, on one line
    symbols: tuple[str, ...]
    left_out: int

    def text(self, at: datetime) -> str:
        """A universe file: a comment that says from where and when, then a symbol a line."""
        heading = f"# The symbols of {self.origin}, as they were on {at:%Y-%m-%d at %H:%M} UTC."
        note = "# Written by `ttapi init`; blank lines and what follows a # do not count."
        return "\n".join([heading, note, *self.symbols, ""])


def watchlists(settings: Settings) -> tuple[Watchlist, ...]:
    """
    The lists of the account.

    Raises
    ------
    TTError
        When the service cannot be asked.
    """
    return _asked(settings, lambda client: client.watchlists.mine())


def of_watchlist(found: Sequence[Watchlist], name: str) -> SymbolList:
    """
    The symbols of the list of that name.

    Raises
    ------
    DataError
        When there is none, or nothing in it that can be collected.
    """
    for each in found:
        if each.name == name:
            symbols = (
                entry.symbol if (entry.instrument_type or InstrumentType.EQUITY) in COLLECTED_TYPES else None
                for entry in each.entries
            )
            return _checked(f"the watchlist {shown_name(name)!r}", symbols)
    names = [each.name for each in found]
    near = difflib.get_close_matches(name, names, n=1) or names[:5]
    hint = f"there is {', '.join(repr(shown_name(each)) for each in near)}" if near else None
    raise DataError(f"the account has no watchlist {shown_name(name)!r}", hint=hint)


def of_positions(settings: Settings) -> SymbolList:
    """
    The shares and indexes that are held, and those that options are held on.

    Raises
    ------
    DataError
        When there is none of them.
    TTError
        When the service cannot be asked.
    """

    async def ask(client: TTClient) -> list[Position]:
        accounts = await client.accounts.list()
        return [
            position
            for account in accounts
            if not account.is_closed
            for position in await client.accounts.positions(account.account_number)
        ]

    return _checked("your positions", (_collected_symbol(each) for each in _asked(settings, ask)))


def shown_name(name: str) -> str:
    """A name of somebody's choice, for a line of a terminal or a comment."""
    text = one_line(name)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _collected_symbol(position: Position) -> str | None:
    if position.instrument_type in COLLECTED_TYPES:
        return position.symbol
    return position.underlying_symbol if position.instrument_type is InstrumentType.EQUITY_OPTION else None


def _checked(origin: str, symbols: Iterable[str | None]) -> SymbolList:
    kept: set[str] = set()
    left_out = 0
    for symbol in symbols:
        try:
            kept.add(parse_symbol(symbol or ""))
        except UnknownSymbolError:
            left_out += 1
    if not kept:
        rest = f"; {counted(left_out, 'other instrument')} cannot be collected" if left_out else ""
        raise DataError(f"no share and no index in {origin}{rest}", hint="choose another universe")
    return SymbolList(origin=origin, symbols=tuple(sorted(kept)), left_out=left_out)


def _asked(settings: Settings, question: Callable[[TTClient], Coroutine[object, object, T]]) -> T:
    """What a client answers that leaves nothing on disk; for a sandbox that is not named, one is started."""
    from ttapi_client import TTClient
    from ttapi_client.sandbox import SandboxProcess
    from ttapi_onboarding import signals

    async def answer() -> T:
        async with AsyncExitStack() as opened:
            address = settings.api_url
            if settings.environment.is_local and address is None:
                address = (await opened.enter_async_context(SandboxProcess())).url
            client = await opened.enter_async_context(TTClient(replace(settings, api_url=address)))
            return await question(client)

    return signals.run(answer())
