# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics, dividends and earnings (API facts 5.3 and 5.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    decimal_text,
    items_response,
    zulu_text,
)
from ttapi_client.sandbox.rest.instruments import borrow_rate, lendability
from ttapi_client.sandbox.rest.parameters import optional_date, required_date, text_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market_metrics import SymbolHistory, SymbolMetrics


class MarketMetricRoutes:
    """``/market-metrics`` and what is below it."""

    def __init__(self, world: World) -> None:
        self._market = world.market
        self._metrics = world.metrics

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        events = "/market-metrics/historic-corporate-events"
        return [
            web.get("/market-metrics", self.metrics),
            # A symbol may hold a bare slash as well as an encoded one.
            web.get(f"{events}/dividends/{{symbol:.+}}", self.dividends),
            web.get(f"{events}/earnings-reports/{{symbol:.+}}", self.earnings),
        ]

    async def metrics(self, request: web.Request) -> web.Response:
        """The metrics of some symbols; an unknown one is left out."""
        symbols = dict.fromkeys(text_list(request, "symbols"))
        if not symbols:
            raise Refusal.invalid(("symbols", "is missing"))
        found = (self._metrics.of(symbol) for symbol in symbols)
        return items_response(request, [_metrics(one) for one in found if one is not None])

    async def dividends(self, request: web.Request) -> web.Response:
        """The dividends whose ex-date has come, newest first."""
        today = self._market.today
        events = [
            {"occurred-date": one.ex_date.isoformat(), "amount": decimal_text(one.amount)}
            for one in reversed(self._market.actions(self._symbol(request)).dividends)
            if one.ex_date <= today
        ]
        return items_response(request, events)

    async def earnings(self, request: web.Request) -> web.Response:
        """
        The results reported for the quarters that end within a span, oldest first.

        An event's date is its quarter's end, as in a recorded answer; documents say the announcement.
        """
        start = required_date(request, "start-date")
        end = optional_date(request, "end-date") or self._market.today
        today = self._market.today
        events = [
            {"occurred-date": one.quarter_end_date.isoformat(), "eps": decimal_text(one.eps)}
            for one in self._market.actions(self._symbol(request)).earnings
            if start <= one.quarter_end_date <= end and one.report_date <= today
        ]
        return items_response(request, events)

    def _symbol(self, request: web.Request) -> str:
        symbol = request.match_info["symbol"]
        if self._market.listing(symbol) is None:
            raise Refusal.unknown(f"symbol {symbol[:40]}")
        return symbol


def _metrics(one: SymbolMetrics) -> dict[str, object]:
    history, listing = one.history, one.listing
    updated_at = zulu_text(one.quote.updated_at)
    finished_at = zulu_text(_midnight(history.days))
    return {
        "symbol": listing.symbol,
        "updated-at": updated_at,
        # The one decimal that is a JSON number; a known client cannot live without it.
        "market-cap": one.market_cap or 0,
        **_volatilities(one),
        "liquidity-rating": one.liquidity_rating,
        **_texts(
            {
                "liquidity-value": one.dollar_volume / 1e6,
                "liquidity-rank": one.liquidity_rank,
                "beta": history.beta,
                "corr-spy-3month": history.correlation,
                "price-earnings-ratio": one.price_earnings_ratio,
                "earnings-per-share": history.yearly_eps,
            }
        ),
        "liquidity-running-state": {
            "sum": decimal_text(round(sum(history.dollar_volumes), 2)),
            "count": len(history.dollar_volumes),
            "started-at": zulu_text(_midnight(history.first_liquid_day)),
            "updated-at": finished_at,
        },
        **({} if history.beta is None else {"beta-updated-at": finished_at}),
        **_dividends(one),
        **_earnings(history),
        **_listing(listing),
    }


def _volatilities(one: SymbolMetrics) -> dict[str, object]:
    days_30, days_60, days_90 = (None if value is None else value * 100 for value in one.history.volatilities)
    implied = one.implied_volatility
    index = None if implied is None else implied * 100
    answer = _texts(
        {
            "historical-volatility-30-day": days_30,
            "historical-volatility-60-day": days_60,
            "historical-volatility-90-day": days_90,
            "implied-volatility-index": implied,
            "implied-volatility-30-day": index,
            "iv-hv-30-day-difference": None if index is None or days_30 is None else index - days_30,
        }
    )
    if implied is None:
        return answer
    rank = one.implied_volatility_rank
    answer |= _texts(
        {
            "implied-volatility-index-5-day-change": one.five_day_change,
            "implied-volatility-index-rank": rank,
            "tw-implied-volatility-index-rank": rank,
            "tos-implied-volatility-index-rank": rank,
            "implied-volatility-percentile": one.implied_volatility_percentile,
        }
    )
    if rank is not None:
        answer["implied-volatility-index-rank-source"] = "tos"
    return answer | {
        "implied-volatility-updated-at": zulu_text(one.quote.updated_at),
        "option-expiration-implied-volatilities": [
            {
                "expiration-date": expiration.date.isoformat(),
                "option-chain-type": "Standard",
                "settlement-type": expiration.settlement_type,
                "implied-volatility": decimal_text(round(volatility, 9)),
            }
            for _, expiration, volatility in one.expirations
        ],
    }


def _dividends(one: SymbolMetrics) -> dict[str, object]:
    history = one.history
    answer: dict[str, object] = {}
    if history.next_dividend is not None:
        answer["dividend-next-date"] = history.next_dividend.ex_date.isoformat()
    if history.yearly_dividends:
        answer |= _texts(
            {
                "dividend-rate-per-share": history.yearly_dividends[-1].amount,
                "annual-dividend-per-share": sum(paid.amount for paid in history.yearly_dividends),
                "dividend-yield": one.dividend_yield,
            }
        )
    # The last one of all, however long ago: who has stopped paying has paid.
    for last in history.dividends[-1:]:
        answer["dividend-ex-date"] = last.ex_date.isoformat()
        answer["dividend-updated-at"] = zulu_text(_midnight(last.ex_date))
        if last.pay_date is not None:
            answer["dividend-pay-date"] = last.pay_date.isoformat()
    return answer


def _earnings(history: SymbolHistory) -> dict[str, object]:
    expected, reported = history.next_earnings, history.earnings[-1:]
    if expected is None and not reported:
        return {}
    earnings: dict[str, object] = {
        "visible": True,
        "estimated": expected is not None,
        "late-flag": 0,
        "updated-at": zulu_text(_midnight(history.today)),
    }
    if expected is not None:
        earnings["expected-report-date"] = expected.report_date.isoformat()
        earnings["consensus-estimate"] = decimal_text(expected.eps)
    for last in reported:
        earnings.setdefault("expected-report-date", last.report_date.isoformat())
        earnings["quarter-end-date"] = last.quarter_end_date.isoformat()
        earnings["actual-eps"] = decimal_text(last.eps)
    return {"earnings": earnings}


def _listing(listing: Listing) -> dict[str, object]:
    fields = {
        "listed-market": listing.listed_market or None,
        "lendability": lendability(listing),
        "borrow-rate": borrow_rate(listing),
    }
    return {name: text for name, text in fields.items() if text is not None}


def _texts(known: Mapping[str, float | None]) -> dict[str, object]:
    return {key: decimal_text(round(value, 9)) for key, value in known.items() if value is not None}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
