# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the packages offer is what their snapshots say, and a break of what was released needs its version."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from typing import Final

import pytest
from api_breaks import breaks, may_break, unannounced_breaks
from check_api import difference
from public_api import OFFERED, chapters, released_path, released_text, snapshot_path, snapshots

ROOT: Final = Path(__file__).resolve().parent.parent
# File, what stands there, what is planted instead, and the line that must come of it.
PLANTED: Final = {
    "a-name-removed": (
        "ttapi-polars/src/ttapi_polars/coverage.py",
        "def strays(",
        "def _strays(",
        "ttapi_polars.coverage.strays: public object was removed",
    ),
    "a-module-renamed": (
        "ttapi-platform/src/ttapi_platform/near_symbols.py",
        None,
        "nearby_symbols.py",
        "ttapi_platform.near_symbols: is no longer offered",
    ),
    "a-parameter-renamed": (
        "ttapi-core/src/ttapi_core/money.py",
        "def signed(amount: Decimal, effect:",
        "def signed(value: Decimal, effect:",
        "ttapi_core.money.signed(amount): parameter was removed",
    ),
    "a-parameter-added-that-is-required": (
        "ttapi-polars/src/ttapi_polars/drawdowns.py",
        "def drawdown_duration(price: IntoExprColumn)",
        "def drawdown_duration(price: IntoExprColumn, since: str)",
        "ttapi_polars.drawdowns.drawdown_duration(since): parameter was added as required",
    ),
    "a-keyword-made-required": (
        "ttapi-polars/src/ttapi_polars/coverage.py",
        "last_day: date | Mapping[str, date] | None = None",
        "last_day: date | Mapping[str, date] | None",
        "ttapi_polars.coverage.holes(last_day): parameter is now required",
    ),
    "a-parameter-that-takes-less": (
        "ttapi-core/src/ttapi_core/money.py",
        "def parse_decimal(value: str | float | Decimal,",
        "def parse_decimal(value: str | Decimal,",
        "ttapi_core.money.parse_decimal(value): took str | float | Decimal, and takes str | Decimal",
    ),
    "another-type-returned": (
        "ttapi-polars/src/ttapi_polars/drawdowns.py",
        "def maximum_drawdown(price: IntoExprColumn) -> pl.Expr:",
        "def maximum_drawdown(price: IntoExprColumn) -> pl.Series:",
        "ttapi_polars.drawdowns.maximum_drawdown: returned Expr, and returns Series",
    ),
    "a-default-changed": (
        "ttapi-client/src/ttapi_client/policies.py",
        "max_in_flight: int = attrs.field(default=100,",
        "max_in_flight: int = attrs.field(default=50,",
        "ttapi_client.policies.Policies.__init__(max_in_flight): parameter default was changed",
    ),
    "a-method-of-a-type-that-is-only-reached": (
        "ttapi-client/src/ttapi_client/endpoints/watchlists.py",
        "async def pair(",
        "async def couple(",
        "WatchlistsApi.pair: public object was removed",
    ),
    "a-base-lost": (
        "ttapi-core/src/ttapi_core/errors.py",
        "class TransportError(ApiError):",
        "class TransportError(TTError):",
        "ttapi_core.errors.TransportError: is no longer a ApiError",
    ),
    "a-protocol-that-asks-for-more": (
        "ttapi-core/src/ttapi_core/clock.py",
        "class Clock(Protocol):",
        "class Clock(Protocol):\n    def stop(self) -> None: ...\n",
        "ttapi_core.clock.Clock.stop: is new, and those who wrote their own Clock have none",
    ),
    "a-value-of-an-enumeration": (
        "ttapi-core/src/ttapi_core/settings.py",
        'SANDBOX = "sandbox"',
        'SANDBOX = "simulated"',
        "ttapi_core.settings.Environment.SANDBOX: was 'sandbox' and is 'simulated'",
    ),
    "a-coroutine-made-plain": (
        "ttapi-client/src/ttapi_client/sandbox/process.py",
        "async def statistics(",
        "def statistics(",
        "ttapi_client.sandbox.process.SandboxProcess.statistics: is no longer async",
    ),
    "an-option-of-the-command-renamed": (
        "ttapi-onboarding/src/ttapi_onboarding/commands/collect.py",
        '"--refresh"',
        '"--anew"',
        "the command line.ttapi.collect(refresh): parameter was removed",
    ),
    "an-extra-removed": (
        "ttapi-polars/pyproject.toml",
        "xlsx = [",
        "excel = [",
        "the distribution.extra_xlsx: public object was removed",
    ),
}
ADDED: Final = {
    "ttapi-polars/src/ttapi_polars/drawdowns.py": (
        "def drawdown(price: IntoExprColumn) -> pl.Expr:",
        "RECENT = 3\n\n\ndef drawdown(price: IntoExprColumn, *, since: str | None = None) -> pl.Expr:",
    ),
    "ttapi-core/src/ttapi_core/money.py": (
        'effect: str | None, *, path: str = "effect") -> Decimal:',
        'effect: str | bytes | None, *, path: str | Path = "effect") -> Decimal:',
    ),
    "ttapi-platform/src/ttapi_platform/added.py": (None, "LIMIT = 3\n"),
}


def copied(folder: Path) -> Path:
    """Copy what a snapshot is made of: the sources, and what they declare."""
    for project in ROOT.glob("packages/*/pyproject.toml"):
        package = project.parent.relative_to(ROOT)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package / "src", folder / package / "src", ignore=ignored)
        shutil.copy(project, folder / package)
    return folder


def plant(path: Path, there: str, instead: str) -> None:
    """Change one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert there in text, f"{path} has no {there!r} any more: plant something else"
    path.write_text(text.replace(there, instead), encoding="utf-8")


@pytest.fixture(scope="module")
def offered() -> dict[str, str]:
    """Write down what the tree offers."""
    return snapshots(ROOT)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, offered: dict[str, str]) -> dict[str, list[str]]:
    """List the breaks of each package in a copy where all of them are planted."""
    tree = copied(tmp_path_factory.mktemp("broken"))
    for file, there, instead, _ in PLANTED.values():
        path = tree / "packages" / file
        if there is None:
            path.rename(path.with_name(instead))
        else:
            plant(path, there, instead)
    broken = snapshots(tree)
    return {package: breaks(offered[package], broken[package]) for package in OFFERED}


@pytest.mark.parametrize("package", OFFERED)
def test_the_snapshot_is_what_the_tree_offers(package: str, offered: dict[str, str]) -> None:
    """A change of names or signatures is written down in the change that makes it."""
    difference_shown = difference(ROOT, package, offered[package])

    assert not difference_shown, f"if that is meant: nox -s api -- --update\n{difference_shown}"


def test_what_was_released_still_works_or_the_version_says_otherwise(offered: dict[str, str]) -> None:
    """A break since the last release needs a major version, and before 1.0 a minor one."""
    found = unannounced_breaks(ROOT, offered)

    assert not found, "if they are meant: nox -s release -- PACKAGE minor --open (from 1.0 on major)"


@pytest.mark.parametrize(("file", "line"), [(each[0], each[3]) for each in PLANTED.values()], ids=PLANTED)
def test_a_planted_break_is_seen(file: str, line: str, seen: dict[str, list[str]]) -> None:
    """What a user of the released API would trip over is said, with its place."""
    assert line in seen[file.partition("/")[0]]


def test_what_is_added_breaks_nothing(tmp_path: Path, offered: dict[str, str]) -> None:
    """New names, optional parameters and types that are taken in addition are no breaks."""
    tree = copied(tmp_path)
    for file, (there, instead) in ADDED.items():
        if there is None:
            (tree / "packages" / file).write_text(instead, encoding="utf-8")
        else:
            plant(tree / "packages" / file, there, instead)

    extended = snapshots(tree, "ttapi-core", "ttapi-platform", "ttapi-polars")

    assert [package for package, text in extended.items() if text == offered[package]] == []
    assert [breaks(offered[package], text) for package, text in extended.items()] == [[], [], []]


def test_a_method_may_move_to_a_base() -> None:
    """What a class inherits, it offers."""
    before = "\n## m\nclass Base:\n    def f(self) -> int: ...\nclass C(Base):\n    def g(self) -> int: ...\n"
    after = (
        "\n## m\nclass Base:\n    def f(self) -> int: ...\n    def g(self) -> int: ...\nclass C(Base): ...\n"
    )

    assert breaks(before, after) == []
    assert breaks(after, before) == ["m.Base.g: public object was removed"]


@pytest.mark.parametrize(
    ("before", "after", "is_broken"),
    [
        ("def f(a: list[str]): ...", "def f(a: Sequence[str]): ...", False),
        ("def f(a: Sequence[str]): ...", "def f(a: list[str]): ...", True),
        ("def f() -> Sequence[str]: ...", "def f() -> list[str]: ...", False),
        ("def f() -> list[str]: ...", "def f() -> Sequence[str]: ...", True),
        ("def f() -> int: ...", "def f() -> int | None: ...", True),
        ("def f() -> int | None: ...", "def f() -> int: ...", False),
        ("def f(a: Literal['x', 'y']): ...", "def f(a: Literal['x', 'y', 'z']): ...", False),
        ("def f(a: Literal['x', 'y']): ...", "def f(a: Literal['x', 'z']): ...", True),
        ("a: int", "a: int | None", True),
    ],
)
def test_who_takes_more_or_gives_less_breaks_nothing(before: str, after: str, is_broken: bool) -> None:
    """Parameters may widen; what is returned, and attributes, may narrow."""
    assert bool(breaks(f"\n## m\n{before}\n", f"\n## m\n{after}\n")) is is_broken


@pytest.mark.parametrize(
    ("released", "version", "allowed"),
    [
        ("0.2.0", "0.2.1", False),
        ("0.2.0", "0.3.0", True),
        ("0.2.0", "1.0.0", True),
        ("1.2.0", "1.2.1", False),
        ("1.2.0", "1.10.0", False),
        ("1.2.0", "2.0.0", True),
    ],
)
def test_breaks_need_a_major_version_and_before_the_first_a_minor_one(
    released: str, version: str, allowed: bool
) -> None:
    """The rule is that of semantic versioning."""
    assert may_break(released, version) is allowed


def test_a_break_since_the_release_is_refused_until_the_version_says_so(tmp_path: Path) -> None:
    """The same tree passes with the next minor version."""
    package = tmp_path / "packages" / "ttapi-core"
    package.mkdir(parents=True)
    project = package / "pyproject.toml"
    project.write_text('[project]\nversion = "0.2.1"\n', encoding="utf-8")
    was = "# What ttapi-core offers\n\n## m\ndef f(a: int) -> int: ...\n"
    released_path(tmp_path, "ttapi-core").write_text(released_text(was, "0.2.0"), encoding="utf-8")
    texts = {"ttapi-core": was.replace("(a", "(b")}

    refused = unannounced_breaks(tmp_path, texts)
    project.write_text('[project]\nversion = "0.3.0"\n', encoding="utf-8")

    assert "ttapi-core: m.f(a): parameter was removed" in refused
    assert unannounced_breaks(tmp_path, texts) == []


def test_what_siblings_and_documents_import_is_offered() -> None:
    """A package's range on a sibling promises that what it imports from there stays."""
    names = {
        (heading, name)
        for package in OFFERED
        for heading, body in chapters(snapshot_path(ROOT, package).read_text(encoding="utf-8")).items()
        for name in re.findall(r"^(?:async )?(?:def |class )?(\w+)", body, re.MULTILINE)
    }
    sources = [*ROOT.glob("packages/*/src/**/*.py"), *ROOT.glob("packages/**/*.md")]
    imported = {
        (module, name, path.relative_to(ROOT).as_posix())
        for path in sources
        for module, name in imports_of(path)
        # What a package takes from itself is its own affair.
        if path.suffix == ".md" or f"/{module.split('.')[0]}/" not in path.as_posix()
    }
    modules = {heading for heading, _ in names}

    missing = {
        each for each in imported if (each[0], each[1]) not in names and f"{each[0]}.{each[1]}" not in modules
    }

    assert len(imported) > 300
    assert missing == set()


def imports_of(path: Path) -> set[tuple[str, str]]:
    """List modules and names that a source, or the Python in a document, imports from our packages."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        lines: list[tuple[str, str]] = re.findall(
            r"^ *from (ttapi_[\w.]+) import ([\w, ]+)$", text, re.MULTILINE
        )
        return {(module, name.strip()) for module, names in lines for name in names.split(",")}
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ttapi_") and node.module
        for alias in node.names
    }
