# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The six datasets as columns: dtype, unit, where null is allowed, what makes a row unique, the row order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polars.datatypes import DataType, DataTypeClass

INSTANT: Final = pl.Datetime("us", "UTC")


@dataclass(frozen=True, kw_only=True)
class ColumnSpec:
    """
    One column: what it holds and whether a value may be missing.

    A missing value is null, never zero, NaN or an empty text.
    """

    name: str
    dtype: DataType | DataTypeClass
    unit: str  # what one value is measured in or spelled like
    nullable: bool = False
    says_when_fetched: bool = False  # such a column is no part of the rows' fingerprint
    since: int = 1  # the first schema version that has it; a file of an earlier one reads as null


@dataclass(frozen=True, kw_only=True)
class DatasetSchema:
    """
    One dataset: its columns in order, its key and its row order.

    No two rows share a key; ``sort_by`` holds all of the key, so that it fixes the order of the rows.
    A change of the columns, or of what a file's footer says, raises ``version``; a column that a later
    version adds is nullable and stands last, so that rows of every earlier version are rows of this one.

    Examples
    --------
    >>> QUOTES.key, QUOTES.version, QUOTES["bid"].nullable
    (('symbol',), 1, True)
    >>> EOD_DATA.version, EOD_DATA.names[-3:], EOD_DATA.as_of(1).names[-1]
    (2, ('dividend', 'dividend_factor', 'split_factor'), 'implied_volatility')
    """

    name: str
    version: int
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    sort_by: tuple[str, ...]

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Names and dtypes as Polars takes them."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    def empty(self) -> pl.DataFrame:
        """A frame of these columns without a row."""
        return pl.DataFrame(schema=self.polars_schema)

    def as_of(self, version: int) -> DatasetSchema:
        """The schema that files of this or an earlier version were written with."""
        if version >= self.version:
            return self
        columns = tuple(column for column in self.columns if column.since <= version)
        return replace(self, version=version, columns=columns)

    def __getitem__(self, name: str) -> ColumnSpec:
        """
        The column of that name.

        Raises
        ------
        KeyError
            When there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.String, unit=unit, nullable=nullable)


def _number(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.Float64, unit=unit, nullable=nullable)


def _count(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.Int64, unit=unit, nullable=nullable)


def _flag(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.Boolean, unit=unit, nullable=nullable)


def _date(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.Date, unit=unit, nullable=nullable)


def _instant(name: str, unit: str, *, nullable: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=INSTANT, unit=unit, nullable=nullable)


def _added(version: int, name: str, unit: str) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=pl.Float64, unit=unit, nullable=True, since=version)


_MONEY = "in the currency of the row"
_PER_UNIT = "per unit, in the instrument's currency"

ACCOUNTS: Final = DatasetSchema(
    name="accounts",
    version=1,
    columns=(
        _text("account_number", "as the service writes it"),
        _text("nickname", "the owner's word", nullable=True),
        _text("account_type", "Individual, Joint, IRA …", nullable=True),
        _text("margin_or_cash", "Margin or Cash", nullable=True),
        _instant("opened_at", "UTC", nullable=True),
        _text("currency", "three letters; null when the service gave no balance", nullable=True),
        _number("cash_balance", _MONEY, nullable=True),
        _number("net_liquidating_value", _MONEY, nullable=True),
        _number("equity_buying_power", _MONEY, nullable=True),
        _number("derivative_buying_power", _MONEY, nullable=True),
        _number("day_trading_buying_power", _MONEY, nullable=True),
        _number("maintenance_requirement", _MONEY, nullable=True),
        _instant("balance_updated_at", "UTC", nullable=True),
        _text("position_symbol", "null in the row of an account without positions", nullable=True),
        _text("position_instrument_type", "the service's word", nullable=True),
        _text("position_underlying_symbol", "symbol", nullable=True),
        _number("position_quantity", "units; negative when short", nullable=True),
        _number("position_average_open_price", _PER_UNIT, nullable=True),
        _number("position_close_price", _PER_UNIT, nullable=True),
        _number("position_multiplier", "units of the underlying per contract", nullable=True),
    ),
    key=("account_number", "currency", "position_symbol", "position_instrument_type"),
    sort_by=("account_number", "currency", "position_symbol", "position_instrument_type"),
)

SYMBOLS: Final = DatasetSchema(
    name="symbols",
    version=1,
    columns=(
        _text("symbol", "the service's spelling, share classes with a slash"),
        _text("description", "the listing's name"),
        _text("instrument_type", "the service's word"),
        _flag("is_etf", "an exchange-traded fund"),
        _flag("is_index", "an index: quoted, not traded"),
        _text("listed_market", "market identifier code such as XNAS", nullable=True),
        _text("lendability", "Easy To Borrow, Locate Required or Preborrow", nullable=True),
        _number("borrow_rate", "percent a year", nullable=True),
        _flag("is_closing_only", "opening trades are refused"),
        _flag("is_illiquid", "the service's judgement"),
        _text("streamer_symbol", "under which the feed knows it"),
        _flag("in_universe", "collected for quotes, candles and chains"),
    ),
    key=("symbol",),
    sort_by=("symbol",),
)

TRADING_DAYS: Final = DatasetSchema(
    name="trading_days",
    version=1,
    columns=(
        _date("date", "the exchange's own date"),
        _instant("open_at", "UTC, start of regular hours"),
        _instant("close_at", "UTC, end of regular hours"),
        _flag("is_half_day", "closes before the usual hour"),
        _count("session_minutes", "minutes of regular hours"),
    ),
    key=("date",),
    sort_by=("date",),
)

QUOTES: Final = DatasetSchema(
    name="quotes",
    version=1,
    columns=(
        _text("symbol", "the service's spelling"),
        _text("instrument_type", "the service's word"),
        _number("bid", _PER_UNIT, nullable=True),
        _number("ask", _PER_UNIT, nullable=True),
        _number("bid_size", "units", nullable=True),
        _number("ask_size", "units", nullable=True),
        _number("mid", _PER_UNIT, nullable=True),
        _number("mark", _PER_UNIT, nullable=True),
        _number("last", _PER_UNIT, nullable=True),
        _number("open", _PER_UNIT, nullable=True),
        _number("day_high", _PER_UNIT, nullable=True),
        _number("day_low", _PER_UNIT, nullable=True),
        _number("close", _PER_UNIT, nullable=True),
        _number("prev_close", _PER_UNIT, nullable=True),
        _number("volume", "units traded on the day", nullable=True),
        _text("close_price_type", "the service's word", nullable=True),
        _flag("is_trading_halted", "as the service says", nullable=True),
        _date("summary_date", "day that open, high, low and close belong to", nullable=True),
        _date("prev_close_date", "day of prev_close", nullable=True),
        _instant("event_at", "UTC, stamped by the service"),
        replace(_instant("received_at", "UTC, stamped by us"), says_when_fetched=True),
    ),
    key=("symbol",),
    sort_by=("symbol",),
)

EOD_DATA: Final = DatasetSchema(
    name="eod_data",
    version=2,
    columns=(
        _text("symbol", "the service's spelling"),
        _date("date", "trading day, the exchange's own date"),
        _number("open", _PER_UNIT),
        _number("high", _PER_UNIT),
        _number("low", _PER_UNIT),
        _number("close", _PER_UNIT),
        _count("volume", "units; null where the feed knows none, as for an index", nullable=True),
        _number("vwap", _PER_UNIT, nullable=True),
        _number("implied_volatility", "ratio a year: 0.25 is 25 percent", nullable=True),
        _added(2, "dividend", "cash a unit that the day trades without; null on most days"),
        _added(2, "dividend_factor", "what a dividend takes off all earlier prices, below 1"),
        _added(2, "split_factor", "what the feed multiplied all earlier prices by, 0.25 for four from one"),
    ),
    key=("symbol", "date"),
    sort_by=("symbol", "date"),
)

EXPIRATION_SERIES: Final = DatasetSchema(
    name="expiration_series",
    version=1,
    columns=(
        _text("underlying", "symbol"),
        _text("root", "root symbol: SPX and SPXW differ"),
        _text("chain_type", "Standard or Non-standard"),
        _date("expiration_date", "the exchange's own date"),
        _text("expiration_type", "Regular, Weekly, Quarterly, End-Of-Month"),
        _text("settlement_type", "AM or PM"),
        _count("shares_per_contract", "units of the underlying"),
        _count("days_to_expiration", "calendar days"),
        _count("trading_days_to_expiration", "trading days; null beyond the calendar", nullable=True),
        _flag("is_trading_day", "whether it expires on one; null beyond the calendar", nullable=True),
        _count("strike_count", "strikes listed"),
        _number("lowest_strike", "per share; null without strikes", nullable=True),
        _number("highest_strike", "per share; null without strikes", nullable=True),
    ),
    key=("underlying", "root", "chain_type", "expiration_date", "expiration_type", "settlement_type"),
    sort_by=("underlying", "expiration_date", "root", "chain_type", "expiration_type", "settlement_type"),
)

SCHEMAS: Final[Mapping[str, DatasetSchema]] = MappingProxyType(
    {schema.name: schema for schema in (ACCOUNTS, SYMBOLS, TRADING_DAYS, QUOTES, EOD_DATA, EXPIRATION_SERIES)}
)
"""Each dataset's schema by its name."""
