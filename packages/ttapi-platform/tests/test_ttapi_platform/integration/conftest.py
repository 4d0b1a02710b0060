# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A sandbox in this process, whose counters and faults the tests can reach, and platforms that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import pytest

from test_ttapi_platform.integration.few_names import small_world
from ttapi_client.sandbox import SandboxServer
from ttapi_core import Settings, TtlConfig
from ttapi_core.clock import SystemClock
from ttapi_platform import Platform

if TYPE_CHECKING:
    from pathlib import Path

SYMBOLS = ("AAPL", "BRK/B", "GOOG", "IBM", "KO", "MSFT", "NVDA", "QQQ", "SPY", "XOM")


class ShiftedClock(SystemClock):
    """The system's clock with a wall time that a test can put forward."""

    def __init__(self) -> None:
        self.shift = timedelta(0)

    def now(self) -> datetime:
        """Wall time, put forward."""
        return super().now() + self.shift


PlatformFactory: TypeAlias = Callable[..., Platform]


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    """A running sandbox, on which little is listed."""
    async with SandboxServer(small_world(SYMBOLS)) as server:
        yield server


@pytest.fixture
def clock() -> ShiftedClock:
    """The platform's clock."""
    return ShiftedClock()


@pytest.fixture
def platform(sandbox: SandboxServer, tmp_path: Path, clock: ShiftedClock) -> PlatformFactory:
    """Makes a platform over one lake and the running sandbox."""

    def make(*, symbols: tuple[str, ...] = SYMBOLS, ttl: TtlConfig | None = None) -> Platform:
        settings = Settings(
            data_dir=tmp_path,
            api_url=sandbox.url,
            history_years=1,
            retry_attempts=1,
            ttl=ttl or TtlConfig(),
        )
        return Platform(settings, symbols=symbols, clock=clock)

    return make
