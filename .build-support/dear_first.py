# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
A pytest plugin that begins a run with the files whose tests are dear, in any order.

A worker that begins one of them when the others have nothing left to do has all of them wait for it.
"""

from __future__ import annotations

from typing import Final

import pytest

# The folders that they are in.
DEAR: Final = frozenset({"crash", "integration", "promises", "property", "tests-integration"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort without changing the order, which is random, of what is alike."""
    items.sort(key=lambda item: DEAR.isdisjoint(item.nodeid.split("::")[0].split("/")))
