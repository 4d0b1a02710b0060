# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Flags and indexes of events that form a series (API facts 7.5)."""

from __future__ import annotations

from typing import Final

REMOVE: Final = 0x02
BEGIN: Final = 0x04
END: Final = 0x08
SNIP: Final = 0x10
NOT_A_NUMBER: Final = "NaN"  # JSON has none of its own
# Milliseconds; an index has 31 bits for seconds, which end in January 2038.
LATEST_TIME: Final = ((1 << 31) - 1) * 1000


def event_index(time: int) -> int:
    """
    The index of the first event at a time in milliseconds.

    Examples
    --------
    >>> event_index(1756293300000)
    7543222285683916800
    """
    return (time // 1000 << 32) + (time % 1000 << 22)
