# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of what the commands answer with ``--json``: one file for each, and ``error.json``."""

from __future__ import annotations

from importlib import resources


def names() -> list[str]:
    """
    Commands that have a schema, and ``error``.

    Examples
    --------
    >>> "data verify" in names(), "error" in names()
    (True, True)
    """
    files = (path.name for path in resources.files(__name__).iterdir())
    return sorted(name.removesuffix(".json").replace("-", " ") for name in files if name.endswith(".json"))


def text_of(name: str) -> str:
    """
    The schema of a command, such as ``data verify``, or of ``error``, as JSON.

    Raises
    ------
    FileNotFoundError
        When there is none of that name.
    """
    path = resources.files(__name__).joinpath(f"{name.replace(' ', '-')}.json")
    return path.read_text(encoding="utf-8")
