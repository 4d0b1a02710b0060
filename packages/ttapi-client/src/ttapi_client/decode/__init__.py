# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoding: the only home of the service's spellings; JSON in, values of ttapi_core out."""

from __future__ import annotations
