# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an option is worth, and what options say of their underlying, as the feed sends it (API facts 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ttapi_client.sandbox.dxlink.event_family import EventFamily
from ttapi_client.sandbox.dxlink.event_flags import event_index
from ttapi_client.sandbox.world.black_scholes import RISK_FREE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ttapi_client.sandbox.dxlink.event_family import Moment
    from ttapi_client.sandbox.world.option_market import OptionQuote

_DIGITS: Final = 6


def _time(moment: Moment) -> int:
    return round(moment.view.updated_at.timestamp() * 1000)


def _option(moment: Moment) -> OptionQuote:
    # The keys below are None for everything else, so that no field of it is ever asked for.
    return cast("OptionQuote", moment.view.option)


def _value_key(moment: Moment) -> tuple[object, ...] | None:
    option = moment.view.option
    return None if option is None else (option.mark, option.underlying.last, option.underlying.summary_date)


_SERIES: Final[dict[str, Callable[[Moment], object]]] = {
    "eventFlags": lambda _: 0,
    "index": lambda moment: event_index(_time(moment)),
    "time": _time,
    "sequence": lambda _: 0,
}
GREEKS: Final = EventFamily(
    fields={
        **_SERIES,
        "price": lambda moment: _option(moment).mark,
        "volatility": lambda moment: round(_option(moment).implied_volatility, _DIGITS),
        "delta": lambda moment: round(_option(moment).delta, _DIGITS),
        "gamma": lambda moment: round(_option(moment).gamma, _DIGITS),
        "theta": lambda moment: round(_option(moment).theta, _DIGITS),
        "rho": lambda moment: round(_option(moment).rho, _DIGITS),
        "vega": lambda moment: round(_option(moment).vega, _DIGITS),
    },
    key=_value_key,
    is_series=True,
)
THEO_PRICE: Final = EventFamily(
    fields={
        **_SERIES,
        "price": lambda moment: _option(moment).mark,
        "underlyingPrice": lambda moment: _option(moment).underlying.last,
        "delta": lambda moment: round(_option(moment).delta, _DIGITS),
        "gamma": lambda moment: round(_option(moment).gamma, _DIGITS),
        "dividend": lambda _: None,
        "interest": lambda _: RISK_FREE_RATE,
    },
    key=_value_key,
    is_series=True,
)


def _volatility_key(moment: Moment) -> tuple[object, ...] | None:
    return None if _index(moment) is None else (_index(moment), *_nearest(moment))


def _index(moment: Moment) -> float | None:
    symbol = moment.subject.bars_symbol
    index = None if symbol is None else moment.subject.world.options.implied_volatility_index(symbol)
    return None if index is None else round(index, _DIGITS)


def _nearest(moment: Moment) -> tuple[float, ...]:
    """The volatilities of the two expirations that come first."""
    volatilities = moment.subject.world.options.expiration_volatilities(moment.subject.bars_symbol or "")
    by_date = {expiration.date: round(value, _DIGITS) for _, expiration, value in volatilities}
    return tuple(by_date[day] for day in sorted(by_date)[:2])


UNDERLYING: Final = EventFamily(
    fields={
        **_SERIES,
        "volatility": _index,
        "frontVolatility": lambda moment: next(iter(_nearest(moment)), None),
        "backVolatility": lambda moment: next(iter(_nearest(moment)[1:]), None),
        # Nobody adds up the volumes of a whole chain here: they are not a number.
        "callVolume": lambda _: None,
        "putVolume": lambda _: None,
        "optionVolume": lambda _: None,
        "putCallRatio": lambda _: None,
    },
    key=_volatility_key,
    is_series=True,
)
