# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long ``ttapi`` takes to start, in fresh processes, beside the imports that it cannot do without."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from fresh_processes import compare_imports, run

if TYPE_CHECKING:
    from side_by_side import Bench

TTAPI: Final = str(Path(sys.executable).with_name("ttapi"))
CLICK, POLARS = ("import click", "import polars")
COMPLETE: Final = {
    "_TTAPI_COMPLETE": "bash_complete",
    "COMP_WORDS": "ttapi collect --symbols AA",
    "COMP_CWORD": "3",
}


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a home with a small lake, for processes that start in it."""
    folder = str(tmp_path_factory.mktemp("home"))
    kept = {name: text for name, text in os.environ.items() if not name.startswith("TTAPI_")}
    variables = {**kept, "TTAPI_DATA_DIR": folder, "XDG_CONFIG_HOME": folder}
    run([TTAPI, "collect", "--symbols", "AAPL,SPY", "--history-years", "1"], variables)
    return variables


@pytest.mark.parametrize(
    ("arguments", "floor", "goal"),
    [
        pytest.param(["--help"], CLICK, 2.0, id="help"),
        pytest.param([], CLICK, None, id="nothing"),
        pytest.param(["collect", "--help"], CLICK, None, id="help-of-a-command"),
        pytest.param(["status"], POLARS, 2.0, id="status"),
    ],
)
def bench_start(
    bench: Bench,
    variables: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    floor: str,
    goal: float | None,
) -> None:
    """A command as it is typed."""
    monkeypatch.chdir(variables["TTAPI_DATA_DIR"])
    compare(bench, " ".join(["ttapi", *arguments]), [TTAPI, *arguments], variables, floor, goal)


def bench_completion(bench: Bench, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The TAB key, which has to answer while the finger is still on it."""
    monkeypatch.chdir(variables["TTAPI_DATA_DIR"])
    compare(bench, "TAB after ttapi collect --symbols AA", [TTAPI], {**variables, **COMPLETE}, CLICK, None)


def compare(
    bench: Bench, what: str, command: list[str], variables: dict[str, str], floor: str, goal: float | None
) -> None:
    """Add the line of a command beside an import."""
    bench.time(
        what,
        partial(run, command, variables),
        beside={floor: partial(run, [sys.executable, "-c", floor], variables)},
        size="a process",
        goals={floor: goal} if goal else None,
        rounds=15,
    )


def bench_import(bench: Bench) -> None:
    """The part that ``--help`` is made of brings in neither frames nor network."""
    heavier = ["aiohttp", "loguru", "polars", "pyarrow", "rich"]
    compare_imports(bench, "import ttapi_onboarding.cli", floor="import click", heavier=heavier)
