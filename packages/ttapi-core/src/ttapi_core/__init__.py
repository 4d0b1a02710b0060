# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The words and pure rules of TTAPI: values, errors, settings, clocks and the market calendar."""

from __future__ import annotations

from ttapi_core.errors import TTError
from ttapi_core.market_events import (
    CandleUpdate,
    DaySummary,
    Greeks,
    InstrumentProfile,
    QuoteTick,
    TheoreticalPrice,
    TimeAndSale,
    TradeTick,
    UnderlyingVolatility,
)
from ttapi_core.outcome import Err, Ok, Outcome
from ttapi_core.settings import Environment, Secret, Settings, TtlConfig
from ttapi_core.settings_sources import load_settings

__version__ = "0.1.0"

__all__ = [
    "CandleUpdate",
    "DaySummary",
    "Environment",
    "Err",
    "Greeks",
    "InstrumentProfile",
    "Ok",
    "Outcome",
    "QuoteTick",
    "Secret",
    "Settings",
    "TTError",
    "TheoreticalPrice",
    "TimeAndSale",
    "TradeTick",
    "TtlConfig",
    "UnderlyingVolatility",
    "__version__",
    "load_settings",
]
