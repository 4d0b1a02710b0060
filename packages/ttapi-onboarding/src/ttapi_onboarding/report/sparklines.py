# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sparklines: a curve of the size of a word, for a cell of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 72
HEIGHT: Final = 18
_MARGIN: Final = 1.5


def sparkline(values: Sequence[float | None]) -> Markup:
    """
    A curve through values as SVG, from the lowest to the highest of them; nothing for fewer than two.

    Examples
    --------
    >>> print(sparkline([1.0, None, 3.0, 2.0]))
    <svg class="spark" viewBox="0 0 72 18" width="72" height="18" aria-hidden="true"><polyline
    points="0,16.5 48,1.5 72,9"/></svg>
    >>> print(sparkline([1.0]))
    <BLANKLINE>
    """
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) <= 1:
        return Markup()
    lowest, highest = min(value for _, value in known), max(value for _, value in known)
    span = (highest - lowest) or 1.0
    step = WIDTH / (len(values) - 1)
    inner = HEIGHT - 2 * _MARGIN
    points = " ".join(
        f"{number * step:.4g},{_MARGIN + inner * (highest - value) / span:.4g}" for number, value in known
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        '<polyline points="{points}"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, points=points)
