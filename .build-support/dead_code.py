# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Finds code that nothing reaches: vulture over the sources and their tests, less what is called from outside.

``python .build-support/dead_code.py``. A private name that only tests use is dead too. Fields are left out:
those of a record are its meaning, whether or not somebody reads them here. So are the methods of the ``.tt``
namespaces, which the tests call by names that they take from the functions.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from vulture import Vulture

ROOT: Final = Path(__file__).resolve().parent.parent
KINDS: Final = {"class", "function", "import", "method", "property", "unreachable_code"}
CALLED_FROM_OUTSIDE: Final = {
    "__call__": "of a protocol, whose functions are called",
    "__dir__": "by dir() of a module",
    "__getattr__": "by Python, for what a module imports when it is first asked for",
    "_Arrow": "named in annotations, which are strings",
    "_Ipc": "as _Arrow",
    "_Parquet": "as _Arrow",
    "_missing_": "by enum, for a word it does not know",
    "format_commands": "by click",
    "handle_error": "by socketserver, as shutdown_request",
    "log_message": "by http.server",
    "pytest_configure": "by pytest",
    "shutdown_request": "by socketserver, when an answer was given",
    "state_change": "by pybreaker, of its listeners",
    "ttapi_sandbox": "a fixture for the tests of others",
}


def main() -> None:
    """Name what is dead, and what stands in the list above for nothing."""
    sources = sorted(ROOT.glob("packages/*/src"))
    users = [*ROOT.glob("packages/*/tests"), *ROOT.glob("packages/*/benchmarks"), ROOT / "tests-integration"]
    unused = found([*sources, *users])
    private = {name: place for name, place in found(sources).items() if name.startswith("_")}
    dead = {name: place for name, place in {**private, **unused}.items() if name not in CALLED_FROM_OUTSIDE}
    needless = CALLED_FROM_OUTSIDE.keys() - {*private, *unused}
    if dead or needless:
        lines = [f"{place}: {name} is reached by nothing" for name, place in sorted(dead.items())]
        lines += [f"{name} is not found dead: take it from the list" for name in sorted(needless)]
        sys.exit("\n".join(lines))
    print(f"No dead code in {len(sources)} packages.")


def found(folders: list[Path]) -> dict[str, str]:
    """Give the places in sources of what vulture finds unused in these folders, by name."""
    vulture = Vulture()
    vulture.scavenge(folders)
    return {
        item.name: f"{item.filename.relative_to(ROOT)}:{item.first_lineno}"
        for item in vulture.get_unused_code()
        if item.typ in KINDS and "src" in item.filename.parts and "namespaces" not in item.filename.parts
    }


if __name__ == "__main__":
    main()
