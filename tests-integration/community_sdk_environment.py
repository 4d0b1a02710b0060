# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The environment of the community SDK, whose dependencies are not ours: made once for each lock file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".build-support" / "sdk.lock"
LONGEST_INSTALL_SECONDS = 300


def sdk_interpreter() -> Path:
    """
    Give the interpreter of an environment that holds what the lock file pins.

    Raises
    ------
    RuntimeError
        With the installer's own words, when the environment cannot be made.
    """
    wanted = f"{sys.version}\n{LOCK.read_text(encoding='utf-8')}"
    folder = ROOT / ".nox" / f"community-sdk-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        # Made under another name, so that what stands there is complete, whoever makes it at the same time.
        with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as scratch:
            made = Path(scratch) / "environment"
            _install(made)
            try:
                made.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return _interpreter(folder)


def sdk_variables() -> dict[str, str]:
    """Give the environment variables for a process of the SDK: none that point to packages or accounts."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "TT_"))}


def _install(folder: Path) -> None:
    # By uv, as in noxfile.py; compiled at the first import, and only what is imported.
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--system-certs"]
    command += [f"--python={_interpreter(folder)}", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(
        [*command, "--requirement", str(LOCK)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_INSTALL_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"could not install {LOCK.name}:\n{done.stdout}{done.stderr}")


def _interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
