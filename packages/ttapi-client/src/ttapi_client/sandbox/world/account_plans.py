# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the simulated customer has in mind with each account: what to hold, for how long, with which money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from zlib import crc32

import attrs

from ttapi_client.sandbox.world.listings import ListingKind

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.market import Market

_OPENED_ON: Final = date(2025, 1, 6)
_LONGEST_HISTORY: Final = timedelta(days=5 * 365)


@attrs.frozen(kw_only=True)
class RoundTrip:
    """Shares that were bought and sold again."""

    symbol: str
    dollars: int  # about as much as is bought; negative for a short sale
    bought_after: int  # trading days since the account was opened
    sold_after: int


@attrs.frozen(kw_only=True)
class SimulatedAccount:
    """One account and what it is meant to hold."""

    number: str
    nickname: str
    account_type: str
    is_margin: bool
    spare_cash: int = 0  # dollars that the first deposit leaves over
    yearly_deposit: int = 0  # dollars, every year after the first
    shares: tuple[tuple[str, int], ...] = ()  # symbol and signed quantity, for ever
    options: tuple[tuple[str, str, int], ...] = ()  # underlying, C or P, signed quantity; rolled on
    round_trips: tuple[RoundTrip, ...] = ()

    @property
    def id(self) -> int:
        """A number for the account: the one in its name, where that is one of ours."""
        digits = self.number.removeprefix("SBX")
        return int(digits) if digits.isdecimal() else crc32(self.number.encode())


ACCOUNTS: Final = (
    SimulatedAccount(
        number="SBX00001",
        nickname="Individual",
        account_type="Individual",
        is_margin=True,
        spare_cash=75_000,
        shares=(("AAPL", 100), ("BRK/B", 10), ("SPY", 25), ("TSLA", -20)),
        options=(("AAPL", "C", 2), ("SPY", "P", -1)),
        round_trips=(
            RoundTrip(symbol="NVDA", dollars=9_000, bought_after=10, sold_after=31),
            RoundTrip(symbol="KO", dollars=4_000, bought_after=35, sold_after=120),
            RoundTrip(symbol="AMD", dollars=-3_000, bought_after=52, sold_after=60),
        ),
    ),
    SimulatedAccount(
        number="SBX00002",
        nickname="Retirement",
        account_type="Roth IRA",
        is_margin=False,
        spare_cash=12_345,
        yearly_deposit=7_000,
        shares=(("AGG", 200), ("MSFT", 40), ("VTI", 150)),
        round_trips=(RoundTrip(symbol="XOM", dollars=5_000, bought_after=20, sold_after=90),),
    ),
    SimulatedAccount(
        number="SBX00003",
        nickname="Fresh start",
        account_type="Individual",
        is_margin=True,
        spare_cash=5_000,
    ),
)


def planned_accounts(market: Market) -> tuple[SimulatedAccount, ...]:
    """The accounts; where a recording lacks every usual name of one, it holds what is there."""
    return tuple(_adapted(account, market) for account in ACCOUNTS)


def opening_day(market: Market) -> date:
    """The trading day on which the accounts were opened, or the market's first one."""
    today = market.today
    usual = _OPENED_ON
    if not _OPENED_ON < today < _OPENED_ON + _LONGEST_HISTORY:
        usual = _OPENED_ON.replace(year=today.year - 2)
    days = market.trading_dates(max(usual, market.first_date), today)
    return days[0] if days else market.first_date


def _adapted(account: SimulatedAccount, market: Market) -> SimulatedAccount:
    if not account.shares or any(market.listing(symbol) for symbol, _ in account.shares):
        return account
    listings = market.listings()
    # An index cannot be held: only where there is nothing else.
    held = [listing.symbol for listing in listings if listing.kind is not ListingKind.INDEX]
    symbols = held or [listing.symbol for listing in listings]
    shares = tuple(zip(symbols, (10, -5 if account.is_margin else 5), strict=False))
    options = tuple((symbol, "C", 1) for symbol in symbols[:1]) if account.options else ()
    # What is held for ever cannot be sold again.
    trips = tuple(trip for trip in account.round_trips if trip.symbol not in dict(shares))
    return attrs.evolve(account, shares=shares, options=options, round_trips=trips)
