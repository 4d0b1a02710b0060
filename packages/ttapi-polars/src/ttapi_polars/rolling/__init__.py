# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Statistics with a value on each row: of a window of rows that ends there, or of all rows so far.

What has one value for all rows together, under the same names, is in ``volatility`` and ``risk``. A window
has a value when it is full and nothing in it is missing. What has left it leaves no trace beyond rounding.
"""

from __future__ import annotations

from ttapi_polars.rolling.returns import beta, correlation, sharpe
from ttapi_polars.rolling.volatility import (
    close_to_close,
    ewma,
    garman_klass,
    parkinson,
    rogers_satchell,
    yang_zhang,
)

__all__ = [
    "beta",
    "close_to_close",
    "correlation",
    "ewma",
    "garman_klass",
    "parkinson",
    "rogers_satchell",
    "sharpe",
    "yang_zhang",
]
