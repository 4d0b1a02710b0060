# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Answers by symbol: whose each item of a list is, where the service keeps no order and leaves items out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import attrs

from ttapi_core.errors import DecodeError, TTError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ttapi_client.decode.fields import Fields


class _OfSymbol(Protocol):
    @property
    def symbol(self) -> str: ...


V = TypeVar("V", bound=_OfSymbol)


@attrs.frozen
class Said(Generic[V]):
    """What an answer says of each symbol, and the errors of items of which nobody can say whose they are."""

    by_symbol: Mapping[str, Sequence[Outcome[V]]]
    unread: Sequence[TTError]

    def missing(self, what: str, symbol: str, *, hint: str) -> UnknownSymbolError:
        """The error of a symbol of which the answer says nothing."""
        if self.unread:
            hint = f"{len(self.unread)} items of the answer could not be read, such as {self.unread[0]}"
        return UnknownSymbolError(f"the service's answer has no {what} for {symbol}", hint=hint)


def said_of(symbols: Iterable[str], data: Fields, decode: Callable[[Fields], V]) -> Said[V]:
    """
    Sort the items of an answer by symbol; those of other symbols are left out.

    Raises
    ------
    DecodeError
        When there is no list of items. One bad item is the error of its own symbol.
    """
    by_symbol: dict[str, list[Outcome[V]]] = {symbol: [] for symbol in symbols}
    unread: list[TTError] = []
    for item in data.outcomes("items"):
        if isinstance(item, Err):
            unread.append(item.error)
            continue
        try:
            value = decode(item.value)
        except DecodeError as error:
            owners = [symbol for symbol in by_symbol if item.value.holds("symbol", symbol)]
            for symbol in owners:
                by_symbol[symbol].append(Err(error))
            if not owners:
                unread.append(error)
        else:
            if value.symbol in by_symbol:
                by_symbol[value.symbol].append(Ok(value))
    return Said(by_symbol, unread)
