# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a fresh interpreter pays for an import, beside one that it cannot do without."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from side_by_side import Bench

PROBE: Final = """
import sys
from time import perf_counter
{floor}
there, began = set(sys.modules), perf_counter()
{statement}
seconds = perf_counter() - began
brought = set(sys.modules) - there
import json
print(json.dumps([seconds, sorted({{name.partition(".")[0] for name in brought}})]))
"""


def run(command: Sequence[str], variables: Mapping[str, str] | None = None) -> str:
    """Standard output of a process that has to end well; its environment is that of this one unless given."""
    done = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
    assert not done.returncode, f"{' '.join(command)} failed:\n{done.stderr}"
    return done.stdout


def compare_imports(
    bench: Bench,
    statement: str,
    *,
    floor: str,
    goal_seconds: float | None = None,
    heavier: Sequence[str] = (),
) -> None:
    """
    Add the lines of an import: whole processes beside the floor's, what it adds, what it is to leave alone.

    Parameters
    ----------
    bench
        Takes the measures.
    statement, floor
        The import, and the one (or "pass") that is beside it.
    goal_seconds
        What the import is to add to the floor at most.
    heavier
        Packages that it must not bring in; empty for all that are not in the standard library.
    """
    rounds = bench.size(21, quick=3)
    bench.time(
        statement,
        lambda: run([sys.executable, "-c", statement]),
        beside={floor: lambda: run([sys.executable, "-c", floor])},
        size="a process",
        rounds=rounds,
    )
    probe = PROBE.format(floor=floor, statement=statement)
    found = [json.loads(run([sys.executable, "-c", probe])) for _ in range(rounds)]
    added = statement if floor == "pass" else f"{statement} after {floor}"
    bench.show(added, median(each[0] for each in found), size="an import", unit="s", goal=goal_seconds)
    brought = set(found[0][1])
    foreign = (
        brought & set(heavier) if heavier else brought - sys.stdlib_module_names - {statement.split()[1]}
    )
    bench.show(statement, len(foreign), size="heavier packages", unit="", goal=0)
