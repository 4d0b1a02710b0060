# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Listing: instruments as a list, page by page, or one outcome for each symbol."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from ttapi_client.batches import SYMBOLS_A_REQUEST, in_batches
from ttapi_client.decode.by_symbol import said_of
from ttapi_client.pages import items_of_all_pages
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence

    from ttapi_client.decode.fields import Fields
    from ttapi_client.requester import Requester
    from ttapi_client.routes import Route


class _Instrument(Protocol):
    @property
    def symbol(self) -> str: ...


Query: TypeAlias = tuple[tuple[str, str], ...]

T = TypeVar("T")
V = TypeVar("V", bound=_Instrument)

# Gateways take 8 kB for a path with its query. An option on a future needs 45 bytes, so that as many symbols
# as in a batch of quotes need 5 kB; were it still too long, a batch by symbol is halved.
_SYMBOLS_A_REQUEST: Final = SYMBOLS_A_REQUEST


class InstrumentArea:
    """A part of the instruments, which asks through the client's requester."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester


def list_query(name: str, values: Iterable[str] | None) -> Query:
    """
    A list in a query, by repetition: no separator is safe in a symbol (API facts 9.3).

    Raises
    ------
    UnknownSymbolError
        For the first value that cannot be a symbol or a code.
    TypeError
        For one text instead of several.

    Examples
    --------
    >>> list_query("symbol[]", ["brk/b", "AAPL", "BRK/B"])
    (('symbol[]', 'BRK/B'), ('symbol[]', 'AAPL'))
    """
    if isinstance(values, str):
        raise TypeError(f"give several in a list, such as [{values[:60]!r}]: a text is one letter each")
    return tuple((name, value) for value in dict.fromkeys(map(parse_symbol, values or ())))


async def items_of(
    requester: Requester, route: Route, decode: Callable[[Fields], T], query: Query = ()
) -> tuple[T, ...]:
    """
    A list that the service does not page.

    Raises
    ------
    ApiError
        When it cannot be asked for, or when one of its items cannot be read.
    """
    answer = await requester.get(route, query)
    return tuple(decode(item) for item in answer.child("data").items("items"))


async def pages_of(
    requester: Requester,
    route: Route,
    decode: Callable[[Fields], T],
    *,
    per_page: int,
    query: Query = (),
    symbols: Iterable[str] | None = None,
) -> AsyncGenerator[T, None]:
    """
    A list that the service pages; a page is fetched when the one before it has been used up.

    Parameters
    ----------
    requester, route, query
        Whom to ask for what.
    decode
        Makes a value of an item.
    per_page
        How many items a page shall have.
    symbols
        Nothing but these, a batch after the other; those that the service does not know are left out.
        ``None`` is all there are, an empty list is none.

    Raises
    ------
    ApiError
        When a page cannot be fetched, or when one of its items cannot be read.
    """
    chosen = list_query("symbol[]", symbols)
    starts = [0] if symbols is None else range(0, len(chosen), _SYMBOLS_A_REQUEST)
    for start in starts:
        part = (*chosen[start : start + _SYMBOLS_A_REQUEST], *query)
        async with aclosing(items_of_all_pages(requester, route, per_page=per_page, query=part)) as items:
            async for item in items:
                yield decode(item)


async def outcomes_of(
    requester: Requester,
    route: Route,
    decode: Callable[[Fields], V],
    spelt: Mapping[str, Outcome[str]],
    *,
    what: str,
    hint: str,
    query: Query = (),
) -> dict[str, Outcome[V]]:
    """
    One outcome for each symbol, in the order asked for, from as few requests as can be, side by side.

    Parameters
    ----------
    requester, route, query
        Whom to ask for what.
    decode
        Makes a value of an item.
    spelt
        Each symbol as the caller spells it, and how the service does, or why it cannot be one.
    what, hint
        For the error of a symbol that is left out of the answer.
    """

    async def ask(batch: Sequence[str]) -> dict[str, Outcome[V]]:
        answer = await requester.get(route, (*list_query("symbol[]", batch), *query))
        said = said_of(batch, answer.child("data"), decode)
        return {
            symbol: found[0] if found else Err(said.missing(what, symbol, hint=hint))
            for symbol, found in said.by_symbol.items()
        }

    wanted = dict.fromkeys(each.value for each in spelt.values() if isinstance(each, Ok))
    found = await in_batches(list(wanted), ask)
    return {symbol: found[each.value] if isinstance(each, Ok) else each for symbol, each in spelt.items()}
