# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Keys: from the bytes that a terminal sends to what they mean here."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

# A whole escape sequence of a key, or its beginning at the end of what has come.
_SEQUENCE: Final = re.compile(rb"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])")
_BEGUN: Final = re.compile(rb"\x1b(?:\[[0-9;]*|O)?\Z")
_LONGEST: Final = 16  # bytes that may begin a sequence; what goes on for longer is none


class Key(Enum):
    """What can be done."""

    QUIT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    HOME = auto()
    END = auto()


_PLAIN: Final = {
    b"q": Key.QUIT,
    b"Q": Key.QUIT,
    b"k": Key.UP,
    b"j": Key.DOWN,
    b" ": Key.PAGE_DOWN,
    b"g": Key.HOME,
    b"G": Key.END,
}
_SEQUENCES: Final = {
    b"[A": Key.UP,
    b"OA": Key.UP,
    b"[B": Key.DOWN,
    b"OB": Key.DOWN,
    b"[5~": Key.PAGE_UP,
    b"[6~": Key.PAGE_DOWN,
    b"[H": Key.HOME,
    b"OH": Key.HOME,
    b"[1~": Key.HOME,
    b"[F": Key.END,
    b"OF": Key.END,
    b"[4~": Key.END,
}


class KeyReader:
    r"""
    Finds keys in bytes, however they are cut; what has no meaning is skipped.

    Examples
    --------
    >>> reader = KeyReader()
    >>> reader.read(b"x\x1b[5"), reader.read(b"~q")
    ([], [<Key.PAGE_UP: 4>, <Key.QUIT: 1>])
    """

    def __init__(self) -> None:
        self._rest = b""

    def read(self, data: bytes) -> list[Key]:
        """The keys that are complete with these bytes, in order."""
        data = self._rest + data
        self._rest = b""
        keys: list[Key] = []
        at = 0
        while at < len(data):
            if (found := _SEQUENCE.match(data, at)) is not None:
                key = _SEQUENCES.get(found[0][1:])
                at = found.end()
            elif _BEGUN.match(data, at) and len(data) - at < _LONGEST:
                self._rest = data[at:]
                break
            else:
                key = _PLAIN.get(data[at : at + 1])
                at += 1
            if key is not None:
                keys.append(key)
        return keys


def scrolled(top: int, key: Key, *, rows: int, page: int) -> int:
    """
    The first row to show after a key, of so many rows, with so many on a page.

    Examples
    --------
    >>> [scrolled(5, key, rows=20, page=8) for key in (Key.UP, Key.PAGE_DOWN, Key.HOME, Key.END)]
    [4, 12, 0, 12]
    """
    match key:
        case Key.UP:
            top -= 1
        case Key.DOWN:
            top += 1
        case Key.PAGE_UP:
            top -= page
        case Key.PAGE_DOWN:
            top += page
        case Key.HOME:
            top = 0
        case Key.END:
            top = rows
        case Key.QUIT:
            pass
    return max(0, min(top, rows - page))
