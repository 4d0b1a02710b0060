# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi summary`: growth, volatility, risk and liquidity of each symbol, from the lake."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import engine_options, frame_output, options
from ttapi_onboarding.frame_output import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from ttapi_onboarding.engine_options import EngineChoice
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request

_UNITS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def _one_symbol(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    symbols = options.split_symbols(context, parameter, () if text is None else (text,))
    if len(symbols) > 1:
        raise click.BadParameter("one symbol, please")
    return next(iter(symbols), None)


@click.command()
@click.argument("symbols", nargs=-1, callback=options.split_symbols, metavar="[SYMBOL]...")
@click.option(
    "--benchmark",
    callback=_one_symbol,
    metavar="SYMBOL",
    help="A symbol in the lake; adds beta and correlation of daily returns to it.",
)
@engine_options.for_engines
@frame_output.for_rows
def summary(
    request: Request,
    output: Output,
    *,
    symbols: tuple[str, ...],
    benchmark: str | None,
    choice: EngineChoice,
) -> None:
    """
    Sum up each symbol's daily candles.

    \b
    ttapi summary AAPL BRK/B --benchmark SPY
    ttapi summary --csv > summary.csv

    Over all days in the lake, of all symbols or of those named. The table has: days; the last close; return
    a year; Yang-Zhang volatility a year; Sharpe ratio; deepest drawdown; the loss of a day that 95 % of days
    stay above (VaR); what is traded a day, in the price's currency. --csv and --json have more, as ratios.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_platform import analyses

    lake = request.platform().lake
    with choice.engine() as engine:
        frame = analyses.summary(lake, symbols=symbols or None, benchmark=benchmark, engine=engine)
    output.show(
        frame,
        record={"lake": str(lake.root), "benchmark": benchmark},
        columns=_columns,
        noun="symbols",
    )


def _columns(frame: pl.DataFrame) -> list[Column]:
    shown: dict[str, tuple[str, Callable[[float], str]]] = {
        "days": ("days", "{:.0f}".format),
        "close": ("close", "{:.2f}".format),
        "annualised_return": ("return", "{:.1%}".format),
        "yang_zhang": ("volatility", "{:.1%}".format),
        "sharpe": ("Sharpe", "{:.2f}".format),
        "maximum_drawdown": ("drawdown", "{:.1%}".format),
        "value_at_risk": ("VaR 95%", "{:.1%}".format),
        "dollar_volume": ("traded/day", _amount),
        "beta": ("beta", "{:.2f}".format),
        "correlation": ("corr.", "{:.2f}".format),
    }
    return [
        Column("symbol", frame["symbol"].to_list()),
        *(
            Column(heading, [_number(value, text_of) for value in frame[name]], is_numeric=True)
            for name, (heading, text_of) in shown.items()
            if name in frame.columns
        ),
    ]


def _number(value: float | None, text_of: Callable[[float], str]) -> str:
    return "" if value is None or not math.isfinite(value) else text_of(value)


def _amount(value: float) -> str:
    """In short: 1.3B for 1,300,000,000."""
    for unit, letter in _UNITS:
        if value >= unit:
            return f"{value / unit:.1f}{letter}"
    return f"{value:.0f}"
