# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
One question on daily candles, asked of one library in a process of its own: seconds, peak memory, answer.

``python questions.py <library> <question> <root of a lake>`` prints them as JSON, and the seconds that all
processors have worked for it; the time runs from the first look at the files, libraries imported, to the
answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

YEAR: Final = 252
WINDOWS: Final = (20, 60, 252)
DECAY: Final = 0.94
BENCHMARK: Final = "S0000"


def main() -> None:
    """Ask and report."""
    library, question, directory = sys.argv[1:]
    match library:
        case "ours":
            from questions_ours import answer
        case "streamed":
            from questions_streamed import answer
        case "duckdb":
            from questions_duckdb import answer
        case "pandas":
            from questions_pandas import answer
        case _:
            sys.exit(f"no such library: {library}")
    started, worked = perf_counter(), process_time()
    sums = answer(question, Path(directory))
    cost = {"seconds": perf_counter() - started, "cpu_seconds": process_time() - worked}
    print(json.dumps({**cost, "peak_megabytes": peak_megabytes(), "sums": sums}))


def peak_megabytes() -> float:
    """The most memory that this process has held; `getrusage` would count its parent's, too."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
