# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An option position that is rolled on: a contract at the money, and the next one before it expires."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.expirations import option_roots
from ttapi_client.sandbox.world.option_market import OptionContract
from ttapi_client.sandbox.world.past_prices import day_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ttapi_client.sandbox.world.market import Market
    from ttapi_client.sandbox.world.past_prices import PastPrices

_LEAST_DAYS: Final = 40  # to the expiration, when a contract is chosen
_ROLLED_BEFORE: Final = timedelta(days=10)
_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class OptionStay:
    """One contract, from the opening of a day until it was given up."""

    contract: OptionContract  # in the units of its first day
    opened_on: date
    closed_on: date | None  # None: still held
    is_closed_late: bool  # at that day's close rather than when it opens


def option_stays(market: Market, prices: PastPrices, kind: str, first_day: date) -> Iterator[OptionStay]:
    """
    The contracts that were held one after the other; none where nothing fitting is listed.

    Parameters
    ----------
    market
        Whose days count.
    prices
        Of the underlying.
    kind
        C or P.
    first_day
        From when on.
    """
    row = prices.row_from(first_day)
    while row is not None:
        day = prices.dates[row]
        contract = _contract_at_the_money(prices, day, kind)
        if contract is None:
            return
        due, gone = _due(market, prices, contract, day)
        end = prices.row_from(due)
        is_late = end == row
        if (market.today if end is None else prices.dates[end]) >= gone:
            # No day was recorded on which it could have been rolled in time.
            end, is_late = max(row, (prices.row_from(gone) or len(prices.dates)) - 1), True
        yield OptionStay(
            contract=contract,
            opened_on=day,
            closed_on=None if end is None else prices.dates[end],
            is_closed_late=is_late,
        )
        row = prices.row_from(prices.dates[end] + _DAY) if is_late and end is not None else end


def _due(market: Market, prices: PastPrices, contract: OptionContract, day: date) -> tuple[date, date]:
    """From when on it is to be rolled, and the day by which it must be gone: it expires, or is adjusted."""
    gone = contract.expiration.date
    due = gone - _ROLLED_BEFORE
    split = next((split.date for split in prices.splits if split.date > day), None)
    if split is not None and split <= due:
        return max(day, day_before(market, split)), split
    return due, gone


def _contract_at_the_money(prices: PastPrices, day: date, kind: str) -> OptionContract | None:
    roots = option_roots(prices.quote.listing, spot=prices.close_before(day), today=day)
    for expiration in roots[0].expirations if roots else ():
        if (expiration.date - day).days >= _LEAST_DAYS:
            strike = expiration.strikes[len(expiration.strikes) // 2]
            return OptionContract(root=roots[0], expiration=expiration, kind=kind, strike=strike)
    return None
