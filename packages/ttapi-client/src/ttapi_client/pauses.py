# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long to wait before the next try: longer after each failure, and never all clients together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.errors import CircuitOpenError

if TYPE_CHECKING:
    from random import Random

    from ttapi_core.errors import TTError


class Pauses:
    """
    The pauses between the tries of one undertaking.

    Parameters
    ----------
    shortest_seconds, longest_seconds
        Each pause is drawn from between the shortest and its double after one failure, four times as much
        after two, and so on up to the longest.
    random
        Draws them.

    Examples
    --------
    >>> from random import Random
    >>> pauses = Pauses(1.0, 30.0, random=Random(1))
    >>> all(1.0 <= pauses.after_failure() <= 30.0 for _ in range(5)), pauses.failures
    (True, 5)
    """

    def __init__(self, shortest_seconds: float, longest_seconds: float, *, random: Random) -> None:
        self._shortest = shortest_seconds
        self._longest = max(shortest_seconds, longest_seconds)
        self._random = random
        self.failures = 0  # in a row

    def after_failure(self, trouble: TTError | None = None) -> float:
        """Count a failure; the seconds to wait after it, which an open breaker knows itself."""
        self.failures += 1
        if isinstance(trouble, CircuitOpenError):
            # Nothing was sent. A longer pause would miss the instant at which a request is let through.
            return max(self._shortest, trouble.retry_in_seconds)
        # Doubling for hours would overflow; from the longest on it makes no difference.
        upper = min(self._longest, self._shortest * 2.0 ** min(self.failures, 64))
        return self._random.uniform(self._shortest, upper)

    def reset(self) -> None:
        """It has gone well: the next failure is a first one."""
        self.failures = 0
