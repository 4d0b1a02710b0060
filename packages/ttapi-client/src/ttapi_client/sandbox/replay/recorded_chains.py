# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded option chains: expirations as they were, strikes put evenly between the recorded ends."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.replay.lake_cells import read_rows
from ttapi_client.sandbox.world.expirations import ListedExpiration, OptionRoot
from ttapi_client.sandbox.world.listings import ListingKind
from ttapi_client.sandbox.world.option_market import OptionContract, OptionMarket

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from ttapi_client.sandbox.replay.lake_cells import LakeRow
    from ttapi_client.sandbox.world.market import Market
    from ttapi_client.sandbox.world.option_market import OptionQuote

_COLUMNS: Final = (
    "underlying",
    "root",
    "chain_type",
    "expiration_date",
    "expiration_type",
    "settlement_type",
    "shares_per_contract",
    "days_to_expiration",
    "strike_count",
    "lowest_strike",
    "highest_strike",
)
_MOST_STRIKES: Final = 100_000  # no series comes near it
_HIGHEST_STRIKE: Final = 99_999_999  # eight digits of a symbol, thousandths of a dollar
_LISTED_AHEAD: Final = timedelta(days=365)


@attrs.frozen(kw_only=True)
class RecordedSeries:
    """One row of the recording."""

    underlying: str
    root: str
    chain_type: str
    shares_per_contract: int
    expiration_date: date
    expiration_type: str
    settlement_type: str
    days_to_expiration: int
    strike_count: int
    lowest_strike: int  # thousandths of a dollar
    highest_strike: int

    @property
    def strikes(self) -> tuple[int, ...]:
        """As many as were recorded, the first and the last as recorded."""
        gaps = max(1, self.strike_count - 1)
        width = self.highest_strike - self.lowest_strike
        return tuple(self.lowest_strike + width * number // gaps for number in range(self.strike_count))

    @property
    def listed(self) -> ListedExpiration:
        """As it is served."""
        return ListedExpiration(
            date=self.expiration_date,
            expiration_type=self.expiration_type,
            settlement_type=self.settlement_type,
            strikes=self.strikes,
            listed_ahead=_LISTED_AHEAD,
            recorded_days=self.days_to_expiration,
        )


class RecordedOptions(OptionMarket):
    """Chains as they were recorded; what a contract is worth is made up around them."""

    def __init__(self, market: Market, series: Iterable[RecordedSeries]) -> None:
        super().__init__(market)
        self._series: dict[str, list[RecordedSeries]] = {}
        self._underlyings: dict[str, list[str]] = {}  # by root
        for one in series:
            self._series.setdefault(one.underlying, []).append(one)
            named = self._underlyings.setdefault(one.root, [])
            if one.underlying not in named:
                named.append(one.underlying)
        self._made: dict[str, tuple[OptionRoot, ...]] = {}

    def roots(self, underlying: str) -> tuple[OptionRoot, ...] | None:
        """The recorded roots of a name; None for a name without."""
        series = self._series.get(underlying)
        if series is None:
            return None
        if underlying not in self._made:
            self._made[underlying] = _roots(series, exercise_style=self._exercise_style(underlying))
        return self._made[underlying]

    def quote(self, contract: OptionContract, at: datetime | None = None) -> OptionQuote | None:
        """The value of a contract; None where no price of the underlying was recorded."""
        return super().quote(contract, at) if self._is_priced(contract.root.underlying) else None

    def implied_volatility_index(self, symbol: str) -> float | None:
        """As in a simulation; None where no price was recorded."""
        return super().implied_volatility_index(symbol) if self._is_priced(symbol) else None

    def expiration_volatilities(self, symbol: str) -> list[tuple[OptionRoot, ListedExpiration, float]]:
        """As in a simulation; empty where no price was recorded."""
        return super().expiration_volatilities(symbol) if self._is_priced(symbol) else []

    def _is_priced(self, symbol: str) -> bool:
        quote = self._market.quote(symbol)
        return quote is not None and quote.last > 0

    def _exercise_style(self, underlying: str) -> str:
        listing = self._market.listing(underlying)
        return "European" if listing is not None and listing.kind is ListingKind.INDEX else "American"

    def _find(self, found: re.Match[str], strike: int, *, with_expired: bool) -> OptionContract | None:  # noqa: ARG002
        # What has expired was not recorded.
        for underlying in self._underlyings.get(found["root"], ()):
            for root in self.roots(underlying) or ():
                if root.root != found["root"]:
                    continue
                for expiration in root.expirations:
                    if f"{expiration.date:%y%m%d}" == found["date"] and strike in expiration.strikes:
                        return OptionContract(
                            root=root, expiration=expiration, kind=found["kind"], strike=strike
                        )
        return None


def read_chains(path: Path) -> list[RecordedSeries]:
    """
    The expiration series of a lake.

    Raises
    ------
    DataError
        For the first cell that is damaged.
    """
    return [_read(row) for row in read_rows(path, _COLUMNS)]


def _read(row: LakeRow) -> RecordedSeries:
    count = row.count("strike_count")
    if not 0 <= count <= _MOST_STRIKES:
        raise row.error("strike_count", f"does not lie between 0 and {_MOST_STRIKES:,}")
    lowest, highest = (_strike(row, name) if count else 0 for name in ("lowest_strike", "highest_strike"))
    if highest < lowest:
        raise row.error("highest_strike", "lies below the lowest")
    return RecordedSeries(
        underlying=row.text("underlying"),
        root=row.text("root"),
        chain_type=row.text("chain_type"),
        shares_per_contract=row.count("shares_per_contract"),
        expiration_date=row.day("expiration_date"),
        expiration_type=row.text("expiration_type"),
        settlement_type=row.text("settlement_type"),
        days_to_expiration=row.count("days_to_expiration"),
        strike_count=count,
        lowest_strike=lowest,
        highest_strike=highest,
    )


def _strike(row: LakeRow, column: str) -> int:
    """A strike in thousandths of a dollar, the finest that the symbol of an option can hold."""
    thousandths = Decimal(repr(row.number(column))) * 1000
    if thousandths % 1 or not 0 <= thousandths <= _HIGHEST_STRIKE:
        raise row.error(column, "is not a strike that the symbol of an option can hold")
    return int(thousandths)


def _roots(series: Sequence[RecordedSeries], *, exercise_style: str) -> tuple[OptionRoot, ...]:
    def key(one: RecordedSeries) -> tuple[str, str, int]:
        return one.root, one.chain_type, one.shares_per_contract

    return tuple(
        OptionRoot(
            underlying=listed[0].underlying,
            root=root,
            exercise_style=exercise_style,
            chain_type=chain_type,
            shares_per_contract=shares,
            expirations=tuple(one.listed for one in listed),
        )
        for (root, chain_type, shares), group in groupby(sorted(series, key=key), key=key)
        for listed in [sorted(group, key=lambda one: one.expiration_date)]
    )
