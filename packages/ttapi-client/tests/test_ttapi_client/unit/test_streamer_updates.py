# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Account updates on their way: decoded, weighed against what was told, queued, and paused for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from test_ttapi_client.rest_answers import BALANCE, POSITION
from test_ttapi_client.streamer_stub import ACCOUNT, balance_news, position_news
from ttapi_client.account_streamer.decoding import notification
from ttapi_client.account_streamer.notifications import (
    BalanceChanged,
    ComplexOrderChanged,
    OrderChanged,
    Overflowed,
    PositionChanged,
    UnknownNotification,
    UnreadableNotification,
)
from ttapi_client.account_streamer.picture import AccountPicture
from ttapi_client.account_streamer.update_queue import UpdateQueue
from ttapi_client.dxlink.live.overflow import Overflow
from ttapi_client.pauses import Pauses
from ttapi_core.errors import IncompleteDataError
from ttapi_core.instruments import InstrumentType
from ttapi_core.orders import OrderFill

ORDER = {
    "id": 54321,
    "account-number": ACCOUNT,
    "time-in-force": "Day",
    "order-type": "Limit",
    "size": 10,
    "underlying-symbol": "AAPL",
    "price": "180.25",
    "price-effect": "Debit",
    "status": "Live",
    "cancellable": True,
    "editable": True,
    "received-at": "2026-08-24T17:59:59.000+00:00",
    "updated-at": 1_787_594_400_123,
    "legs": [
        {
            "instrument-type": "Equity",
            "symbol": "AAPL",
            "quantity": 10,
            "remaining-quantity": "6",
            "action": "Buy to Open",
            "fills": [
                {"quantity": "1", "fill-price": "180.2", "filled-at": "2026-08-24T18:00:00.000+00:00"},
                {"quantity": 3, "fill-price": "180.25", "filled-at": "2026-08-24T18:00:00.000Z"},
            ],
        }
    ],
}


def order_news(**changes: object) -> dict[str, Any]:
    """What the service says when an order has changed."""
    return {"type": "Order", "data": {**ORDER, **changes}, "timestamp": 1_787_594_400_200}


def update(cash: int) -> BalanceChanged:
    """A balance with so much cash."""
    changed = notification(balance_news(str(cash)))
    assert isinstance(changed, BalanceChanged)
    return changed


def position(symbol: str, quantity: str = "10") -> PositionChanged:
    """A position in that symbol."""
    changed = notification(position_news(symbol, quantity))
    assert isinstance(changed, PositionChanged)
    return changed


def test_an_order_comes_whole_with_its_milliseconds_and_its_sign() -> None:
    """A debit is negative; the frame's own instants are numbers, those of REST are texts."""
    changed = notification(order_news())
    assert isinstance(changed, OrderChanged)
    assert changed.sent_at == datetime(2026, 8, 24, 18, 0, 0, 200_000, tzinfo=UTC)
    order = changed.order
    assert (order.order_id, order.status, order.price) == ("54321", "Live", Decimal("-180.25"))
    assert order.updated_at == datetime(2026, 8, 24, 18, 0, 0, 123_000, tzinfo=UTC)
    assert order.received_at == datetime(2026, 8, 24, 17, 59, 59, tzinfo=UTC)
    (leg,) = order.legs
    at = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)
    assert leg.instrument_type is InstrumentType.EQUITY
    assert leg.fills == (
        OrderFill(quantity=Decimal(1), price=Decimal("180.2"), filled_at=at),
        OrderFill(quantity=Decimal(3), price=Decimal("180.25"), filled_at=at),
    )


def test_an_order_needs_no_more_than_account_number_and_status() -> None:
    """Everything else may be left out."""
    changed = notification(
        {"type": "Order", "data": {"id": "7", "account-number": ACCOUNT, "status": "New!"}}
    )
    assert isinstance(changed, OrderChanged)
    assert (changed.order.order_id, changed.order.status, changed.order.legs) == ("7", "New!", ())
    assert changed.order.updated_at is None
    assert changed.sent_at is None


@pytest.mark.parametrize(
    "kind", ["OrderChain", "ExternalTransaction", "QuoteAlert", "PublicWatchlists", "UserMessage", "New"]
)
def test_kinds_without_a_class_are_kept_as_they_came(kind: str) -> None:
    """With all of their data, which does not print."""
    data = {"account-number": ACCOUNT, "deep": {"er": [1, None]}}
    kept = notification({"type": kind, "data": data, "timestamp": 1})
    assert isinstance(kept, UnknownNotification)
    assert (kept.type, kept.data) == (kind, data)
    assert ACCOUNT not in repr(kept)


@pytest.mark.parametrize(
    "message",
    [
        order_news(status=None),
        order_news(**{"updated-at": "yesterday"}),
        order_news(legs=[7]),
        {"type": "AccountBalance", "data": {**BALANCE, "cash-balance": {}}},
        {"type": "CurrentPosition", "data": {**POSITION, "quantity-direction": "Sideways"}},
        {"type": "CurrentPosition"},
        {"type": "AccountBalance", "data": []},
    ],
)
def test_a_known_kind_that_does_not_fit_is_told_with_its_error(message: dict[str, Any]) -> None:
    """Never lost, never fatal, never printed."""
    found = notification(message)
    assert isinstance(found, UnreadableNotification)
    assert found.type == message["type"]
    assert found.error.path.startswith(found.type)
    assert ACCOUNT not in repr(found)


@pytest.mark.parametrize("timestamp", [None, "soon", -1, 10**300, True, []])
def test_news_without_a_usable_date_are_news_all_the_same(timestamp: object) -> None:
    """The date is missing, no more."""
    changed = notification({**balance_news(), "timestamp": timestamp})
    assert isinstance(changed, BalanceChanged)
    assert changed.sent_at is None


def test_a_reading_never_sets_back_what_the_stream_has_said() -> None:
    """The stream was open before the reading began, so it is newer."""
    picture = AccountPicture()
    picture.connected()
    picture.streamed(update(2))
    assert not picture.takes(update(1))
    assert picture.takes(position("AAPL"))
    picture.connected()
    assert picture.takes(update(3))


def test_a_position_that_is_no_longer_listed_has_been_given_up() -> None:
    """Once, with a quantity of zero; other accounts are not touched."""
    picture = AccountPicture()
    for symbol in ("AAPL", "MSFT", "SPY"):
        assert picture.takes(position(symbol))
    picture.streamed(position("SPY", "0"))
    (gone,) = picture.given_up(ACCOUNT, [position("AAPL")])
    assert (gone.position.symbol, gone.position.quantity, gone.sent_at) == ("MSFT", Decimal(0), None)
    assert picture.takes(gone)
    assert picture.given_up(ACCOUNT, [position("AAPL")]) == []
    assert picture.given_up("another", []) == []


def test_what_is_about_no_account_is_not_part_of_the_picture() -> None:
    """It is told in any case."""
    picture = AccountPicture()
    unknown = UnknownNotification(type="QuoteAlert", data={})
    picture.streamed(unknown)
    assert not picture.takes(unknown)


def test_orders_of_the_stream_are_newer_than_those_that_are_read() -> None:
    """By their number."""
    picture = AccountPicture()
    first, other = notification(order_news()), notification(order_news(id=2))
    picture.streamed(first)
    assert not picture.takes(first)
    assert picture.takes(other)


def test_a_complex_order_is_weighed_as_a_whole() -> None:
    """Its parts are orders of their own."""
    picture = AccountPicture()
    news = {"type": "ComplexOrder", "data": {"id": 9, "account-number": ACCOUNT, "orders": [ORDER]}}
    whole = notification(news)
    assert isinstance(whole, ComplexOrderChanged)
    assert whole.complex_order.orders[0].order_id == "54321"
    picture.streamed(whole)
    assert not picture.takes(whole)
    assert picture.takes(notification(order_news()))


async def test_waiting_keeps_everything_and_says_when_there_is_no_room() -> None:
    """What was made already can always be put."""
    queue = UpdateQueue(2, Overflow.WAIT)
    for cash in range(3):
        queue.put(update(cash))
    rooms = [queue.has_room]
    taken = [await queue.take(), await queue.take()]
    rooms.append(queue.has_room)
    await queue.wait_for_room()
    assert (taken, rooms) == ([update(0), update(1)], [False, True])


def test_the_latest_alone_is_not_offered() -> None:
    """An order's steps would be lost, and nobody told."""
    with pytest.raises(ValueError, match="WAIT, DROP_OLDEST or FAIL"):
        UpdateQueue(2, Overflow.LATEST)


async def test_dropping_keeps_the_newest_and_tells_how_many_are_missing() -> None:
    """Before the first that is left."""
    queue = UpdateQueue(2, Overflow.DROP_OLDEST)
    for cash in range(5):
        queue.put(update(cash))
    assert queue.has_room
    assert [await queue.take() for _ in range(3)] == [Overflowed(dropped=3), update(3), update(4)]
    queue.put(update(9))
    assert await queue.take() == update(9)


async def test_failing_gives_what_was_kept_and_nothing_more() -> None:
    """The error is the producer's, who ends."""
    queue = UpdateQueue(1, Overflow.FAIL)
    queue.put(update(1))
    with pytest.raises(IncompleteDataError, match="too slow: 1 account updates"):
        queue.put(update(2))
    queue.close()
    assert [await queue.take() for _ in range(3)] == [update(1), None, None]


async def test_a_consumer_waits_for_news_and_for_the_end() -> None:
    """It is woken by either."""
    queue = UpdateQueue(1, Overflow.WAIT)
    async with asyncio.TaskGroup() as group:
        news, end = group.create_task(queue.take()), group.create_task(queue.take())
        await asyncio.wait([news, end], timeout=0)
        queue.put(update(1))
        await asyncio.wait([news])
        queue.close()
    assert (news.result(), end.result()) == (update(1), None)


def test_pauses_grow_up_to_the_longest_and_begin_anew() -> None:
    """Never below the shortest; never the same for everybody."""
    pauses = Pauses(1.0, 30.0, random=Random(3))
    drawn = [pauses.after_failure() for _ in range(2_000)]
    assert min(drawn) >= 1.0
    assert 29.0 < max(drawn) <= 30.0
    assert drawn[0] <= 2.0
    assert len(set(drawn)) == len(drawn)
    pauses.reset()
    assert pauses.after_failure() <= 2.0
