# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Hold what the tests have reached, lines and branches, to the floor of each package; exit status 1 below one.

It reads the combined data of ``coverage run``. A module that nobody has imported counts as not reached.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Final, TypedDict, cast

from coverage import Coverage

ROOT: Final = Path(__file__).resolve().parent.parent
FLOORS: Final = {
    "ttapi-core": 100.0,
    "ttapi-client": 95.0,
    "ttapi-polars": 95.0,
    "ttapi-platform": 95.0,
    "ttapi-onboarding": 95.0,
}


class Counts(TypedDict):
    """What coverage counts in a file."""

    num_statements: int
    covered_lines: int
    num_branches: int
    covered_branches: int


def counts_of_files() -> dict[Path, Counts]:
    """What has been measured, by file."""
    measured = Coverage(messages=False)
    measured.load()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        measured.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {(ROOT / name).resolve(): cast("Counts", found["summary"]) for name, found in files.items()}


def percent(counts: list[Counts]) -> float:
    """The share of lines and branches that were reached; of nothing, all."""
    there = sum(each["num_statements"] + each["num_branches"] for each in counts)
    reached = sum(each["covered_lines"] + each["covered_branches"] for each in counts)
    return 100.0 * reached / there if there else 100.0


def main() -> int:
    """Print a line for each package and one for all of them; the exit status."""
    counts = counts_of_files()
    complaints: list[str] = []
    print(f"\n{'lines and branches reached':<28}{'%':>7}{'floor':>8}{'modules':>9}")
    for package, floor in FLOORS.items():
        modules = sorted(ROOT.glob(f"packages/{package}/src/**/*.py"))
        if left_out := [str(path.relative_to(ROOT)) for path in modules if path not in counts]:
            complaints.append(f"{package}: {len(left_out)} modules were left out, such as {left_out[0]}")
        reached = percent([counts[path] for path in modules if path in counts])
        # Cut, not rounded: what is shown as 100.00 is all.
        print(f"{package:<28}{int(reached * 100) / 100:>7.2f}{floor:>8.0f}{len(modules):>9}")
        if reached < floor:
            complaints.append(f"{package}: {reached:.2f} % is below its floor of {floor:.0f} %")
    together = percent(list(counts.values()))
    print(f"{'all together':<28}{int(together * 100) / 100:>7.2f}{'':>8}{len(counts):>9}")
    for complaint in complaints:
        print(f"error: {complaint}", file=sys.stderr)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
