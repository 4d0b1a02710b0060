# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One connection of the account streamer as a machine without input and output (API facts 8)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import attrs

from ttapi_core.errors import DecodeError, TransportTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ttapi_client.account_streamer.policy import StreamerPolicy
    from ttapi_core.settings import Secret

Message: TypeAlias = "Mapping[str, object]"  # one frame, as JSON

_LONGEST_REASON: Final = 200


class Action(StrEnum):
    """What a client may ask for."""

    CONNECT = "connect"
    HEARTBEAT = "heartbeat"
    PUBLIC_WATCHLISTS = "public-watchlists-subscribe"
    QUOTE_ALERTS = "quote-alerts-subscribe"


@attrs.frozen
class Acknowledged:
    """The service has done what it was asked for."""

    action: Action


@attrs.frozen
class Refused:
    """The service has not done it, and says why in words of its own."""

    action: Action
    reason: str


@attrs.frozen
class Notified:
    """News, still in wire form."""

    message: Message


Event: TypeAlias = Acknowledged | Refused | Notified


@attrs.frozen
class _Request:
    action: Action
    due_at: float  # when its acknowledgement should have come


class StreamerProtocol:
    """
    Requests, acknowledgements and heartbeat of one connection.

    It never waits and never reads a clock: ``now`` is the caller's monotonic time, and the message that a
    method returns counts as sent at that moment. The token is handed over with each request, for it lives
    shorter than a connection.

    Parameters
    ----------
    accounts
        Whose changes are wanted.
    agent
        Who we are, as ``product/version``.
    policy
        The time limits.

    Examples
    --------
    >>> from ttapi_client.account_streamer.policy import StreamerPolicy
    >>> from ttapi_core.settings import Secret
    >>> link = StreamerProtocol(["5WX00001"], agent="doc/1", policy=StreamerPolicy())
    >>> link.request(Action.CONNECT, Secret("t"), 0.0)["auth-token"]
    'Bearer t'
    >>> link.receive({"status": "ok", "action": "connect", "request-id": 1}, 0.1)
    (Acknowledged(action=<Action.CONNECT: 'connect'>),)
    >>> link.must_beat(20.0), link.must_beat(20.2)
    (False, True)
    """

    def __init__(self, accounts: Sequence[str], *, agent: str, policy: StreamerPolicy) -> None:
        self._accounts = tuple(accounts)
        self._agent = agent
        self._policy = policy
        self._requests = 0
        self._waiting: dict[int, _Request] = {}
        self._beat_at: float | None = None
        self._private = self._accounts  # what a server may quote when it refuses, and no error shows
        self.ignored = 0  # messages without a meaning to us

    def request(self, action: Action, token: Secret, now: float) -> Message:
        """Give the message that asks for something; nothing but ``connect`` may come first."""
        self._requests += 1
        number = self._requests
        self._waiting[number] = _Request(action, now + self._policy.acknowledgement_seconds)
        self._private = (token.reveal(), *self._accounts)
        if action is Action.HEARTBEAT:
            self._beat_at = now + self._policy.heartbeat_seconds
        message: Message = {
            "action": action.value,
            "auth-token": f"Bearer {token.reveal()}",
            "request-id": number,
            "source": self._agent,
        }
        return {**message, "value": list(self._accounts)} if action is Action.CONNECT else message

    def receive(self, message: object, now: float) -> tuple[Event, ...]:
        """
        Take in one frame; what has no meaning to us is counted and changes nothing.

        Raises
        ------
        DecodeError
            When the frame is no object, or wraps what is none.
        """
        return tuple(
            event for content in _unwrapped(message) if (event := self._react(content, now)) is not None
        )

    def must_beat(self, now: float) -> bool:
        """Whether a heartbeat is due; none is before the service has let us in."""
        return self._beat_at is not None and now >= self._beat_at

    def check(self, now: float) -> None:
        """
        Look for an acknowledgement that should have come.

        Raises
        ------
        TransportTimeoutError
            When there is one: the connection is as good as dead.
        """
        for request in self._waiting.values():
            if now >= request.due_at:
                seconds = self._policy.acknowledgement_seconds
                raise TransportTimeoutError(
                    f"the account streamer did not acknowledge {request.action} in {seconds:g} seconds"
                )

    def resume(self, now: float) -> None:
        """Start to listen again after a pause of our own: what has come meanwhile is still to be read."""
        due_at = now + self._policy.acknowledgement_seconds
        self._waiting = {
            number: attrs.evolve(request, due_at=due_at) for number, request in self._waiting.items()
        }

    def _react(self, message: Message, now: float) -> Event | None:
        if isinstance(message.get("type"), str):
            return Notified(message)
        number = self._answered(message)
        if number is None:
            self.ignored += 1
            return None
        action = self._waiting.pop(number).action
        if message.get("status") != "ok":
            return Refused(action, self._reason(message))
        if action is Action.CONNECT:
            self._beat_at = now + self._policy.heartbeat_seconds
        return Acknowledged(action)

    def _answered(self, message: Message) -> int | None:
        """Find the request that a message answers: by its number, or where that is missing by its action."""
        if "status" not in message:
            return None
        if (number := message.get("request-id")) is not None:
            return next((each for each in self._waiting if str(each) == str(number)), None)
        action = message.get("action")
        return next((each for each, request in self._waiting.items() if request.action == action), None)

    def _reason(self, message: Message) -> str:
        text = str(message.get("message") or "it gives no reason")
        for private in self._private:
            text = text.replace(private, "***")
        return text[:_LONGEST_REASON]


def _unwrapped(message: object) -> Iterator[Message]:
    """Give what stands in a frame: one message, or several under ``results``."""
    content = _object(message, "frame")
    results = content.get("results")
    if not isinstance(results, list):
        yield content
        return
    for index, result in enumerate(cast("list[object]", results)):
        yield _object(result, f"results[{index}]")


def _object(found: object, path: str) -> Message:
    if not isinstance(found, dict):
        raise DecodeError(path=f"account streamer {path}", expected="an object", found=type(found).__name__)
    return cast("Message", found)
