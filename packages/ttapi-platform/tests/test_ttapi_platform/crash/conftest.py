# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the crash tests share: the compiled library, and processes that were started with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from test_ttapi_platform.crash import shim
from test_ttapi_platform.crash.processes import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library between a process and libc, compiled for this machine."""
    if sys.platform != "linux":
        pytest.skip("libc is stood in for by LD_PRELOAD and /proc, which only Linux has")
    return shim.build(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def forking(library: Path) -> Iterator[Worker]:
    """A process that does each thing in a child, which may be killed."""
    with Worker(library, mode="forking") as started:
        yield started


@pytest.fixture(scope="module")
def lasting(library: Path) -> Iterator[Worker]:
    """A process that does one thing after the other itself: cheaper, where nothing is killed."""
    with Worker(library, mode="lasting") as started:
        yield started
