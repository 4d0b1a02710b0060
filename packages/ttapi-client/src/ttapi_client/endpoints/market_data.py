# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market data: quotes, a hundred symbols to a request or one alone (API facts 5.1 and 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ttapi_client.batches import in_batches, spelled
from ttapi_client.decode.by_symbol import said_of
from ttapi_client.decode.quotes import decode_quote
from ttapi_client.routes import Route
from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ttapi_client.decode.by_symbol import Said
    from ttapi_client.requester import Requester
    from ttapi_core.clock import Clock
    from ttapi_core.quotes import Quote

_Wanted: TypeAlias = tuple[InstrumentType, str]

_PARAMETERS: Final = {
    InstrumentType.INDEX: "index",
    InstrumentType.EQUITY: "equity",
    InstrumentType.EQUITY_OPTION: "equity-option",
    InstrumentType.FUTURE: "future",
    InstrumentType.FUTURE_OPTION: "future-option",
    InstrumentType.CRYPTOCURRENCY: "cryptocurrency",
}
_HINTS: Final = {
    InstrumentType.EQUITY: "it may be an index, which is asked for as InstrumentType.INDEX, or not be listed",
    InstrumentType.EQUITY_OPTION: "an option is asked for by its 21 characters: 'AAPL  261218C00200000'",
}
_HINT: Final = "it may be of another type, spelled differently, or no longer be listed"


class MarketDataApi:
    """What the market says now."""

    def __init__(self, requester: Requester, *, clock: Clock) -> None:
        self._requester = requester
        self._clock = clock

    async def quotes(
        self, symbols: Iterable[str], *, instrument_type: InstrumentType = InstrumentType.EQUITY
    ) -> dict[str, Outcome[Quote]]:
        """
        A quote for each symbol of one type, or why there is none; in the order asked for.

        As ``quotes_by_type``. An index asked for as an equity is left out by the service or answered, as it
        likes; no other type is tried than the one given.
        """
        return await self.quotes_by_type({instrument_type: symbols})

    async def quotes_by_type(
        self, symbols: Mapping[InstrumentType, Iterable[str]]
    ) -> dict[str, Outcome[Quote]]:
        """
        A quote for each symbol of several types, or why there is none; in the order asked for.

        Symbols are asked for in as few requests as the service allows, side by side, types mixed. One that
        cannot be a symbol is not sent, and one that the service leaves out of its answer is an ``Err`` of its
        own. A request that is refused as malformed is sent again in halves, until the symbol that it is
        refused for stands alone; one that fails otherwise is an ``Err`` for each of its symbols.

        A quote may be of another type than was asked for: it says itself of which. A symbol that is given
        under several types is asked for under each, and the first type with a quote counts.

        Raises
        ------
        ValueError
            For a type that the service has no quotes of.
        TypeError
            For one text instead of a list of symbols.
        """
        asked: dict[str, list[Outcome[_Wanted]]] = {}
        for instrument_type, given in symbols.items():
            if instrument_type not in _PARAMETERS:
                raise ValueError(f"there are no quotes of {instrument_type}, but of {', '.join(_PARAMETERS)}")
            for symbol, spelling in spelled(given).items():
                wanted = Ok((instrument_type, spelling.value)) if isinstance(spelling, Ok) else spelling
                asked.setdefault(symbol, []).append(wanted)
        each_once = dict.fromkeys(
            each.value for wanted in asked.values() for each in wanted if isinstance(each, Ok)
        )
        found = await in_batches(list(each_once), self._ask)
        return {
            symbol: _first([found[each.value] if isinstance(each, Ok) else each for each in wanted])
            for symbol, wanted in asked.items()
        }

    async def quote(self, symbol: str, instrument_type: InstrumentType = InstrumentType.EQUITY) -> Quote:
        """
        The quote of one symbol, by a route of its own; ``quotes`` is the better known one.

        Raises
        ------
        NotFoundError
            When the service knows no such symbol of that type.
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses.
        """
        values = {"instrument_type": instrument_type.value, "symbol": parse_symbol(symbol)}
        answer = await self._requester.get(Route("/market-data/{instrument_type}/{symbol}", values))
        return decode_quote(answer.child("data"), received_at=self._clock.now())

    async def _ask(self, wanted: Sequence[_Wanted]) -> dict[_Wanted, Outcome[Quote]]:
        query = [(_PARAMETERS[instrument_type], symbol) for instrument_type, symbol in wanted]
        answer = await self._requester.get(Route("/market-data/by-type"), query)
        received_at = self._clock.now()
        said = said_of(
            (symbol for _, symbol in wanted),
            answer.child("data"),
            lambda fields: decode_quote(fields, received_at=received_at),
        )
        return {each: _of(each, said) for each in wanted}


def _of(wanted: _Wanted, said: Said[Quote]) -> Outcome[Quote]:
    instrument_type, symbol = wanted
    outcomes = said.by_symbol[symbol]
    of_type = [
        each for each in outcomes if isinstance(each, Ok) and each.value.instrument_type is instrument_type
    ]
    if of_type or outcomes:
        return _first(of_type or outcomes)
    return Err(said.missing("quote", symbol, hint=_HINTS.get(instrument_type, _HINT)))


def _first(outcomes: Sequence[Outcome[Quote]]) -> Outcome[Quote]:
    """The first that went well, or else the first error."""
    return next((each for each in outcomes if isinstance(each, Ok)), outcomes[0])
