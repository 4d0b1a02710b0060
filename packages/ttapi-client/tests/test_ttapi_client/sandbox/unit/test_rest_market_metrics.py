# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics, dividends and earnings over REST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.moments import rest_at

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

METRICS = "/market-metrics"
EVENTS = "/market-metrics/historic-corporate-events"
DECIMALS = """
    implied-volatility-index implied-volatility-index-rank tw-implied-volatility-index-rank
    tos-implied-volatility-index-rank implied-volatility-percentile implied-volatility-30-day
    historical-volatility-30-day historical-volatility-60-day historical-volatility-90-day liquidity-value
    liquidity-rank beta corr-spy-3month borrow-rate
"""


async def _one(rest: RestClient, symbol: str) -> dict[str, Any]:
    (item,) = (await rest.get(METRICS, symbols=symbol)).items
    assert isinstance(item, dict)
    return item


@pytest.mark.parametrize(
    "query",
    ["symbols=AAPL,BRK%2FB,NOPE", "symbols=AAPL%2CBRK%2FB", "symbols%5B%5D=AAPL&symbols%5B%5D=BRK/B"],
)
async def test_metrics_come_for_a_list_of_symbols(rest: RestClient, query: str) -> None:
    """Commas encoded or not; an unknown symbol is left out."""
    assert [item["symbol"] for item in (await rest.get(f"{METRICS}?{query}")).items] == ["AAPL", "BRK/B"]


@pytest.mark.parametrize("symbol", ["AAPL", "SPY", "BRK/B"])
async def test_metrics_are_texts_but_for_a_few_numbers(rest: RestClient, symbol: str) -> None:
    """market-cap, the rating and the late flag are numbers (API facts 5.3); nothing is null."""
    item = await _one(rest, symbol)
    for key in DECIMALS.split():
        assert re.fullmatch(r"-?\d+\.\d+", item[key]), (key, item[key])
    assert isinstance(item["market-cap"], int)
    assert item["liquidity-rating"] in {1, 2, 3, 4}
    assert None not in item.values()
    for expiration in item["option-expiration-implied-volatilities"]:
        assert expiration.keys() == {
            "expiration-date",
            "option-chain-type",
            "settlement-type",
            "implied-volatility",
        }


async def test_fractions_and_percentages_are_those_of_the_service(rest: RestClient) -> None:
    """The index is a fraction, the 30-day figures are per cent; their difference adds up."""
    item = await _one(rest, "AAPL")
    index, percent = float(item["implied-volatility-index"]), float(item["implied-volatility-30-day"])
    assert percent == pytest.approx(index * 100, abs=1e-6)
    assert 0.05 < index < 2
    difference = percent - float(item["historical-volatility-30-day"])
    assert float(item["iv-hv-30-day-difference"]) == pytest.approx(difference, abs=1e-6)
    for key in ("implied-volatility-index-rank", "implied-volatility-percentile", "liquidity-rank"):
        assert 0 <= float(item[key]) <= 1


async def test_expirations_are_those_of_the_chain(rest: RestClient) -> None:
    """The same dates and settlements, in the same order."""
    for symbol in ("AAPL", "SPX"):
        item = await _one(rest, symbol)
        roots = (await rest.get(f"/option-chains/{symbol}/nested")).items
        chain = [
            (one["expiration-date"], one["settlement-type"]) for root in roots for one in root["expirations"]
        ]
        assert [
            (one["expiration-date"], one["settlement-type"])
            for one in item["option-expiration-implied-volatilities"]
        ] == chain


async def test_what_a_name_does_not_have_is_left_out(rest: RestClient) -> None:
    """An index has no dividends or earnings; its market capitalization is 0, as the key must be there."""
    item = await _one(rest, "SPX")
    assert item["market-cap"] == 0
    assert not {"earnings", "dividend-yield", "dividend-ex-date", "price-earnings-ratio"} & item.keys()
    found = (await rest.get("/symbols/search/QA")).items
    assert {one["options"] for one in found} == {True, False}
    for one in found:
        assert ("implied-volatility-index" in await _one(rest, one["symbol"])) == one["options"]


async def test_beta_and_dividends_are_those_of_the_quote(rest: RestClient) -> None:
    """The quote repeats them."""
    item = await _one(rest, "KO")
    quote = (await rest.get("/market-data/Equity/KO")).data
    assert float(quote["beta"]) == pytest.approx(float(item["beta"]), abs=1e-6)
    assert float(quote["dividend-amount"]) == pytest.approx(float(item["dividend-rate-per-share"]))
    yearly = float(item["annual-dividend-per-share"])
    assert float(item["dividend-yield"]) == pytest.approx(yearly / float(quote["last"]), abs=1e-6)


async def test_dividends_come_newest_first_and_only_past_ones(rest: RestClient) -> None:
    """The first is the one that the metrics name."""
    events = (await rest.get(f"{EVENTS}/dividends/KO")).items
    dates = [event["occurred-date"] for event in events]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] <= "2026-11-20"
    assert all(re.fullmatch(r"\d+\.\d+", event["amount"]) for event in events)
    item = await _one(rest, "KO")
    assert item["dividend-ex-date"] == dates[0]
    assert item["dividend-rate-per-share"] == events[0]["amount"]
    assert item["dividend-pay-date"] >= item["dividend-ex-date"]


async def test_the_next_dividend_is_named_once_it_is_announced() -> None:
    """Before its ex-date it is in no list of past ones; on that day it is the newest of them."""
    async with rest_at("2026-11-20T23:00") as rest:
        items = (await rest.get(METRICS, symbols="AAPL,IWM,JNJ,KO,MSFT,QQQ,SPY,TLT,XOM")).items
        announced = {
            item["symbol"]: item["dividend-next-date"] for item in items if "dividend-next-date" in item
        }
        assert announced
        for symbol, day in announced.items():
            assert day > "2026-11-20"
            past = (await rest.get(f"{EVENTS}/dividends/{symbol}")).items
            assert past[0]["occurred-date"] < day
    symbol, day = next(iter(announced.items()))
    async with rest_at(f"{day}T23:00") as rest:
        assert (await rest.get(f"{EVENTS}/dividends/{symbol}")).items[0]["occurred-date"] == day


async def test_earnings_come_oldest_first_within_a_span(rest: RestClient) -> None:
    """Both ends count; the last four add up to the yearly figure."""
    events = (await rest.get(f"{EVENTS}/earnings-reports/AAPL", start_date="2020-01-01")).items
    dates = [event["occurred-date"] for event in events]
    assert dates == sorted(dates)
    assert dates[0] >= "2020-01-01"
    item = await _one(rest, "AAPL")
    yearly = sum(float(event["eps"]) for event in events[-4:])
    assert float(item["earnings-per-share"]) == pytest.approx(yearly)
    assert item["earnings"]["quarter-end-date"] == dates[-1]
    assert item["earnings"]["expected-report-date"] > "2026-11-20"
    assert item["earnings"]["late-flag"] == 0
    assert item["earnings"]["visible"] is item["earnings"]["estimated"] is True
    some = await rest.get(f"{EVENTS}/earnings-reports/AAPL", start_date=dates[1], end_date=dates[3])
    assert some.items == events[1:4]


@pytest.mark.parametrize("spelling", ["BRK%2FB", "BRK/B"])
async def test_a_slash_may_be_encoded_or_bare(rest: RestClient, spelling: str) -> None:
    """In both kinds of events; this name pays nothing, which is an empty list."""
    assert (await rest.get(f"{EVENTS}/dividends/{spelling}")).status == 200
    answer = await rest.get(f"{EVENTS}/earnings-reports/{spelling}", start_date="2026-01-01")
    assert answer.status == 200


async def test_a_name_without_events_has_an_empty_list(rest: RestClient) -> None:
    """An index."""
    assert (await rest.get(f"{EVENTS}/dividends/SPX")).items == []
    assert (await rest.get(f"{EVENTS}/earnings-reports/SPX", start_date="2020-01-01")).items == []


@pytest.mark.parametrize(
    ("path", "params", "domain"),
    [
        (METRICS, {}, "symbols"),
        (METRICS, {"symbols": ""}, "symbols"),
        (METRICS, {"symbols": ",%20,"}, "symbols"),
        (METRICS, {"symbol": "AAPL"}, "symbols"),
        (f"{EVENTS}/earnings-reports/AAPL", {}, "start-date"),
        (f"{EVENTS}/earnings-reports/AAPL", {"start_date": "2026-02-30"}, "start-date"),
        (f"{EVENTS}/earnings-reports/AAPL", {"start_date": "2026-01-01", "end_date": "x"}, "end-date"),
    ],
)
async def test_parameters_that_cannot_be_are_named(
    rest: RestClient, path: str, params: dict[str, str], domain: str
) -> None:
    """422 with the domain."""
    params = {name: value.replace("%20", " ") for name, value in params.items()}
    answer = await rest.get(path, **params)
    assert answer.status == 422
    assert [error["domain"] for error in answer.error["errors"]] == [domain]


@pytest.mark.parametrize("symbol", ["NOPE", "aapl", "%2FESZ6", "%00", "%FF", "%ED%A0%80"])
async def test_events_of_an_unknown_symbol_are_not_found(rest: RestClient, symbol: str) -> None:
    """404, unlike the metrics, which leave it out."""
    assert (await rest.get(f"{EVENTS}/dividends/{symbol}")).status == 404
    answer = await rest.get(f"{EVENTS}/earnings-reports/{symbol}?start-date=2026-01-01")
    assert answer.status == 404
    assert (await rest.get(f"{METRICS}?symbols={symbol}")).items == []
