# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A recording: all that a folder holds, read and checked, with the instant that it shows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from ttapi_client.sandbox.replay.candle_files import read_candle_folder
from ttapi_client.sandbox.replay.lake_candles import read_lake_candles
from ttapi_client.sandbox.replay.lake_folder import CANDLES, dataset_files, find_lake
from ttapi_client.sandbox.replay.recorded_accounts import read_accounts
from ttapi_client.sandbox.replay.recorded_calendar import RecordedCalendar, read_trading_days
from ttapi_client.sandbox.replay.recorded_chains import read_chains
from ttapi_client.sandbox.replay.recorded_listings import made_up_listings, read_symbols
from ttapi_client.sandbox.replay.recorded_quotes import read_quotes
from ttapi_client.sandbox.world.trading_table import date_at
from ttapi_core.errors import DataError
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ttapi_client.sandbox.replay.recorded_accounts import RecordedAccount
    from ttapi_client.sandbox.replay.recorded_candles import RecordedCandles
    from ttapi_client.sandbox.replay.recorded_chains import RecordedSeries
    from ttapi_client.sandbox.replay.recorded_quotes import RecordedQuote
    from ttapi_client.sandbox.world.listings import Listing

T = TypeVar("T")

AFTER_CLOSE: Final = timedelta(hours=2)  # when the quotes of a day's end rest
_CALENDAR_AHEAD: Final = timedelta(days=730)  # as far as a lake's trading days reach beyond its collection


@attrs.frozen(kw_only=True)
class Recording:
    """What was recorded; None for what was not, and is made up around the candles."""

    now: datetime  # UTC, at which the market stands still
    calendar: RecordedCalendar
    listings: Mapping[str, Listing]  # by symbol, in order
    candles: Mapping[str, RecordedCandles]
    streamer_symbols: Mapping[str, str]  # symbols by the feed's spelling
    quotes: Mapping[str, RecordedQuote] | None = None
    chains: Sequence[RecordedSeries] | None = None
    accounts: Sequence[RecordedAccount] | None = None


def read_recording(folder: Path) -> Recording:
    """
    The recording in a folder: a lake, the only lake right below it, or files of daily candles.

    Raises
    ------
    ConfigError
        When there is nothing of that sort, or more than one lake.
    DataError
        For the first file that is not as it has to be, with its line and the value.
    """
    lake = find_lake(folder)
    return _of_candles(read_candle_folder(folder)) if lake is None else _of_lake(lake)


def _of_candles(candles: Mapping[str, RecordedCandles]) -> Recording:
    calendar = RecordedCalendar.of_dates(_candle_dates(candles.values()))
    return Recording(
        now=trading_day_on(calendar.dates[-1]).close_at + AFTER_CLOSE,
        calendar=calendar,
        listings=_by_symbol(made_up_listings(candles)),
        candles=candles,
        streamer_symbols={},
    )


def _of_lake(lake: Path) -> Recording:
    candles = read_lake_candles(dataset_files(lake, CANDLES))
    quotes = _read(lake, "quotes", read_quotes)
    chains = _read(lake, "expiration_series", read_chains)
    accounts = _read(lake, "accounts", read_accounts)
    symbols = _read(lake, "symbols", read_symbols)
    days = _read(lake, "trading_days", read_trading_days)
    if symbols is None:
        named = {one.symbol for one in quotes or ()} | {one.underlying for one in chains or ()}
        symbols = [(listing, listing.symbol) for listing in made_up_listings(sorted(named | candles.keys()))]
    dates = _candle_dates(candles.values())
    calendar = RecordedCalendar.of_dates(dates) if days is None else RecordedCalendar.of(days)
    now = _shown_instant(quotes or (), accounts or (), calendar, dates)
    if now is None:
        message = f"nothing in the lake {lake} says when it was recorded"
        raise DataError(message, hint="a replay needs at least quotes, candles or trading days")
    return Recording(
        now=now,
        calendar=calendar,
        listings=_by_symbol(listing for listing, _ in symbols),
        candles=candles,
        streamer_symbols={streamer: listing.symbol for listing, streamer in symbols},
        quotes=None if quotes is None else {quote.symbol: quote for quote in quotes},
        chains=chains,
        accounts=accounts,
    )


def _read(lake: Path, dataset: str, read: Callable[[Path], T]) -> T | None:
    """None for a dataset that was not collected."""
    files = dataset_files(lake, dataset)
    return read(files[0]) if files else None


def _by_symbol(listings: Iterable[Listing]) -> dict[str, Listing]:
    return {listing.symbol: listing for listing in listings}


def _candle_dates(candles: Iterable[RecordedCandles]) -> list[date]:
    times = set[int]().union(*(one.times for one in candles))
    return [date_at(time) for time in sorted(times)]


def _shown_instant(
    quotes: Iterable[RecordedQuote],
    accounts: Iterable[RecordedAccount],
    calendar: RecordedCalendar,
    candle_dates: Sequence[date],
) -> datetime | None:
    """
    The newest instant that the recording shows, by the service's own clock; None when it shows none.

    When rows were received does not count: collected from a replay, the same recording was received later,
    and its replay has to show the same market again.
    """
    received = max((quote.received_at for quote in quotes), default=None)
    stamps = [quote.event_at for quote in quotes]
    stamps += [update for account in accounts for update in account.updates]
    # A stamp from the future is a wrong one; if all of them are, the machine's clock was wrong.
    shown = [stamp for stamp in stamps if received is None or stamp <= received] or stamps
    if candle_dates:
        last = candle_dates[-1]
        shown.append((calendar.hours(last) or trading_day_on(last)).close_at)
    if calendar.dates:
        shown.append(datetime.combine(calendar.dates[-1] - _CALENDAR_AHEAD, time(), tzinfo=UTC))
    return max(shown, default=None)
