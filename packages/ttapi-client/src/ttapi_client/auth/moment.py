# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A moment that another process can place: by both of the machine's clocks, neither of which is enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from ttapi_core.clock import Clock

_AGREEMENT_SECONDS: Final = 5.0  # a time server that trims the wall clock stays far below


@attrs.frozen(kw_only=True)
class Moment:
    """
    When something happened, by wall time and by monotonic time.

    Monotonic time is the same for all processes, but begins anew when the machine starts, is another on each
    machine, and on some systems stands still while the machine sleeps. Wall time can be set. Where both say
    the same, it is so; where they do not, nobody knows, and a caller is told so.

    Examples
    --------
    >>> from ttapi_core.clock import ManualClock
    >>> clock = ManualClock()
    >>> moment = Moment.of(clock)
    >>> clock.advance(30)
    >>> moment.age_seconds(clock)
    30.0
    >>> clock.step_wall(-3600)
    >>> moment.age_seconds(clock) is None
    True
    """

    wall: datetime  # aware, UTC
    monotonic: float

    @classmethod
    def of(cls, clock: Clock, *, monotonic: float | None = None) -> Moment:
        """Now, or when the monotonic clock of this process stood at that."""
        now = clock.monotonic()
        earlier = now if monotonic is None else monotonic
        return cls(wall=clock.now() - timedelta(seconds=now - earlier), monotonic=earlier)

    def age_seconds(self, clock: Clock) -> float | None:
        """How long ago it was; ``None`` when the clocks do not agree, or it has not come yet."""
        by_monotonic = clock.monotonic() - self.monotonic
        by_wall = (clock.now() - self.wall).total_seconds()
        if by_monotonic < 0 or abs(by_monotonic - by_wall) > _AGREEMENT_SECONDS:
            return None
        return max(by_monotonic, by_wall)
