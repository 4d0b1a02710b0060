# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles: intervals, and the grammar of candle symbols on the feed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import UnknownSymbolError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULTS: Final = {"tho": "false", "a": "m", "price": "last"}  # API facts 7.4


class CandleUnit(StrEnum):
    """Units of a candle's interval (API facts 7.4)."""

    TICK = "t"
    SECOND = "s"
    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    EXPIRATION_MONTH = "o"
    YEAR = "y"
    VOLUME = "v"
    PRICE = "p"
    PRICE_MOMENTUM = "pm"
    PRICE_RENKO = "pr"


_CANDLE_SYMBOL = re.compile(
    r"(?P<symbol>[^{}]+)\{=(?P<count>0{0,3}[1-9][0-9]{0,8})?"
    rf"(?P<unit>{'|'.join(CandleUnit)})"
    r"(?P<attributes>(?:,[a-z]+=[^,{}]*)*)\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleInterval:
    """
    A count of units: five minutes, one day.

    Examples
    --------
    >>> str(CandleInterval(unit=CandleUnit.MINUTE, count=5)), str(DAILY)
    ('5m', 'd')
    """

    unit: CandleUnit
    count: int = 1

    def __str__(self) -> str:
        """The feed's canonical text: a count of one is left out."""
        return f"{self.count}{self.unit}" if self.count > 1 else str(self.unit)


DAILY: Final = CandleInterval(unit=CandleUnit.DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleSymbol:
    """
    What a candle subscription asks for; equal when it means the same, however it was spelled.

    The feed echoes a canonical spelling, so answers are matched on this parsed form. Attributes that have
    their default value are dropped, and of two values for one attribute the last holds.

    Examples
    --------
    >>> str(CandleSymbol.parse("AAPL{=1d,tho=true,price=last}"))
    'AAPL{=d,tho=true}'
    >>> CandleSymbol.parse("AAPL{=1d}") == CandleSymbol(symbol="AAPL", interval=DAILY)
    True
    """

    symbol: str  # streamer spelling
    interval: CandleInterval
    attributes: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def __post_init__(self) -> None:
        """Drop what the feed drops from its echo, so that question and answer are equal."""
        telling = {key: value for key, value in self.attributes.items() if _DEFAULTS.get(key) != value}
        object.__setattr__(self, "attributes", telling)

    @classmethod
    def parse(cls, text: str) -> CandleSymbol:
        """
        Read the feed's spelling.

        Raises
        ------
        UnknownSymbolError
            For text outside the grammar, an unknown unit or a count of zero.
        """
        found = _CANDLE_SYMBOL.fullmatch(text)
        if found is None:
            message = f"{text[:80]!r} is not a candle symbol"
            raise UnknownSymbolError(message, hint="it looks like AAPL{=d,tho=true}")
        interval = CandleInterval(unit=CandleUnit(found["unit"]), count=int(found["count"] or "1"))
        pairs = (pair.partition("=") for pair in found["attributes"].split(",") if pair)
        return cls(
            symbol=found["symbol"], interval=interval, attributes={key: value for key, _, value in pairs}
        )

    def __str__(self) -> str:
        """The canonical spelling: defaults left out, attributes in alphabetical order."""
        attributes = "".join(f",{key}={value}" for key, value in sorted(self.attributes.items()))
        return f"{self.symbol}{{={self.interval}{attributes}}}"
