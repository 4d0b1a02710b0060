# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Net liquidating value: what an account would be worth if all of it were sold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NetLiquidatingValue:
    """What an account is worth now (API facts 3.6)."""

    net_liquidating_value: Decimal
    account_number: str | None = field(default=None, repr=False)  # private: never in a log
    currency: str | None = None
    updated_at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class NetLiqCandle:
    """
    What an account was worth over a stretch of time (API facts 3.6); ``total`` includes pending cash.

    The service says neither how long the stretch is nor which of its ends the instant stands for.
    """

    event_at: datetime  # UTC
    close: Decimal
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    pending_cash_open: Decimal | None = None
    pending_cash_high: Decimal | None = None
    pending_cash_low: Decimal | None = None
    pending_cash_close: Decimal | None = None
    total_open: Decimal | None = None
    total_high: Decimal | None = None
    total_low: Decimal | None = None
    total_close: Decimal | None = None
