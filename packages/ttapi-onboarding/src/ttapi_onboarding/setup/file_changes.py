# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Changes of small text files: shown as a difference, then made, each file as a whole or not at all."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import ConfigError, WriteError

if TYPE_CHECKING:
    from pathlib import Path

_PASSWORD: Final = re.compile(r"(//)[^/\s]*@")  # or at least what stands where an address has one


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file is to hold, and what it holds now; None when it is not there."""

    path: Path
    before: str | None
    after: str

    @classmethod
    def of(cls, path: Path, after: str) -> FileChange:
        """
        The change that leads there; of a link, that of the file behind it.

        Raises
        ------
        ConfigError
            When what is there cannot be read as text.
        """
        try:
            path = path.resolve()
            return cls(path, path.read_text(encoding="utf-8") if path.exists() else None, after)
        except (OSError, UnicodeError, RuntimeError) as error:
            problem = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
            raise ConfigError([problem], hint="name another file, or remove that one") from None

    @property
    def is_needed(self) -> bool:
        """Whether the file is to be written."""
        return self.before != self.after


def diff_of(change: FileChange) -> list[str]:
    """The lines that differ, with some around them, safe for a terminal and without passwords."""
    before, after = (change.before or "").splitlines(), change.after.splitlines()
    lines = difflib.unified_diff(before, after, str(change.path), str(change.path), lineterm="")
    return [
        _PASSWORD.sub(r"\1***@", "".join(letter if letter.isprintable() else "?" for letter in line))
        for line in lines
    ]


def write(change: FileChange) -> None:
    """
    Put the new text in its place; the directory is made when it is missing, for its owner alone.

    Raises
    ------
    WriteError
        When the system refuses; what was there is still there.
    """
    from ttapi_platform.atomic_files import write_text_atomically

    path = change.path
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make {path.parent}: {error.strerror or error}"
        raise WriteError(message, path=path, hint="name another file with --file") from error
    write_text_atomically(path, change.after)
