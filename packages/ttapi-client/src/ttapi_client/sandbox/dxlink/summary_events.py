# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The day in numbers, and the instrument's profile, as the feed sends them (API facts 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.event_family import EventFamily, day_id

if TYPE_CHECKING:
    from ttapi_client.sandbox.dxlink.event_family import Moment

_HIGHEST_MOVE, _LOWEST_MOVE = 1.1, 0.9  # of the close before, as in the quotes of the REST routes


def _limit(moment: Moment, move: float) -> float | None:
    close = moment.view.prev_close
    return None if close is None or moment.view.option is not None else round(close * move, 2)


def _halt_start(moment: Moment) -> int:
    halted_at = moment.view.halted_at
    return 0 if halted_at is None else round(halted_at.timestamp() * 1000)


def _ex_day(moment: Moment) -> int:
    dividend = moment.subject.facts().dividend
    return day_id(None if dividend is None else dividend.ex_date)


def _ex_amount(moment: Moment) -> float | None:
    dividend = moment.subject.facts().dividend
    return None if dividend is None else dividend.amount


SUMMARY: Final = EventFamily(
    fields={
        "dayId": lambda moment: day_id(moment.view.summary_date),
        "dayClosePriceType": lambda moment: "REGULAR" if moment.view.close is None else "FINAL",
        "prevDayId": lambda moment: day_id(moment.view.prev_close_date),
        "prevDayClosePriceType": lambda moment: "REGULAR" if moment.view.prev_close is None else "FINAL",
        "openInterest": lambda moment: moment.view.open_interest,
        "dayOpenPrice": lambda moment: moment.view.open,
        "dayHighPrice": lambda moment: moment.view.high,
        "dayLowPrice": lambda moment: moment.view.low,
        "dayClosePrice": lambda moment: moment.view.close,
        "prevDayClosePrice": lambda moment: moment.view.prev_close,
        "prevDayVolume": lambda moment: moment.view.prev_volume,
    },
    key=lambda moment: (
        moment.view.summary_date,
        moment.view.open,
        moment.view.high,
        moment.view.low,
        moment.view.close,
        moment.view.prev_close,
        moment.view.open_interest,
    ),
)
PROFILE: Final = EventFamily(
    fields={
        "description": lambda moment: moment.subject.facts().description,
        "shortSaleRestriction": lambda _: "INACTIVE",
        "tradingStatus": lambda moment: "ACTIVE" if moment.view.halted_at is None else "HALTED",
        "haltStartTime": _halt_start,
        "haltEndTime": lambda _: 0,
        "exDividendDayId": _ex_day,
        "statusReason": lambda moment: "" if moment.view.halted_at is None else "News Pending",
        "high52WeekPrice": lambda moment: moment.view.year_high,
        "low52WeekPrice": lambda moment: moment.view.year_low,
        "beta": lambda moment: moment.subject.facts().beta,
        "shares": lambda moment: moment.subject.facts().shares,
        "highLimitPrice": lambda moment: _limit(moment, _HIGHEST_MOVE),
        "lowLimitPrice": lambda moment: _limit(moment, _LOWEST_MOVE),
        "earningsPerShare": lambda moment: moment.subject.facts().earnings_per_share,
        "exDividendAmount": _ex_amount,
        "dividendFrequency": lambda moment: moment.subject.facts().dividends_a_year,
        "freeFloat": lambda moment: moment.subject.facts().free_float,
    },
    key=lambda moment: (
        moment.view.halted_at,
        moment.view.year_high,
        moment.view.year_low,
        moment.view.prev_close,
        moment.subject.facts(),
    ),
)
