# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what a command may write over: never a pipe or a device, never the lake."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.terminals import ask
from ttapi_core.object_paths import ObjectPath
from ttapi_onboarding.output_files import outside_lakes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize(
    "command",
    [
        ("report", "--environment", "sandbox", "--output"),
        ("data", "export", "quotes", "--format", "csv"),
        ("init", "--yes", "--no-collect", "--file"),
    ],
)
def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path, command: tuple[str, ...], is_linked: bool) -> None:
    """Nor is it opened, which would wait for somebody at its other end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    done = ask(*command, str(tmp_path / "link" if is_linked else pipe))
    assert done.exit_code == 2
    assert "no ordinary file" in done.stderr
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("environment", ["sandbox", "production"])
@pytest.mark.parametrize("command", [("report", "--output"), ("data", "export", "quotes")])
def test_no_lake_below_the_data_directory_is_written_to(
    tmp_path: Path, command: tuple[str, ...], environment: str
) -> None:
    """That of another environment as little as one's own."""
    target = tmp_path / "lakes" / environment / "quotes.csv"
    done = ask(*command, str(target), "--environment", "sandbox", "--data-dir", str(tmp_path / "lakes"))
    assert done.exit_code == 2
    assert "lies in the lake" in done.stderr
    assert not target.exists()


def test_no_file_lies_in_a_lake_that_is_in_a_store(tmp_path: Path) -> None:
    """Whatever it is called."""
    target = tmp_path / "lakes" / "sandbox" / "quotes.csv"
    assert outside_lakes(target, ObjectPath("s3", "market", "lakes")) == target
