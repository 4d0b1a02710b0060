# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Near misses: the symbols that somebody may have meant, among those that the lake knows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import DataError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ttapi_platform.lake import Lake


_MOST: Final = 3  # the one that is meant is often not the most similar: APPL is nearer to PPL than to AAPL


def near_hints(lake: Lake, symbols: Iterable[str]) -> dict[str, str]:
    """
    For each symbol a hint that names similar ones, for those that have some: members of the universe first.

    Parameters
    ----------
    lake
        Whose dataset ``symbols`` is looked at; nothing is near where that cannot be read.
    symbols
        Unknown ones; one that is listed is near to none.
    """
    unknown = list(symbols)
    if not unknown:
        return {}
    try:
        listed = lake.answer("symbols", lambda rows: rows.select("symbol", "in_universe"))
    except (DataError, StorageError):
        # A hint is worth no error of its own: `ttapi data verify` tells what is wrong with a file.
        return {}
    by_membership: dict[bool, list[str]] = {True: [], False: []}
    for symbol, is_member in listed.rows():
        by_membership[is_member].append(symbol)
    matches = {
        symbol: [
            near
            for names in by_membership.values()
            for near in difflib.get_close_matches(symbol, names, n=_MOST)
        ][:_MOST]
        for symbol in unknown
    }
    return {symbol: _hint(near) for symbol, near in matches.items() if near and symbol not in near}


def _hint(near: Sequence[str]) -> str:
    *others, last = near
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"
