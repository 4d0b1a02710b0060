# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
A pytest plugin that keeps the processors busy: one worker more than there are, and the dear files first.

Tests wait: for child processes, sockets and disks. A worker that begins a dear file when the others have
nothing left to do has all of them wait for it.
"""

from __future__ import annotations

import os
from typing import Final

import pytest

# The folders that they are in.
DEAR: Final = frozenset({"crash", "integration", "promises", "property", "tests-integration"})
# One that waits for a minute, most of it for a market that moves.
DEAREST: Final = "tests-integration/test_community_sdk.py"


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many workers ``-n auto`` is."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort without changing the order, which is random, of what is alike."""
    items.sort(key=lambda item: order_of(item.nodeid.partition("::")[0]))


def order_of(file: str) -> int:
    """The dearest first, then the dear, then all others."""
    return 0 if file == DEAREST else 1 + DEAR.isdisjoint(file.split("/"))
