# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Holds the public API of the five packages against its snapshots: ``nox -s api``.

It shows what the tree has otherwise than ``packages/*/api.txt``, and with ``--update`` writes that down. What
breaks the API of the last release is refused as long as the version does not say so.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import Final

from api_breaks import unannounced_breaks
from public_api import snapshot_path, snapshots

ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> None:
    """Show the differences, or write them, and the breaks."""
    parser = argparse.ArgumentParser(description="Hold the public API against its snapshots.")
    parser.add_argument("--update", action="store_true", help="write the snapshots of the tree")
    texts = snapshots(ROOT)
    if parser.parse_args().update:
        for package, text in texts.items():
            snapshot_path(ROOT, package).write_text(text, encoding="utf-8")
    shown = [difference(ROOT, package, text) for package, text in texts.items()]
    print("".join(shown), end="")
    breaks = unannounced_breaks(ROOT, texts)
    print("".join(f"{line}\n" for line in breaks), end="")
    if any(shown):
        sys.exit("The public API is not what its snapshots say. Where that is meant: nox -s api -- --update")
    if breaks:
        sys.exit(
            "The API of the last release is broken, and the version does not say so. Where that is meant: "
            "nox -s release -- PACKAGE minor --open (major from 1.0 on)"
        )


def difference(root: Path, package: str, text: str) -> str:
    """Show what the tree has otherwise than the snapshot of a package; nothing where they agree."""
    path = snapshot_path(root, package)
    snapshot = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = snapshot.splitlines(keepends=True), text.splitlines(keepends=True)
    return "".join(difflib.unified_diff(*lines, f"{package}/{path.name}", f"{package} in the tree", n=2))


if __name__ == "__main__":
    main()
