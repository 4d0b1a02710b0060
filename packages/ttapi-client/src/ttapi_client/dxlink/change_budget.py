# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How many subscription changes the last minute leaves room for."""

from __future__ import annotations

from collections import deque
from typing import Final

_MINUTE_SECONDS: Final = 60.0


class ChangeBudget:
    """
    Counts the changes of a sliding minute; the service refuses whoever makes too many (API facts 1.7).

    Examples
    --------
    >>> budget = ChangeBudget(100)
    >>> budget.spend(80, now=0.0)
    >>> budget.left(now=59.9), budget.left(now=60.0)
    (20, 100)
    """

    def __init__(self, changes_per_minute: int) -> None:
        self._most = changes_per_minute
        self._spent: deque[tuple[float, int]] = deque()

    def left(self, now: float) -> int:
        """Give how many changes may be made at this monotonic second."""
        while self._spent and self._spent[0][0] + _MINUTE_SECONDS <= now:
            self._spent.popleft()
        return self._most - sum(changes for _, changes in self._spent)

    def spend(self, changes: int, now: float) -> None:
        """Take note of changes that are being made."""
        if changes:
            self._spent.append((now, changes))
