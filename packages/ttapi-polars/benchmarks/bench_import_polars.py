# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``import ttapi_polars`` adds to ``import polars``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fresh_processes import compare_imports

if TYPE_CHECKING:
    from side_by_side import Bench


def bench_import(bench: Bench) -> None:
    """At most 15 ms; what files and matrices need comes when it is asked for."""
    heavier = ["aiohttp", "numpy", "pyarrow"]
    compare_imports(bench, "import ttapi_polars", floor="import polars", goal_seconds=0.015, heavier=heavier)
