# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What importing brings along: the standard library, and no more of it than needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import ttapi_core

PACKAGE = Path(ttapi_core.__file__).parent
MODULES = sorted(
    ".".join(["ttapi_core", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)

# Isolated and without site-packages: nothing can be found but the standard library and the folder given.
# Each module is imported as the first of the package, so that none leans on what another has imported.
PROBE = """
import importlib, json, sys
started_with = set(sys.modules)
sys.path.insert(0, sys.argv[1])
loaded = {}
for module in sys.argv[2:]:
    for name in set(sys.modules) - started_with:
        if name.partition(".")[0] == "ttapi_core":
            del sys.modules[name]
    importlib.import_module(module)
    loaded[module] = sorted(set(sys.modules) - started_with)
print(json.dumps(loaded))
"""


def loaded_by(*modules: str) -> dict[str, list[str]]:
    """What is in ``sys.modules`` of a fresh interpreter after each import."""
    command = [sys.executable, "-I", "-S", "-c", PROBE, str(PACKAGE.parent), *modules]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    loaded: dict[str, list[str]] = json.loads(finished.stdout)
    return loaded


def test_every_module_imports_alone_with_the_standard_library_only() -> None:
    """No third party at run time, and no import that works only after another."""
    loaded = loaded_by(*MODULES)
    assert list(loaded) == MODULES
    ours_and_standard = {"ttapi_core", *sys.stdlib_module_names}
    foreign = {
        # The interpreter's build settings have a module of their own, named after the platform.
        module: [
            name
            for name in names
            if name.partition(".")[0] not in ours_and_standard and not name.startswith("_sysconfigdata_")
        ]
        for module, names in loaded.items()
    }
    assert {module: names for module, names in foreign.items() if names} == {}


def test_the_package_itself_starts_without_event_loop_sockets_or_logging() -> None:
    """``import ttapi_core`` is settings, errors and outcomes: quick enough for a shell completion."""
    (names,) = loaded_by("ttapi_core").values()
    assert {"asyncio", "socket", "ssl", "logging", "zoneinfo", "subprocess"}.isdisjoint(names)


def test_no_import_statement_anywhere_names_a_third_party() -> None:
    """Not inside functions either, nor for type checkers alone."""
    allowed = {"ttapi_core", *sys.stdlib_module_names}
    named: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                named.add((node.module or "").partition(".")[0])
    assert named - allowed == set()
    assert "asyncio" in named


def test_the_public_face_is_sorted_and_complete() -> None:
    """``__all__`` lists what the package gives, each of it there, in the order a reader expects."""
    assert ttapi_core.__all__ == sorted(ttapi_core.__all__)
    assert [name for name in ttapi_core.__all__ if not hasattr(ttapi_core, name)] == []


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    """``py.typed`` lies where PEP 561 wants it."""
    assert (PACKAGE / "py.typed").is_file()
