# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long to wait before the next try: longer after each failure, and never all clients together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


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

    def after_failure(self) -> float:
        """Count a failure; the seconds to wait after it."""
        self.failures += 1
        # Doubling for hours would overflow; from the longest on it makes no difference.
        upper = min(self._longest, self._shortest * 2.0 ** min(self.failures, 64))
        return self._random.uniform(self._shortest, upper)

    def reset(self) -> None:
        """It has gone well: the next failure is a first one."""
        self.failures = 0
