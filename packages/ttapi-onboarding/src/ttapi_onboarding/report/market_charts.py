# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The charts of the whole market: a tile a symbol, and implied against realised volatility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from ttapi_onboarding.report import theme
from ttapi_onboarding.report.charts import layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

MEASURES: Final = {
    "volatility_20": "volatility",
    "implied_volatility": "volatility",
    "change_1": "change",
    "change_5": "change",
    "change_20": "change",
}
"""What the map can show, and in which of the theme's shades."""

TILE_HEIGHT: Final = 26
SCATTER_HEIGHT: Final = 300
_NO_SHADE: Final = "none"


def classes(values: pl.Series, *, around_zero: bool) -> tuple[list[int | None], list[float]]:
    """
    The class of each value, 0 to 6, and the six borders between them.

    Parameters
    ----------
    values
        Nulls have no class.
    around_zero
        Classes of equal width with zero in the middle of the fourth; the two outermost, which are open, begin
        where the eighth of the values does that moved most. Else classes of equal numbers of values.

    Examples
    --------
    >>> import polars as pl
    >>> classes(pl.Series([0.1, 0.2, 0.3, None]), around_zero=False)[0]
    [0, 3, 6, None]
    >>> found, borders = classes(pl.Series([-0.06, 0.0, 0.02, 0.05]), around_zero=True)
    >>> found, [round(border, 3) for border in borders]
    ([0, 3, 4, 5], [-0.056, -0.034, -0.011, 0.011, 0.034, 0.056])
    """
    known = values.drop_nulls()
    if known.is_empty():
        return [None] * len(values), []
    if around_zero:
        step = (known.abs().quantile(0.875, "linear") or 0.01) / (theme.CLASSES / 2 - 1)
        borders = [step * (number + 1 - theme.CLASSES / 2) for number in range(theme.CLASSES - 1)]
    else:
        borders = [
            known.quantile(number / theme.CLASSES, "linear") or 0.0 for number in range(1, theme.CLASSES)
        ]
    found = [
        None if value is None else sum(value > border for border in borders) for value in values.to_list()
    ]
    return found, borders


def volatility_map(data: str) -> alt.LayerChart:
    """
    A tile a symbol, in the order of the rows: as many in a line as the page says.

    Parameters
    ----------
    data
        Name of the rows: symbol, rank, what the tooltip tells, and for each of ``MEASURES`` the shade with
        ``_shade`` behind its name.
    """
    columns = alt.param(name="columns", value=24)
    measure = alt.param(name="measure", value=next(iter(MEASURES)))
    keys, fills, letters = _palette()
    shade = alt.Color("shade:N").legend(None)
    told = [
        alt.Tooltip("symbol:N"),
        alt.Tooltip("description:N").title("name"),
        alt.Tooltip("close:Q").format(",.2f"),
        alt.Tooltip("change_1:Q").format("+.2%").title("1 day"),
        alt.Tooltip("change_5:Q").format("+.1%").title("5 days"),
        alt.Tooltip("change_20:Q").format("+.1%").title("20 days"),
        alt.Tooltip("volatility_20:Q").format(".1%").title("realised, 20 days"),
        alt.Tooltip("implied_volatility:Q").format(".1%").title("implied"),
    ]
    base = (
        alt.Chart(alt.NamedData(name=data))
        .transform_calculate(
            column="datum.rank % columns",
            row="floor(datum.rank / columns)",
            shade="datum[measure + '_shade']",
        )
        .encode(
            x=alt.X("column:O").axis(None).scale(paddingInner=0.035, paddingOuter=0),
            y=alt.Y("row:O").axis(None).scale(paddingInner=0.07, paddingOuter=0),
            tooltip=told,  # of tiles and of names, which lie upon them
        )
    )
    tiles = base.mark_rect(cornerRadius=2).encode(
        color=shade.scale(domain=keys, range=fills),
    )
    names = base.mark_text(
        fontSize=10,
        fontWeight=500,
        limit=alt.expr("width / columns - 2"),
        aria=False,
    ).encode(text="symbol:N", color=shade.scale(domain=keys, range=letters))
    both = layered(tiles, names, scales=alt.ScaleResolveMap(color="independent")).properties(padding=0)
    return both.add_params(columns, measure)


def implied_against_realised(data: str, highest: float) -> alt.LayerChart:
    """
    A point a symbol: above the line, options ask for more movement than there was.

    Parameters
    ----------
    data
        Name of the rows of the map.
    highest
        Where both axes end.
    """
    scale = alt.Scale(domain=[0, highest], nice=False, clamp=True)
    axis = alt.Axis(format=".0%", grid=True, tickCount=5)
    points = (
        alt.Chart(alt.NamedData(name=data))
        .mark_circle(color=theme.REALISED, opacity=0.55, size=22)
        .encode(
            x=alt.X("volatility_20:Q").scale(scale).axis(axis).title("realised, 20 days"),
            y=alt.Y("implied_volatility:Q").scale(scale).axis(axis).title(None),
            tooltip=[
                alt.Tooltip("symbol:N"),
                alt.Tooltip("volatility_20:Q").format(".1%").title("realised, 20 days"),
                alt.Tooltip("implied_volatility:Q").format(".1%").title("implied"),
            ],
        )
    )
    diagonal: list[dict[str, float]] = [{"x": 0, "y": 0}, {"x": highest, "y": highest}]
    ends = alt.InlineData(values=diagonal)
    line = (
        alt.Chart(ends)
        .mark_line(color=theme.MUTED, strokeDash=[4, 3], strokeWidth=1)
        .encode(x=alt.X("x:Q").scale(scale), y=alt.Y("y:Q").scale(scale))
    )
    return layered(line, points)


def shade_names(found: Sequence[int | None], palette: str) -> list[str]:
    """The names under which the map's scale knows classes."""
    return [_NO_SHADE if number is None else f"{palette}-{number}" for number in found]


def _palette() -> tuple[list[str], list[str], list[str]]:
    palettes = sorted(set(MEASURES.values()))
    keys = [f"{palette}-{number}" for palette in palettes for number in range(theme.CLASSES)]
    fills = [shade for palette in palettes for shade in theme.shades(palette)]
    letters = [ink for palette in palettes for ink in theme.inks(palette)]
    return [*keys, _NO_SHADE], [*fills, "var(--grid)"], [*letters, theme.MUTED]
