# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an account was worth: balance snapshots and net liquidating value (API facts 3.3 and 3.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.account_objects import balance_object, current_balances, money_text
from ttapi_client.sandbox.rest.account_parameters import optional_choice, optional_instant, required_choice
from ttapi_client.sandbox.rest.customers import account_of
from ttapi_client.sandbox.rest.envelope import (
    Refusal,
    data_response,
    instant_text,
    items_response,
    page_response,
)
from ttapi_client.sandbox.rest.parameters import optional_date, page
from ttapi_client.sandbox.world.account_history import AccountHistory, WorthBar
from ttapi_client.sandbox.world.ledger_writer import midnight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_core.trading_day import TradingDay

_PER_PAGE: Final = 250
_MOST_PER_PAGE: Final = 2000
_TIMES_OF_DAY: Final = ("BOD", "EOD", "Intraday")
_DAYS_BACK: Final = {"1d": 1, "1w": 7, "1m": 31, "3m": 92, "6m": 183, "1y": 366, "all": 366 * 100}
_NOW: Final = None  # among days: the present balance
_BY_HALF_HOURS: Final = timedelta(days=1)  # what goes back further comes by days


class AccountHistoryRoutes:
    """What an account was worth: balance snapshots and net liquidating value."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/accounts/{account}/balance-snapshots", self.snapshots),
            web.get("/accounts/{account}/net-liq", self.net_liq),
            web.get("/accounts/{account}/net-liq/history", self.net_liq_history),
        ]

    async def snapshots(self, request: web.Request) -> web.Response:
        """
        A page of balances, oldest first: of the days asked for, or else the latest one and the present one.

        A day begins at midnight in New York and ends when the market closes; those in between are of today.
        """
        account = account_of(request, self._world)
        wanted_page = page(request, default=_PER_PAGE, maximum=_MOST_PER_PAGE)
        time_of_day = required_choice(request, "time-of-day", _TIMES_OF_DAY)
        day = optional_date(request, "snapshot-date")
        start, end = optional_date(request, "start-date"), optional_date(request, "end-date")
        if request.query.get("currency", "USD") != "USD":
            nothing: list[object] = []
            return page_response(request, *wanted_page.cut(nothing))
        if day is not None:
            start = end = day
        snapshots = _Snapshots(self._world, account, time_of_day)
        taken = snapshots.taken(start or date.min, end or date.max)
        if start is end is None:
            taken = [*taken[-1:], _NOW] if time_of_day != "Intraday" else taken
        chosen, pagination = wanted_page.cut(taken)
        return page_response(request, snapshots.items(chosen), pagination)

    async def net_liq(self, request: web.Request) -> web.Response:
        """The present value; that it is a plain object is our own reading (API facts 3.6)."""
        account = account_of(request, self._world)
        balances = current_balances(self._world, account)
        return data_response(
            request,
            {
                "account-number": account.number,
                "currency": "USD",
                "net-liquidating-value": balances[0].get("net-liquidating-value", "0.0")
                if balances
                else "0.0",
                "updated-at": instant_text(self._world.market.now()),
            },
        )

    async def net_liq_history(self, request: web.Request) -> web.Response:
        """Half hours of the latest day, or the days of a longer time; the start time goes before the span."""
        account = account_of(request, self._world)
        span = optional_choice(request, "time-back", _DAYS_BACK)
        start, end = optional_instant(request, "start-time"), optional_instant(request, "end-time")
        if start is None and span is None:
            raise Refusal.invalid(("time-back", "is missing"))
        now = self._world.market.now()
        if start is None:
            start = now - timedelta(days=_DAYS_BACK[span or "all"])
        if start > now:
            return items_response(request, [])
        history = AccountHistory(self._world.market, self._world.accounts, account)
        bars = history.half_hours(start) if now - start <= _BY_HALF_HOURS else history.daily(start)
        return items_response(request, [_item(bar) for bar in bars if end is None or bar.starts_at <= end])


class _Snapshots:
    """The balances of one account at one time of the day."""

    def __init__(self, world: World, account: SimulatedAccount, time_of_day: str) -> None:
        self._world = world
        self._account = account
        self._time_of_day = time_of_day
        self._history = AccountHistory(world.market, world.accounts, account)

    def taken(self, start: date, end: date) -> list[TradingDay | None]:
        """The days of a range that have such a balance by now; during a day there is only the present one."""
        market = self._world.market
        if self._time_of_day == "Intraday":
            return [_NOW] if start <= market.today <= end else []
        is_late = self._time_of_day == "EOD"
        days = self._history.days(start, end)
        return [day for day in days if not is_late or day.close_at <= market.now()]

    def items(self, chosen: Sequence[TradingDay | None]) -> list[dict[str, object]]:
        """The balances of some of them."""
        days = [day for day in chosen if day is not None]
        is_late = self._time_of_day == "EOD"
        worths = self._history.at_close(days) if is_late else self._history.before_open(days)
        items = [
            balance_object(
                self._account,
                worth,
                snapshot_date=day.date,
                time_of_day=self._time_of_day,
                updated_at=day.close_at if is_late else midnight(day.date),
            )
            for day, worth in zip(days, worths, strict=True)
        ]
        if _NOW in chosen:
            balances = current_balances(self._world, self._account)[:1]
            items += [{**balance, "time-of-day": "Intraday"} for balance in balances]
        return items


def _item(bar: WorthBar) -> dict[str, object]:
    values = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close}
    return {
        **{name: money_text(value) for name, value in values.items()},
        **{f"pending-cash-{name}": "0.0" for name in values},
        **{f"total-{name}": money_text(value) for name, value in values.items()},
        "time": _time_text(bar.starts_at),
    }


def _time_text(instant: datetime) -> str:
    """
    An instant in a form that no other answer has.

    Examples
    --------
    >>> _time_text(datetime(2026, 1, 5, 14, 30, tzinfo=UTC))
    '2026-01-05 14:30:00+00'
    """
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00"
