# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Run the benchmarks, print one table of them beside the last results, and keep theirs as the last.

``python .build-support/bench.py [--quick] [parts of names of packages or benchmarks] [pytest options]``. Each
file of benchmarks has a process to itself, so that its figures do not depend on which others run. The results
are in ``benchmarks/results.json`` of each package, part of the repository: what is compared are ratios, which
mean the same on another machine, so a commit shows what it costs. Those of the short form, which say little,
are in ``.benchmarks`` of this machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import bench_results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench_results import Row

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = (*sorted(ROOT.glob("packages/*/benchmarks")), ROOT / "tests-integration" / "benchmarks")
QUICK: Final = "--quick"
NO_TESTS: Final = 5  # pytest's exit code where an option such as -k has chosen none of a file
LEGEND: Final = """
ratio: ours / theirs, the median of rounds taken in turns; less is better. rounds: the least and the greatest
ratio. goal: what the ratio is to stay at or below, or ours where nobody is beside it. last, change: of the
ratio; without one, of ours, unless it is a time."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks whose names have one of the parts in them; 1 if one has failed."""
    parts = [argument for argument in arguments if not argument.startswith("-")]
    options = [argument for argument in arguments if argument.startswith("-")]
    files = [file for folder in FOLDERS for file in sorted(folder.glob("bench_*.py"))]
    chosen = [file for file in files if not parts or any(part in name_of(file) for part in parts)]
    if not chosen:
        sys.exit("no benchmark is called that; there are:\n" + "\n".join(map(name_of, files)))
    last = {folder: bench_results.read(kept_in(folder, options)) for folder in FOLDERS}
    taken: dict[Path, list[Row]] = {}
    failed: list[str] = []
    for number, file in enumerate(chosen, 1):
        print(f"\n{number} of {len(chosen)}: {name_of(file)}", flush=True)
        rows, ended_well = run(file, options)
        if rows:
            taken.setdefault(file.parent, []).extend(rows)
        if not ended_well:
            failed.append(name_of(file))
    table = bench_results.table({folder.parent.name: (rows, last[folder]) for folder, rows in taken.items()})
    print("\nBenchmarks" + (", short form\n" if QUICK in options else "\n"), *table, LEGEND, sep="\n")
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
    return bool(failed)


def name_of(file: Path) -> str:
    """What a file is chosen by: its package and its own name."""
    return f"{file.parent.parent.name}/{file.name}"


def kept_in(folder: Path, options: Sequence[str]) -> Path:
    """The file of the last results of the benchmarks in a folder."""
    return (
        ROOT / ".benchmarks" / f"{folder.parent.name}.json" if QUICK in options else folder / "results.json"
    )


def run(file: Path, options: Sequence[str]) -> tuple[list[Row], bool]:
    """What was measured in a file, which is kept, and whether all its benchmarks ended well."""
    with TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer"
        command = [sys.executable, str(Path(__file__).with_name("bench_file.py")), str(file), str(answer)]
        code = subprocess.run([*command, *options], check=False).returncode
        found = json.loads(answer.read_text("utf-8")) if answer.exists() else {"there": [], "rows": []}
    kept = kept_in(file.parent, options)
    bench_results.write(kept, bench_results.merge(bench_results.read(kept), found["rows"], found["there"]))
    return found["rows"], code == 0 or (code == NO_TESTS and {*options} != {QUICK})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
