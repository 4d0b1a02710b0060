# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Equities and their options, listed and one by one (API facts 4.1 and 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.batches import spelled
from ttapi_client.decode.equity_options import decode_equity_option
from ttapi_client.decode.instruments import decode_equity
from ttapi_client.endpoints.listing import InstrumentArea, outcomes_of, pages_of
from ttapi_client.query_parameters import query_of
from ttapi_client.routes import Route
from ttapi_core.errors import UnknownSymbolError
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import OptionSymbol, parse_symbol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from ttapi_core.equity_options import EquityOption
    from ttapi_core.instruments import Equity

_EQUITIES: Final = "/instruments/equities"
_OPTIONS: Final = "/instruments/equity-options"
_MISSING: Final = "it may be spelled differently, or no longer be listed"
_LEFT_OUT: Final = "it may have expired, or not be as active as was asked for"


class EquitiesApi(InstrumentArea):
    """Shares, funds, indexes, and options on them."""

    def equities(
        self,
        symbols: Iterable[str] | None = None,
        *,
        is_etf: bool | None = None,
        is_index: bool | None = None,
        lendability: str | None = None,
        per_page: int = 1000,
    ) -> AsyncGenerator[Equity, None]:
        """
        Equities, those that no longer trade included; a page is fetched when the one before is used up.

        Parameters
        ----------
        symbols
            Nothing but these, a hundred to a request; what the service does not know it leaves out, which
            ``equities_by_symbol`` would say. ``None`` is all there are: some 25,000.
        is_etf, is_index
            Nothing but these, or nothing but others.
        lendability
            ``Easy To Borrow``, ``Locate Required`` or ``Preborrow``.
        per_page
            1 to 1000.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses, or when an item cannot be read.
        """
        query = query_of({"is-etf": is_etf, "is-index": is_index, "lendability": lendability})
        return pages_of(
            self._requester, Route(_EQUITIES), decode_equity, per_page=per_page, query=query, symbols=symbols
        )

    async def equities_by_symbol(self, symbols: Iterable[str]) -> dict[str, Outcome[Equity]]:
        """
        Each equity, or why there is none; in the order asked for.

        A hundred symbols to a request, side by side. One that cannot be a symbol is not sent, one that the
        service leaves out of its answer is an ``Err`` of its own. A request that is refused as malformed is
        sent again in halves; one that fails otherwise is an ``Err`` for each of its symbols.
        """
        return await outcomes_of(
            self._requester,
            Route(_EQUITIES),
            decode_equity,
            spelled(symbols),
            what="equity",
            hint=_MISSING,
        )

    def active_equities(
        self, *, lendability: str | None = None, per_page: int = 1000
    ) -> AsyncGenerator[Equity, None]:
        """
        Every active equity; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        lendability
            ``Easy To Borrow``, ``Locate Required`` or ``Preborrow``.
        per_page
            1 to 5000.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses, or when an item cannot be read.
        """
        route, query = Route(f"{_EQUITIES}/active"), query_of({"lendability": lendability})
        return pages_of(self._requester, route, decode_equity, per_page=per_page, query=query)

    async def equity(self, symbol: str) -> Equity:
        """
        One equity by its symbol, such as ``BRK/B``.

        Raises
        ------
        NotFoundError
            When the service knows no such symbol.
        ApiError
            When it cannot be asked or refuses.
        """
        answer = await self._requester.get(Route(f"{_EQUITIES}/{{symbol}}", {"symbol": symbol}))
        return decode_equity(answer.child("data"))

    async def equity_option(self, symbol: str) -> EquityOption:
        """
        One option by its 21 characters, such as ``AAPL  261218C00200000``, also one that has ended.

        Raises
        ------
        UnknownSymbolError
            For any other text; a streamer symbol is one.
        NotFoundError
            When the service knows no such option.
        ApiError
            When it cannot be asked or refuses.
        """
        route = Route(f"{_OPTIONS}/{{symbol}}", {"symbol": _option_symbol(symbol)})
        return decode_equity_option((await self._requester.get(route)).child("data"))

    async def equity_options(
        self, symbols: Iterable[str], *, active: bool | None = None, with_expired: bool | None = None
    ) -> dict[str, Outcome[EquityOption]]:
        """
        Each option by its 21 characters, or why there is none; in the order asked for.

        As ``equities_by_symbol``. The service no longer documents this list (API facts 4.2): where it
        refuses, ``option_chains.flat`` has the same objects.

        Parameters
        ----------
        symbols
            Of the options.
        active
            Nothing but active ones, or nothing but others.
        with_expired
            Whether those that have ended are among them; unless told the service leaves them out.
        """
        return await outcomes_of(
            self._requester,
            Route(_OPTIONS),
            decode_equity_option,
            {symbol: _checked(each) for symbol, each in spelled(symbols).items()},
            what="option",
            hint=_LEFT_OUT,
            query=query_of({"active": active, "with-expired": with_expired}),
        )


def _option_symbol(text: str) -> str:
    symbol = parse_symbol(text)
    OptionSymbol.parse(symbol)
    return symbol


def _checked(spelling: Outcome[str]) -> Outcome[str]:
    try:
        return Ok(_option_symbol(spelling.value)) if isinstance(spelling, Ok) else spelling
    except UnknownSymbolError as error:
        return Err(error)
