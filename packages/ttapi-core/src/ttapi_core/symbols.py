# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbols: the service's spellings, checked at the border, and their safe names on disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ttapi_core.errors import UnknownSymbolError

_SYMBOL = re.compile(r"(?=.*[A-Z0-9])[A-Z0-9$./^:_ -]{1,64}", re.ASCII)
_OCC = re.compile(r"(?P<root>[A-Z0-9.]{1,6}) *(?P<date>\d{6})(?P<type>[CP])(?P<strike>\d{8})", re.ASCII)
_OCC_LENGTH = 21
_CLASS_SEPARATORS = re.compile(r"(?P<root>[A-Z]{1,5})[.\-](?P<share_class>[A-Z])", re.ASCII)
_PLAIN = re.compile(r"[A-Z0-9_-]", re.ASCII)
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])", re.ASCII)


def parse_symbol(text: str) -> str:
    """
    The symbol as the service spells it: trimmed, upper case, share classes with a slash.

    Raises
    ------
    UnknownSymbolError
        For text that cannot be a symbol; the hint names the near spelling of a share class.

    Examples
    --------
    >>> parse_symbol(" brk/b ")
    'BRK/B'
    >>> parse_symbol("BRK.B")
    Traceback (most recent call last):
    ...
    ttapi_core.errors.UnknownSymbolError: 'BRK.B' is not how the service spells a share class
    """
    spelled = text.strip()
    # Upper case would turn look-alikes such as the long s into plain letters.
    symbol = spelled.upper() if spelled.isascii() else ""
    if (found := _CLASS_SEPARATORS.fullmatch(symbol)) is not None:
        message = f"{spelled!r} is not how the service spells a share class"
        raise UnknownSymbolError(message, hint=f"write {found['root']}/{found['share_class']}")
    if _SYMBOL.fullmatch(symbol) is None or ".." in symbol:
        message = f"{text[:80]!r} cannot be a symbol"
        raise UnknownSymbolError(message, hint="symbols look like AAPL, BRK/B or SPX")
    return symbol


def symbol_to_filename(symbol: str) -> str:
    """
    A file name stem for a symbol: reversible, safe on case-insensitive disks and on Windows.

    Upper-case letters, digits, ``_`` and ``-`` stay; every other byte of the UTF-8 text becomes
    ``%XX``, lower-case letters included, so that ``aapl`` and ``AAPL`` never meet. A name that
    Windows reserves has its first letter written that way too.

    Raises
    ------
    UnknownSymbolError
        For an empty symbol, one whose name would pass 200 bytes, or one that UTF-8 cannot write.

    Examples
    --------
    >>> symbol_to_filename("BRK/B"), symbol_to_filename("CON")
    ('BRK%2FB', '%43ON')
    """
    try:
        name = "".join(
            character
            if _PLAIN.fullmatch(character)
            else "".join(f"%{byte:02X}" for byte in character.encode())
            for character in symbol
        )
    except UnicodeEncodeError:  # half of a surrogate pair
        name = ""
    if _RESERVED.fullmatch(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if not name or len(name) > 200:  # noqa: PLR2004 - leaves room for endings below the usual 255
        message = f"{symbol[:80]!r} cannot be a file name"
        raise UnknownSymbolError(message, hint="symbols have 1 to 64 characters")
    return name


def filename_to_symbol(stem: str) -> str:
    """
    The symbol behind a file name stem; the inverse of ``symbol_to_filename``.

    Raises
    ------
    UnknownSymbolError
        For a stem that ``symbol_to_filename`` never writes.

    Examples
    --------
    >>> filename_to_symbol("BRK%2FB")
    'BRK/B'
    """
    try:
        octets = re.sub(rb"%([0-9A-F]{2})", lambda code: bytes.fromhex(code[1].decode()), stem.encode())
        symbol = octets.decode()
        if symbol_to_filename(symbol) == stem:
            return symbol
    except (UnicodeError, UnknownSymbolError):
        pass
    message = f"{stem[:80]!r} is not the file name of a symbol"
    raise UnknownSymbolError(message, hint="write / as %2F and lower-case letters as %XX: BRK%2FB.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSymbol:
    """
    An equity option in the 21-character spelling of the exchanges (API facts 4.5).

    Streamer symbols are not built here: they come from the service.

    Examples
    --------
    >>> option = OptionSymbol.parse("AAPL  261218C00202500")
    >>> option.root, option.expiration_date.isoformat(), option.option_type, str(option.strike)
    ('AAPL', '2026-12-18', 'C', '202.5')
    >>> option.occ
    'AAPL  261218C00202500'
    """

    root: str
    expiration_date: date
    option_type: Literal["C", "P"]
    strike: Decimal  # per share, in thousandths at the finest

    @classmethod
    def parse(cls, text: str) -> OptionSymbol:
        """
        Read the 21-character spelling.

        Raises
        ------
        UnknownSymbolError
            For any other text, impossible dates included.
        """
        found = _OCC.fullmatch(text) if len(text) == _OCC_LENGTH else None
        expiration_date = None if found is None else _possible_date(found["date"])
        if found is None or expiration_date is None:
            message = f"{text[:80]!r} is not an option symbol"
            raise UnknownSymbolError(message, hint="it looks like 'AAPL  261218C00200000'")
        return cls(
            root=found["root"],
            expiration_date=expiration_date,
            option_type="C" if found["type"] == "C" else "P",
            strike=(Decimal(found["strike"]) / 1000).normalize() + 0,
        )

    @property
    def occ(self) -> str:
        """The 21-character spelling."""
        day = self.expiration_date
        return f"{self.root:<6}{day:%y%m%d}{self.option_type}{int(self.strike * 1000):08d}"


def _possible_date(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
