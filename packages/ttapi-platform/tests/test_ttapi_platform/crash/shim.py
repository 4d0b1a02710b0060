# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The library between a process and libc: how it is compiled, and how a process orders it about."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from enum import IntEnum, IntFlag
from pathlib import Path

import attrs

SOURCE = Path(__file__).with_name("shim.c")


class Kind(IntFlag):
    """Kinds of calls, as ``shim.c`` numbers them."""

    OPEN = 1
    CREATE = 2
    WRITE = 4
    TRUNCATE = 8
    SYNC = 16
    RENAME = 32
    UNLINK = 64
    MKDIR = 128
    RMDIR = 256
    ANY = 511


class Action(IntEnum):
    """What happens at the call of the armed number, as ``shim.c`` numbers it."""

    NOTHING = 0
    FAIL = 1
    FAIL_FROM = 2
    SHORT_WRITE = 3
    KILL_BEFORE = 4
    KILL_HALFWAY = 5
    KILL_AFTER = 6


@attrs.frozen(kw_only=True)
class Order:
    """What is to happen at which call, counted from 1 among those of these kinds."""

    number: int = 0
    action: Action = Action.NOTHING
    error: int = 0
    kinds: Kind = Kind.ANY

    def __str__(self) -> str:
        """What stands in the report of a failure, from which it can be repeated."""
        error = f" with {os.strerror(self.error)!r}" if self.error else ""
        return f"{self.action.name} at call {self.number} of {self.kinds.name or self.kinds!r}{error}"


@attrs.frozen
class Call:
    """One call of a trace; ``error`` is 0 when it went well, ``target`` the new name of a rename."""

    name: str
    error: int
    path: str
    target: str

    @property
    def went_well(self) -> bool:
        """Whether it did what it says."""
        return self.error == 0


def build(folder: Path) -> Path:
    """The compiled library."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise RuntimeError("the crash tests need a C compiler: neither cc, gcc nor clang is on the PATH")
    library = folder / "shim.so"
    options = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra"]
    command = [compiler, *options, "-o", str(library), str(SOURCE), "-ldl"]
    # The compiler looks for its linker there, and some test runners pass no PATH on.
    subprocess.run(command, check=True, env={"PATH": os.defpath, **os.environ})
    return library


def read_trace(path: Path) -> list[Call]:
    """The calls in the order in which they came back."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Call(name, int(error), path, target) for name, error, path, target in lines]


class Shim:
    """The library that this very process was started with."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.shim_count.restype = ctypes.c_long

    def watch(self, root: Path | None) -> None:
        """From now on calls that touch names below this directory count, or none."""
        self._library.shim_watch(os.fsencode(root) if root else b"")

    def arm(self, order: Order) -> None:
        """Begin to count at 1, and have it happen when its number comes."""
        number = ctypes.c_long(order.number)
        self._library.shim_arm(number, order.action, order.error, order.kinds)

    def trace(self, path: Path | None) -> None:
        """Begin to list the calls in a file outside the directory, or end the list."""
        self._library.shim_trace(os.fsencode(path) if path else b"")

    @property
    def count(self) -> int:
        """Calls of the armed kinds so far."""
        return int(self._library.shim_count())

    @property
    def has_fired(self) -> bool:
        """Whether what was armed has happened."""
        return bool(self._library.shim_fired())
