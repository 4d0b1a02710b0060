# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How much a test of a reliability promise does: a sample always, the long form when it is asked for."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")


def scale(sample: T, *, long: T) -> T:
    """Give what is for this run: of ``TTAPI_TEST_SCALE=long`` the long one, of all others the sample."""
    return long if os.environ.get("TTAPI_TEST_SCALE") == "long" else sample
