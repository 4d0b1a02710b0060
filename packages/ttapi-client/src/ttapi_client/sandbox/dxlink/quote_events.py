# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The best bid and ask, and the last trade, as the feed sends them (API facts 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.event_family import EventFamily, day_id

if TYPE_CHECKING:
    from ttapi_client.sandbox.dxlink.event_family import Moment


def _quoted_at(moment: Moment) -> int:
    return int(moment.view.updated_at.timestamp()) * 1000  # this event's times come in whole seconds


def _traded_at(moment: Moment) -> int:
    return round(moment.view.last_trade_at.timestamp() * 1000)


def _change(moment: Moment) -> float | None:
    view = moment.view
    return None if view.prev_close is None else round(view.last - view.prev_close, 6)


def _turnover(moment: Moment) -> float:
    """The day's volume at the middle of its prices, as the day's candle has it for an average."""
    view = moment.view
    return round((view.high + view.low + view.last) / 3 * view.volume, 2)


def _direction(moment: Moment) -> str:
    before, price = moment.before, moment.view.last
    if before is None:
        return "UNDEFINED"
    return "UP" if price > before.last else "DOWN" if price < before.last else "ZERO"


QUOTE: Final = EventFamily(
    fields={
        "sequence": lambda _: 0,
        "timeNanoPart": lambda _: 0,
        "bidTime": _quoted_at,
        "bidExchangeCode": lambda moment: moment.view.venue_code,
        "askTime": _quoted_at,
        "askExchangeCode": lambda moment: moment.view.venue_code,
        "bidPrice": lambda moment: moment.view.bid,
        "askPrice": lambda moment: moment.view.ask,
        "bidSize": lambda moment: None if moment.view.bid is None else moment.view.bid_size,
        "askSize": lambda moment: None if moment.view.ask is None else moment.view.ask_size,
    },
    key=lambda moment: (moment.view.bid, moment.view.ask, moment.view.bid_size, moment.view.ask_size),
)
TRADE: Final = EventFamily(
    fields={
        "time": _traded_at,
        "timeNanoPart": lambda _: 0,
        "sequence": lambda _: 0,
        "exchangeCode": lambda moment: moment.view.venue_code,
        "dayId": lambda moment: day_id(moment.view.summary_date),
        "tickDirection": _direction,
        "extendedTradingHours": lambda _: False,
        "price": lambda moment: moment.view.last,
        "change": _change,
        "size": lambda moment: moment.view.last_size,
        "dayVolume": lambda moment: moment.view.volume,
        "dayTurnover": _turnover,
    },
    key=lambda moment: (
        moment.view.last,
        moment.view.volume,
        moment.view.last_trade_at,
        moment.view.summary_date,
    ),
)
