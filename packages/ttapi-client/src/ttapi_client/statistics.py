# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Statistics: what one client has done so far."""

from __future__ import annotations

from collections import Counter

import attrs


@attrs.define(kw_only=True)
class ClientStatistics:
    """Counts since the client was opened."""

    requests: Counter[str] = attrs.field(factory=Counter[str])  # sent, by endpoint family, repeats included
    retries: int = 0
    renewals: int = 0  # of the access token
    limiter_waits: int = 0  # starts held back by the rate limit
    in_flight: int = 0
    in_flight_peak: int = 0

    def sent(self, family: str) -> None:
        """A request leaves."""
        self.requests[family] += 1
        self.in_flight += 1
        self.in_flight_peak = max(self.in_flight_peak, self.in_flight)

    def answered(self) -> None:
        """A request has ended, well or not."""
        self.in_flight -= 1
