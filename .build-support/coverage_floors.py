# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Tell which lines and branches the tests have reached, and hold them to the floor of each package.

Exit status 1 below a floor; ``--part`` is for a part of the tests, which cannot reach it. It reads what
``measuring`` has left in a folder. A module that nobody has imported counts as not reached.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import slipcover
from measuring import ROOT, probes, sources_of

FLOORS: Final = {
    "ttapi-core": 100.0,
    "ttapi-client": 95.0,
    "ttapi-polars": 95.0,
    "ttapi-platform": 95.0,
    "ttapi-onboarding": 95.0,
}

Counts = dict[str, int]
"""What SlipCover counts in a file: its summary."""


def print_missing(folder: Path) -> dict[Path, Counts]:
    """Print what no process has reached; what was and was not, by file."""
    together = probes(source=sources_of(list(FLOORS))).get_coverage()
    for file in sorted(folder.glob("*.json")):
        slipcover.merge_coverage(together, json.loads(file.read_text(encoding="utf-8")))
    slipcover.print_coverage(together, skip_covered=True, missing_width=60)
    return {(ROOT / name).resolve(): file["summary"] for name, file in together["files"].items()}


def percent(counts: list[Counts]) -> float:
    """The share of lines and branches that were reached; of nothing, all."""
    covered = sum(each["covered_lines"] + each["covered_branches"] for each in counts)
    missing = sum(each["missing_lines"] + each["missing_branches"] for each in counts)
    return 100.0 * covered / (covered + missing) if covered + missing else 100.0


def main() -> int:
    """Print what is missing, a line for each package and one for all of them; the exit status."""
    folder, *options = sys.argv[1:]
    counts = print_missing(Path(folder))
    complaints: list[str] = []
    print(f"\n{'lines and branches reached':<28}{'%':>7}{'floor':>8}{'modules':>9}")
    for package, floor in FLOORS.items():
        modules = sorted(ROOT.glob(f"packages/{package}/src/**/*.py"))
        if left_out := [str(path.relative_to(ROOT)) for path in modules if path not in counts]:
            complaints.append(f"{package}: {len(left_out)} modules were left out, such as {left_out[0]}")
        share = percent([counts[path] for path in modules if path in counts])
        # Cut, not rounded: what is shown as 100.00 is all.
        print(f"{package:<28}{int(share * 100) / 100:>7.2f}{floor:>8.0f}{len(modules):>9}")
        if share < floor:
            complaints.append(f"{package}: {share:.2f} % is below its floor of {floor:.0f} %")
    together = percent(list(counts.values()))
    print(f"{'all together':<28}{int(together * 100) / 100:>7.2f}{'':>8}{len(counts):>9}")
    if "--part" in options:
        return 0
    for complaint in complaints:
        print(f"error: {complaint}", file=sys.stderr)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
