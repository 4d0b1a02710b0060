# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed's side of a conversation, without a socket."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ttapi_client.sandbox.dxlink.channel import Subscription
from ttapi_client.sandbox.dxlink.conversation import Conversation, Hangup
from ttapi_client.sandbox.dxlink.layout import FRAME_LIMIT, Layout


@pytest.fixture
def conversation() -> Conversation:
    """Authorized, with an open channel 1 that takes everything."""
    started = Conversation(lambda token: token == "good")
    for message in (
        {"type": "SETUP", "channel": 0},
        {"type": "AUTH", "channel": 0, "token": "good"},
        {"type": "CHANNEL_REQUEST", "channel": 1, "service": "FEED", "parameters": {"contract": "AUTO"}},
    ):
        _say(started, **message)
    return started


def test_a_subscription_ends_when_it_is_removed(conversation: Conversation) -> None:
    """What has been queued for it is not sent any more."""
    one = _subscribe(conversation, "AAPL{=d}")
    _say(
        conversation, type="FEED_SUBSCRIPTION", channel=1, remove=[{"type": "Candle", "symbol": "AAPL{=1d}"}]
    )
    assert one.is_over()


def test_a_subscription_ends_when_it_is_replaced(conversation: Conversation) -> None:
    """The later start holds."""
    one = _subscribe(conversation, "AAPL{=d}", from_time=5)
    two = _subscribe(conversation, "AAPL{=1d}", from_time=7)
    assert one.is_over()
    assert not two.is_over()
    assert (one.from_time, two.from_time) == (5, 7)


@pytest.mark.parametrize(
    "message", [{"type": "FEED_SUBSCRIPTION", "reset": True}, {"type": "CHANNEL_CANCEL"}]
)
def test_a_subscription_ends_with_its_channel(conversation: Conversation, message: dict[str, object]) -> None:
    """Reset and cancel end all of them."""
    both = [_subscribe(conversation, symbol) for symbol in ("AAPL{=d}", "SPY{=d}")]
    _say(conversation, channel=1, **message)
    assert all(one.is_over() for one in both)


def test_a_later_setup_does_not_change_what_is_queued(conversation: Conversation) -> None:
    """Data that was promised in one layout comes in it; the announcement follows in the queue."""
    _say(
        conversation,
        type="FEED_SETUP",
        channel=1,
        acceptDataFormat="COMPACT",
        acceptEventFields={"Candle": ["time"]},
    )
    before = _subscribe(conversation, "AAPL{=d}")
    _say(conversation, type="FEED_SETUP", channel=1, acceptEventFields={"Candle": ["close", "time"]})
    after = _subscribe(conversation, "SPY{=d}")
    assert before.layout.fields == ("time",)
    assert after.layout.fields == ("close", "time")
    assert before.layout.is_compact
    assert after.layout.is_compact


def test_there_is_a_limit_to_all_subscriptions(conversation: Conversation) -> None:
    """25,000 symbols of any sort; what is there already may be repeated (API facts 1.7)."""
    add = [{"type": "Quote", "symbol": f"S{number}"} for number in range(25_000)]
    answers = _say(conversation, type="FEED_SUBSCRIPTION", channel=1, add=add)
    assert sum(isinstance(answer, Subscription) for answer in answers) == 25_000
    (refused,) = _say(
        conversation, type="FEED_SUBSCRIPTION", channel=1, add=[{"type": "Quote", "symbol": "ONE"}]
    )
    assert refused["error"] == "BAD_ACTION"
    (again,) = _say(conversation, type="FEED_SUBSCRIPTION", channel=1, add=add[:1])
    assert isinstance(again, Subscription)


@pytest.mark.parametrize("symbol", ["", "X" * 201])
def test_symbols_have_a_sensible_length(conversation: Conversation, symbol: str) -> None:
    """Nothing is kept for the others."""
    (refused,) = _say(
        conversation, type="FEED_SUBSCRIPTION", channel=1, add=[{"type": "Quote", "symbol": symbol}]
    )
    assert refused["error"] == "BAD_ACTION"


@pytest.mark.parametrize("add", [None, "AAPL", 5, {"type": "Quote", "symbol": "AAPL"}])
def test_what_is_no_list_subscribes_nothing(conversation: Conversation, add: object) -> None:
    """And is no reason to end the conversation."""
    assert _say(conversation, type="FEED_SUBSCRIPTION", channel=1, add=add) == []


@pytest.mark.parametrize(
    ("given", "understood"),
    [(-1, 0), (1.9, 1), (1e300, 2147483647000), ("x", 2147483647000), (True, 2147483647000)],
)
def test_a_start_is_read_with_care(conversation: Conversation, given: object, understood: int) -> None:
    """The latest start is the last whole second that an index can hold."""
    assert _subscribe(conversation, "AAPL{=d}", from_time=given).from_time == understood


def test_a_protocol_error_is_followed_by_the_end(conversation: Conversation) -> None:
    """The server says what was wrong, then hangs up."""
    assert isinstance(conversation.receive("[")[-1], Hangup)
    assert isinstance(_say(conversation, type="NONSENSE", channel=1)[-1], Hangup)


def test_rows_that_grow_still_fit_their_frames() -> None:
    """The first row is no promise: frames are cut anew when later ones are longer."""
    columns = {"text": ["x"] * 10 + ["y" * 400] * 5000}
    layout = Layout(channel=1, event_type="Candle", is_compact=True, fields=("text",))
    frames = list(layout.frames(columns, rows=5010))
    assert max(len(frame) for frame, _ in frames) <= FRAME_LIMIT
    assert sum(rows for _, rows in frames) == 5010
    assert [text for frame, _ in frames for text in orjson.loads(frame)["data"][1]] == columns["text"]


def _say(conversation: Conversation, **message: object) -> list[Any]:
    return conversation.receive(orjson.dumps(message))


def _subscribe(conversation: Conversation, symbol: str, *, from_time: object = 0) -> Subscription:
    add = [{"type": "Candle", "symbol": symbol, "fromTime": from_time}]
    answers = _say(conversation, type="FEED_SUBSCRIPTION", channel=1, add=add)
    (subscription,) = (answer for answer in answers if isinstance(answer, Subscription))
    return subscription
