# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``ttapi_core`` adds to a bare interpreter: the package by itself, and all names that it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fresh_processes import compare_imports

if TYPE_CHECKING:
    from side_by_side import Bench


@pytest.mark.parametrize(
    ("statement", "goal_seconds"),
    [
        pytest.param("import ttapi_core", 0.05, id="package"),
        pytest.param("from ttapi_core import *", None, id="all-names"),
    ],
)
def bench_import(bench: Bench, statement: str, goal_seconds: float | None) -> None:
    """Nothing but the standard library comes with it."""
    compare_imports(bench, statement, floor="pass", goal_seconds=goal_seconds)
