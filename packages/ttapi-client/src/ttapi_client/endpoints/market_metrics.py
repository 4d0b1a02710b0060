# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market metrics: volatility, liquidity and corporate events of symbols (API facts 5.3 and 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.batches import in_batches, spelled
from ttapi_client.decode.by_symbol import said_of
from ttapi_client.decode.market_metrics import decode_dividend, decode_earnings_report, decode_metrics
from ttapi_client.routes import Route
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ttapi_client.requester import Requester
    from ttapi_core.market_metrics import Dividend, EarningsReport, SymbolMetrics

_EVENTS: Final = "/market-metrics/historic-corporate-events"
_HINT: Final = "the service computes none for it, or it is spelled differently"


class MarketMetricsApi:
    """What the service computes of symbols, and what their companies pay and report."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def metrics(self, symbols: Iterable[str]) -> dict[str, Outcome[SymbolMetrics]]:
        """
        The metrics of each symbol, or why there are none; in the order asked for.

        Symbols are asked for a hundred to a request, side by side; how many the service would take is not
        known. One that cannot be a symbol is not sent, one that is left out of the answer is an ``Err`` of
        its own. A request that is refused as malformed is sent again in halves; one that fails otherwise is
        an ``Err`` for each of its symbols.
        """
        spellings = spelled(symbols)
        wanted = dict.fromkeys(each.value for each in spellings.values() if isinstance(each, Ok))
        found = await in_batches(list(wanted), self._ask)
        return {
            symbol: found[each.value] if isinstance(each, Ok) else each for symbol, each in spellings.items()
        }

    async def dividends(self, symbol: str) -> tuple[Dividend, ...]:
        """
        Every dividend of a symbol, newest first; none where there was none.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses.
        """
        route = Route(f"{_EVENTS}/dividends/{{symbol}}", {"symbol": parse_symbol(symbol)})
        answer = await self._requester.get(route)
        return tuple(decode_dividend(item) for item in answer.child("data").items("items"))

    async def earnings(self, symbol: str, start: date, end: date | None = None) -> tuple[EarningsReport, ...]:
        """
        Reports of earnings of a symbol from start to end, both included, oldest first.

        Parameters
        ----------
        symbol
            Of the company.
        start, end
            Dates of the reports, as ``EarningsReport`` counts them; without an end, until now.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses.
        """
        route = Route(f"{_EVENTS}/earnings-reports/{{symbol}}", {"symbol": parse_symbol(symbol)})
        span = {"start-date": start, "end-date": end}
        query = [(name, day.isoformat()) for name, day in span.items() if day is not None]
        answer = await self._requester.get(route, query)
        return tuple(decode_earnings_report(item) for item in answer.child("data").items("items"))

    async def _ask(self, symbols: Sequence[str]) -> dict[str, Outcome[SymbolMetrics]]:
        answer = await self._requester.get(Route("/market-metrics"), [("symbols", ",".join(symbols))])
        said = said_of(symbols, answer.child("data"), decode_metrics)
        return {
            symbol: outcomes[0] if outcomes else Err(said.missing("metrics", symbol, hint=_HINT))
            for symbol, outcomes in said.by_symbol.items()
        }
