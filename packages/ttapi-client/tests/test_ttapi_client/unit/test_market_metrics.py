# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market metrics: units kept, anything but the symbol missing, one outcome for each symbol."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from test_ttapi_client.rest_answers import StandIn, listed, without
from ttapi_core.errors import DecodeError, NotFoundError, ServerError, UnknownSymbolError
from ttapi_core.market_metrics import (
    Dividend,
    EarningsInfo,
    EarningsReport,
    ExpirationVolatility,
    LiquidityRunningState,
    SymbolMetrics,
)
from ttapi_core.outcome import Err, Ok

if TYPE_CHECKING:
    from ttapi_client import TTClient

METRICS = "/market-metrics"
EVENTS = f"{METRICS}/historic-corporate-events"
EXPIRATION = {
    "expiration-date": "2026-12-18",
    "option-chain-type": "Standard",
    "settlement-type": "PM",
    "implied-volatility": "0.27",
}
ITEM: dict[str, Any] = {
    "symbol": "AAPL",
    "updated-at": "2026-08-24T17:50:41.478Z",
    "created-at": "2015-01-02T00:00:00Z",
    "market-cap": 3000000000000,
    "implied-volatility-index": "0.262",
    "implied-volatility-index-5-day-change": "-0.011",
    "implied-volatility-index-15-day": "0.25",
    "implied-volatility-index-rank": "0.31",
    "tw-implied-volatility-index-rank": "0.32",
    "tos-implied-volatility-index-rank": "0.33",
    "tos-implied-volatility-index-rank-updated-at": "2026-08-24T17:50:40Z",
    "implied-volatility-index-rank-source": "tos",
    "implied-volatility-percentile": "0.55",
    "implied-volatility-updated-at": "2026-08-24T17:50:41Z",
    "implied-volatility-30-day": "26.5",
    "historical-volatility-30-day": "22.1",
    "historical-volatility-60-day": "22.2",
    "historical-volatility-90-day": "22.3",
    "iv-hv-30-day-difference": "4.4",
    "liquidity-rating": 4,
    "liquidity-value": "120.5",
    "liquidity-rank": "0.6",
    "liquidity-running-state": {
        "sum": "1205.5",
        "count": 10,
        "started-at": "2026-08-10T00:00:00Z",
        "updated-at": "2026-08-24T00:00:00Z",
    },
    "beta": "1.2",
    "beta-updated-at": "2026-08-23T00:00:00Z",
    "corr-spy-3month": "0.7",
    "dividend-rate-per-share": "0.25",
    "annual-dividend-per-share": "1.0",
    "dividend-yield": "0.005",
    "dividend-ex-date": "2026-08-10",
    "dividend-next-date": "2020-02-07",
    "dividend-pay-date": "2026-08-13",
    "dividend-updated-at": "2026-08-11T00:00:00Z",
    "price-earnings-ratio": "30.1",
    "earnings-per-share": "6.7",
    "listed-market": "XNAS",
    "lendability": "Easy To Borrow",
    "borrow-rate": "0.0",
    "sector": "Technology",
    "industry": "Hardware",
    "earnings": {
        "visible": True,
        "expected-report-date": "2026-10-29",
        "time-of-day": "AMC",
        "estimated": True,
        "late-flag": 0,
        "quarter-end-date": "2026-06-30",
        "actual-eps": "1.5",
        "consensus-estimate": "1.6",
        "updated-at": "2026-08-01T12:00:00.000Z",
    },
    "option-expiration-implied-volatilities": [EXPIRATION],
}
READ = SymbolMetrics(
    symbol="AAPL",
    updated_at=datetime(2026, 8, 24, 17, 50, 41, 478_000, tzinfo=UTC),
    created_at=datetime(2015, 1, 2, tzinfo=UTC),
    listed_market="XNAS",
    sector="Technology",
    industry="Hardware",
    market_cap=Decimal(3000000000000),
    beta=Decimal("1.2"),
    beta_updated_at=datetime(2026, 8, 23, tzinfo=UTC),
    corr_spy_3_month=Decimal("0.7"),
    implied_volatility_index=Decimal("0.262"),
    implied_volatility_index_5_day_change=Decimal("-0.011"),
    implied_volatility_index_15_day=Decimal("0.25"),
    implied_volatility_index_rank=Decimal("0.31"),
    tw_implied_volatility_index_rank=Decimal("0.32"),
    tos_implied_volatility_index_rank=Decimal("0.33"),
    tos_implied_volatility_index_rank_updated_at=datetime(2026, 8, 24, 17, 50, 40, tzinfo=UTC),
    implied_volatility_index_rank_source="tos",
    implied_volatility_percentile=Decimal("0.55"),
    implied_volatility_updated_at=datetime(2026, 8, 24, 17, 50, 41, tzinfo=UTC),
    implied_volatility_30_day=Decimal("26.5"),
    historical_volatility_30_day=Decimal("22.1"),
    historical_volatility_60_day=Decimal("22.2"),
    historical_volatility_90_day=Decimal("22.3"),
    iv_hv_30_day_difference=Decimal("4.4"),
    liquidity_rating=4,
    liquidity_value=Decimal("120.5"),
    liquidity_rank=Decimal("0.6"),
    liquidity_running_state=LiquidityRunningState(
        sum=Decimal("1205.5"),
        count=10,
        started_at=datetime(2026, 8, 10, tzinfo=UTC),
        updated_at=datetime(2026, 8, 24, tzinfo=UTC),
    ),
    dividend_rate_per_share=Decimal("0.25"),
    annual_dividend_per_share=Decimal(1),
    dividend_yield=Decimal("0.005"),
    dividend_ex_date=date(2026, 8, 10),
    dividend_next_date=date(2020, 2, 7),
    dividend_pay_date=date(2026, 8, 13),
    dividend_updated_at=datetime(2026, 8, 11, tzinfo=UTC),
    price_earnings_ratio=Decimal("30.1"),
    earnings_per_share=Decimal("6.7"),
    earnings=EarningsInfo(
        is_visible=True,
        is_estimated=True,
        expected_report_date=date(2026, 10, 29),
        time_of_day="AMC",
        late_flag=0,
        quarter_end_date=date(2026, 6, 30),
        actual_eps=Decimal("1.5"),
        consensus_estimate=Decimal("1.6"),
        updated_at=datetime(2026, 8, 1, 12, tzinfo=UTC),
    ),
    lendability="Easy To Borrow",
    borrow_rate=Decimal(0),
    expirations=(
        ExpirationVolatility(
            expiration_date=date(2026, 12, 18),
            chain_type="Standard",
            settlement_type="PM",
            implied_volatility=Decimal("0.27"),
        ),
    ),
)


async def test_metrics_have_every_field_of_their_item(client: TTClient, stand_in: StandIn) -> None:
    """In the units of the service: nothing is multiplied by a hundred."""
    stand_in.answer(METRICS, listed(ITEM))
    assert await client.market_metrics.metrics(["AAPL"]) == {"AAPL": Ok(READ)}


@pytest.mark.parametrize("missing", [key for key in ITEM if key != "symbol"])
@pytest.mark.parametrize("value", ["left out", None])
async def test_anything_but_the_symbol_may_be_missing(
    client: TTClient, stand_in: StandIn, missing: str, value: str | None
) -> None:
    """Left out or null; the rest is as it was."""
    item = without(ITEM, missing) if value else {**ITEM, missing: None}
    stand_in.answer(METRICS, listed(item))
    outcome = (await client.market_metrics.metrics(["AAPL"]))["AAPL"]
    assert isinstance(outcome, Ok)
    changed = {
        name for name in SymbolMetrics.__slots__ if getattr(outcome.value, name) != getattr(READ, name)
    }
    assert len(changed) == 1


async def test_a_symbol_and_nothing_else_are_metrics(client: TTClient, stand_in: StandIn) -> None:
    """So are inner objects with nothing in them."""
    inner: dict[str, object] = {
        "earnings": {},
        "liquidity-running-state": {},
        "option-expiration-implied-volatilities": [],
    }
    stand_in.answer(METRICS, listed({"symbol": "AAPL"}, {"symbol": "KO", **inner}))
    assert await client.market_metrics.metrics(["AAPL", "KO"]) == {
        "AAPL": Ok(SymbolMetrics(symbol="AAPL")),
        "KO": Ok(
            SymbolMetrics(
                symbol="KO", earnings=EarningsInfo(), liquidity_running_state=LiquidityRunningState()
            )
        ),
    }


@pytest.mark.parametrize("market_cap", ["3000000000000", 3e12, 3000000000000])
async def test_a_number_may_be_a_text(client: TTClient, stand_in: StandIn, market_cap: object) -> None:
    """And the other way round, whatever documents say."""
    stand_in.answer(METRICS, listed({**ITEM, "market-cap": market_cap, "beta": 1.2, "liquidity-rating": "4"}))
    outcome = (await client.market_metrics.metrics(["AAPL"]))["AAPL"]
    assert outcome == Ok(READ)


async def test_symbols_are_one_parameter_with_commas(client: TTClient, stand_in: StandIn) -> None:
    """A hundred to a request, each once, in the order asked for."""
    stand_in.answer(METRICS, listed())
    symbols = ["BRK/B", *(f"S{number}" for number in range(120))]
    found = await client.market_metrics.metrics([*symbols, "brk/b", "A,B"])
    assert list(found) == [*symbols, "brk/b", "A,B"]
    queries = [each.query for each in stand_in.asked(METRICS)]
    assert queries[0].startswith("symbols=BRK%2FB%2CS0%2C")
    asked = [unquote(query).removeprefix("symbols=").split(",") for query in queries]
    assert [len(each) for each in asked] == [100, 21]
    assert [symbol for each in asked for symbol in each] == symbols


async def test_each_symbol_has_an_outcome_of_its_own(client: TTClient, stand_in: StandIn) -> None:
    """One broken, one left out, one that cannot be a symbol, one fine."""
    broken = {
        **ITEM,
        "symbol": "KO",
        "option-expiration-implied-volatilities": [without(EXPIRATION, "expiration-date")],
    }
    stand_in.answer(METRICS, listed(broken, ITEM, {"symbol": "OTHER"}))
    found = await client.market_metrics.metrics(["GONE", "KO", "AAPL", "BRK.B"])
    errors = {symbol: outcome.error for symbol, outcome in found.items() if isinstance(outcome, Err)}
    assert {symbol: type(error) for symbol, error in errors.items()} == {
        "GONE": UnknownSymbolError,
        "KO": DecodeError,
        "BRK.B": UnknownSymbolError,
    }
    assert str(errors["GONE"]) == "the service's answer has no metrics for GONE"
    assert "option-expiration-implied-volatilities[0].expiration-date" in str(errors["KO"])
    assert found["AAPL"] == Ok(READ)


async def test_trouble_is_the_error_of_each_symbol(client: TTClient, stand_in: StandIn) -> None:
    """A gateway's 502, as it comes from certification."""
    stand_in.answer(METRICS, status=502)
    found = await client.market_metrics.metrics(["AAPL", "KO"])
    assert all(isinstance(each, Err) and isinstance(each.error, ServerError) for each in found.values())


async def test_no_symbols_are_no_request(client: TTClient, stand_in: StandIn) -> None:
    """And one text is a mistake."""
    assert await client.market_metrics.metrics([]) == {}
    with pytest.raises(TypeError):
        await client.market_metrics.metrics("AAPL")
    assert stand_in.arrived == []


async def test_dividends_come_as_the_service_orders_them(client: TTClient, stand_in: StandIn) -> None:
    """Newest first, exact."""
    path = f"{EVENTS}/dividends/BRK%2FB"
    stand_in.answer(
        path,
        listed(
            {"occurred-date": "2026-08-10", "amount": "0.2600"},
            {"occurred-date": "2026-05-11", "amount": 0.25},
        ),
    )
    assert await client.market_metrics.dividends("brk/b") == (
        Dividend(ex_date=date(2026, 8, 10), amount=Decimal("0.26")),
        Dividend(ex_date=date(2026, 5, 11), amount=Decimal("0.25")),
    )


@pytest.mark.parametrize(
    ("end", "query"),
    [
        (None, "start-date=2025-01-01"),
        (date(2026, 1, 1), "start-date=2025-01-01&end-date=2026-01-01"),
    ],
)
async def test_earnings_have_a_start_and_maybe_an_end(
    client: TTClient, stand_in: StandIn, end: date | None, query: str
) -> None:
    """Oldest first; a report without an amount is a report."""
    path = f"{EVENTS}/earnings-reports/AAPL"
    stand_in.answer(
        path, listed({"occurred-date": "2025-03-31", "eps": "-1.5"}, {"occurred-date": "2025-06-30"})
    )
    assert await client.market_metrics.earnings("AAPL", date(2025, 1, 1), end) == (
        EarningsReport(occurred_date=date(2025, 3, 31), eps=Decimal("-1.5")),
        EarningsReport(occurred_date=date(2025, 6, 30)),
    )
    assert stand_in.arrived[-1].query == query


async def test_a_bad_event_is_an_error_and_not_a_gap(client: TTClient, stand_in: StandIn) -> None:
    """A dividend without an amount is none; a symbol that is unknown is not one without dividends."""
    stand_in.answer(f"{EVENTS}/dividends/KO", listed({"occurred-date": "2026-08-10"}))
    with pytest.raises(DecodeError, match=r"items\[0\]\.amount: expected a decimal, found nothing"):
        await client.market_metrics.dividends("KO")
    with pytest.raises(NotFoundError):
        await client.market_metrics.dividends("NOPE")
    with pytest.raises(UnknownSymbolError):
        await client.market_metrics.earnings("..", date(2026, 1, 1))
    stand_in.answer(f"{EVENTS}/dividends/SPX", listed())
    assert await client.market_metrics.dividends("SPX") == ()
