# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains for eyes and for programs: the expirations, or the strikes with call and put side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_onboarding import figures
from ttapi_onboarding.render import frame_json, table
from ttapi_platform.option_chain_frames import smile_of, strikes_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ttapi_platform.live_chains import ListedSeries, QuotedSeries
    from ttapi_platform.option_chain_frames import Smile

GREEKS: Final = "computed from mids"

EXPIRATIONS: Final = pl.Schema(
    {
        "expiration_date": pl.String,
        "days_to_expiration": pl.Int64,
        "root": pl.String,
        "chain_type": pl.String,
        "expiration_type": pl.String,
        "settlement_type": pl.String,
        "strikes": pl.Int64,
    }
)
# Of each side by heading: the column, and how its numbers are written.
_MARKET: Final = {"bid": ("bid", figures.price), "ask": ("ask", figures.price)}
_VALUE: Final = {
    "mid": ("mid", figures.price),
    "IV %": ("implied_volatility", figures.percent),
    "delta": ("delta", figures.with_digits(2)),
}
_FURTHER: Final = {
    "gamma": ("gamma", figures.with_digits(4)),
    "theta": ("theta", figures.with_digits(3)),
    "vega": ("vega", figures.with_digits(3)),
}


def expirations_frame(listed: Iterable[ListedSeries]) -> pl.DataFrame:
    """One row per series and its days to expiration, in the order given."""
    rows = [
        (
            each.series.expiration_date.isoformat(),
            each.days,
            each.series.root,
            each.series.chain_type,
            each.series.expiration_type,
            each.series.settlement_type,
            len(each.series.strikes),
        )
        for each in listed
    ]
    return pl.DataFrame(rows, schema=EXPIRATIONS, orient="row")


def expirations_table(expirations: pl.DataFrame) -> str:
    """One line per series."""
    headings = ["expiration", "days", "root", "chain", "type", "settled", "strikes"]
    rows = [[str(cell) for cell in row] for row in expirations.rows()]
    return table(headings, rows, numeric={"days", "strikes"})


def chain_text(chain: QuotedSeries, *, most_strikes: int | None, with_greeks: bool = False) -> str:
    """
    The strikes of one series below a line that says which it is, and its smile below them.

    Parameters
    ----------
    chain
        What to show.
    most_strikes
        Only so many, around the underlying's price; None for all.
    with_greeks
        All of them, in place of bid and ask.
    """
    side = {**_VALUE, **_FURTHER} if with_greeks else {**_MARKET, **_VALUE}
    rows = _around(chain, most_strikes)
    nearest = _nearest_strike(rows["strike"].to_list(), chain.underlying_price)
    first, *others = side
    headings = [f"call {first}", *others, "strike", f"put {first}", *others]
    cells = [
        [
            *(written(row[f"call_{column}"]) for column, written in side.values()),
            figures.price(row["strike"]),
            *(written(row[f"put_{column}"]) for column, written in side.values()),
        ]
        for row in rows.to_dicts()
    ]
    styles = ["bold" if strike == nearest else "" for strike in rows["strike"]]
    drawn = table(headings, cells, numeric=frozenset(headings), styles=styles)
    return "\n".join([_title(chain), drawn, smile_text(smile_of(chain.options))])


def smile_text(smile: Smile) -> str:
    """
    At-the-money volatility and skew in one line, in percent a year.

    Examples
    --------
    >>> from ttapi_platform.option_chain_frames import Smile
    >>> print(
    ...     smile_text(
    ...         Smile(
    ...             at_the_money=0.2,
    ...             put_volatility=0.23,
    ...             call_volatility=0.19,
    ...             risk_reversal=-0.04,
    ...             butterfly=0.01,
    ...         )
    ...     )
    ... )
    at the money 20.0 %, 25-delta skew -4.0 (call 19.0 %, put 23.0 %), butterfly +1.0
    """
    if smile.at_the_money is None:
        return "at the money unknown: the mids around the underlying's price imply no volatility"
    middle = f"at the money {figures.percent(smile.at_the_money)} %"
    if smile.risk_reversal is None or smile.butterfly is None:
        return f"{middle}, 25-delta skew unknown: no strikes on both sides of that delta"
    return (
        f"{middle}, 25-delta skew {smile.risk_reversal * 100:+z.1f}"
        f" (call {figures.percent(smile.call_volatility)} %, put {figures.percent(smile.put_volatility)} %),"
        f" butterfly {smile.butterfly * 100:+z.1f}"
    )


def chain_record(chain: QuotedSeries) -> dict[str, object]:
    """One series as JSON values; volatilities are annualised fractions."""
    series = chain.listed.series
    common = ("symbol", "root", "chain_type", "expiration_date", "expiration_type", "settlement_type")
    return {
        "root": series.root,
        "chain_type": series.chain_type,
        "expiration_date": series.expiration_date.isoformat(),
        "expiration_type": series.expiration_type,
        "settlement_type": series.settlement_type,
        "shares_per_contract": series.shares_per_contract,
        "days_to_expiration": chain.listed.days,
        "smile": smile_of(chain.options).record,
        "strikes": frame_json(strikes_frame(chain.options).drop(*common, "underlying_price", "years")),
    }


def chain_rows(chains: Sequence[QuotedSeries]) -> pl.DataFrame:
    """One row per strike of every series, for CSV."""
    return strikes_frame(pl.concat([chain.options for chain in chains]))


def near_dates(wanted: date, listed: Iterable[date]) -> list[date]:
    """
    The listed dates next to one that is not: the last before it and the first after it.

    Examples
    --------
    >>> from datetime import date
    >>> fridays = [date(2026, 12, day) for day in (4, 11, 18)]
    >>> [str(each) for each in near_dates(date(2026, 12, 12), fridays)]
    ['2026-12-11', '2026-12-18']
    """
    dates = sorted(set(listed))
    before, after = [each for each in dates if each < wanted], [each for each in dates if each > wanted]
    return [*before[-1:], *after[:1]]


def _title(chain: QuotedSeries) -> str:
    series = chain.listed.series
    kind = "" if series.chain_type == "Standard" else f" {series.chain_type}"
    price = figures.price(chain.underlying_price) or "unknown"
    return (
        f"{series.root} {series.expiration_date}{kind} {series.expiration_type} {series.settlement_type},"
        f" {figures.counted(chain.listed.days, 'day')}, {series.underlying} at {price}"
    )


def _around(chain: QuotedSeries, most: int | None) -> pl.DataFrame:
    """The strikes nearest to the price, or to the middle one where there is none."""
    rows = strikes_frame(chain.options)
    if most is None:
        return rows
    price, strike = chain.underlying_price, pl.col("strike")
    distance = (strike - (strike.median() if price is None else price)).abs()
    return rows.sort(distance, maintain_order=True).head(most).sort("strike")


def _nearest_strike(strikes: Sequence[float], price: float | None) -> float | None:
    if price is None:
        return None
    return min(strikes, key=lambda strike: abs(strike - price), default=None)
