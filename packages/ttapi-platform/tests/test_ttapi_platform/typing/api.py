# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users call the platform: type-checked, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import polars as pl

from ttapi_core import Settings, load_settings
from ttapi_platform import DatasetState, Platform, RunSummary
from ttapi_platform.analyses import volatility


async def use_the_platform() -> None:
    """From settings to answers."""
    platform = Platform(load_settings(), symbols=["AAPL"], replay=Path("candles"))
    summary = await platform.collect(only=["quotes"], refresh=True)
    assert_type(summary, RunSummary)
    assert_type(summary.speed_up, float | None)
    assert_type(platform.status(), tuple[DatasetState, ...])
    assert_type(platform.lake.scan("quotes"), pl.LazyFrame)
    assert_type(volatility(platform.lake), pl.DataFrame)
    assert_type(Platform(Settings()).settings.history_years, int)
