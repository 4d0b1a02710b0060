# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``import ttapi_polars`` adds to ``import polars``, each time in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

PROBE = """
from time import perf_counter
started = perf_counter()
import polars
middle = perf_counter()
import ttapi_polars
print(middle - started, perf_counter() - middle)
"""


def main() -> None:
    """Print medians of eleven runs."""
    command = [sys.executable, "-c", PROBE]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(11)]
    base, added = (median(float(run.split()[place]) for run in runs) * 1000 for place in (0, 1))
    print(f"import polars {base:.1f} ms, import ttapi_polars adds {added:.1f} ms; goal 15 ms")


if __name__ == "__main__":
    main()
