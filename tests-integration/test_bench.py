# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks end with one table, and what they measured is kept for the next run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUPPORT = Path(".build-support")
FOLDER = Path("packages", "ttapi-core", "benchmarks")
WORK = """
def bench_work(bench):
    size = bench.size("much", quick="little")
    bench.compare("work", {ours}, beside={{"a peer": [1.0, 2.0, 3.0]}}, size=size, goals={{"a peer": 1.5}})
"""
PLAY = """
def bench_play(bench):
    bench.show("play", 12.0, size="much", unit="MB")
"""


class Tree:
    """A copy of what runs the benchmarks, with benchmarks of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        for folder in (SUPPORT, FOLDER):
            (root / folder).mkdir(parents=True)
        for file in [*(ROOT / SUPPORT).glob("bench*"), ROOT / FOLDER / "side_by_side.py"]:
            shutil.copy(file, root / file.relative_to(ROOT))

    def plant(self, name: str, text: str) -> None:
        """Write a file of benchmarks."""
        (self._root / FOLDER / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, list[list[str]]]:
        """Give the exit code, and the words of each line, dots and pytest's own words among them."""
        command = [sys.executable, str(self._root / SUPPORT / "bench.py"), *arguments]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
        done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
        return done.returncode, [line.split() for line in (done.stdout + done.stderr).splitlines()]

    def kept(self) -> dict[str, float]:
        """Give what is kept in the repository: our figure of each work."""
        rows = json.loads((self._root / FOLDER / "results.json").read_text("utf-8"))
        return {row["what"]: row["ours"] for row in rows}

    def is_kept_in(self, *path: str) -> bool:
        """Whether that file is there."""
        return self._root.joinpath(*path).exists()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """One with two files of benchmarks."""
    tree = Tree(tmp_path)
    tree.plant("bench_work.py", WORK.format(ours=[2.0, 4.0, 9.0]))
    tree.plant("bench_play.py", PLAY)
    return tree


def test_the_first_run_shows_ratios_and_missed_goals(tree: Tree) -> None:
    """The ratio is the median of those of the rounds, 2, 2 and 3."""
    code, lines = tree.run()

    assert code == 0
    line = next(line for line in lines if line[:1] == ["work"])
    assert " ".join(line) == "work much 4 s 2 s a peer 2.00 2.00-3.00 MISSED 1.50"
    assert ["play", "much", "12", "MB"] in lines


def test_the_next_run_shows_what_changed(tree: Tree) -> None:
    """The ratio was 2 and is 3: half as much more."""
    tree.run()
    tree.plant("bench_work.py", WORK.format(ours=[3.0, 6.0, 9.0]))

    _, lines = tree.run()

    line = next(line for line in lines if line[:1] == ["work"])
    assert line[-2:] == ["2.00", "+50%"]
    assert ["play", "much", "12", "MB", "12", "MB", "+0%"] in lines


def test_a_part_leaves_the_results_of_the_others(tree: Tree) -> None:
    """The table shows what ran; the file keeps both."""
    tree.run()
    tree.plant("bench_work.py", WORK.format(ours=[3.0, 6.0, 9.0]))

    _, lines = tree.run("work")

    assert not [line for line in lines if line[:1] == ["play"]]
    assert tree.kept() == {"play": 12.0, "work": 6.0}


def test_a_failure_keeps_the_last_result_and_says_so(tree: Tree) -> None:
    """The others are shown all the same."""
    tree.run()
    tree.plant("bench_work.py", "def bench_work(bench):\n    assert 'another answer' == 'ours'\n")

    code, lines = tree.run()

    assert code == 1
    assert lines[-1] == ["FAILED:", "ttapi-core/bench_work.py"]
    assert tree.kept() == {"play": 12.0, "work": 4.0}


def test_what_is_measured_no_more_is_kept_no_more(tree: Tree) -> None:
    """A benchmark was given another name: its old one goes."""
    tree.run()
    tree.plant("bench_play.py", PLAY.replace("play", "game"))

    tree.run()

    assert tree.kept() == {"game": 12.0, "work": 4.0}


def test_the_short_form_leaves_the_repository_alone(tree: Tree) -> None:
    """It has input of its own, no goals, and keeps its results elsewhere."""
    _, lines = tree.run("--quick")

    line = next(line for line in lines if line[:1] == ["work"])
    assert " ".join(line) == "work little 4 s 2 s a peer 2.00 2.00-3.00"
    assert tree.is_kept_in(".benchmarks", "ttapi-core.json")
    assert not tree.is_kept_in(*FOLDER.parts, "results.json")


def test_a_name_that_is_not_there_brings_those_that_are(tree: Tree) -> None:
    """Nothing is run."""
    code, lines = tree.run("wrok")

    assert code == 1
    assert lines[1:] == [["ttapi-core/bench_play.py"], ["ttapi-core/bench_work.py"]]
