# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the account streamer answers, message by message, without a socket."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ttapi_client.sandbox.account_streamer.dialogue import Dialogue, Reply

TOKEN = "Bearer t"


@pytest.fixture
def dialogue() -> Dialogue:
    """A client of two accounts."""
    return Dialogue("s-1", authorizes=lambda token: token == TOKEN, known={"SBX00001", "SBX00002"})


def test_an_answer_repeats_who_asked_what(dialogue: Dialogue) -> None:
    """Status, action, session and number, and for a connection the accounts (API facts 8)."""
    reply = say(dialogue, "connect", value=["SBX00002", "SBX00001", "SBX00002"], **{"request-id": 7})
    assert reply.message == {
        "status": "ok",
        "action": "connect",
        "web-socket-session-id": "s-1",
        "request-id": 7,
        "value": ("SBX00002", "SBX00001"),
    }
    assert reply.has_connected == ("SBX00002", "SBX00001")
    assert reply.is_alive


@pytest.mark.parametrize(
    "action",
    ["heartbeat", "public-watchlists-subscribe", "quote-alerts-subscribe", "user-message-subscribe"],
)
def test_connecting_comes_first(dialogue: Dialogue, action: str) -> None:
    """Known clients look for these very words; the token counts as a sign of life all the same."""
    reply = say(dialogue, action)
    assert (reply.message["status"], reply.message["message"]) == ("error", "connect-not-completed")
    assert reply.is_alive
    assert say(dialogue, "connect", value="SBX00001").has_connected == ("SBX00001",)
    assert say(dialogue, action).message["status"] == "ok"


@pytest.mark.parametrize("token", [None, "", "t", "bearer t", "Bearer", 5, ["Bearer t"], "Bearer t "])
@pytest.mark.parametrize("action", ["connect", "heartbeat"])
def test_a_token_that_does_not_hold_is_an_error(dialogue: Dialogue, action: str, token: Any) -> None:
    """A bare one among them; it is no sign of life, and it is not repeated."""
    reply = say(dialogue, action, token=token, value=["SBX00001"])
    assert reply.message["status"] == "error"
    assert "not authorized" in str(reply.message["message"])
    assert not reply.is_alive
    assert not reply.has_connected


@pytest.mark.parametrize(
    "value", [None, [], "", "5WX00001", ["SBX00001", "5WX00001"], [None], 7, {}, [["SBX00001"]]]
)
def test_accounts_that_are_not_there_are_an_error(dialogue: Dialogue, value: Any) -> None:
    """None of a list is connected when one of it is unknown."""
    reply = say(dialogue, "connect", value=value)
    assert reply.message["status"] == "error"
    assert not reply.has_connected
    assert say(dialogue, "heartbeat").message["message"] == "connect-not-completed"


def test_an_unknown_action_is_an_error(dialogue: Dialogue) -> None:
    """Before anything else is looked at; very long ones are not repeated in full."""
    reply = say(dialogue, "dance" * 1000, token=None)
    assert reply.message["message"] == "unknown action"
    assert len(str(reply.message["action"])) == 100


@pytest.mark.parametrize("number", ["abc", "x" * 10_000, 0, -5, 2**62])
def test_a_request_may_have_any_number(dialogue: Dialogue, number: Any) -> None:
    """Text or number, repeated as it came; a long text is cut."""
    reply = say(dialogue, "heartbeat", **{"request-id": number})
    assert reply.message["request-id"] == (number[:100] if isinstance(number, str) else number)


@pytest.mark.parametrize("number", [None, 1.5, [], {}])
def test_what_is_no_number_is_not_repeated(dialogue: Dialogue, number: Any) -> None:
    """The answer has none then."""
    assert "request-id" not in say(dialogue, "heartbeat", **{"request-id": number}).message


def say(dialogue: Dialogue, action: str, *, token: Any = TOKEN, **more: Any) -> Reply:
    """One message and its answer; the answer can be written as JSON."""
    reply = dialogue.receive(orjson.dumps({"action": action, "auth-token": token, **more}))
    assert orjson.dumps(reply.message)
    return reply
