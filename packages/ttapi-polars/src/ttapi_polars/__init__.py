# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Market frames, analytics and lake files on Polars; importing it registers the ``.tt`` namespaces.

Schemas of the six datasets, frames from values and candle columns, Parquet with a CSV twin, volatility.
"""

from __future__ import annotations

from ttapi_polars import candle_frames, frames, lake_files, returns, schemas, volatility
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
    "candle_frames",
    "check",
    "fingerprint",
    "frames",
    "lake_files",
    "load",
    "read_footer",
    "returns",
    "scan",
    "schemas",
    "tt",
    "verify",
    "volatility",
    "write_pair",
]
