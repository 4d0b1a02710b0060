# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The subject of an examination: a lake with its settings, and what the checks know of the world by."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ttapi_core.clock import Clock
    from ttapi_core.settings import Settings
    from ttapi_platform.lake import Lake
    from ttapi_platform.runtime import Platform


def free_bytes(directory: Path) -> int:
    """What this user may still write to the file system of a directory."""
    return shutil.disk_usage(directory).free


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is examined."""

    platform: Platform
    replay: Path | None = None  # the folder that stands in for the service
    clock: Clock = field(default_factory=SystemClock)
    free_bytes: Callable[[Path], int] = free_bytes

    @property
    def settings(self) -> Settings:
        """The settings that hold."""
        return self.platform.settings

    @property
    def lake(self) -> Lake:
        """The lake that they lead to."""
        return self.platform.lake
