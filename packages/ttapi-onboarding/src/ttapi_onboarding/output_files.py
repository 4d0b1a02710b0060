# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Files that a command is told to write: what may be replaced, and what may not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttapi_onboarding.options import ENVIRONMENTS

if TYPE_CHECKING:
    from ttapi_core.object_paths import DataPath


def ordinary(file: Path, *, instead: str = "name a file") -> Path:
    """
    The place of a file, behind links.

    Parameters
    ----------
    file
        As it was named.
    instead
        What to try where there is something else.

    Raises
    ------
    UsageError
        When a directory is there, a device or a pipe: a file would be put in its place.
    """
    target = file.resolve()
    if target.is_dir():
        raise click.UsageError(f"{file} is a directory; {instead}.")
    if target.exists() and not target.is_file():
        raise click.UsageError(f"{file} is no ordinary file, and cannot be replaced by one; {instead}.")
    return target


def outside_lakes(file: Path, data_dir: DataPath) -> Path:
    """
    The same for data, which `-` sends to stdout, where none of the lakes below a data directory lies.

    Raises
    ------
    UsageError
        As ``ordinary``; or for a place in a lake.
    """
    target = ordinary(file, instead="name a file; `-` is stdout")
    if not isinstance(data_dir, Path):
        return target
    root = data_dir.resolve()
    if any(target.is_relative_to(root / environment) for environment in ENVIRONMENTS):
        raise click.UsageError(f"{file} lies in the lake, whose files are written by collecting alone.")
    return target
