# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Run the benchmarks of one file with pytest, and write down as JSON what they measured.

``python .build-support/bench_file.py FILE ANSWER [--quick] [pytest options]``. Each benchmark is given
``bench``, which times with pytest-benchmark what is timed in this process.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path += map(str, sorted(ROOT.glob("packages/*/benchmarks")))  # some files use what others have generated

from side_by_side import Bench  # noqa: E402 - found only now

BENCH: Final = pytest.StashKey[Bench]()


class Measuring:
    """The plugin: gives out ``bench`` and takes down what each benchmark that ended well has measured."""

    def __init__(self, answer: Path) -> None:
        self._answer = answer
        self._there: list[str] = []
        self._rows: list[dict[str, Any]] = []

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """The short form."""
        parser.addoption("--quick", action="store_true", help="little input, few rounds, no goals")

    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> Bench:
        """What takes the measures."""

        def timer(work: Callable[[], object], *, before: Callable[[], None], rounds: int) -> list[float]:
            benchmark = request.getfixturevalue("benchmark")
            benchmark.pedantic(work, setup=before, rounds=rounds, warmup_rounds=1)
            return list(benchmark.stats.stats.data)

        bench = Bench(is_quick=request.config.getoption("quick"), timer=timer)
        request.node.stash[BENCH] = bench
        return bench

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note which benchmarks there are, before an option takes some away."""
        self._there = [name_of(item) for item in items]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Take the measures."""
        yield
        self._rows += [
            {"benchmark": name_of(item), **dataclasses.asdict(measure)}
            for measure in item.stash[BENCH].measures
        ]

    def pytest_sessionfinish(self) -> None:
        """Write them down."""
        self._answer.write_text(json.dumps({"there": self._there, "rows": self._rows}), "utf-8")


def name_of(item: pytest.Item) -> str:
    """A benchmark's name in the results: its file and its function."""
    return f"{item.path.name}::{item.name}"


def main(file: str, answer: str, *options: str) -> int:
    """Run the file; say how it ended."""
    config = [f"--config-file={Path(__file__).with_name('bench.ini')}", f"--rootdir={ROOT}"]
    if find_spec("pytest_benchmark"):
        config.append("--benchmark-quiet")  # its own table would be one more for each file
    return pytest.main([*config, *options, file], plugins=[Measuring(Path(answer))])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
