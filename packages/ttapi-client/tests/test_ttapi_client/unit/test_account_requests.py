# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the accounts' methods put on the wire: paths, parameters, and how many requests."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from test_ttapi_client.rest_answers import ACCOUNT, BALANCE, POSITION, StandIn, listed, one
from ttapi_client.query_parameters import query_of
from ttapi_core.errors import DecodeError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ttapi_client import TTClient

NUMBER = "5WX00001"
OF_ACCOUNT = f"/accounts/{NUMBER}"
TRANSACTION = {
    "id": 1001,
    "account-number": NUMBER,
    "transaction-type": "Trade",
    "executed-at": "2026-01-05T15:00:00.000+00:00",
}
ORDER = {"id": 1, "account-number": NUMBER, "status": "Live"}
CHICAGO = timezone(timedelta(hours=-6))


async def _walked(pages: AsyncGenerator[object, None]) -> list[object]:
    return [each async for each in pages]


def _sent(stand_in: StandIn, path: str) -> list[tuple[str, str]]:
    return parse_qsl(stand_in.asked(path)[-1].query, keep_blank_values=True)


async def test_every_filter_of_positions_has_its_parameter(client: TTClient, stand_in: StandIn) -> None:
    """Lists repeat their name with brackets, flags are words, and what is not given is not sent."""
    path = f"{OF_ACCOUNT}/positions"
    stand_in.answer(path, listed(POSITION))
    await client.accounts.positions(NUMBER)
    assert _sent(stand_in, path) == []
    await client.accounts.positions(
        NUMBER,
        underlying_symbols=["AAPL", "BRK/B"],
        symbol="/ESZ6 EW4V6 261127C6000",
        instrument_type=InstrumentType.FUTURE_OPTION,
        include_closed=True,
        underlying_product_code="ES",
        partition_keys=("a&b", "c"),
        net=False,
        include_marks=True,
    )
    assert _sent(stand_in, path) == [
        ("underlying-symbol[]", "AAPL"),
        ("underlying-symbol[]", "BRK/B"),
        ("symbol", "/ESZ6 EW4V6 261127C6000"),
        ("instrument-type", "Future Option"),
        ("include-closed-positions", "true"),
        ("underlying-product-code", "ES"),
        ("partition-keys[]", "a&b"),
        ("partition-keys[]", "c"),
        ("net-positions", "false"),
        ("include-marks", "true"),
    ]


async def test_every_filter_of_transactions_has_its_parameter(client: TTClient, stand_in: StandIn) -> None:
    """Days as days, instants in UTC whatever their zone, to the microsecond where there are any."""
    path = f"{OF_ACCOUNT}/transactions"
    stand_in.answer(path, listed(TRANSACTION))
    await _walked(client.accounts.transactions(NUMBER))
    assert _sent(stand_in, path) == [("sort", "Desc"), ("per-page", "250"), ("page-offset", "0")]
    await _walked(
        client.accounts.transactions(
            NUMBER,
            types=["Trade", "Money Movement"],
            sub_types=["Buy to Open"],
            start_date=date(2026, 1, 5),
            end_date=date(2026, 2, 5),
            start_at=datetime(2026, 1, 5, 8, 30, tzinfo=CHICAGO),
            end_at=datetime(2026, 2, 5, 14, 30, 0, 123456, tzinfo=UTC),
            instrument_type=InstrumentType("Moon Rock"),
            symbol="AAPL  261218C00200000",
            underlying_symbol="AAPL",
            futures_symbol="/ESZ6",
            action="Sell to Close",
            partition_key="key",
            currency="USD",
            sort="Asc",
            per_page=2000,
        )
    )
    assert _sent(stand_in, path) == [
        ("types[]", "Trade"),
        ("types[]", "Money Movement"),
        ("sub-type[]", "Buy to Open"),
        ("start-date", "2026-01-05"),
        ("end-date", "2026-02-05"),
        ("start-at", "2026-01-05T14:30:00Z"),
        ("end-at", "2026-02-05T14:30:00.123456Z"),
        ("instrument-type", "Moon Rock"),
        ("symbol", "AAPL  261218C00200000"),
        ("underlying-symbol", "AAPL"),
        ("futures-symbol", "/ESZ6"),
        ("action", "Sell to Close"),
        ("partition-key", "key"),
        ("currency", "USD"),
        ("sort", "Asc"),
        ("per-page", "2000"),
        ("page-offset", "0"),
    ]


async def test_every_filter_of_orders_has_its_parameter(client: TTClient, stand_in: StandIn) -> None:
    """Of complex orders there are none but the page."""
    path = f"{OF_ACCOUNT}/orders"
    stand_in.answer(path, listed(ORDER))
    await _walked(
        client.accounts.orders(
            NUMBER,
            start_date=date(2026, 1, 5),
            end_date=date(2026, 2, 5),
            start_at=datetime(2026, 1, 5, tzinfo=UTC),
            end_at=datetime(2026, 2, 5, tzinfo=UTC),
            statuses=["Filled", "Live"],
            underlying_symbol="AAPL",
            underlying_instrument_type=InstrumentType.EQUITY,
            futures_symbol="/ESZ6",
            sort="Asc",
        )
    )
    assert _sent(stand_in, path) == [
        ("start-date", "2026-01-05"),
        ("end-date", "2026-02-05"),
        ("start-at", "2026-01-05T00:00:00Z"),
        ("end-at", "2026-02-05T00:00:00Z"),
        ("status[]", "Filled"),
        ("status[]", "Live"),
        ("underlying-symbol", "AAPL"),
        ("underlying-instrument-type", "Equity"),
        ("futures-symbol", "/ESZ6"),
        ("sort", "Asc"),
        ("per-page", "50"),
        ("page-offset", "0"),
    ]
    stand_in.answer(f"{OF_ACCOUNT}/complex-orders", listed())
    assert await _walked(client.accounts.complex_orders(NUMBER, per_page=7)) == []
    assert _sent(stand_in, f"{OF_ACCOUNT}/complex-orders") == [("per-page", "7"), ("page-offset", "0")]


async def test_every_filter_of_snapshots_and_of_net_liq_has_its_parameter(
    client: TTClient, stand_in: StandIn
) -> None:
    """The time of the day always has to be there."""
    path = f"{OF_ACCOUNT}/balance-snapshots"
    stand_in.answer(path, listed(BALANCE))
    await _walked(client.accounts.balance_snapshots(NUMBER))
    assert _sent(stand_in, path) == [
        ("time-of-day", "EOD"),
        ("currency", "USD"),
        ("per-page", "250"),
        ("page-offset", "0"),
    ]
    await _walked(
        client.accounts.balance_snapshots(
            NUMBER,
            time_of_day="BOD",
            snapshot_date=date(2026, 1, 5),
            start_date=date(2026, 1, 1),
            end_date=date(2026, 1, 31),
            currency="EUR",
            per_page=10,
        )
    )
    assert (_sent(stand_in, path))[:5] == [
        ("time-of-day", "BOD"),
        ("snapshot-date", "2026-01-05"),
        ("start-date", "2026-01-01"),
        ("end-date", "2026-01-31"),
        ("currency", "EUR"),
    ]
    path = f"{OF_ACCOUNT}/net-liq/history"
    stand_in.answer(path, listed())
    start_at = datetime(2026, 1, 5, 8, 30, tzinfo=CHICAGO)
    await client.accounts.net_liq_history(NUMBER, start_at=start_at, end_at=start_at, interval="1h")
    assert _sent(stand_in, path) == [
        ("start-time", "2026-01-05T14:30:00Z"),
        ("end-time", "2026-01-05T14:30:00Z"),
        ("interval", "1h"),
    ]


async def test_the_day_of_fees_is_sent_when_there_is_one(client: TTClient, stand_in: StandIn) -> None:
    """Without one the service takes its own today."""
    path = f"{OF_ACCOUNT}/transactions/total-fees"
    stand_in.answer(path, one({"total-fees": "1.5", "total-fees-effect": "Debit"}))
    await client.accounts.total_fees(NUMBER)
    assert _sent(stand_in, path) == []
    await client.accounts.total_fees(NUMBER, date(2026, 1, 5))
    assert _sent(stand_in, path) == [("date", "2026-01-05")]


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (("get", "A/B"), "/customers/me/accounts/A%2FB"),
        (("trading_status", "A/B"), "/accounts/A%2FB/trading-status"),
        (("balance", "A/B", "U/SD"), "/accounts/A%2FB/balances/U%2FSD"),
        (("order", "A/B", "1/2"), "/accounts/A%2FB/orders/1%2F2"),
        (("complex_order", "A/B", "1?2"), "/accounts/A%2FB/complex-orders/1%3F2"),
        (("transaction", "A/B", "total-fees/"), "/accounts/A%2FB/transactions/total-fees%2F"),
        (("margin_requirements", "A/B"), "/margin/accounts/A%2FB/requirements"),
        (("net_liq", "A/B"), "/accounts/A%2FB/net-liq"),
        (("live_orders", "A/B"), "/accounts/A%2FB/orders/live"),
        (("live_complex_orders", "A/B"), "/accounts/A%2FB/complex-orders/live"),
    ],
)
async def test_no_name_changes_the_path(
    client: TTClient, stand_in: StandIn, call: tuple[str, ...], path: str
) -> None:
    """Each is one segment, percent-encoded; the answer does not matter here."""
    method, *names = call
    stand_in.answer(path, one({"items": []}))
    with suppress(DecodeError):
        await getattr(client.accounts, method)(*names)
    assert [each.path for each in stand_in.arrived[1:]] == [path]


@pytest.mark.parametrize("number", ["", "..", "\ud800"])
async def test_what_cannot_be_an_account_number_is_not_sent(
    client: TTClient, stand_in: StandIn, number: str
) -> None:
    """Nor is it shown."""
    with pytest.raises(UnknownSymbolError, match=r"\*\*\* cannot be an? account number"):
        await client.accounts.get(number)
    assert all(each.path == "/oauth/token" for each in stand_in.arrived)


def _page(number: int, *items: object, pages: int) -> dict[str, object]:
    return listed(*items, page=number, pages=pages)


@pytest.mark.parametrize(
    ("method", "path", "item"),
    [
        ("transactions", "transactions", TRANSACTION),
        ("balance_snapshots", "balance-snapshots", BALANCE),
        ("orders", "orders", ORDER),
        ("complex_orders", "complex-orders", ORDER),
    ],
)
async def test_a_page_is_fetched_when_it_is_wanted(
    client: TTClient, stand_in: StandIn, method: str, path: str, item: dict[str, Any]
) -> None:
    """Counted at the service: who stops after the first item has cost it one page."""
    path = f"{OF_ACCOUNT}/{path}"
    for number in range(3):
        stand_in.answer(
            path, _page(number, {**item, "id": 2 * number}, {**item, "id": 2 * number + 1}, pages=3)
        )
    walk = getattr(client.accounts, method)(NUMBER)
    assert stand_in.asked(path) == []
    await anext(walk)
    await anext(walk)
    assert len(stand_in.asked(path)) == 1
    await anext(walk)
    assert len(stand_in.asked(path)) == 2
    await walk.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(walk)
    assert len(stand_in.asked(path)) == 2
    assert [pair for pair in _sent(stand_in, path) if pair[0] == "page-offset"] == [("page-offset", "1")]


async def test_a_service_that_does_not_advance_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Never the same transactions twice, without end."""
    path = f"{OF_ACCOUNT}/transactions"
    stand_in.answer(path, _page(0, TRANSACTION, pages=3))
    walk = client.accounts.transactions(NUMBER)
    await anext(walk)
    with pytest.raises(DecodeError, match="page-offset"):
        await anext(walk)
    assert len(stand_in.asked(path)) == 2


async def test_a_bad_item_of_a_page_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Never a gap: the ones before it have been given, and the error says which it was."""
    path = f"{OF_ACCOUNT}/transactions"
    stand_in.answer(path, _page(0, TRANSACTION, {**TRANSACTION, "net-value": "lots"}, pages=1))
    walk = client.accounts.transactions(NUMBER)
    await anext(walk)
    with pytest.raises(DecodeError) as caught:
        await anext(walk)
    assert caught.value.path.endswith(".data.items[1].net-value")
    assert NUMBER not in str(caught.value)


@pytest.mark.parametrize(
    "span", [{}, {"time_back": "1d", "start_at": datetime(2026, 1, 5, tzinfo=UTC)}], ids=["none", "both"]
)
async def test_a_history_of_net_liq_is_of_one_span(
    client: TTClient, stand_in: StandIn, span: dict[str, Any]
) -> None:
    """A mistake of the caller, before anything is sent."""
    with pytest.raises(ValueError, match="time_back or start_at"):
        await client.accounts.net_liq_history(NUMBER, **span)
    assert stand_in.arrived == []


async def test_an_instant_without_a_zone_is_not_sent(client: TTClient, stand_in: StandIn) -> None:
    """It is another one in each place."""
    naive = datetime(2026, 1, 5)  # noqa: DTZ001 - the very mistake
    with pytest.raises(
        ValueError, match=r"start-at: give an instant with a zone, such as 2026-01-05T00:00:00\+00"
    ):
        await anext(client.accounts.transactions(NUMBER, start_at=naive))
    assert stand_in.arrived == []


async def test_one_text_is_not_taken_for_a_list_of_letters(client: TTClient, stand_in: StandIn) -> None:
    """A mistake that type checkers do not find: a text is a collection of texts."""
    with pytest.raises(TypeError, match=r"underlying-symbol: give a list such as \['AAPL'\]"):
        await client.accounts.positions(NUMBER, underlying_symbols="AAPL")
    assert stand_in.arrived == []


def test_an_empty_list_is_no_filter() -> None:
    """As what is None."""
    assert query_of({"types[]": [], "symbol": None}) == ()


async def test_nothing_of_an_account_prints_its_number(client: TTClient, stand_in: StandIn) -> None:
    """Of whatever kind the value is."""
    stand_in.answer("/customers/me/accounts", listed({"account": ACCOUNT, "authority-level": "owner"}))
    stand_in.answer(f"{OF_ACCOUNT}/balances", one(BALANCE))
    stand_in.answer(f"{OF_ACCOUNT}/positions", listed(POSITION))
    stand_in.answer(f"{OF_ACCOUNT}/transactions", listed(TRANSACTION))
    stand_in.answer(f"{OF_ACCOUNT}/orders/live", listed(ORDER))
    stand_in.answer(f"{OF_ACCOUNT}/complex-orders/live", listed(ORDER))
    stand_in.answer(f"{OF_ACCOUNT}/trading-status", one({"account-number": NUMBER}))
    stand_in.answer(f"{OF_ACCOUNT}/net-liq", one({"account-number": NUMBER, "net-liquidating-value": 1}))
    stand_in.answer(f"/margin{OF_ACCOUNT}/requirements", one({"account-number": NUMBER}))
    accounts = client.accounts
    found: list[object] = [
        *await accounts.list(),
        *await accounts.balances(NUMBER),
        *await accounts.positions(NUMBER),
        *await _walked(accounts.transactions(NUMBER)),
        *await accounts.live_orders(NUMBER),
        *await accounts.live_complex_orders(NUMBER),
        await accounts.trading_status(NUMBER),
        await accounts.net_liq(NUMBER),
        await accounts.margin_requirements(NUMBER),
    ]
    assert len(found) == 9
    for value in found:
        assert getattr(value, "account_number") == NUMBER  # noqa: B009 - values of nine kinds
        assert NUMBER not in repr(value)
