# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Answers about accounts in shapes that the sandbox does not send: as recorded elsewhere, or damaged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.rest_answers import ACCOUNT, BALANCE, POSITION, StandIn, listed, one, without
from ttapi_core.errors import DecodeError
from ttapi_core.instruments import InstrumentType
from ttapi_core.margin import MarginGroup, MarginPosition
from ttapi_core.orders import Order, OrderFill, OrderLeg

if TYPE_CHECKING:
    from ttapi_client import TTClient
    from ttapi_core.accounts import Account

NUMBER = "5WX00001"
OF_ACCOUNT = f"/accounts/{NUMBER}"
TRANSACTION = {
    "id": 1001,
    "account-number": NUMBER,
    "transaction-type": "Trade",
    "executed-at": "2026-01-05T15:00:00.000+00:00",
}
ORDER = {
    "id": 12345,
    "account-number": NUMBER,
    "time-in-force": "Day",
    "order-type": "Limit",
    "size": 1,
    "underlying-symbol": "AAPL",
    "underlying-instrument-type": "Equity",
    "price": "100.0",
    "price-effect": "Debit",
    "status": "Cancel Requested",
    "cancellable": False,
    "editable": False,
    "edited": False,
    "ext-exchange-order-number": "1234",
    "ext-client-order-id": "abcd1234",
    "ext-global-order-number": 9999,
    "received-at": "2023-07-31T15:33:45.899+00:00",
    "updated-at": 1690817636722,
    "legs": [
        {
            "instrument-type": "Equity",
            "symbol": "AAPL",
            "quantity": 2,
            "remaining-quantity": 1,
            "action": "Buy to Open",
            "fills": [
                {
                    "fill-id": "2_TEST::1",
                    "quantity": 1,
                    "fill-price": "99.5",
                    "filled-at": "2023-07-31T15:33:46.000+00:00",
                    "ext-exec-id": "79",
                    "ext-group-fill-id": "0",
                    "destination-venue": "TEST_A",
                }
            ],
        }
    ],
}


async def _first_account(client: TTClient, stand_in: StandIn, **keys: object) -> Account:
    stand_in.answer("/customers/me/accounts", listed({"account": {**ACCOUNT, **keys}}))
    (account,) = await client.accounts.list()
    return account


async def test_an_account_needs_nothing_but_its_number(client: TTClient, stand_in: StandIn) -> None:
    """A field that was dropped once made all accounts of another client vanish (API facts 10)."""
    stand_in.answer(f"/customers/me/accounts/{NUMBER}", one({"account-number": NUMBER}))
    account = await client.accounts.get(NUMBER)
    assert (account.account_number, account.is_closed, account.nickname) == (NUMBER, False, None)
    assert (account.is_firm_error, account.created_at) == (None, None)


@pytest.mark.parametrize(
    ("sent", "is_day_trader", "word"),
    [
        (True, True, None),
        (False, False, None),
        ("true", True, "true"),
        ("", False, None),
        ("Flagged", False, "Flagged"),
    ],
)
async def test_a_day_trader_is_a_flag_or_a_word(
    client: TTClient, stand_in: StandIn, sent: object, is_day_trader: bool, word: str | None
) -> None:
    """A word is kept, and costs no account."""
    account = await _first_account(client, stand_in, **{"day-trader-status": sent})
    assert (account.is_day_trader, account.day_trader_status) == (is_day_trader, word)


async def test_what_an_account_says_of_its_owner_does_not_print(client: TTClient, stand_in: StandIn) -> None:
    """Means, plans and the ids of others stay out of logs."""
    private = {
        key: f"canary-{key}"
        for key in (
            "external-id",
            "external-fdid",
            "submitting-user-id",
            "investment-objective",
            "investment-time-horizon",
            "liquidity-needs",
            "risk-tolerance",
            "futures-account-purpose",
        )
    }
    account = await _first_account(client, stand_in, **private, **{"closed-at": "2026-01-05T15:00:00Z"})
    assert account.risk_tolerance == "canary-risk-tolerance"
    assert account.closed_at == datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
    assert "canary" not in repr(account)


async def test_a_customer_needs_nothing_but_an_id(client: TTClient, stand_in: StandIn) -> None:
    """A number or a text."""
    stand_in.answer("/customers/me", one({"id": 1001}))
    customer = await client.accounts.customer()
    assert (customer.customer_id, customer.email, customer.external_id) == ("1001", None, None)


async def test_what_is_private_of_a_customer_is_not_even_read(client: TTClient, stand_in: StandIn) -> None:
    """Addresses, numbers and means have no place in the value, whatever shape they are in."""
    private = {
        "address": {"street-one": "canary"},
        "mailing-address": "canary",
        "birth-date": "canary",
        "mobile-phone-number": "canary",
        "tax-number-type": "canary",
        "customer-suitability": [{"annual-net-income": "canary"}],
        "person": "canary",
    }
    stand_in.answer("/customers/me", one({"id": "1001", **private}))
    customer = await client.accounts.customer()
    assert all(getattr(customer, name) != "canary" for name in customer.__slots__)


async def test_amounts_beside_an_effect_get_its_sign(client: TTClient, stand_in: StandIn) -> None:
    """Pending cash by its own name, unsettled fiat by another; buying power was adjusted downwards."""
    stand_in.answer(
        f"{OF_ACCOUNT}/balances/USD",
        one(
            {
                **BALANCE,
                "cash-balance": "12.50",
                "cash-balance-effect": "Debit",
                "pending-cash": "1.1",
                "pending-cash-effect": "Debit",
                "unsettled-cryptocurrency-fiat-amount": 2,
                "unsettled-cryptocurrency-fiat-effect": "Debit",
                "buying-power-adjustment": "3",
                "buying-power-adjustment-effect": "Credit",
            }
        ),
    )
    balance = await client.accounts.balance(NUMBER)
    assert (balance.cash_balance, balance.pending_cash) == (Decimal("-12.50"), Decimal("-1.1"))
    assert balance.unsettled_cryptocurrency_fiat_amount == Decimal(-2)
    assert balance.buying_power_adjustment == Decimal(3)


async def test_an_effect_that_we_do_not_know_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Better no amount than one with the wrong sign."""
    item = {**BALANCE, "pending-cash": "1", "pending-cash-effect": "Sideways"}
    stand_in.answer(f"{OF_ACCOUNT}/balances/USD", one(item))
    with pytest.raises(DecodeError, match="pending-cash-effect: expected Credit, Debit or None"):
        await client.accounts.balance(NUMBER)


async def test_snapshots_of_one_object_in_a_list_are_balances(client: TTClient, stand_in: StandIn) -> None:
    """With the day and the time of it."""
    item = {**BALANCE, "snapshot-date": "2026-08-24", "time-of-day": "Teatime"}
    stand_in.answer(f"{OF_ACCOUNT}/balance-snapshots", listed(item))
    (snapshot,) = [each async for each in client.accounts.balance_snapshots(NUMBER)]
    assert (snapshot.snapshot_date, snapshot.time_of_day) == (date(2026, 8, 24), "Teatime")
    assert snapshot.cash_balance == Decimal("1000.10")


@pytest.mark.parametrize("multiplier", [100, "100", 100.0, "100.0"])
async def test_a_multiplier_is_a_number_or_a_text(
    client: TTClient, stand_in: StandIn, multiplier: object
) -> None:
    """The service sends both; gains have their sign beside them."""
    item = {
        **POSITION,
        "multiplier": multiplier,
        "fixing-price": "NaN",
        "realized-day-gain": "5.5",
        "realized-day-gain-effect": "Debit",
        "realized-day-gain-date": "2026-01-05",
        "realized-today": 1,
        "realized-today-effect": "Credit",
    }
    stand_in.answer(f"{OF_ACCOUNT}/positions", listed(item))
    (position,) = await client.accounts.positions(NUMBER)
    assert (position.multiplier, position.fixing_price) == (Decimal(100), None)
    assert (position.realized_day_gain, position.realized_today) == (Decimal("-5.5"), Decimal(1))
    assert position.realized_day_gain_date == date(2026, 1, 5)


NEEDED = ("account-number", "symbol", "instrument-type", "quantity", "quantity-direction")


@pytest.mark.parametrize("key", NEEDED)
async def test_a_position_needs_what_says_how_much_of_what_it_is(
    client: TTClient, stand_in: StandIn, key: str
) -> None:
    """A missing one is said by its name."""
    least = {name: POSITION[name] for name in NEEDED}
    stand_in.answer(f"{OF_ACCOUNT}/positions", listed(without(least, key)))
    with pytest.raises(DecodeError, match=rf"items\[0\]\.{key}: expected"):
        await client.accounts.positions(NUMBER)


async def test_a_position_needs_nothing_else(client: TTClient, stand_in: StandIn) -> None:
    """Everything else may be missing."""
    stand_in.answer(f"{OF_ACCOUNT}/positions", listed({name: POSITION[name] for name in NEEDED}))
    (position,) = await client.accounts.positions(NUMBER)
    assert (position.quantity, position.multiplier, position.cost_effect) == (Decimal(10), None, None)


async def test_a_trading_status_may_say_nothing(client: TTClient, stand_in: StandIn) -> None:
    """The service leaves out fields for some accounts (API facts 10)."""
    stand_in.answer(f"{OF_ACCOUNT}/trading-status", one({"account-number": NUMBER, "id": 7}))
    status = await client.accounts.trading_status(NUMBER)
    assert status.trading_status_id == "7"
    unsaid = [name for name in status.__slots__ if getattr(status, name) is None]
    assert len(unsaid) == len(status.__slots__) - 2


async def test_a_dividend_has_no_instrument(client: TTClient, stand_in: StandIn) -> None:
    """Symbol, action and price are of trades; the words of the service are kept, as they come."""
    dividend = {
        **TRANSACTION,
        "transaction-type": "Gift",
        "transaction-sub-type": "From Above",
        "net-value": "12.34",
        "net-value-effect": "Credit",
    }
    stand_in.answer(f"{OF_ACCOUNT}/transactions/1001", one(dividend))
    found = await client.accounts.transaction(NUMBER, 1001)
    assert (found.transaction_type, found.transaction_sub_type) == ("Gift", "From Above")
    assert (found.symbol, found.instrument_type, found.action, found.price) == (None, None, None, None)
    assert (found.net_value, found.value, found.lots) == (Decimal("12.34"), None, ())


@pytest.mark.parametrize("key", ["id", "account-number", "transaction-type", "executed-at"])
async def test_a_transaction_needs_what_says_that_something_happened(
    client: TTClient, stand_in: StandIn, key: str
) -> None:
    """And when; all the rest may be missing."""
    stand_in.answer(f"{OF_ACCOUNT}/transactions/1", one(without(TRANSACTION, key)))
    with pytest.raises(DecodeError, match=rf"\.{key}: expected"):
        await client.accounts.transaction(NUMBER, 1)


async def test_fees_without_an_amount_are_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Nobody is told that a day cost nothing, because an answer went wrong."""
    stand_in.answer(f"{OF_ACCOUNT}/transactions/total-fees", one({"total-fees-effect": "None"}))
    with pytest.raises(DecodeError, match="total-fees: expected a decimal, found nothing"):
        await client.accounts.total_fees(NUMBER)


@pytest.mark.parametrize(
    "answer",
    [
        one({"net-liquidating-value": "2000.5"}),
        listed({"net-liquidating-value": 2000.5}),
        one({"close": "1", "total-close": "2000.5", "time": "2026-01-05 14:30:00+00"}),
    ],
    ids=["object", "list", "candle"],
)
async def test_the_present_net_liq_is_read_in_any_likely_shape(
    client: TTClient, stand_in: StandIn, answer: dict[str, object]
) -> None:
    """Nobody documents this answer."""
    stand_in.answer(f"{OF_ACCOUNT}/net-liq", answer)
    found = await client.accounts.net_liq(NUMBER)
    assert found.net_liquidating_value == Decimal("2000.5")


async def test_a_net_liq_that_says_no_value_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """Never a zero."""
    stand_in.answer(f"{OF_ACCOUNT}/net-liq", one({"items": []}))
    with pytest.raises(DecodeError, match="net-liquidating-value: expected a decimal"):
        await client.accounts.net_liq(NUMBER)


async def test_the_history_of_net_liq_has_instants_in_a_form_of_their_own(
    client: TTClient, stand_in: StandIn
) -> None:
    """A space and an offset of two digits."""
    item = {"open": "1.0", "close": 2, "time": "2026-01-05 14:30:00+00"}
    stand_in.answer(f"{OF_ACCOUNT}/net-liq/history", listed(item))
    (candle,) = await client.accounts.net_liq_history(NUMBER, time_back="1d")
    assert candle.event_at == datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    assert (candle.open, candle.close, candle.high, candle.total_close) == (
        Decimal("1.0"),
        Decimal(2),
        None,
        None,
    )


async def test_margin_is_a_tree_in_which_anything_may_be_missing(client: TTClient, stand_in: StandIn) -> None:
    """An empty group is one of nothing; what is not a number is nothing."""
    entry = {
        "instrument-symbol": "AMD",
        "instrument-type": "Equity",
        "quantity": "336.446",
        "average-open-price": "NaN",
        "close-price": "117.86",
        "fixing-price": "NaN",
    }
    strategy = {
        "description": "LONG_UNDERLYING",
        "margin-requirement": "39653.49",
        "margin-requirement-effect": "Debit",
        "includes-working-order": False,
        "buying-power": "39653.49",
        "buying-power-effect": "Credit",
        "position-entries": [entry],
    }
    answer = {
        "account-number": NUMBER,
        "margin-calculation-type": "IRA Margin",
        "groups": [{}, {"code": "AMD", "price-decrease-percent": "-1.0", "groups": [strategy]}],
        "last-state-timestamp": 1684919088526,
    }
    stand_in.answer(f"/margin{OF_ACCOUNT}/requirements", one(answer))
    found = await client.accounts.margin_requirements(NUMBER)
    assert found.updated_at == datetime(2023, 5, 24, 9, 4, 48, 526000, tzinfo=UTC)
    assert found.margin_requirement is None
    assert found.groups == (
        MarginGroup(),
        MarginGroup(
            code="AMD",
            price_decrease_percent=Decimal("-1.0"),
            groups=(
                MarginGroup(
                    description="LONG_UNDERLYING",
                    margin_requirement=Decimal("-39653.49"),
                    buying_power=Decimal("39653.49"),
                    includes_working_order=False,
                    positions=(
                        MarginPosition(
                            symbol="AMD",
                            instrument_type=InstrumentType.EQUITY,
                            quantity=Decimal("336.446"),
                            close_price=Decimal("117.86"),
                        ),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    "updated_at",
    [1690817636722, "1690817636722", "2023-07-31T15:33:56.722+00:00", "2023-07-31T15:33:56.722Z"],
)
async def test_an_order_is_read_whichever_way_its_instants_are_written(
    client: TTClient, stand_in: StandIn, updated_at: object
) -> None:
    """Some are texts and one is milliseconds; what is paid is negative."""
    stand_in.answer(f"{OF_ACCOUNT}/orders/12345", one({**ORDER, "updated-at": updated_at}))
    assert await client.accounts.order(NUMBER, 12345) == Order(
        order_id="12345",
        account_number=NUMBER,
        status="Cancel Requested",
        order_type="Limit",
        time_in_force="Day",
        underlying_symbol="AAPL",
        underlying_instrument_type=InstrumentType.EQUITY,
        size=Decimal(1),
        price=Decimal("-100.0"),
        legs=(
            OrderLeg(
                symbol="AAPL",
                instrument_type=InstrumentType.EQUITY,
                action="Buy to Open",
                quantity=Decimal(2),
                remaining_quantity=Decimal(1),
                fills=(
                    OrderFill(
                        quantity=Decimal(1),
                        price=Decimal("99.5"),
                        fill_id="2_TEST::1",
                        filled_at=datetime(2023, 7, 31, 15, 33, 46, tzinfo=UTC),
                        destination_venue="TEST_A",
                        ext_group_fill_id="0",
                        ext_exec_id="79",
                    ),
                ),
            ),
        ),
        is_cancellable=False,
        is_editable=False,
        is_edited=False,
        received_at=datetime(2023, 7, 31, 15, 33, 45, 899000, tzinfo=UTC),
        updated_at=datetime(2023, 7, 31, 15, 33, 56, 722000, tzinfo=UTC),
        ext_exchange_order_number="1234",
        ext_client_order_id="abcd1234",
        ext_global_order_number="9999",
    )


@pytest.mark.parametrize(
    ("damage", "path"),
    [
        ({"updated-at": "yesterday"}, "updated-at"),
        ({"updated-at": True}, "updated-at"),
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": True}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": ["1"]}, "id"),
        ({"status": None}, "status"),
        ({"account-number": None}, "account-number"),
        ({"legs": [{"symbol": "AAPL", "instrument-type": "Equity"}]}, r"legs\[0\]\.action"),
    ],
)
async def test_an_order_that_does_not_fit_is_an_error_with_its_place(
    client: TTClient, stand_in: StandIn, damage: dict[str, Any], path: str
) -> None:
    """Never an order of another number, or in a state that it is not in."""
    stand_in.answer(f"{OF_ACCOUNT}/orders/live", listed({**ORDER, **damage}))
    with pytest.raises(DecodeError, match=rf"items\[0\]\.{path}: expected"):
        await client.accounts.live_orders(NUMBER)


@pytest.mark.parametrize(("sent", "kept"), [(7, "7"), ("7", "7"), ("007", "007"), (7.0, "7"), ("a-1", "a-1")])
async def test_an_identifier_is_a_number_or_a_text(
    client: TTClient, stand_in: StandIn, sent: object, kept: str
) -> None:
    """A text is kept to the letter."""
    stand_in.answer(f"{OF_ACCOUNT}/orders/live", listed({**ORDER, "id": sent, "complex-order-id": sent}))
    (order,) = await client.accounts.live_orders(NUMBER)
    assert (order.order_id, order.complex_order_id) == (kept, kept)


async def test_the_parts_of_a_complex_order_are_of_its_account(client: TTClient, stand_in: StandIn) -> None:
    """Those in it may leave it out; one that waits for another says which role it has."""
    part = without(ORDER, "account-number", "legs")
    answer = {
        "id": "abc-123",
        "account-number": NUMBER,
        "type": "OTOCO",
        "trigger-order": {**part, "id": 1, "complex-order-tag": "OTOCO::trigger-order"},
        "orders": [{**part, "id": 2}, {**part, "id": 3, "account-number": "5WX00002"}],
        "ratio-price-threshold": "1.5",
        "ratio-price-is-threshold-based-on-notional": True,
    }
    stand_in.answer(f"{OF_ACCOUNT}/complex-orders/abc-123", one(answer))
    found = await client.accounts.complex_order(NUMBER, "abc-123")
    assert (found.complex_order_id, found.kind) == ("abc-123", "OTOCO")
    assert found.trigger_order is not None
    assert (found.trigger_order.complex_order_tag, found.trigger_order.account_number) == (
        "OTOCO::trigger-order",
        NUMBER,
    )
    assert [(each.order_id, each.account_number) for each in found.orders] == [
        ("2", NUMBER),
        ("3", "5WX00002"),
    ]
    assert (found.ratio_price_threshold, found.is_ratio_price_threshold_based_on_notional) == (
        Decimal("1.5"),
        True,
    )


async def test_the_margin_configuration_needs_its_rate(client: TTClient, stand_in: StandIn) -> None:
    """A text or a number."""
    path = "/margin-requirements-public-configuration"
    stand_in.answer(path, one({"risk-free-rate": 0.035}))
    assert (await client.accounts.margin_configuration()).risk_free_rate == Decimal("0.035")


async def test_a_margin_configuration_without_a_rate_is_an_error(client: TTClient, stand_in: StandIn) -> None:
    """It says nothing else."""
    stand_in.answer("/margin-requirements-public-configuration", one({}))
    with pytest.raises(DecodeError, match="risk-free-rate"):
        await client.accounts.margin_configuration()
