# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Market frames, analytics and lake files on Polars; importing it registers the ``.tt`` namespaces.

Schemas of the six datasets, frames from values and candle columns, Parquet with a CSV twin, volatility.
"""

from __future__ import annotations

from ttapi_polars import (
    adjustments,
    candle_frames,
    coverage,
    frames,
    lake_files,
    overlaps,
    returns,
    schemas,
    volatility,
)
from ttapi_polars.checks import check
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import FileFooter, read_footer
from ttapi_polars.lake_files import load, scan, verify, write_pair
from ttapi_polars.namespace import tt
from ttapi_polars.schemas import SCHEMAS, ColumnSpec, DatasetSchema

__all__ = [
    "SCHEMAS",
    "ColumnSpec",
    "DatasetSchema",
    "FileFooter",
    "adjustments",
    "candle_frames",
    "check",
    "coverage",
    "fingerprint",
    "frames",
    "lake_files",
    "load",
    "overlaps",
    "read_footer",
    "returns",
    "scan",
    "schemas",
    "tt",
    "verify",
    "volatility",
    "write_pair",
]
