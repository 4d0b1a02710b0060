# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long to wait before the next connection: longer after each failure, and never all clients together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from ttapi_client.dxlink.policy import FeedPolicy


class Pauses:
    """
    The pauses of one feed: each between the shortest and twice as much as before was the longest.

    Parameters
    ----------
    policy
        The shortest and the longest pause.
    random
        Draws the jitter.

    Examples
    --------
    >>> from random import Random
    >>> from ttapi_client.dxlink.policy import FeedPolicy
    >>> pauses = Pauses(FeedPolicy(), random=Random(1))
    >>> all(1.0 <= pauses.after_failure() <= 30.0 for _ in range(1_000)), pauses.failures
    (True, 1000)
    """

    def __init__(self, policy: FeedPolicy, *, random: Random) -> None:
        self._shortest = policy.shortest_pause_seconds
        self._longest = max(policy.shortest_pause_seconds, policy.longest_pause_seconds)
        self._random = random
        self.failures = 0  # in a row

    def after_failure(self) -> float:
        """Count a failure; gives the seconds to wait after it."""
        self.failures += 1
        # An exponent of hundreds would overflow; long before, it makes no difference.
        upper = min(self._longest, self._shortest * 2.0 ** min(self.failures, 64))
        return self._random.uniform(self._shortest, upper)

    def reset(self) -> None:
        """Something has come of it: the next failure is a first one."""
        self.failures = 0
