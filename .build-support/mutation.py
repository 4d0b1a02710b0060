# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Changes the code that decides, one small thing at a time, and sees whether its tests notice.

``nox -s mutation [-- names]``; what it makes lies in .build/mutation. The changes are those of mutmut, which
forks a process for each from one that has imported everything: a second, where cosmic-ray starts Python anew.
Left as they are: annotations, constants of a module, and the words of messages, hints and logs.
"""

from __future__ import annotations

import ast
import asyncio
import difflib
import json
import os
import selectors
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "mutation"
ACCEPTED = Path(__file__).with_name("mutation_survivors.toml")
PACKAGES = ("ttapi_core", "ttapi_client", "ttapi_polars", "ttapi_platform")
LEAST_KILLED = 0.85
FEW_EXAMPLES = 25
EXAMPLES = "_hypothesis_internal_use_settings"

# What pytest and mutmut return for a change that a test has noticed; for one that has run out of time, real
# or of the processor; and for one that has survived, because no test has noticed it or none has called it.
NOTICED = {1, 3}
OUT_OF_TIME = {-24, 24, 152, -9}
SURVIVED = {0, 5, 33}

# A line of which the expressions are not changed: it says something, and decides nothing.
WORDS = [r"\bhint=", r"^\s*(message|problem|hint) = ", r"bound\(|\.(debug|info|warning|error)\("]


class Target(NamedTuple):
    """A module that decides, and the files of tests that are to notice a change in it."""

    module: str
    tests: tuple[str, ...]  # below the tests of its package


TARGETS = {
    "symbols": Target("ttapi_core.symbols", ("unit/test_symbols.py", "property/test_symbols.py")),
    "market_calendar": Target("ttapi_core.market_calendar", ("unit/test_market_calendar.py",)),
    "trading_day": Target("ttapi_core.trading_day", ("unit/test_trading_day.py",)),
    "breaker": Target("ttapi_client.resilience.breaker", ("unit/test_breaker.py", "unit/test_chain.py")),
    "retry": Target(
        "ttapi_client.resilience.retry",
        ("unit/test_retry.py", "unit/test_chain.py", "property/test_retry.py"),
    ),
    "limiter": Target(
        "ttapi_client.resilience.limiter",
        ("unit/test_limiter.py", "unit/test_line.py", "property/test_limiter.py"),
    ),
    "line": Target(
        "ttapi_client.resilience.line",
        ("unit/test_line.py", "unit/test_chain.py", "property/test_limiter.py"),
    ),
    "chain": Target("ttapi_client.resilience.chain", ("unit/test_chain.py", "property/test_retry.py")),
    "freshness": Target(
        "ttapi_platform.freshness", ("unit/test_freshness.py", "property/test_freshness_model.py")
    ),
    "datasets": Target("ttapi_platform.datasets", ("unit/test_datasets.py",)),
    "plans": Target("ttapi_platform.plans", ("unit/test_plans.py",)),
    "eod_days": Target("ttapi_platform.eod_days", ("unit/test_eod_days.py",)),
    "commits": Target("ttapi_platform.commits", ("unit/test_commits.py", "unit/test_lake.py")),
    "atomic_files": Target("ttapi_platform.atomic_files", ("unit/test_atomic_files.py",)),
}


class Survivor(NamedTuple):
    """A change that no test has noticed: of which function, and the lines before and after."""

    target: str
    function: str
    was: str
    now: str


class Result(NamedTuple):
    """What became of the changes of one module."""

    target: str
    changes: int
    noticed: int
    out_of_time: int
    survivors: list[Survivor]
    seconds: float

    @property
    def killed(self) -> int:
        """How many were noticed, one way or the other."""
        return self.noticed + self.out_of_time

    @property
    def line(self) -> str:
        """The line of the table."""
        counts = f"{self.changes:>8,}{self.noticed:>9,}{self.out_of_time:>9,}{self.changes - self.killed:>9,}"
        return f"{self.target:<16}{counts}{self.killed / self.changes:>8.1%}{self.seconds:>9.0f}"


def main() -> None:
    """Examine the modules that are named, or all; fail for a change that nobody knows to survive."""
    names = sys.argv[1:] or list(TARGETS)
    if unknown := set(names) - TARGETS.keys():
        sys.exit(f"No target is called {', '.join(sorted(unknown))}: they are {', '.join(TARGETS)}.")
    os.nice(15)
    print(
        f"{'module':<16}{'changes':>8}{'noticed':>9}{'time out':>9}{'survive':>9}{'score':>8}{'seconds':>9}"
    )
    results = [examined(name) for name in names]
    changes, noticed, late = (sum(part) for part in zip(*(each[1:4] for each in results), strict=True))
    total = Result("together", changes, noticed, late, [], sum(result.seconds for result in results))
    print(total.line)
    accepted = accepted_survivors()
    survivors = [survivor for result in results for survivor in result.survivors]
    for stale in sorted(each for each in accepted if each.target in names and each not in survivors):
        print(f"\nNo longer survives, take it out of {ACCEPTED.name}: {stale}")
    new = [survivor for survivor in survivors if survivor not in accepted]
    for survivor in new:
        print(as_entry(survivor))
    if new:
        sys.exit(f"{len(new)} changes go unnoticed: test for them, or give a reason in {ACCEPTED.name}.")
    if total.killed < LEAST_KILLED * total.changes:
        sys.exit(f"Less than {LEAST_KILLED:.0%} of the changes are noticed.")


def examined(name: str) -> Result:
    """Have mutmut try all changes of one module on copies, one after the other."""
    target, folder = TARGETS[name], FOLDER / name
    started = time.perf_counter()  # noqa: TID251 - how long it takes is told, nothing else
    source = lay_out(target, folder)
    codes: dict[str, int | None] = {}
    # On a busy machine a quick test may take long: what has run out of time is tried again with more of it.
    for patience_seconds in (3.0, 12.0):
        configure(target, folder, source, patience_seconds)
        run_mutmut(folder)
        meta = folder / "mutants" / f"{source}.meta"
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if OUT_OF_TIME.isdisjoint(codes.values()):
            break
    found = Counter(codes.values())
    if unknown := found.keys() - (NOTICED | OUT_OF_TIME | SURVIVED):
        # Such as 255, which mutmut takes for a timeout: pytest has not found one of the tests by its name.
        sys.exit(f"pytest could not run the tests of {name}: it has ended with {unknown}.")
    functions = functions_in((folder / "mutants" / source).read_text(encoding="utf-8"))
    survivors = [
        described(name, key.rpartition(".")[2], functions) for key, code in codes.items() if code in SURVIVED
    ]
    noticed, late = (sum(found[code] for code in group) for group in (NOTICED, OUT_OF_TIME))
    seconds = time.perf_counter() - started  # noqa: TID251
    result = Result(name, len(codes), noticed, late, survivors, seconds)
    print(result.line, flush=True)
    return result


def run_mutmut(folder: Path) -> None:
    """Try what has not been tried in a folder, the same way each time."""
    log = folder / "log.txt"
    with log.open("w", encoding="utf-8") as output:
        ended = subprocess.run(
            [Path(sys.executable).with_name("mutmut"), "run", "--max-children", "1"],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(Path(__file__).parent)},
            stdout=output,
            stderr=output,
            check=False,
        )
    if ended.returncode:
        sys.exit(f"{log.read_text(encoding='utf-8')[-4000:]}\nmutmut has failed: see {log}.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Run the quick tests first, and property tests with few examples.

    This file is a plugin of the runs, too. How long each test takes mutmut has measured.
    """
    measured = Path("mutmut-stats.json")
    if measured.exists():
        seconds: dict[str, float] = json.loads(measured.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
    for item in items:
        function = getattr(item, "function", None)
        # Written on the test, its examples are not those of a profile; this is where it keeps them.
        if (own := getattr(function, EXAMPLES, None)) is not None:
            setattr(function, EXAMPLES, type(own)(own, max_examples=min(own.max_examples, FEW_EXAMPLES)))


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run tests on loops that do not wait for ever, as many a change has them do."""
    return {"alert": lambda: asyncio.SelectorEventLoop(_AlertSelector())}


class _AlertSelector(selectors.DefaultSelector):
    """Tells when all tasks of a loop wait for each other; none of the tests here waits for a thread."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        nothing_but_the_loop = len(self.get_map()) == 1
        if timeout is None and nothing_but_the_loop and not super().select(0):
            raise AssertionError("every task waits for something that nobody will do")
        return super().select(timeout)


def lay_out(target: Target, folder: Path) -> Path:
    """Copy sources and tests to a folder; give the place of the module there."""
    shutil.rmtree(folder, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__", "BUILD")
    for package in PACKAGES:
        for part in ("src", "tests"):
            origin = ROOT / "packages" / package.replace("_", "-") / part
            shutil.copytree(origin, folder / part, ignore=unwanted, dirs_exist_ok=True)
    shutil.copy(ROOT / ".pytest.ini", folder)
    source = Path("src", *target.module.split(".")).with_suffix(".py")
    text = (folder / source).read_text(encoding="utf-8")
    (folder / source).write_text(with_bare_functions(text), encoding="utf-8")
    return source


def configure(target: Target, folder: Path, source: Path, patience_seconds: float) -> None:
    """Write what mutmut is to do."""
    tests = [f"tests/test_{target.module.split('.')[0]}/{test}" for test in target.tests]
    options = {
        "source_paths": ["src"],
        "only_mutate": [source.as_posix()],
        "do_not_mutate_patterns": WORDS,
        "also_copy": [".pytest.ini"],
        "pytest_add_cli_args_test_selection": [test for test in tests if (folder / test).exists()],
        # Without the plugin that looks for errors in what is thrown away, which takes longer than a test.
        "pytest_add_cli_args": [
            *("-p", "mutation", "-p", "no:randomly", "-p", "no:unraisableexception"),
            "--hypothesis-seed=0",
        ],
        # Each change begins in a process that has run no test, and so started no thread of Polars: those are
        # not there in a fork, which would wait for them for ever.
        "process_isolation": "forkserver",
        "timeout_constant": patience_seconds,  # beside what the tests take
        "timeout_multiplier": 3.0,  # of both
        "track_dependencies": False,
        "use_git_change_detection": False,
    }
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in options.items()]
    (folder / "pyproject.toml").write_text("[tool.mutmut]\n" + "".join(lines), encoding="utf-8")


def with_bare_functions(text: str) -> str:
    r"""
    Decorate functions by a statement after them, which means the same: mutmut passes over decorated ones.

    But for a cache, which goes: it would keep from mutmut which tests depend on a function.

    >>> print(with_bare_functions("@cache\n@property\ndef f(x):\n    return x\n"))
    def f(x):
        return x
    f = property(f)
    <BLANKLINE>
    """
    lines = text.splitlines()
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(nodes, key=lambda node: node.lineno, reverse=True):
        decorators = [ast.unparse(each) for each in node.decorator_list]
        if not decorators or decorators == ["classmethod"]:
            continue
        decorated = node.name
        for decorator in reversed(decorators):
            decorated = decorated if decorator == "cache" else f"{decorator}({decorated})"
        if decorated != node.name:
            lines.insert(node.end_lineno or 0, f"{' ' * node.col_offset}{node.name} = {decorated}")
        del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
    return "\n".join(lines) + "\n"


def functions_in(text: str) -> dict[str, list[str]]:
    """The lines of each function of a mutated module, but for its name."""
    lines = text.splitlines()
    return {
        node.name: [line.replace(node.name, "").strip() for line in lines[node.lineno - 1 : node.end_lineno]]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def described(target: str, mutant: str, functions: dict[str, list[str]]) -> Survivor:
    """A change as the lines that it touches, so that it is known again when other lines have changed."""
    mangled = mutant.partition("__mutmut_")[0]
    before, after = functions[f"{mangled}__mutmut_orig"], functions[mutant]
    changes = list(difflib.ndiff(before, after))
    was, now = ("\n".join(line[2:] for line in changes if line.startswith(sign)) for sign in "-+")
    return Survivor(target, mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", "."), was, now)


def accepted_survivors() -> set[Survivor]:
    """Those of the list, each of which has a reason."""
    listed: dict[str, list[dict[str, str]]] = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))
    return {
        Survivor(target, entry["function"], entry["was"], entry["now"])
        for target, entries in listed.items()
        for entry in entries
        if entry["reason"]
    }


def as_entry(survivor: Survivor) -> str:
    """A survivor as it stands in the list, but for the reason."""
    target, *values = survivor
    lines = [f"{key} = {quoted(value)}" for key, value in zip(survivor._fields[1:], values, strict=True)]
    return "\n".join([f"\n[[{target}]]", *lines, 'reason = ""'])


def quoted(text: str) -> str:
    """A text as TOML has it, if possible as it is."""
    return json.dumps(text, ensure_ascii=False) if {"'", "\n"} & {*text} else f"'{text}'"


if __name__ == "__main__":
    main()
