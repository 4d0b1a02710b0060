# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``import ttapi_client`` adds to ``import aiohttp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fresh_processes import compare_imports

if TYPE_CHECKING:
    from side_by_side import Bench


def bench_import(bench: Bench) -> None:
    """Nothing of the frames comes with it."""
    compare_imports(
        bench, "import ttapi_client", floor="import aiohttp", heavier=["numpy", "polars", "pyarrow"]
    )
