# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market data: quotes, a hundred symbols to a request (API facts 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.decode.quotes import decode_quote
from ttapi_client.routes import Route
from ttapi_client.side_by_side import side_by_side
from ttapi_core.errors import DecodeError, TTError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.requester import Requester
    from ttapi_core.clock import Clock
    from ttapi_core.quotes import Quote

SYMBOLS_A_REQUEST: Final = 100


class MarketDataApi:
    """What the market says now."""

    def __init__(self, requester: Requester, *, clock: Clock) -> None:
        self._requester = requester
        self._clock = clock

    async def quotes(self, symbols: Sequence[str]) -> dict[str, Outcome[Quote]]:
        """
        A quote for each equity, or why there is none; in the order asked for.

        Symbols are asked for in as few requests as the service allows, side by side. One that cannot be a
        symbol is not sent, one that the service leaves out of its answer is an ``Err`` of its own; a request
        that fails is an ``Err`` for each of its symbols.
        """
        spelled = {symbol: _spelled(symbol) for symbol in symbols}
        wanted = list(dict.fromkeys(each.value for each in spelled.values() if isinstance(each, Ok)))
        batches = [
            wanted[start : start + SYMBOLS_A_REQUEST] for start in range(0, len(wanted), SYMBOLS_A_REQUEST)
        ]
        answers = await side_by_side(self._batch(batch) for batch in batches)
        found = {symbol: outcome for answer in answers for symbol, outcome in answer.items()}
        return {
            symbol: found[each.value] if isinstance(each, Ok) else each for symbol, each in spelled.items()
        }

    async def _batch(self, symbols: Sequence[str]) -> dict[str, Outcome[Quote]]:
        route = Route("/market-data/by-type")
        try:
            answer = await self._requester.get(route, [("equity", symbol) for symbol in symbols])
            items = list(answer.child("data").items("items"))
        except TTError as error:
            return dict.fromkeys(symbols, Err(error))
        received_at = self._clock.now()
        outcomes: dict[str, Outcome[Quote]] = {symbol: Err(_not_answered(symbol)) for symbol in symbols}
        for item in items:
            try:
                quote = decode_quote(item, received_at=received_at)
            except DecodeError as error:
                # One bad item must not cost the others; without a symbol its own stays "not answered".
                outcomes |= {symbol: Err(error) for symbol in symbols if item.holds("symbol", symbol)}
            else:
                if quote.symbol in outcomes:
                    outcomes[quote.symbol] = Ok(quote)
        return outcomes


def _spelled(symbol: str) -> Outcome[str]:
    # A comma would ask for two symbols, and text that cannot be sent would cost its whole batch.
    try:
        return Ok(parse_symbol(symbol))
    except UnknownSymbolError as error:
        return Err(error)


def _not_answered(symbol: str) -> UnknownSymbolError:
    return UnknownSymbolError(
        f"the service has no quote for {symbol}", hint="it may be spelled differently, or no longer be listed"
    )
