# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake in an object store: the same rows as in a directory, two writers, faults, crashes and repair."""

from __future__ import annotations
