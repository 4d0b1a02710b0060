# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Chance that can be asked again: streams of draws that depend on their name alone, on any machine."""

from __future__ import annotations

from functools import cache
from hashlib import shake_128
from math import exp, log
from statistics import NormalDist
from typing import Final

_LEVELS: Final = 256  # one byte a draw


def draws(name: str, start: int, stop: int) -> bytes:
    """
    The draws of a named stream from one position up to another, each from 0 to 255.

    Whoever reads further meets the same draws again, so history never changes when days are added.

    Examples
    --------
    >>> draws("7/AAPL/close", 0, 5)[2:4] == draws("7/AAPL/close", 2, 4)
    True
    """
    return shake_128(name.encode()).digest(stop)[start:]


def fraction(name: str) -> float:
    """
    One number from 0 up to 1 that belongs to a name.

    Examples
    --------
    >>> 0 <= fraction("AAPL") < 1
    True
    """
    return int.from_bytes(draws(name, 0, 6), "little") / (1 << 48)


@cache
def shock_table() -> tuple[float, ...]:
    """By draw: shocks of mean 0 and deviation about 1, with fatter tails than the normal law."""
    normal = NormalDist()
    quantiles = [normal.inv_cdf((number + 0.5) / _LEVELS) for number in range(_LEVELS)]
    return tuple(0.83 * z + 0.06 * z**3 for z in quantiles)


@cache
def reach_table() -> tuple[float, ...]:
    """By draw: how far a day's high or low reaches beyond open and close; exponential, mean one half."""
    return tuple(-0.5 * log(1 - (number + 0.5) / _LEVELS) for number in range(_LEVELS))


@cache
def turnover_table() -> tuple[float, ...]:
    """By draw: a day's volume as a multiple of the usual one; log-normal, median 1."""
    normal = NormalDist(0.0, 0.32)
    return tuple(exp(normal.inv_cdf((number + 0.5) / _LEVELS)) for number in range(_LEVELS))
