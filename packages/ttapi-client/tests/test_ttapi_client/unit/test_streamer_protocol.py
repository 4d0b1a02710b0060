# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer's protocol without a socket: requests, acknowledgements, heartbeat, news."""

from __future__ import annotations

from typing import Any

import pytest

from ttapi_client.account_streamer.policy import StreamerPolicy
from ttapi_client.account_streamer.protocol import (
    Acknowledged,
    Action,
    Notified,
    Refused,
    StreamerProtocol,
)
from ttapi_core.errors import DecodeError, TransportTimeoutError
from ttapi_core.settings import Secret

TOKEN = Secret("canary-token")
ACCOUNT = "5WX00001"


def fresh() -> StreamerProtocol:
    """A protocol that has said nothing yet."""
    return StreamerProtocol([ACCOUNT], agent="tests/1.0", policy=StreamerPolicy())


def ok(number: object, action: str = "connect", **more: object) -> dict[str, Any]:
    """An acknowledgement as the service writes it."""
    return {
        "status": "ok",
        "action": action,
        "web-socket-session-id": "ab",
        "request-id": number,
        **more,
    }


def connected() -> StreamerProtocol:
    """A protocol that has been let in at second 0."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 0.0)
    link.receive(ok(1), 0.0)
    return link


def test_connect_names_accounts_and_token_and_counts_its_requests() -> None:
    """The token with its word, the numbers only where they belong."""
    link = fresh()
    assert link.request(Action.CONNECT, TOKEN, 0.0) == {
        "action": "connect",
        "auth-token": "Bearer canary-token",
        "request-id": 1,
        "source": "tests/1.0",
        "value": [ACCOUNT],
    }
    heartbeat = link.request(Action.HEARTBEAT, Secret("newer"), 1.0)
    assert heartbeat == {
        "action": "heartbeat",
        "auth-token": "Bearer newer",
        "request-id": 2,
        "source": "tests/1.0",
    }


@pytest.mark.parametrize(
    "answer",
    [ok(1), ok("1"), ok(1, value=[ACCOUNT]), ok(None), {"status": "ok", "action": "connect"}],
)
def test_an_acknowledgement_is_matched_by_number_or_else_by_action(answer: dict[str, Any]) -> None:
    """With the accounts and without; a number as text; no number at all."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 0.0)
    assert link.receive(answer, 0.1) == (Acknowledged(Action.CONNECT),)
    assert link.receive(answer, 0.2) == ()
    assert link.ignored == 1


def test_answers_out_of_order_find_their_requests() -> None:
    """The number decides."""
    link = connected()
    link.request(Action.QUOTE_ALERTS, TOKEN, 1.0)
    link.request(Action.HEARTBEAT, TOKEN, 1.0)
    assert link.receive(ok(3, "heartbeat"), 1.1) == (Acknowledged(Action.HEARTBEAT),)
    assert link.receive(ok(2, "quote-alerts-subscribe"), 1.2) == (Acknowledged(Action.QUOTE_ALERTS),)


def test_a_refusal_tells_the_reason_without_token_and_accounts() -> None:
    """What the service quotes is starred out, and no text goes on for ever."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 0.0)
    reason = f"Bearer canary-token may not see {ACCOUNT} " + 1_000 * "x"
    (event,) = link.receive({"status": "error", "request-id": 1, "message": reason}, 0.1)
    assert isinstance(event, Refused)
    assert event.reason.startswith("Bearer *** may not see *** xxx")
    assert len(event.reason) == 200


def test_a_refusal_without_a_reason_is_one() -> None:
    """Any status but ok."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 0.0)
    assert link.receive({"status": "?", "request-id": 1}, 0.1) == (
        Refused(Action.CONNECT, "it gives no reason"),
    )


def test_news_come_alone_or_several_in_results() -> None:
    """The wrapping changes nothing."""
    link = connected()
    news = [{"type": "Order", "data": {}}, {"type": "Unheard", "data": {}}]
    assert link.receive(news[0], 1.0) == (Notified(news[0]),)
    assert link.receive({"results": news}, 1.0) == tuple(map(Notified, news))
    assert link.receive({"results": []}, 1.0) == ()


@pytest.mark.parametrize("frame", [[], "ok", None, 7, {"results": [{"type": "Order"}, 7]}])
def test_what_is_no_object_is_a_decode_error(frame: object) -> None:
    """News may be in it, so it is not stepped over."""
    with pytest.raises(DecodeError, match="an object"):
        connected().receive(frame, 1.0)


@pytest.mark.parametrize(
    "frame", [{}, {"type": 7}, {"status": "ok", "request-id": 99}, {"action": "connect"}]
)
def test_what_means_nothing_is_counted(frame: dict[str, Any]) -> None:
    """It changes nothing."""
    link = connected()
    assert link.receive(frame, 1.0) == ()
    assert link.ignored == 1


def test_no_heartbeat_before_the_service_has_let_us_in() -> None:
    """The service answers it with an error."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 0.0)
    assert not link.must_beat(1_000.0)


def test_a_heartbeat_every_twenty_seconds() -> None:
    """Counted from the last one sent."""
    link = connected()
    due = []
    for second in range(101):
        if link.must_beat(float(second)):
            number = link.request(Action.HEARTBEAT, TOKEN, float(second))["request-id"]
            link.receive(ok(number, "heartbeat"), float(second))
            due.append(second)
    assert due == [20, 40, 60, 80, 100]


def test_a_missing_acknowledgement_is_seen_after_ten_seconds() -> None:
    """Not before."""
    link = fresh()
    link.request(Action.CONNECT, TOKEN, 5.0)
    link.check(14.9)
    with pytest.raises(TransportTimeoutError, match=r"did not acknowledge connect in 10 seconds"):
        link.check(15.0)


def test_a_mute_service_is_seen_within_65_seconds_at_the_slowest_heartbeat() -> None:
    """By the heartbeat that it does not acknowledge."""
    policy = StreamerPolicy(heartbeat_seconds=55, acknowledgement_seconds=10)
    link = StreamerProtocol([ACCOUNT], agent="tests/1.0", policy=policy)
    link.request(Action.CONNECT, TOKEN, 0.0)
    link.receive(ok(1), 0.0)
    assert link.must_beat(55.0)
    link.request(Action.HEARTBEAT, TOKEN, 55.0)
    with pytest.raises(TransportTimeoutError):
        link.check(65.0)


def test_after_a_pause_of_our_own_the_service_gets_its_time_again() -> None:
    """Its answers may be waiting to be read."""
    link = connected()
    link.request(Action.HEARTBEAT, TOKEN, 20.0)
    link.resume(100.0)
    link.check(109.9)
    with pytest.raises(TransportTimeoutError):
        link.check(110.0)
