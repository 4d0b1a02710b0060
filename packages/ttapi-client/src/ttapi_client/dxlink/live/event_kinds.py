# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The kinds of live events: what each is called on the wire, and which of its fields makes which value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

import attrs

from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.live.readers import counts, dates, flags, instants, numbers, texts
from ttapi_core.market_events import (
    DaySummary,
    Greeks,
    InstrumentProfile,
    QuoteTick,
    TheoreticalPrice,
    TimeAndSale,
    TradeTick,
    UnderlyingVolatility,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.dxlink.live.readers import Reader

T_co = TypeVar("T_co", covariant=True)

SYMBOL_FIELD: Final = "eventSymbol"
FLAGS_FIELD: Final = "eventFlags"


@attrs.frozen(eq=False, kw_only=True)
class EventKind(Generic[T_co]):
    """
    Events of one type.

    Examples
    --------
    >>> QUOTE.wire_fields[:3], QUOTE.contract.value
    (('eventSymbol', 'bidPrice', 'askPrice'), 'TICKER')
    """

    event_type: str  # the wire's word
    value: type[T_co]
    contract: Contract  # under which it is asked for first
    fields: Mapping[str, tuple[str, Reader]]  # by ours: the wire's name, and how a column of it is read
    is_series: bool = False  # whether its events carry flags

    @property
    def wire_fields(self) -> tuple[str, ...]:
        """What to ask for, in order."""
        names = dict.fromkeys(name for name, _ in self.fields.values())
        return (SYMBOL_FIELD, *([FLAGS_FIELD] if self.is_series else []), *names)


_EVENT_AT: Final = {"event_at": ("eventTime", instants)}
_TRADE_FIELDS: Final = {
    "price": ("price", numbers),
    "size": ("size", numbers),
    "change": ("change", numbers),
    "day_volume": ("dayVolume", numbers),
    "day_turnover": ("dayTurnover", numbers),
    "traded_at": ("time", instants),
    "trading_date": ("dayId", dates),
    "exchange": ("exchangeCode", texts),
    "tick_direction": ("tickDirection", texts),
    "is_extended_hours": ("extendedTradingHours", flags),
    "sequence": ("sequence", counts),
    **_EVENT_AT,
}
QUOTE: Final = EventKind(
    event_type="Quote",
    value=QuoteTick,
    contract=Contract.TICKER,
    fields={
        "bid": ("bidPrice", numbers),
        "ask": ("askPrice", numbers),
        "bid_size": ("bidSize", numbers),
        "ask_size": ("askSize", numbers),
        "bid_at": ("bidTime", instants),
        "ask_at": ("askTime", instants),
        "bid_exchange": ("bidExchangeCode", texts),
        "ask_exchange": ("askExchangeCode", texts),
        **_EVENT_AT,
    },
)
TRADE: Final = EventKind(event_type="Trade", value=TradeTick, contract=Contract.TICKER, fields=_TRADE_FIELDS)
EXTENDED_HOURS_TRADE: Final = EventKind(
    event_type="TradeETH", value=TradeTick, contract=Contract.TICKER, fields=_TRADE_FIELDS
)
GREEKS: Final = EventKind(
    event_type="Greeks",
    value=Greeks,
    contract=Contract.TICKER,
    is_series=True,
    fields={
        "price": ("price", numbers),
        "volatility": ("volatility", numbers),
        "delta": ("delta", numbers),
        "gamma": ("gamma", numbers),
        "theta": ("theta", numbers),
        "rho": ("rho", numbers),
        "vega": ("vega", numbers),
        "computed_at": ("time", instants),
        **_EVENT_AT,
    },
)
SUMMARY: Final = EventKind(
    event_type="Summary",
    value=DaySummary,
    contract=Contract.TICKER,
    fields={
        "trading_date": ("dayId", dates),
        "open": ("dayOpenPrice", numbers),
        "high": ("dayHighPrice", numbers),
        "low": ("dayLowPrice", numbers),
        "close": ("dayClosePrice", numbers),
        "close_price_type": ("dayClosePriceType", texts),
        "prev_trading_date": ("prevDayId", dates),
        "prev_close": ("prevDayClosePrice", numbers),
        "prev_close_price_type": ("prevDayClosePriceType", texts),
        "prev_volume": ("prevDayVolume", numbers),
        "open_interest": ("openInterest", numbers),
        **_EVENT_AT,
    },
)
PROFILE: Final = EventKind(
    event_type="Profile",
    value=InstrumentProfile,
    contract=Contract.TICKER,
    fields={
        "description": ("description", texts),
        "trading_status": ("tradingStatus", texts),
        "status_reason": ("statusReason", texts),
        "short_sale_restriction": ("shortSaleRestriction", texts),
        "halt_start_at": ("haltStartTime", instants),
        "halt_end_at": ("haltEndTime", instants),
        "high_limit": ("highLimitPrice", numbers),
        "low_limit": ("lowLimitPrice", numbers),
        "year_high": ("high52WeekPrice", numbers),
        "year_low": ("low52WeekPrice", numbers),
        "beta": ("beta", numbers),
        "shares": ("shares", numbers),
        "free_float": ("freeFloat", numbers),
        "earnings_per_share": ("earningsPerShare", numbers),
        "ex_dividend_date": ("exDividendDayId", dates),
        "ex_dividend_amount": ("exDividendAmount", numbers),
        "dividend_frequency": ("dividendFrequency", numbers),
        **_EVENT_AT,
    },
)
TIME_AND_SALE: Final = EventKind(
    event_type="TimeAndSale",
    value=TimeAndSale,
    contract=Contract.STREAM,
    is_series=True,
    fields={
        "price": ("price", numbers),
        "size": ("size", numbers),
        "bid": ("bidPrice", numbers),
        "ask": ("askPrice", numbers),
        "sold_at": ("time", instants),
        "index": ("index", counts),
        "sequence": ("sequence", counts),
        "type": ("type", texts),
        "exchange": ("exchangeCode", texts),
        "aggressor_side": ("aggressorSide", texts),
        "sale_conditions": ("exchangeSaleConditions", texts),
        "trade_through_exempt": ("tradeThroughExempt", texts),
        "is_spread_leg": ("spreadLeg", flags),
        "is_extended_hours": ("extendedTradingHours", flags),
        "is_valid_tick": ("validTick", flags),
        **_EVENT_AT,
    },
)
UNDERLYING: Final = EventKind(
    event_type="Underlying",
    value=UnderlyingVolatility,
    contract=Contract.TICKER,
    is_series=True,
    fields={
        "volatility": ("volatility", numbers),
        "front_volatility": ("frontVolatility", numbers),
        "back_volatility": ("backVolatility", numbers),
        "call_volume": ("callVolume", numbers),
        "put_volume": ("putVolume", numbers),
        "option_volume": ("optionVolume", numbers),
        "put_call_ratio": ("putCallRatio", numbers),
        "computed_at": ("time", instants),
        **_EVENT_AT,
    },
)
THEORETICAL_PRICE: Final = EventKind(
    event_type="TheoPrice",
    value=TheoreticalPrice,
    contract=Contract.TICKER,
    is_series=True,
    fields={
        "price": ("price", numbers),
        "underlying_price": ("underlyingPrice", numbers),
        "delta": ("delta", numbers),
        "gamma": ("gamma", numbers),
        "dividend": ("dividend", numbers),
        "interest": ("interest", numbers),
        "computed_at": ("time", instants),
        **_EVENT_AT,
    },
)
