# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbol search: what the service finds under the beginning of a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolMatch:
    """One symbol that was found; older answers have a description at the most (API facts 4.6)."""

    symbol: str
    description: str | None = None
    instrument_type: InstrumentType | None = None
    listed_market: str | None = None
    price_increments: str | None = None  # in words
    trading_hours: str | None = None  # in words
    has_options: bool | None = None
