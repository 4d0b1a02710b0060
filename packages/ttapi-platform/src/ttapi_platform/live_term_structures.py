# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Term structures as they are now: the volatility at the money of every expiration, from few strikes each."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core.errors import DataError
from ttapi_platform.live_chains import ListedSeries, listed_series, quoted_series
from ttapi_polars.option_chains import at_the_money_term_structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.errors import TTError
    from ttapi_core.expirations import ExpirationSeries
    from ttapi_platform.live_chains import QuotedSeries
    from ttapi_platform.service import Connection

STRIKES_ON_EACH_SIDE: Final = 6
"""How many strikes below the price, and as many above, are asked for: the volatility is read between two."""
_STANDARD: Final = "Standard"


@attrs.frozen(kw_only=True)
class TermStructure:
    """Volatility at the money by expiration, and why some options had no quote."""

    rows: pl.DataFrame  # as ``at_the_money_term_structure``, with days_to_expiration; none of them null
    unquoted: dict[str, TTError]  # by option symbol


async def term_structure(connection: Connection, underlying: str, *, near: float) -> TermStructure:
    """
    The term structure of an underlying, of its standard series that expire after today.

    Parameters
    ----------
    connection
        Whom to ask.
    underlying
        In the service's spelling.
    near
        A price of it of not long ago, such as the last close: the strikes around it are asked for.

    Raises
    ------
    DataError
        When the service lists no such options, or their quotes imply no volatility.
    ApiError
        When the service cannot be asked or refuses.
    """
    listed = await listed_series(connection, underlying)
    chosen = [
        ListedSeries(around(each.series, near), each.days)
        for each in listed
        if each.days > 0 and each.series.chain_type == _STANDARD
    ]
    if not chosen:
        raise DataError(f"the service lists no options of {underlying}")
    quoted, errors = await quoted_series(connection.client, underlying, chosen)
    rows = await asyncio.to_thread(_structure, quoted)
    if rows.is_empty():
        why = next(iter(errors.values())).message if errors else "they have no bid and ask"
        raise DataError(f"the options of {underlying} imply no volatility: {why}")
    return TermStructure(rows=rows, unquoted=errors)


def around(series: ExpirationSeries, price: float) -> ExpirationSeries:
    """
    A series with the strikes that are next to a price alone.

    Examples
    --------
    >>> from ttapi_core.testing import make_expiration_series
    >>> series = make_expiration_series(strikes=[str(strike) for strike in range(50, 150)])
    >>> [int(strike.strike) for strike in around(series, 100.5).strikes]
    [95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106]
    """
    below = [strike for strike in series.strikes if strike.strike <= price]
    above = [strike for strike in series.strikes if strike.strike > price]
    return replace(series, strikes=tuple(below[-STRIKES_ON_EACH_SIDE:]) + tuple(above[:STRIKES_ON_EACH_SIDE]))


def _structure(quoted: Sequence[QuotedSeries]) -> pl.DataFrame:
    days = pl.DataFrame(
        [(each.listed.series.expiration_date, each.listed.days) for each in quoted],
        schema={"expiration_date": pl.Date, "days_to_expiration": pl.Int64},
        orient="row",
    ).unique("expiration_date")
    options = pl.concat([each.options for each in quoted]).lazy()
    return (
        at_the_money_term_structure(options)
        .drop_nulls("at_the_money")
        .join(days.lazy(), on="expiration_date", how="left")
        .sort("expiration_date")
        .collect()
    )
