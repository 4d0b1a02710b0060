# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The rate limit: never more than N starts in any sliding window, fewer for a while after a 429.

Why no library; these were tried in their newest versions: ``aiolimiter`` 1.3 is a leaky bucket that let 19
starts into a window of 10. ``limits`` 5.8 counts by wall clock and does not queue. ``pyrate-limiter`` 4.5
keeps the exact window, but by a clock of its own, with a thread for each limiter, 50 ms late at each turn.
None of them slows down after a 429. The window is these few lines; ``Line`` does the waiting.
"""

from __future__ import annotations

from collections import deque
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttapi_client.policies import RateLimitPolicy


class SlidingWindow:
    """
    Counts starts, and says when there is room for the next; all times are monotonic seconds.

    Examples
    --------
    >>> from ttapi_client.policies import RateLimitPolicy
    >>> window = SlidingWindow(RateLimitPolicy(starts=2, window_seconds=1.0))
    >>> window.start(0.0), window.start(0.25)
    (None, None)
    >>> window.seconds_until_room(0.5), window.seconds_until_room(1.0)
    (0.5, 0.0)
    """

    __slots__ = (
        "_is_slow",
        "_length",
        "_policy",
        "_promised",
        "_slow_starts",
        "_slow_until",
        "_slowed_at",
        "_starts",
        "held_until",
    )

    def __init__(self, policy: RateLimitPolicy) -> None:
        self._policy = policy
        self._length = policy.window_seconds
        self._starts: deque[float] = deque()
        self._promised = 0  # turns that have been given and not yet used
        self.held_until = -inf
        """Until then nothing starts, because the service said so."""
        self._is_slow = False
        self._slowed_at = -inf
        self._slow_starts = 0.0  # allowed at ``_slow_until``; from then on they grow
        self._slow_until = -inf

    def seconds_until_room(self, now: float) -> float:
        """
        How long until one more may start.

        Zero when it may now; infinite when that depends on turns that are given and not yet used.
        """
        starts, length = self._starts, self._length
        while starts and starts[0] + length <= now:
            starts.popleft()
        if now < self.held_until:
            return self.held_until - now
        too_many = len(starts) + self._promised - self.allowed(now)
        if too_many < 0:
            return 0.0
        return starts[too_many] + length - now if too_many < len(starts) else inf

    def start(self, now: float) -> None:
        """One starts at this moment."""
        self._starts.append(now)

    def promise(self) -> None:
        """A turn is given: it counts as a start until it is used or given back."""
        self._promised += 1

    def release(self) -> None:
        """A turn that was given is used, or will not be."""
        self._promised -= 1

    def allowed(self, now: float) -> int:
        """Starts in a window, as far as the service has let us know."""
        return int(self._allowance(now)) if self._is_slow else self._policy.starts

    def slow_down(self, now: float, *, started_at: float, retry_after_seconds: float | None = None) -> bool:
        """
        A request was answered with 429.

        Parameters
        ----------
        now, started_at
            When it was answered and when it had started.
        retry_after_seconds
            For how long the service does not want to hear from us, if it says so.

        Returns
        -------
        bool
            Whether that is news: the 429s of requests that had started before the last slow-down had its
            effect, one window later, all tell the same.
        """
        allowance = self._allowance(now) if self._is_slow else float(self._policy.starts)
        is_news = started_at >= self._slowed_at + self._length
        if is_news:
            self._slowed_at = now
            allowance = max(1.0, allowance * self._policy.slow_down_factor)
        if retry_after_seconds is not None:
            hold_seconds = min(retry_after_seconds, self._policy.longest_hold_seconds)
            self.held_until = max(self.held_until, now + hold_seconds)
        self._is_slow = True
        self._slow_starts = allowance
        self._slow_until = max(now, self.held_until)
        return is_news

    def _allowance(self, now: float) -> float:
        windows = max(0.0, now - self._slow_until) / self._length
        grown = self._slow_starts + windows * self._policy.recovery_per_window * self._policy.starts
        self._is_slow = grown < self._policy.starts
        return min(grown, float(self._policy.starts))
