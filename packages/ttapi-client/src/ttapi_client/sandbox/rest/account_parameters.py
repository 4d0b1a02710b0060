# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Parameters that only account routes take: words from a closed list, and instants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.rest.envelope import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp import web

INSTRUMENT_TYPES: Final = frozenset(
    [
        "Bond",
        "Cryptocurrency",
        "Currency Pair",
        "Equity",
        "Equity Offering",
        "Equity Option",
        "Event Contract",
        "Fixed Income Security",
        "Future",
        "Future Option",
        "Index",
        "Liquidity Pool",
        "Unknown",
        "Warrant",
    ]
)
SORTS: Final = ("Asc", "Desc")


def optional_choice(request: web.Request, name: str, choices: Collection[str]) -> str | None:
    """One of the words that the service knows, or None when it is not given."""
    text = request.query.get(name)
    if text is not None and text not in choices:
        raise Refusal.invalid((name, "does not have a valid value"))
    return text


def required_choice(request: web.Request, name: str, choices: Collection[str]) -> str:
    """One of the words that the service knows, which has to be there."""
    text = optional_choice(request, name, choices)
    if text is None:
        raise Refusal.invalid((name, "is missing"))
    return text


def optional_instant(request: web.Request, name: str) -> datetime | None:
    """
    An instant, UTC unless it says otherwise, or None when it is not given.

    One client separates date and time with a space, another with a T (API facts 9.3).
    """
    text = request.query.get(name)
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal.invalid((name, "is invalid")) from None
