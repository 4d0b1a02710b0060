# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Keeps a lake of market datasets complete and fresh: freshness, collecting, storing."""

from __future__ import annotations

from loguru import logger

from ttapi_platform.run_summary import DatasetResult, DatasetStatus, RunSummary
from ttapi_platform.runtime import DatasetState, Platform

__version__ = "0.2.0"

__all__ = ["DatasetResult", "DatasetState", "DatasetStatus", "Platform", "RunSummary", "__version__"]

# A library is silent until the program that uses it asks for its records.
logger.disable("ttapi_platform")
