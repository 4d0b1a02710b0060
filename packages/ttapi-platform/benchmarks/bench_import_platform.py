# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``import ttapi_platform`` adds to ``import polars``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fresh_processes import compare_imports

if TYPE_CHECKING:
    from side_by_side import Bench


def bench_import(bench: Bench) -> None:
    """Nothing of the network comes with it, nor of the terminal."""
    heavier = ["aiohttp", "click", "pyarrow", "rich"]
    compare_imports(bench, "import ttapi_platform", floor="import polars", heavier=heavier)
