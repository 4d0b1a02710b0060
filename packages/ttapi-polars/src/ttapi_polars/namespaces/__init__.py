# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ``.tt`` namespaces: our functions as methods on Polars' own objects; importing this registers them."""

from __future__ import annotations

from ttapi_polars.namespaces.door import tt

__all__ = ["tt"]
