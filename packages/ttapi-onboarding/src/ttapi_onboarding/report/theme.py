# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How charts look: every colour is a variable of the page's style sheet, for light and for dark."""

from __future__ import annotations

from typing import Final

CLASSES: Final = 7
"""Shades of the volatility map."""

INK: Final = "var(--ink)"
MUTED: Final = "var(--muted)"
UP: Final = "var(--up)"
DOWN: Final = "var(--down)"
REALISED: Final = "var(--realised)"
REALISED_LONG: Final = "var(--realised-long)"
IMPLIED: Final = "var(--implied)"
AVERAGE_SHORT: Final = "var(--average-short)"
AVERAGE_LONG: Final = "var(--average-long)"
BAND: Final = "var(--band)"
VOLUME: Final = "var(--volume)"
SURFACE: Final = "var(--surface)"

FONT: Final = 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial'

CONFIG: Final[dict[str, object]] = {
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 0, "top": 6, "right": 8, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "domainColor": "var(--rule)",
        "gridColor": "var(--grid)",
        "labelColor": MUTED,
        "labelFontSize": 11,
        "labelPadding": 6,
        "tickColor": "var(--rule)",
        "tickSize": 4,
        "title": None,
        "titleColor": MUTED,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "axisX": {"grid": False, "labelOverlap": True},
    "axisY": {"domain": False, "ticks": False, "minExtent": 40, "maxExtent": 40, "tickCount": 5},
    "line": {"strokeCap": "round", "strokeJoin": "round", "strokeWidth": 1.5},
    "text": {"fontSize": 11},
}
"""The ``config`` of every chart."""


def shades(measure: str) -> list[str]:
    """
    The map's colours from the lowest class to the highest: ``"volatility"``, or ``"change"`` for moves.

    Examples
    --------
    >>> shades("change")[0]
    'var(--change-0)'
    """
    return [f"var(--{measure}-{number})" for number in range(CLASSES)]


def inks(measure: str) -> list[str]:
    """The colours of the letters on ``shades``."""
    return [f"var(--{measure}-ink-{number})" for number in range(CLASSES)]
