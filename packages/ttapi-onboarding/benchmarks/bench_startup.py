# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
How long ``ttapi`` takes to start, in fresh processes, against the imports that it cannot do without.

Goals: ``ttapi --help`` in 2 times ``import click``, ``ttapi status`` in 2 times ``import polars``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

ROUNDS: Final = 15
TTAPI: Final = str(Path(sys.executable).with_name("ttapi"))
COMPLETE: Final = {
    "_TTAPI_COMPLETE": "bash_complete",
    "COMP_WORDS": "ttapi collect --symbols AA",
    "COMP_CWORD": "3",
}
RUNS: Final[dict[str, tuple[list[str], dict[str, str]]]] = {
    "python -c 'import click'": ([sys.executable, "-c", "import click"], {}),
    "python -c 'import polars'": ([sys.executable, "-c", "import polars"], {}),
    "ttapi --help": ([TTAPI, "--help"], {}),
    "ttapi": ([TTAPI], {}),
    "ttapi collect --help": ([TTAPI, "collect", "--help"], {}),
    "TAB after ttapi collect --symbols AA": ([TTAPI], COMPLETE),
    "ttapi status": ([TTAPI, "status"], {}),
}
PAIRS: Final = {
    "ttapi --help": "python -c 'import click'",
    "ttapi status": "python -c 'import polars'",
}


def main() -> None:
    """Print medians, in turns after a round that does not count, and the two ratios round by round."""
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TTAPI_")}
        environ |= {"TTAPI_DATA_DIR": folder, "XDG_CONFIG_HOME": folder}
        collect = [TTAPI, "collect", "--symbols", "AAPL,SPY", "--history-years", "1"]
        subprocess.run(collect, env=environ, check=True, capture_output=True)
        seconds: dict[str, list[float]] = {name: [] for name in RUNS}
        for turn in range(ROUNDS + 1):
            for name, (command, variables) in RUNS.items():
                started = perf_counter()
                subprocess.run(command, env={**environ, **variables}, check=True, capture_output=True)
                if turn:
                    seconds[name].append(perf_counter() - started)
        os.chdir("/")
    for name, times in seconds.items():
        line = f"  {name:38} {median(times) * 1000:7.1f} ms"
        if name in PAIRS:
            ratios = sorted(ours / bare for ours, bare in zip(times, seconds[PAIRS[name]], strict=True))
            line += f"  {median(ratios):.2f} x {PAIRS[name]} ({ratios[0]:.2f} to {ratios[-1]:.2f}); goal 2"
        print(line)


if __name__ == "__main__":
    main()
