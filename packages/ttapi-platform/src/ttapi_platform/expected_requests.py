# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Expected requests: how many a collection makes of which endpoints, as far as one can tell beforehand."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

_SYMBOLS_A_REQUEST: Final = 100
_LISTED_A_PAGE: Final = 1000
_DAYS_A_SPAN: Final = 270


@attrs.frozen
class Expected:
    """So many requests at least and at the most; without an upper bound nobody can tell."""

    least: int
    most: int | None

    def plus(self, other: Expected) -> Expected:
        """
        Both together.

        Examples
        --------
        >>> Expected(1, 1).plus(Expected(0, 6)), Expected(1, 2).plus(Expected(1, None))
        (Expected(least=1, most=7), Expected(least=2, most=None))
        """
        most = None if self.most is None or other.most is None else self.most + other.most
        return Expected(self.least + other.least, most)

    def perhaps(self) -> Expected:
        """The same where they may not be needed at all."""
        return Expected(0, self.most)


@attrs.frozen(kw_only=True)
class Known:
    """What is known of one collection before anything is asked."""

    items: int | None = None  # that are asked for, at the most
    is_exact: bool = False  # whether they are just so many
    symbols: int | None = None  # of an update of candles, those that are looked at
    is_increment: bool = False
    stored_rows: int | None = None
    first_day: date | None = None
    last_day: date | None = None


def expected_requests(dataset: str, known: Known) -> Mapping[str, Expected]:
    """
    The requests of a dataset's collection by endpoint family, or of a ``"login"``.

    Parameters
    ----------
    dataset
        Its name.
    known
        What is known of its collection.

    Examples
    --------
    >>> expected_requests("quotes", Known(items=507, is_exact=True))
    {'market-data/by-type': Expected(least=6, most=6)}
    """
    return _OF_DATASET[dataset](known)


def _of_login(_known: Known) -> dict[str, Expected]:
    return {"oauth/token": Expected(0, 1)}  # none where a token is kept from an earlier run


def _of_accounts(_known: Known) -> dict[str, Expected]:
    # Accounts are opened and closed: those that were there are no bound.
    each = Expected(0, None)
    return {
        "customers/me/accounts": Expected(1, 1),
        "accounts/balances": each,
        "accounts/positions": each,
    }


def _of_symbols(known: Known) -> dict[str, Expected]:
    pages = None if known.stored_rows is None else ceil(known.stored_rows / _LISTED_A_PAGE) + 1
    return {
        "instruments/equities/active": Expected(1, pages),
        # Those of the universe that the listing lacks, such as indexes.
        "instruments/equities": Expected(0, known.items),
    }


def _of_trading_days(known: Known) -> dict[str, Expected]:
    if known.first_day is None or known.last_day is None:
        return {"market-time/sessions": Expected(1, None)}
    spans = ceil(((known.last_day - known.first_day).days + 1) / _DAYS_A_SPAN)
    return {"market-time/sessions": Expected(spans, spans)}


def _of_quotes(known: Known) -> dict[str, Expected]:
    return {"market-data/by-type": _batches(known.items, is_exact=known.is_exact)}


def _of_eod_data(known: Known) -> dict[str, Expected]:
    # Candles themselves come over the feed, which takes a token and no request.
    token = {"api-quote-tokens": Expected(0, 1)}
    dividends = "market-metrics/historic-corporate-events/dividends"
    if known.is_increment:
        return {
            **token,
            "market-metrics": _batches(known.symbols, is_exact=False),
            dividends: Expected(0, known.symbols),
        }
    return {**token, dividends: Expected(0, known.items)}


def _of_expiration_series(known: Known) -> dict[str, Expected]:
    exact = known.items or 0
    return {"option-chains/nested": Expected(exact if known.is_exact else 0, known.items)}


def _batches(items: int | None, *, is_exact: bool) -> Expected:
    most = None if items is None else ceil(items / _SYMBOLS_A_REQUEST)
    return Expected((most or 0) if is_exact else 0, most)


_OF_DATASET: Final[Mapping[str, Callable[[Known], dict[str, Expected]]]] = {
    "login": _of_login,
    "accounts": _of_accounts,
    "symbols": _of_symbols,
    "trading_days": _of_trading_days,
    "quotes": _of_quotes,
    "eod_data": _of_eod_data,
    "expiration_series": _of_expiration_series,
}
