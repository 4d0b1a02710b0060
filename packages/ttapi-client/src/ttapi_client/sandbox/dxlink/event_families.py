# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which event types the feed serves, and under which contracts (API facts 7.3 and 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.option_events import GREEKS, THEO_PRICE, UNDERLYING
from ttapi_client.sandbox.dxlink.quote_events import QUOTE, TRADE
from ttapi_client.sandbox.dxlink.summary_events import PROFILE, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.sandbox.dxlink.event_family import EventFamily

CANDLE: Final = "Candle"
TIME_AND_SALE: Final = "TimeAndSale"
# The types of which the latest value counts.
FAMILIES: Final[Mapping[str, EventFamily]] = {
    "Quote": QUOTE,
    "Trade": TRADE,
    "Summary": SUMMARY,
    "Profile": PROFILE,
    "Greeks": GREEKS,
    "TheoPrice": THEO_PRICE,
    "Underlying": UNDERLYING,
}


def is_served(event_type: str) -> bool:
    """Whether events of a type come; all other types are accepted and stay silent."""
    return event_type in {CANDLE, TIME_AND_SALE} or event_type in FAMILIES


def fits(event_type: str, contract: str) -> bool:
    """
    Whether a type can be had under a contract: a history needs events that form a series.

    Examples
    --------
    >>> (
    ...     fits("Quote", "HISTORY"),
    ...     fits("Greeks", "HISTORY"),
    ...     fits("Candle", "TICKER"),
    ...     fits("Order", "HISTORY"),
    ... )
    (False, True, True, True)
    """
    family = FAMILIES.get(event_type)
    return contract != "HISTORY" or family is None or family.is_series
