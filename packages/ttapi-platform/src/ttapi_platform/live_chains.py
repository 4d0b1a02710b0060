# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains as they are now: what is listed, and the quotes of chosen series as frames."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs

from ttapi_core.clock import SystemClock
from ttapi_core.errors import NotFoundError
from ttapi_core.outcome import Err, Ok
from ttapi_core.trading_day import NEW_YORK
from ttapi_platform.option_chain_frames import chain_frame, days_to_expiration
from ttapi_platform.quote_lookup import price_of, quotes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from ttapi_client import TTClient
    from ttapi_core.errors import TTError
    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.outcome import Outcome
    from ttapi_core.quotes import Quote
    from ttapi_platform.service import Connection


@attrs.frozen
class ListedSeries:
    """A series and how far away its expiration is."""

    series: ExpirationSeries
    days: int  # calendar days to expiration


@attrs.frozen(kw_only=True)
class QuotedSeries:
    """A series with the frame of its options."""

    listed: ListedSeries
    underlying_price: float | None
    options: pl.DataFrame  # of ``option_chain_frames.chain_frame``


async def listed_series(connection: Connection, underlying: str) -> tuple[ListedSeries, ...]:
    """
    Every series of an underlying by expiration and root; none where the service lists no such options.

    Parameters
    ----------
    connection
        Whom to ask, and which day it is there.
    underlying
        In the service's spelling.

    Raises
    ------
    ApiError
        When the service cannot be asked or refuses.
    """
    try:
        found = await connection.client.option_chains.nested(underlying)
    except NotFoundError:
        return ()
    now = connection.now or SystemClock().now()
    today = connection.chain_days.get(underlying) or now.astimezone(NEW_YORK).date()
    listed = [ListedSeries(series, days_to_expiration(series, today)) for series in found]
    return tuple(sorted(listed, key=lambda each: (each.series.expiration_date, each.series.root)))


async def quoted_series(
    client: TTClient, underlying: str, chosen: Sequence[ListedSeries]
) -> tuple[list[QuotedSeries], dict[str, TTError]]:
    """
    Chosen series of an underlying with the quotes of all their options, asked for at once.

    Parameters
    ----------
    client
        Whom to ask.
    underlying
        In the service's spelling; its quote is asked for, too.
    chosen
        Of ``listed_series``.

    Returns
    -------
    tuple
        The series in the order given; and by symbol, why an option or the underlying has no quote.
    """
    options = [
        option for each in chosen for strike in each.series.strikes for option in (strike.call, strike.put)
    ]
    outcomes = await quotes_of(client, [underlying, *options])
    errors = {symbol: each.error for symbol, each in outcomes.items() if isinstance(each, Err)}
    # On a thread, as Polars plans a volatility for a twentieth of a second, for which the loop would wait.
    return await asyncio.to_thread(_framed, underlying, chosen, outcomes), errors


def _framed(
    underlying: str, chosen: Sequence[ListedSeries], outcomes: Mapping[str, Outcome[Quote]]
) -> list[QuotedSeries]:
    quotes = {symbol: each.value for symbol, each in outcomes.items() if isinstance(each, Ok)}
    price = price_of(quotes[underlying]) if underlying in quotes else None
    return [
        QuotedSeries(
            listed=each,
            underlying_price=price,
            options=chain_frame(each.series, quotes, underlying_price=price, days=each.days),
        )
        for each in chosen
    ]
