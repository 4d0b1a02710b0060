# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the account streamer answers to each message of a client (API facts 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast

import attrs
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

Message: TypeAlias = "dict[str, object]"

_CONNECT_ACTIONS: Final = frozenset(["connect", "account-subscribe"])  # the latter is the older word
_OTHER_ACTIONS: Final = frozenset(
    ["heartbeat", "public-watchlists-subscribe", "quote-alerts-subscribe", "user-message-subscribe"]
)
_LONGEST_TEXT: Final = 100
_NOT_AUTHORIZED: Final = "not authorized: an auth-token is the word Bearer, a space and an access token"


@attrs.frozen
class Reply:
    """What comes of one message."""

    message: Message
    has_connected: tuple[str, ...] = ()  # account numbers, which are to be sent in full
    is_alive: bool = False  # the client showed a token that holds


class Dialogue:
    """
    One client's side of the streamer, without any socket.

    Parameters
    ----------
    session_id
        Repeated in every answer.
    authorizes
        Whether an ``auth-token`` holds.
    known
        The account numbers there are.

    Examples
    --------
    >>> dialogue = Dialogue("s-1", authorizes=lambda token: token == "Bearer t", known={"SBX00001"})
    >>> dialogue.receive('{"action": "heartbeat", "auth-token": "Bearer t", "request-id": 1}').message[
    ...     "message"
    ... ]
    'connect-not-completed'
    >>> connect = '{"action": "connect", "auth-token": "Bearer t", "value": ["SBX00001"]}'
    >>> dialogue.receive(connect).has_connected
    ('SBX00001',)
    """

    def __init__(self, session_id: str, *, authorizes: Callable[[str], bool], known: Container[str]) -> None:
        self._session_id = session_id
        self._authorizes = authorizes
        self._known = known
        self._is_connected = False

    def receive(self, text: str | bytes) -> Reply:
        """The answer to one message."""
        fields = _fields(text)
        if fields is None:
            return self._refusal({}, "a message is a JSON object")
        action, token = fields.get("action"), fields.get("auth-token")
        if not isinstance(action, str) or action not in _CONNECT_ACTIONS | _OTHER_ACTIONS:
            return self._refusal(fields, "unknown action")
        if not isinstance(token, str) or not self._authorizes(token):
            return self._refusal(fields, _NOT_AUTHORIZED)
        if action in _CONNECT_ACTIONS:
            return self._connect(fields)
        if not self._is_connected:
            return attrs.evolve(self._refusal(fields, "connect-not-completed"), is_alive=True)
        return Reply(self._answer(fields, "ok"), is_alive=True)

    def _connect(self, fields: Mapping[str, object]) -> Reply:
        value = fields.get("value")
        # One client sends a lone account number without a list around it.
        wanted = cast("list[object]", value) if isinstance(value, list) else [value]
        if value is None or not wanted:
            return self._refusal(fields, "no account numbers")
        numbers = tuple(number for number in wanted if isinstance(number, str) and number in self._known)
        if len(numbers) < len(wanted):
            return self._refusal(fields, "an account is unknown, or not yours")
        self._is_connected = True
        numbers = tuple(dict.fromkeys(numbers))
        return Reply(self._answer(fields, "ok") | {"value": numbers}, has_connected=numbers, is_alive=True)

    def _refusal(self, fields: Mapping[str, object], why: str) -> Reply:
        return Reply(self._answer(fields, "error") | {"message": why})

    def _answer(self, fields: Mapping[str, object], status: str) -> Message:
        answer: Message = {"status": status}
        action, request_id = fields.get("action"), fields.get("request-id")
        if isinstance(action, str):
            answer["action"] = action[:_LONGEST_TEXT]
        answer["web-socket-session-id"] = self._session_id
        if isinstance(request_id, str):
            answer["request-id"] = request_id[:_LONGEST_TEXT]
        elif isinstance(request_id, int):
            answer["request-id"] = request_id
        return answer


def _fields(text: str | bytes) -> Mapping[str, object] | None:
    try:
        fields: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return cast("dict[str, object]", fields) if isinstance(fields, dict) else None
