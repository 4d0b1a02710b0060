# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The universe: the symbols that quotes, daily candles and expirations are collected for."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ttapi_core.errors import ConfigError, UnknownSymbolError
from ttapi_core.symbols import parse_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable


@attrs.frozen
class Universe:
    """Symbols in ascending order, each once; ``None`` stands for every active equity of the service."""

    name: str
    symbols: tuple[str, ...] | None

    @property
    def fingerprint(self) -> str:
        """
        Equal for equal sets of symbols, whatever the list is called; it begins with their number.

        Examples
        --------
        >>> universe_of(["AAPL", "BRK/B"]).fingerprint
        '2 symbols (a6e43eb9)'
        """
        if self.symbols is None:
            return self.name
        return (
            f"{len(self.symbols)} symbols ({hashlib.sha256(' '.join(self.symbols).encode()).hexdigest()[:8]})"
        )


EVERYTHING = Universe("all active equities", None)


def universe_of(symbols: Iterable[str]) -> Universe:
    """
    A universe of the symbols given.

    Raises
    ------
    ConfigError
        Listing every text that cannot be a symbol; or for no symbol at all.
    """
    return _checked("given symbols", enumerate(symbols, start=1), where="symbol")


def load_universe(name: str) -> Universe:
    """
    The list of 507 liquid US equities and funds that ships with TTAPI, or a file with a symbol a line.

    In a file, blank lines and what follows a ``#`` do not count.

    Raises
    ------
    ConfigError
        For a file that cannot be read, has no symbol, or has lines that cannot be symbols.

    Examples
    --------
    >>> len(load_universe("default").symbols or ())
    507
    """
    if name == "default":
        text = resources.files("ttapi_platform").joinpath("universes/default.txt").read_text(encoding="utf-8")
    else:
        try:
            text = Path(name).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            problem = f"universe {name!r} cannot be read: {getattr(error, 'strerror', None) or error}"
            raise ConfigError([problem], hint="name a file with a symbol a line, or 'default'") from error
    lines = (
        (number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), start=1)
    )
    return _checked(name, ((number, symbol) for number, symbol in lines if symbol), where="line")


def _checked(name: str, numbered: Iterable[tuple[int, str]], *, where: str) -> Universe:
    symbols: set[str] = set()
    problems: list[str] = []
    for number, text in numbered:
        try:
            symbols.add(parse_symbol(text))
        except UnknownSymbolError as error:
            problems.append(
                f"{name}, {where} {number}: {error.message}{f' ({error.hint})' if error.hint else ''}"
            )
    if problems:
        raise ConfigError(problems)
    if not symbols:
        raise ConfigError([f"{name}: no symbol in it"], hint="name at least one symbol, such as AAPL")
    return Universe(name, tuple(sorted(symbols)))
