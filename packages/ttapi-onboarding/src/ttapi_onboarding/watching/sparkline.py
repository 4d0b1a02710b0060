# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sparklines: the way of a price in one line of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS: Final = "▁▂▃▄▅▆▇█"
ASCII: Final = "_.:-=+*#"


def sparkline(values: Sequence[float], width: int, levels: str = BLOCKS) -> str:
    """
    The last values, one character each, the newest on the right; the lowest and the highest reach the ends.

    Parameters
    ----------
    values
        Finite, oldest first.
    width
        Characters; where there are fewer values, blanks stand before them.
    levels
        From low to high. Values that do not differ are drawn in the middle.

    Examples
    --------
    >>> sparkline([9.0, 1.0, 2.0, 3.0, 4.5], 4), sparkline([5.0, 5.0], 4)
    ('▁▃▅█', '  ▄▄')
    """
    if width <= 0:
        return ""
    shown = list(values)[-width:]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    top = len(levels) - 1
    # Halved, because the span of two huge numbers is none.
    span = high / 2 - low / 2
    line = "".join(
        levels[round((value / 2 - low / 2) / span * top)] if span else levels[top // 2] for value in shown
    )
    return f"{line:>{width}}"
