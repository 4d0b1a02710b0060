# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The drawings of a page: which charts it has, each with its rows, every table of rows once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_onboarding.report import charts, market_charts
from ttapi_onboarding.report.contents import Absent
from ttapi_onboarding.report.gathering import short_text

if TYPE_CHECKING:
    from ttapi_onboarding.report.charts import Spec
    from ttapi_onboarding.report.contents import Contents, Market, SymbolPart

MAP: Final = "market-map"
SCATTER: Final = "market-scatter"
_MARKET_ROWS: Final = "market"
_DIGITS: Final = 8  # of a price; of the rest, what a pixel can show
_ROUGH_DIGITS: Final = 4
_PRICES: Final = ("open", "high", "low", "close", "average_20", "average_50", "volume")


@attrs.frozen(kw_only=True)
class Legend:
    """What the shades of the map mean for one measure."""

    measure: str
    palette: str
    borders: tuple[float, ...]


@attrs.frozen(kw_only=True)
class Drawings:
    """Charts by the name of their place in the page, and the tables of rows that they name."""

    specs: dict[str, Spec]
    rows: dict[str, list[dict[str, object]]]
    legends: tuple[Legend, ...]


def drawings_of(contents: Contents) -> Drawings:
    """Every chart for which there is something to draw."""
    specs: dict[str, Spec] = {}
    rows: dict[str, list[dict[str, object]]] = {}
    legends: list[Legend] = []
    if not isinstance(contents.market, Absent):
        rows[_MARKET_ROWS], legends = _market_rows(contents.market)
        specs |= _market_specs(contents.market)
    for number, part in enumerate(contents.symbols):
        of_symbol = _symbol_rows(part)
        rows |= {place(name, number): table for name, table in of_symbol.items()}
        specs |= _symbol_specs(part, number)
    return Drawings(specs=specs, rows=rows, legends=tuple(legends))


def place(name: str, number: int) -> str:
    """Where in the page a chart of the chosen symbol of that number is; a symbol is no part of it."""
    return f"{name}-{number}"


def _market_rows(market: Market) -> tuple[list[dict[str, object]], list[Legend]]:
    current = market.current.sort("dollar_volume", "symbol", descending=[True, False], nulls_last=True)
    legends: list[Legend] = []
    shades: dict[str, list[str]] = {}
    for measure, palette in market_charts.MEASURES.items():
        values = current[measure]
        if values.count() == 0:
            continue
        found, borders = market_charts.classes(values, around_zero=palette == "change")
        legends.append(Legend(measure=measure, palette=palette, borders=tuple(borders)))
        shades[f"{measure}_shade"] = market_charts.shade_names(found, palette)
    told = current.select(
        pl.col("symbol").map_elements(short_text, return_dtype=pl.String),
        "description",
        "close",
        *market_charts.MEASURES,
    )
    with_shades = told.with_columns(**{name: pl.Series(shade) for name, shade in shades.items()})
    return _records(with_shades.with_row_index("rank")), legends


def _market_specs(market: Market) -> dict[str, Spec]:
    current = market.current
    count = current.height
    specs = {
        MAP: charts.spec_of(
            market_charts.volatility_map(_MARKET_ROWS),
            height=market_charts.TILE_HEIGHT,
            description=f"Map of {count} symbols, a tile each, the most traded first; the table below has the"
            " same figures.",
        )
    }
    both = current.drop_nulls(["volatility_20", "implied_volatility"])
    if both.height:
        highest = max(
            both["volatility_20"].quantile(0.99) or 0, both["implied_volatility"].quantile(0.99) or 0
        )
        specs[SCATTER] = charts.spec_of(
            market_charts.implied_against_realised(_MARKET_ROWS, highest=max(highest, 0.1)),
            height=market_charts.SCATTER_HEIGHT,
            description=f"Implied against realised volatility of {both.height} symbols, a point each.",
        )
    return specs


def _symbol_rows(part: SymbolPart) -> dict[str, list[dict[str, object]]]:
    tables = {
        "history": part.history,
        "cone": part.cone,
        "structure": part.term_structure,
        "expirations": part.expirations,
    }
    return {
        name: _records(table.drop("symbol", strict=False))
        for name, table in tables.items()
        if not isinstance(table, Absent)
    }


def _symbol_specs(part: SymbolPart, number: int) -> dict[str, Spec]:
    name, days = short_text(part.symbol), part.history.height
    history = place("history", number)
    # Vega complains of a line that is nowhere.
    known = {column.name for column in part.history if column.count()}
    drawn = {
        "candles": (
            charts.candles(
                history, days=days, highest_volume=_highest(part.history["volume"]), averages=known
            ),
            charts.CANDLES_HEIGHT,
            f"Daily candles of {name} over {days} days, with moving averages and volume.",
        ),
    }
    if known & charts.VOLATILITIES.keys():
        drawn["volatilities"] = (
            charts.volatilities(history, days=days, lines=known),
            charts.LINES_HEIGHT,
            f"Rolling realised volatility of {name} over 20 and 60 days, and implied volatility.",
        )
    if not isinstance(part.cone, Absent):
        drawn["cone"] = (
            charts.cone(place("cone", number), windows=part.cone["window"].to_list()),
            charts.CANDLES_HEIGHT,
            f"Volatility cone of {name}: the latest volatility of each window within what there has been.",
        )
    if not isinstance(part.term_structure, Absent):
        drawn["structure"] = (
            charts.term_structure(place("structure", number)),
            charts.LINES_HEIGHT,
            f"Implied volatility at the money of {name} by days to expiration.",
        )
    elif not isinstance(part.expirations, Absent):
        drawn["structure"] = (
            charts.expirations(place("expirations", number)),
            charts.LINES_HEIGHT,
            f"Listed expirations of {name}, with how many strikes each has.",
        )
    return {
        place(chart, number): charts.spec_of(made, height=height, description=description)
        for chart, (made, height, description) in drawn.items()
    }


def _highest(volume: pl.Series) -> float:
    found = volume.max()
    return float(found) if isinstance(found, int | float) else 0.0


def _records(frame: pl.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON has them: days at midnight of wherever the reader is, numbers as a chart needs them."""
    floats = [name for name, dtype in frame.schema.items() if dtype.is_float()]
    plain = frame.with_columns(
        *(pl.col(name).round_sig_figs(_digits(name)) for name in floats),
        *(
            pl.col(name).dt.strftime("%Y-%m-%dT00:00:00")
            for name, dtype in frame.schema.items()
            if dtype == pl.Date
        ),
    )
    return plain.to_dicts()


def _digits(name: str) -> int:
    return _DIGITS if name in _PRICES else _ROUGH_DIGITS
