# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What Python imports first in each process of the tests: to measure it, where that is asked for."""

from __future__ import annotations

import os

if "MEASURE_INTO" in os.environ:
    from measuring import start

    start()
