# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The `ttapi` command as a user runs it: a process of its own, with a home and a lake of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Finished: TypeAlias = "subprocess.CompletedProcess[str]"
Command: TypeAlias = Callable[..., Finished]

# Runs in an environment of its own: see test_community_sdk.py.
collect_ignore = ["community_sdk"]

_LONGEST_SECONDS = 120


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def ttapi(home: Path) -> Command:
    """Runs the command, with nothing of this machine's settings."""

    def run(*arguments: str, **variables: str) -> Finished:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("TTAPI_", "XDG_"))}
        return subprocess.run(
            [sys.executable, "-m", "ttapi_onboarding", *arguments],
            env={**kept, "HOME": str(home), "NO_COLOR": "1", **variables},
            cwd=home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST_SECONDS,
            check=False,
        )

    return run
