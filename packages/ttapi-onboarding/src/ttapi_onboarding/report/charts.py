# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The charts of one symbol: candles, volatilities, the cone and the term structure, by Altair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import altair as alt

from ttapi_onboarding.report import theme

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Chart = alt.Chart | alt.LayerChart
Spec = dict[str, object]

AVERAGES: Final = {"average_20": theme.AVERAGE_SHORT, "average_50": theme.AVERAGE_LONG}
VOLATILITIES: Final = {
    "volatility_60": theme.REALISED_LONG,
    "implied_volatility": theme.IMPLIED,
    "volatility_20": theme.REALISED,
}
"""The lines of the charts of prices and of volatilities, with their colours; the last is on top."""

CANDLES_HEIGHT: Final = 300
LINES_HEIGHT: Final = 210
_VOLUME_SHARE: Final = 4.5  # how much higher than the highest volume its scale reaches
# Trading days up to which the axis counts in that.
_WEEKS_UNTIL: Final = 70
_MONTHS_UNTIL: Final = 380
_QUARTERS_UNTIL: Final = 1_100
_PERCENT: Final = ".0%"
_EXACT_PERCENT: Final = ".1%"


def spec_of(chart: Chart, *, height: int, description: str) -> Spec:
    """A chart as wide as the page lets it be, for whoever cannot see it described, in the page's colours."""
    sized = chart.properties(width="container", height=height, description=description)
    return {**cast("Spec", sized.to_dict()), "config": theme.CONFIG}


def layered(*charts: Chart, scales: alt.ScaleResolveMap | None = None) -> alt.LayerChart:
    """Charts one upon the other, with common scales where nothing else is said."""
    layers = list(charts)
    if scales is None:
        return alt.LayerChart(layer=layers)
    return alt.LayerChart(layer=layers, resolve=alt.Resolve(scale=scales))


def candles(
    data: str, *, days: int, highest_volume: float, averages: Collection[str] = AVERAGES
) -> alt.LayerChart:
    """
    Candles with two moving averages, and volume at their feet.

    Parameters
    ----------
    data
        Name of the rows: date, open, high, low, close, volume, average_20, average_50.
    days
        How many rows there are, from which the width of a candle follows.
    highest_volume
        In units; the volume's bars reach up to a part of the chart.
    averages
        Those of them that have a value.
    """
    base = _chart(data).encode(x=_days(days))
    width = alt.expr(f"max(1, min(9, 0.66 * width / {max(days, 1)}))")
    colour = alt.when("datum.close >= datum.open").then(alt.value(theme.UP)).otherwise(alt.value(theme.DOWN))
    reach = max(highest_volume, 1.0) * _VOLUME_SHARE
    volume = base.mark_bar(size=width, color=theme.VOLUME).encode(
        y=alt.Y("volume:Q").axis(None).scale(domain=[0, reach])
    )
    price = alt.Y("low:Q").scale(zero=False, nice=True).axis(format=",.6~g", grid=True)
    wicks = base.mark_rule(strokeWidth=1).encode(y=price, y2="high:Q", color=colour)
    bodies = base.mark_bar(size=width, minBandSize=1).encode(y="open:Q", y2="close:Q", color=colour)
    means = [
        base.mark_line(color=colour_of, strokeWidth=1.25).encode(y=f"{name}:Q")
        for name, colour_of in AVERAGES.items()
        if name in averages
    ]
    told = _hover(
        base,
        days,
        [
            alt.Tooltip("date:T").format("%a %d %b %Y").title("day"),
            *(alt.Tooltip(f"{name}:Q").format(",.2f") for name in ("open", "high", "low", "close")),
            alt.Tooltip("volume:Q").format(",.0f"),
            alt.Tooltip("average_20:Q").format(",.2f").title("20-day mean"),
            alt.Tooltip("average_50:Q").format(",.2f").title("50-day mean"),
        ],
    )
    prices = layered(wicks, bodies, *means, told)
    return layered(volume, prices, scales=alt.ScaleResolveMap(y="independent"))


def volatilities(data: str, *, days: int, lines: Collection[str] = VOLATILITIES) -> alt.LayerChart:
    """Rolling volatility of the rows against implied, those lines of them that have a value."""
    base = _chart(data).encode(x=_days(days))
    y_axis = alt.Axis(format=_PERCENT)
    drawn = [
        base.mark_line(color=colour).encode(y=alt.Y(f"{name}:Q").scale(zero=False, nice=True).axis(y_axis))
        for name, colour in VOLATILITIES.items()
        if name in lines
    ]
    told = _hover(
        base,
        days,
        [
            alt.Tooltip("date:T").format("%a %d %b %Y").title("day"),
            alt.Tooltip("volatility_20:Q").format(_EXACT_PERCENT).title("realised, 20 days"),
            alt.Tooltip("volatility_60:Q").format(_EXACT_PERCENT).title("realised, 60 days"),
            alt.Tooltip("implied_volatility:Q").format(_EXACT_PERCENT).title("implied"),
        ],
    )
    return layered(*drawn, told)


def cone(data: str, *, windows: Sequence[int]) -> alt.LayerChart:
    """Quartiles and extremes of rolling volatility by window, and the latest of each; rows of a cone."""
    base = _chart(data).encode(
        x=alt.X("window:O")
        .scale(alt.Scale(type="point", padding=0.25))
        .sort([str(window) for window in windows])
        .axis(labelExpr="datum.label + ' d'", ticks=False, domain=False, labelAngle=0)
    )
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=_PERCENT)
    outer = base.mark_area(color=theme.BAND, opacity=0.45).encode(
        y=alt.Y("lowest:Q").scale(scale).axis(axis), y2="highest:Q"
    )
    inner = base.mark_area(color=theme.BAND).encode(y="lower_quartile:Q", y2="upper_quartile:Q")
    median = base.mark_line(color=theme.MUTED, strokeDash=[4, 3], strokeWidth=1.25).encode(y="median:Q")
    latest = base.mark_line(
        color=theme.REALISED,
        strokeWidth=1.75,
        point=alt.OverlayMarkDef(filled=True, fill=theme.REALISED, stroke=theme.SURFACE, size=56),
    ).encode(y="latest:Q")
    told = base.mark_rule(strokeWidth=28, opacity=0).encode(
        tooltip=[
            alt.Tooltip("window:O").title("days"),
            *(
                alt.Tooltip(f"{name}:Q").format(_EXACT_PERCENT).title(name.replace("_", " "))
                for name in ("highest", "upper_quartile", "median", "lower_quartile", "lowest", "latest")
            ),
        ]
    )
    return layered(outer, inner, median, latest, told)


def term_structure(data: str) -> alt.LayerChart:
    """Volatility at the money by days to expiration; rows of ``live_term_structures``."""
    base = _chart(data).encode(x=_days_ahead())
    line = base.mark_line(
        color=theme.IMPLIED,
        point=alt.OverlayMarkDef(filled=True, fill=theme.IMPLIED, stroke=theme.SURFACE, size=48),
    ).encode(
        y=alt.Y("at_the_money:Q").scale(zero=False, nice=True).axis(format=_PERCENT),
        tooltip=[
            alt.Tooltip("expiration_date:T").format("%a %d %b %Y").title("expiration"),
            alt.Tooltip("days_to_expiration:Q").title("days"),
            alt.Tooltip("at_the_money:Q").format(_EXACT_PERCENT).title("at the money"),
        ],
    )
    return layered(line)


def expirations(data: str) -> alt.LayerChart:
    """How many strikes each expiration has; rows of ``symbol_histories.listed_expirations``."""
    base = _chart(data).encode(
        x=_days_ahead(),
        y=alt.Y("strike_count:Q").scale(nice=True, zero=True).axis(format=",d"),
        tooltip=[
            alt.Tooltip("expiration_date:T").format("%a %d %b %Y").title("expiration"),
            alt.Tooltip("expiration_type:N").title("type"),
            alt.Tooltip("root:N"),
            alt.Tooltip("days_to_expiration:Q").title("days"),
            alt.Tooltip("strike_count:Q").title("strikes"),
        ],
    )
    stems = base.mark_rule(color=theme.VOLUME, strokeWidth=1.5).encode(y2=alt.datum(0))
    heads = base.mark_circle(color=theme.MUTED, size=46, opacity=1)
    return layered(stems, heads)


def _days(days: int) -> alt.X:
    """Dates with a tick for weeks, months, quarters or years, and the year where it turns."""
    month = "timeFormat(datum.value, month(datum.value) > 0 ? '%b' : '%Y')"
    interval, step, label = (
        ("week", 1, "timeFormat(datum.value, '%-d %b')")
        if days <= _WEEKS_UNTIL
        else ("month", 1, month)
        if days <= _MONTHS_UNTIL
        else ("month", 3, month)
        if days <= _QUARTERS_UNTIL
        else ("year", 1, "timeFormat(datum.value, '%Y')")
    )
    ticks = {"interval": interval, "step": step}
    return alt.X("date:T").title(None).axis(labelExpr=label, labelSeparation=8, tickCount=ticks)


def _days_ahead() -> alt.X:
    return (
        alt.X("days_to_expiration:Q")
        .scale(type="sqrt", nice=False, zero=True)
        .axis(title="days to expiration", values=[7, 30, 60, 90, 180, 365, 730], titlePadding=8)
    )


def _chart(data: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=data))


def _hover(base: alt.Chart, days: int, tooltip: Sequence[alt.Tooltip]) -> alt.Chart:
    """An invisible strip a day, so that the pointer need not meet a thin line."""
    width = alt.expr(f"max(2, width / {max(days, 1)})")
    strips: alt.Chart = base.mark_rule(strokeWidth=width, opacity=0, aria=False).encode(tooltip=list(tooltip))
    return strips
