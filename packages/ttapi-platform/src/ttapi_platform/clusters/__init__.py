# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analyses on a cluster: the work goes out in pieces to workers of ``dask.distributed``."""

from __future__ import annotations

from ttapi_platform.clusters.dask_engine import DaskEngine

__all__ = ["DaskEngine"]
