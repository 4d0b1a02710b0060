# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The last results of the benchmarks in their files, and the table that holds a run against them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

# A measure (packages/ttapi-core/benchmarks/side_by_side.py) by the names of its fields, and the benchmark
# that took it, as "file::function".
Row: TypeAlias = "dict[str, Any]"

_KEPT: Final = ("benchmark", "what", "size", "unit", "ours", "beside", "theirs", "ratio")
_DIGITS: Final = 3
_WHOLE: Final = 100  # from here on without decimals
_PARTS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))  # of a second
_TITLES: Final = ("", "size", "ours", "theirs", "beside", "ratio", "rounds", "goal", "last", "change")
_WORDS: Final = (0, 1, 4)  # the columns that begin together; the others, figures, end together


def read(file: Path) -> list[Row]:
    """The last results; none where there is no file."""
    rows: list[Row] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return rows


def write(file: Path, rows: Sequence[Row]) -> None:
    """Keep them, whole or not at all; a line for each, so that a diff shows what changed."""
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text("[\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n]\n", "utf-8")
    new.replace(file)


def merge(kept: Sequence[Row], taken: Sequence[Row], there: Collection[str]) -> list[Row]:
    """
    What is kept from now on.

    Parameters
    ----------
    kept
        What was kept until now.
    taken
        What was measured: it replaces all that was kept of the same benchmarks.
    there
        All benchmarks of the files that were looked into, also those that did not run or failed, of which the
        last results stay. What was kept of others in those files goes: they are there no more.
    """
    ran = {row["benchmark"] for row in taken}
    files = {_file(name) for name in there}
    old = [row for row in kept if row["benchmark"] in there or _file(row["benchmark"]) not in files]
    rows = [*(row for row in old if row["benchmark"] not in ran), *map(_rounded, taken)]
    return sorted(rows, key=lambda row: str(row["benchmark"]))


def table(packages: Mapping[str, tuple[Sequence[Row], Sequence[Row]]]) -> list[str]:
    """Lines of the table: by package, what was measured beside what the last results say of the same."""
    cells = {name: [_cells(row, last) for row in rows] for name, (rows, last) in packages.items()}
    all_cells = [_TITLES, *(each for those in cells.values() for each in those)]
    widths = [max(len(each[place]) for each in all_cells) for place in range(len(_TITLES))]
    lines = [_line(_TITLES, widths)]
    for name, those in cells.items():
        lines += [name, *(_line(each, widths) for each in those)]
    return lines


def _file(benchmark: str) -> str:
    return benchmark.partition("::")[0]


def _rounded(row: Row) -> Row:
    return {
        name: float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
        for name, value in row.items()
        if name in _KEPT
    }


def _cells(row: Row, last: Sequence[Row]) -> tuple[str, ...]:
    is_ratio, unit = row["ratio"] is not None, row["unit"]
    compared = row["ratio"] if is_ratio else row["ours"]
    show = _number if is_ratio else (lambda value: _amount(value, unit))
    goal = before = change = ""
    if row["goal"] is not None:
        goal = f"{'MISSED ' if compared > row['goal'] else ''}{show(row['goal'])}"
    same = [old for old in last if all(old[name] == row[name] for name in ("what", "size", "beside"))]
    # Seconds by themselves are not held against each other: the machine may be another one.
    if same and (is_ratio or unit != "s"):
        then = same[0]["ratio"] if is_ratio else same[0]["ours"]
        before, change = show(then), f"{compared / then - 1:+.0%}" if then else ""
    return (
        row["what"],
        row["size"],
        _amount(row["ours"], unit),
        "" if row["theirs"] is None else _amount(row["theirs"], unit),
        row["beside"],
        _number(row["ratio"]) if is_ratio else "",
        "" if row["rounds"] is None else "-".join(map(_number, row["rounds"])),
        goal,
        before,
        change,
    )


def _number(value: float) -> str:
    return f"{value:.2f}" if value >= 1 else f"{value:.{_DIGITS}f}"


def _amount(value: float, unit: str) -> str:
    if unit == "s":
        part, unit = next((each for each in _PARTS if abs(value) >= each[0]), _PARTS[-1])
        value /= part
    digits = f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.{_DIGITS}g}"
    return f"{digits} {unit}".rstrip()


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.ljust(width) if place in _WORDS else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  " + "  ".join(padded).rstrip()
