# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle symbols as the feed reads and echoes them (API facts 7.4)."""

from __future__ import annotations

import re
from typing import Final

import attrs

_GRAMMAR: Final = re.compile(
    r"(?P<symbol>[^{}\s]+)\{=(?P<count>[1-9]\d{0,5})?(?P<unit>mo|pm|pr|[tsmhdwoyvp])(?P<keys>(,[a-z]+=[a-z0-9]+)*)\}",
    re.ASCII,
)
_DEFAULTS: Final = {"tho": "false", "a": "m", "price": "last"}
SIMULATED_UNITS: Final = ("s", "m", "h", "d", "w", "mo")
# By attribute, what may stand there; nothing trades outside regular hours, so "tho" changes no candle.
_SIMULATED_VALUES: Final = {"tho": ("true",), "a": ("s",)}


@attrs.frozen
class CandleSymbol:
    """A candle symbol taken apart."""

    symbol: str
    count: int
    unit: str
    keys: tuple[tuple[str, str], ...]  # defaults left out, in alphabetical order

    @property
    def canonical(self) -> str:
        """
        The spelling under which candles come back, whatever spelling was asked for.

        Examples
        --------
        >>> parse_candle_symbol("AAPL{=1d,tho=true,a=m}").canonical
        'AAPL{=d,tho=true}'
        """
        count = "" if self.count == 1 else str(self.count)
        return f"{self.symbol}{{={count}{self.unit}{''.join(f',{key}={value}' for key, value in self.keys)}}}"

    @property
    def is_simulated(self) -> bool:
        """Whether such candles are made: by time, of the last price, in regular hours or all of them."""
        return self.unit in SIMULATED_UNITS and all(
            value in _SIMULATED_VALUES.get(key, ()) for key, value in self.keys
        )

    @property
    def is_aligned_to_session(self) -> bool:
        """Whether bars within a day are counted from its opening rather than from midnight."""
        return ("a", "s") in self.keys


def parse_candle_symbol(text: str) -> CandleSymbol | None:
    """The symbol taken apart, or None for text outside the grammar."""
    found = _GRAMMAR.fullmatch(text)
    if found is None:
        return None
    pairs = dict(pair.split("=", 1) for pair in found["keys"].split(",")[1:])
    keys = sorted((key, value) for key, value in pairs.items() if _DEFAULTS.get(key) != value)
    return CandleSymbol(found["symbol"], int(found["count"] or 1), found["unit"], tuple(keys))
