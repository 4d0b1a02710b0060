# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake in an object store as Polars alone reads it, and the server that stands in for S3."""

from __future__ import annotations
