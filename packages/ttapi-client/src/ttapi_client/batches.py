# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Batches: many symbols in few requests, where what goes wrong with one costs no other its answer."""

from __future__ import annotations

from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from ttapi_client.side_by_side import side_by_side
from ttapi_core.errors import RejectedError, TTError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence

# The service's own limit for quotes, all types together (API facts 5.1); for metrics it names none.
SYMBOLS_A_REQUEST: Final = 100
# Requests that a refused batch may cost in addition: to find any two culprits among a hundred takes 26. A
# service that refuses whatever it is asked is not asked for each symbol alone.
MOST_PARTS: Final = 26
_MALFORMED: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.UNPROCESSABLE_ENTITY}
)

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")


async def in_batches(
    wanted: Sequence[K], ask: Callable[[Sequence[K]], Awaitable[dict[K, Outcome[T]]]]
) -> dict[K, Outcome[T]]:
    """
    An outcome for each thing wanted, from as few requests as the service allows, side by side.

    A request that is refused as malformed is halved until what it is refused for stands alone. One that fails
    otherwise is an ``Err`` for all that was asked with it: trouble of the service is no symbol's fault.

    Parameters
    ----------
    wanted
        Each thing once.
    ask
        Makes one request, and gives an outcome for each thing that it is given.
    """
    batches = (
        wanted[start : start + SYMBOLS_A_REQUEST] for start in range(0, len(wanted), SYMBOLS_A_REQUEST)
    )
    answers = await side_by_side(_batch(batch, ask) for batch in batches)
    return {each: outcome for answer in answers for each, outcome in answer.items()}


def spelled(symbols: Iterable[str]) -> dict[str, Outcome[str]]:
    """
    Each symbol as the service spells it, or why it cannot be one.

    A comma would ask for two symbols, and text that cannot be sent would cost its whole batch.

    Raises
    ------
    TypeError
        For one text instead of several.
    """
    if isinstance(symbols, str):
        raise TypeError(f"give symbols in a list, such as [{symbols[:60]!r}]: a text is one letter each")
    return {symbol: _spelled(symbol) for symbol in symbols}


async def _batch(
    batch: Sequence[K], ask: Callable[[Sequence[K]], Awaitable[dict[K, Outcome[T]]]]
) -> dict[K, Outcome[T]]:
    outcomes: dict[K, Outcome[T]] = {}
    waiting = deque([batch])
    parts_left = MOST_PARTS
    while waiting:
        part = waiting.popleft()
        try:
            outcomes |= await ask(part)
        except TTError as error:
            if len(part) > 1 and parts_left and _may_be_one_symbols_fault(error):
                parts_left -= 2
                middle = len(part) // 2
                waiting += [part[:middle], part[middle:]]
            else:
                outcomes |= dict.fromkeys(part, Err(error))
    return outcomes


def _may_be_one_symbols_fault(error: TTError) -> bool:
    return isinstance(error, RejectedError) and error.status in _MALFORMED


def _spelled(symbol: str) -> Outcome[str]:
    try:
        return Ok(parse_symbol(symbol))
    except UnknownSymbolError as error:
        return Err(error)
