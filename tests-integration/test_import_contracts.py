# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The import contracts hold and bite: a planted import is refused, and a layer loads nothing heavier."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)
LAYERS = "Imports run down only, and client and polars never see each other BROKEN"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what the contracts read: the sources, what they declare, the contracts."""
    copy = tmp_path / "tree"
    for project in ROOT.glob("packages/*/pyproject.toml"):
        package = project.parent.relative_to(ROOT)
        shutil.copytree(
            ROOT / package / "src", copy / package / "src", ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copy(project, copy / package)
    shutil.copy(ROOT / ".importlinter", copy)
    (copy / "contracts").mkdir()
    shutil.copy(ROOT / ".build-support" / "import_contracts.py", copy / "contracts")
    return copy


def check_contracts(tree: Path) -> tuple[int, str]:
    """Give exit code and words of import-linter, run on the copy and on nothing else."""
    sources = [*tree.glob("packages/*/src"), tree / "contracts"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources)), "COLUMNS": "200"}
    command = [sys.executable, "-c", LINT_IMPORTS, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_tree_keeps_its_contracts(tree: Path) -> None:
    """What is in the repository passes, so a refusal below comes from the planted line."""
    code, words = check_contracts(tree)

    assert code == 0, words


@pytest.mark.parametrize(
    ("module", "line", "refusal"),
    [
        pytest.param("ttapi_core", "import ttapi_client", LAYERS, id="core-imports-client"),
        pytest.param("ttapi_client", "import ttapi_polars", LAYERS, id="client-imports-polars"),
        pytest.param("ttapi_polars", "import ttapi_client", LAYERS, id="polars-imports-client"),
        pytest.param("ttapi_platform", "import ttapi_onboarding", LAYERS, id="platform-imports-onboarding"),
        pytest.param("ttapi_core", "def f():\n    import ttapi_client", LAYERS, id="inside-a-function"),
        pytest.param(
            "ttapi_core",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ttapi_client",
            LAYERS,
            id="for-the-type-checker-only",
        ),
        pytest.param(
            "ttapi_core",
            "import aiohttp",
            "ttapi-core imports the standard library only BROKEN",
            id="core-imports-a-third-party-package",
        ),
        pytest.param(
            "ttapi_client",
            "import click",
            "ttapi-client imports what it declares BROKEN",
            id="an-undeclared-package",
        ),
        pytest.param(
            "ttapi_client.sandbox",
            "from ttapi_client.dxlink import columns",
            "it imports nothing of the client that it stands against BROKEN",
            id="the-sandbox-imports-the-decoders",
        ),
    ],
)
def test_a_planted_import_is_refused(tree: Path, module: str, line: str, refusal: str) -> None:
    """One forbidden import in one module breaks the contract that is about it."""
    distribution = module.partition(".")[0].replace("_", "-")
    planted = tree / "packages" / distribution / "src" / module.replace(".", "/") / "planted.py"
    planted.write_text(f"{line}\n", encoding="utf-8")

    code, words = check_contracts(tree)

    assert code == 1
    assert refusal in words


@pytest.mark.parametrize(
    ("module", "heavier"),
    [
        ("ttapi_core", {"asyncio", "aiohttp", "attrs", "click", "polars", "ttapi_client", "ttapi_polars"}),
        ("ttapi_client", {"click", "numpy", "polars", "pyarrow", "ttapi_polars", "ttapi_platform"}),
        ("ttapi_polars", {"aiohttp", "click", "pyarrow", "ttapi_client", "ttapi_platform"}),
        ("ttapi_platform", {"click", "rich", "ttapi_onboarding"}),
        ("ttapi_onboarding", {"aiohttp", "polars", "ttapi_client", "ttapi_polars", "ttapi_platform"}),
    ],
)
def test_a_layer_loads_nothing_heavier(module: str, heavier: set[str]) -> None:
    """What a fresh interpreter has loaded after the import of one layer."""
    question = f"import sys; before = set(sys.modules); import {module}; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())

    assert module in loaded
    assert not loaded & heavier


@pytest.mark.parametrize(
    "package", sorted(path.parent.name for path in ROOT.glob("packages/*/pyproject.toml"))
)
def test_the_tests_of_a_package_import_what_it_declares(package: str) -> None:
    """They have nothing else where the package is tested alone."""
    ours = [*ROOT.glob(".build-support/*.py"), *ROOT.glob(f"packages/{package}/*/*")]
    there = {path.stem for path in ours}.union(sys.stdlib_module_names)
    allowed = declared(package)
    distributions = packages_distributions()

    undeclared = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in ROOT.glob(f"packages/{package}/tests/**/*.py")
        for module in set(imported(file)) - there
        if allowed.isdisjoint(map(canonicalize_name, distributions.get(module, [module])))
    }

    assert not undeclared


def declared(package: str) -> set[str]:
    """The package, what it needs, what its siblings need, and what its tests need beside that."""
    content = tomllib.loads((ROOT / "packages" / package / "pyproject.toml").read_text("utf-8"))
    needed = names_of(content["project"]["dependencies"])
    siblings = {name for name in needed if name.startswith("ttapi-")}
    of_tests = names_of(content["dependency-groups"]["tests"])
    return {package}.union(needed, of_tests, *map(declared, siblings))


def names_of(requirements: list[str]) -> set[str]:
    """The distributions that they ask for."""
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def imported(file: Path) -> Iterator[str]:
    """The top-level modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
