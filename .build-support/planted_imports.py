# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Shows that the dependency rules of the BUILD files bite: imports planted in a copy of the tree are refused.

``python3 .build-support/planted_imports.py``; ``tests-integration/test_import_contracts.py`` does the same
with the import contracts, which need no Pants.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from run_pants import prepared

ROOT: Final = Path(__file__).resolve().parent.parent
COPY: Final = ROOT / ".build" / "planted"
PLANTED: Final = {
    "ttapi-core": ["import ttapi_client", "import aiohttp", "def f():\n    import ttapi_polars"],
    "ttapi-client": ["import ttapi_polars", "import click"],
    "ttapi-polars": ["import ttapi_client"],
    "ttapi-platform": ["from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ttapi_onboarding"],
}


def main() -> None:
    """Plant one import a file, and have Pants refuse each file by name."""
    copy_tree()
    planted = [
        plant(package, number, line)
        for package, lines in PLANTED.items()
        for number, line in enumerate(lines)
    ]
    command = [str(prepared()), "--no-colors", "lint", "--only=layers", *planted]
    done = subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=False)
    words = done.stdout + done.stderr
    accepted = [file for file in planted if file not in words]
    if done.returncode == 0 or accepted:
        sys.exit(f"{words}\nPants accepted imports that go up, or that are not declared: {accepted}")
    print(f"Pants refused {len(planted)} planted imports.")


def copy_tree() -> None:
    """Copy what is under version control."""
    shutil.rmtree(COPY, ignore_errors=True)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, tracked.stdout.split("\0")):
        if (ROOT / name).exists():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, COPY / name)
    # Pants finds its root by pants.toml and what it ignores by git.
    subprocess.run(["git", "init", "--quiet"], cwd=COPY, check=True)


def plant(package: str, number: int, line: str) -> str:
    """Write a module with that line; gives its path in the tree."""
    file = f"packages/{package}/src/{package.replace('-', '_')}/planted_{number}.py"
    (COPY / file).write_text(f"{line}\n", encoding="utf-8")
    return file


if __name__ == "__main__":
    main()
