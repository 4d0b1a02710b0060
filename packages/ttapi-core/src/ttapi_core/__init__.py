# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The words and pure rules of TTAPI: values, errors, settings, clocks and the market calendar.

The names are imported when one of them is first asked for: whoever needs one module only pays for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    # This late on purpose, see above.
    from ttapi_core import errors, market_events, outcome, settings, settings_sources  # noqa: PLC0415

    for module in (errors, market_events, outcome, settings, settings_sources):
        globals().update({each: value for each, value in vars(module).items() if each in __all__})
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
