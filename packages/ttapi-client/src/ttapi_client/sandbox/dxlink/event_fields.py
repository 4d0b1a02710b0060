# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The fields of every served event type, in the order of the facts (API facts 7.6)."""

from __future__ import annotations

from typing import Final

_FIELDS: Final = {
    "Candle": """
        eventSymbol eventTime eventFlags index time sequence count volume VWAP bidVolume askVolume
        impVolatility openInterest open high low close
    """,
    "Greeks": """
        eventSymbol eventTime eventFlags index time sequence price volatility delta gamma theta rho
        vega
    """,
    "Profile": """
        eventSymbol eventTime description shortSaleRestriction tradingStatus haltStartTime
        haltEndTime exDividendDayId statusReason high52WeekPrice low52WeekPrice beta shares
        highLimitPrice lowLimitPrice earningsPerShare exDividendAmount dividendFrequency freeFloat
    """,
    "Quote": """
        eventSymbol eventTime sequence timeNanoPart bidTime bidExchangeCode askTime askExchangeCode
        bidPrice askPrice bidSize askSize
    """,
    "Summary": """
        eventSymbol eventTime dayId dayClosePriceType prevDayId prevDayClosePriceType openInterest
        dayOpenPrice dayHighPrice dayLowPrice dayClosePrice prevDayClosePrice prevDayVolume
    """,
    "TheoPrice": """
        eventSymbol eventTime eventFlags index time sequence price underlyingPrice delta gamma
        dividend interest
    """,
    "TimeAndSale": """
        eventSymbol eventTime eventFlags index time timeNanoPart sequence exchangeCode price size
        bidPrice askPrice tradeThroughExempt aggressorSide spreadLeg extendedTradingHours validTick
        type buyer seller exchangeSaleConditions
    """,
    "Trade": """
        eventSymbol eventTime time timeNanoPart sequence exchangeCode dayId tickDirection
        extendedTradingHours price change size dayVolume dayTurnover
    """,
    "Underlying": """
        eventSymbol eventTime eventFlags index time sequence volatility frontVolatility
        backVolatility callVolume putVolume optionVolume putCallRatio
    """,
}
DEFAULT_FIELDS: Final = {event_type: tuple(names.split()) for event_type, names in _FIELDS.items()}
