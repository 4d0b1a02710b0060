# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
One question on daily candles, asked of one library in a process of its own: seconds, peak memory, answer.

``python questions.py <library> <question> <directory>`` prints them as JSON; the time runs from the first
look at the files, libraries imported, to the answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Final

YEAR: Final = 252
WINDOWS: Final = (20, 60, 252)
DECAY: Final = 0.94
BENCHMARK: Final = "S0000"
ONE_SYMBOL: Final = "S0042"


def main() -> None:
    """Ask and report."""
    library, question, directory = sys.argv[1:]
    match library:
        case "ours":
            from questions_ours import answer
        case "duckdb":
            from questions_duckdb import answer
        case "pandas":
            from questions_pandas import answer
        case _:
            sys.exit(f"no such library: {library}")
    files = sorted(Path(directory).glob("*.parquet"))
    started = perf_counter()
    sums = answer(question, files)
    seconds = perf_counter() - started
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "sums": sums}))


if __name__ == "__main__":
    main()
