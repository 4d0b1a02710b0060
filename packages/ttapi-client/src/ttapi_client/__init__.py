# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A dependable asyncio client for the tastytrade API and its DXLink feed, with a sandbox server."""

from __future__ import annotations

from loguru import logger

from ttapi_client.client import TTClient
from ttapi_client.dxlink.columns import CandleColumns
from ttapi_client.policies import Policies
from ttapi_client.statistics import ClientStatistics
from ttapi_client.version import __version__

__all__ = ["CandleColumns", "ClientStatistics", "Policies", "TTClient", "__version__"]

# A library is silent until the program that uses it asks for its records.
logger.disable("ttapi_client")
