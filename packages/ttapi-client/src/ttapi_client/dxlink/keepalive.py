# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""When to speak so as not to be taken for dead, and when to take the other side for it."""

from __future__ import annotations


class Keepalive:
    """
    The two silences of a connection, ours and the server's (API facts 7.2).

    Parameters
    ----------
    timeout_seconds
        Silence after which the server counts as gone, and the longest that it may have to bear from us.
    now
        Monotonic seconds at which the connection was made.

    Examples
    --------
    >>> keepalive = Keepalive(60, now=0.0)
    >>> keepalive.agree(20)
    >>> keepalive.must_speak(9.9), keepalive.must_speak(10.0)
    (False, True)
    >>> keepalive.is_server_gone(59.9), keepalive.is_server_gone(60.0)
    (False, True)
    """

    def __init__(self, timeout_seconds: float, *, now: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._speak_after_seconds = timeout_seconds / 2
        self._spoke_at = self._heard_at = now

    def agree(self, server_timeout_seconds: object) -> None:
        """Take the server's own limit from its SETUP: speak twice in that time; nonsense changes nothing."""
        limit = server_timeout_seconds
        if isinstance(limit, int | float) and 0 < limit < self._timeout_seconds:
            self._speak_after_seconds = limit / 2

    def spoke(self, now: float) -> None:
        """Take note that something is being sent; any message counts."""
        self._spoke_at = now

    def heard(self, now: float) -> None:
        """Take note that something came; any message counts."""
        self._heard_at = now

    def has_heard_since(self, instant: float) -> bool:
        """Whether anything came at that monotonic second or later."""
        return self._heard_at >= instant

    def must_speak(self, now: float) -> bool:
        """Whether our silence has lasted half as long as the server bears."""
        return now >= self._spoke_at + self._speak_after_seconds

    def is_server_gone(self, now: float) -> bool:
        """Whether the server has been silent for as long as we bear."""
        return now >= self._heard_at + self._timeout_seconds
