# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Core values become frames, checked and in order: the one crossing from Decimal to Float64."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import polars as pl

from ttapi_core.errors import SchemaError
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import ACCOUNTS, EXPIRATION_SERIES, QUOTES, SYMBOLS, TRADING_DAYS
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from ttapi_core.accounts import Account, Balance, Position
    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.instruments import Equity
    from ttapi_core.quotes import Quote
    from ttapi_core.trading_day import TradingDay
    from ttapi_polars.schemas import DatasetSchema

_Holding = TypeVar("_Holding", "Balance", "Position")

_Columns: TypeAlias = dict[str, list[object]]

_OF_ACCOUNT: Final = ("account_number", "nickname", "account_type", "margin_or_cash", "opened_at")


def accounts_frame(
    accounts: Iterable[Account], balances: Iterable[Balance], positions: Iterable[Position]
) -> pl.DataFrame:
    """
    One row per account and position; an account without positions has one row.

    The balance columns repeat on each row of an account. Of an account with balances in several currencies,
    the positions stand beside the first balance given; each further currency has a row without a position.

    Parameters
    ----------
    accounts
        Closed ones too, if given.
    balances, positions
        Of these accounts, in any order; null columns stand for what an account has not.

    Returns
    -------
    DataFrame
        Columns and order of ``schemas.ACCOUNTS``.

    Raises
    ------
    SchemaError
        When an account, currency and position come twice, or a balance or position is of another account.

    Examples
    --------
    >>> from ttapi_core.testing import make_account, make_balance, make_position
    >>> held = [make_position(symbol="SPY"), make_position(symbol="AAPL", quantity="-3")]
    >>> frame = accounts_frame([make_account()], [make_balance()], held)
    >>> frame.select("cash_balance", "position_symbol", "position_quantity").rows()
    [(25000.5, 'AAPL', -3.0), (25000.5, 'SPY', 10.0)]
    """
    owned = list(accounts)
    balances_of = _by_account(balances, owned)
    positions_of = _by_account(positions, owned)
    rows: list[tuple[Account, Balance | None, Position | None]] = []
    for account in owned:
        first, *further = balances_of[account.account_number] or (None,)
        rows += [(account, first, position) for position in positions_of[account.account_number] or (None,)]
        rows += [(account, balance, None) for balance in further]
    of_position = [name for name in ACCOUNTS.names if name.startswith("position_")]
    of_balance = [name for name in ACCOUNTS.names if name not in {*_OF_ACCOUNT, *of_position}]
    return _checked(
        _attributes([account for account, _, _ in rows], _OF_ACCOUNT)
        | _attributes([balance for _, balance, _ in rows], of_balance, prefix="balance_")
        | _attributes([position for _, _, position in rows], of_position, prefix="position_"),
        ACCOUNTS,
    )


def symbols_frame(equities: Iterable[Equity], universe: Collection[str]) -> pl.DataFrame:
    """
    One row per listed symbol; ``in_universe`` marks those to collect.

    Parameters
    ----------
    equities
        As the service lists them.
    universe
        Symbols in the service's spelling; one that is not listed leaves no row.

    Returns
    -------
    DataFrame
        Columns and order of ``schemas.SYMBOLS``.

    Raises
    ------
    SchemaError
        When a symbol comes twice.

    Examples
    --------
    >>> from ttapi_core.testing import make_equity
    >>> symbols_frame([make_equity("SPY"), make_equity("A")], {"SPY"}).select("symbol", "in_universe").rows()
    [('A', False), ('SPY', True)]
    """
    listed = list(equities)
    members = frozenset(universe)
    names = [name for name in SYMBOLS.names if name != "in_universe"]
    membership: _Columns = {"in_universe": [equity.symbol in members for equity in listed]}
    return _checked(_attributes(listed, names) | membership, SYMBOLS)


def trading_days_frame(days: Iterable[TradingDay]) -> pl.DataFrame:
    """
    One row per trading day, in the columns and order of ``schemas.TRADING_DAYS``.

    Raises
    ------
    SchemaError
        When a day comes twice.

    Examples
    --------
    >>> from datetime import date
    >>> from ttapi_core.trading_day import trading_day
    >>> trading_days_frame([trading_day(date(2026, 11, 27))])["session_minutes"].to_list()
    [210]
    """
    return _checked(_attributes(list(days), TRADING_DAYS.names), TRADING_DAYS)


def quotes_frame(quotes: Iterable[Quote]) -> pl.DataFrame:
    """
    One row per symbol, in the columns and order of ``schemas.QUOTES``; a side that nobody quotes is null.

    Raises
    ------
    SchemaError
        When a symbol comes twice.

    Examples
    --------
    >>> from ttapi_core.testing import make_one_sided_quote
    >>> quotes_frame([make_one_sided_quote()]).select("symbol", "bid", "ask").rows()
    [('AAPL', None, 201.13)]
    """
    return _checked(_attributes(list(quotes), QUOTES.names), QUOTES)


def expiration_series_frame(
    series: Iterable[ExpirationSeries], trading_days: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """
    One row per expiration series, with its distance in calendar days and in trading days.

    ``days_to_expiration`` is the service's count, or the calendar days from ``as_of`` where it gives none.
    ``trading_days_to_expiration`` counts the trading days after ``as_of`` up to and including the expiration.
    It is null, as is ``is_trading_day``, where the calendar does not reach: for an expiration after its last
    day, and for all when ``as_of`` lies before its first.

    Parameters
    ----------
    series
        Of any number of underlyings.
    trading_days
        A frame of ``schemas.TRADING_DAYS``.
    as_of
        The exchange's own date that distances are counted from.

    Returns
    -------
    DataFrame
        Columns and order of ``schemas.EXPIRATION_SERIES``.

    Raises
    ------
    SchemaError
        When a series comes twice.

    Examples
    --------
    >>> from datetime import date
    >>> from ttapi_core.testing import make_expiration_series
    >>> from ttapi_core.trading_day import trading_day
    >>> calendar = trading_days_frame(trading_day(date(2026, 12, day)) for day in (16, 17, 18))
    >>> series = make_expiration_series(expiration_date=date(2026, 12, 18))
    >>> distances = expiration_series_frame([series], calendar, date(2026, 12, 16))
    >>> distances.select("days_to_expiration", "trading_days_to_expiration", "is_trading_day").row(0)
    (2, 2, True)
    """
    listed = list(series)
    dates: list[date] = trading_days["date"].sort().to_list()
    distances = [_trading_distance(dates, as_of, each.expiration_date) for each in listed]
    strikes = [[float(strike.strike) for strike in each.strikes] for each in listed]
    derived: _Columns = {
        "days_to_expiration": [
            (each.expiration_date - as_of).days
            if each.days_to_expiration is None
            else each.days_to_expiration
            for each in listed
        ],
        "trading_days_to_expiration": [days for days, _ in distances],
        "is_trading_day": [is_trading_day for _, is_trading_day in distances],
        "strike_count": [len(prices) for prices in strikes],
        "lowest_strike": [min(prices, default=None) for prices in strikes],
        "highest_strike": [max(prices, default=None) for prices in strikes],
    }
    names = [name for name in EXPIRATION_SERIES.names if name not in derived]
    return _checked(_attributes(listed, names) | derived, EXPIRATION_SERIES)


def _trading_distance(dates: list[date], as_of: date, expiration: date) -> tuple[int | None, bool | None]:
    if not dates or min(as_of, expiration) < dates[0] or expiration > dates[-1]:
        return None, None
    until_expiration = bisect_right(dates, expiration)
    return max(0, until_expiration - bisect_right(dates, as_of)), dates[until_expiration - 1] == expiration


def _by_account(holdings: Iterable[_Holding], owned: list[Account]) -> dict[str, list[_Holding]]:
    by_account: dict[str, list[_Holding]] = {account.account_number: [] for account in owned}
    for holding in holdings:
        if holding.account_number not in by_account:
            problem = (
                f"a {type(holding).__name__.lower()} belongs to unknown account {holding.account_number}"
            )
            raise SchemaError(ACCOUNTS.name, [problem])
        by_account[holding.account_number].append(holding)
    return by_account


def _attributes(values: Sequence[object], names: Iterable[str], *, prefix: str = "") -> _Columns:
    """Column by column, what the values hold under the column's name less the prefix; ``None`` holds null."""
    return {
        name: [
            None if value is None else _plain(getattr(value, name.removeprefix(prefix))) for value in values
        ]
        for name in names
    }


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _checked(columns: _Columns, schema: DatasetSchema) -> pl.DataFrame:
    frame = pl.DataFrame(columns, schema=schema.polars_schema)
    # The service writes some missing texts as empty ones.
    absent = [spec.name for spec in schema.columns if spec.nullable and spec.dtype == pl.String]
    return validate(in_order(frame.with_columns(pl.col(absent).replace("", None)), schema.sort_by), schema)
