# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How many rows a window has."""

from __future__ import annotations


def whole(name: str, number: int, *, least: int = 1) -> int:
    """
    The number, when it is a whole one that has enough rows for a value.

    Raises
    ------
    ValueError
        When it is not.

    Examples
    --------
    >>> whole("window", 0)
    Traceback (most recent call last):
    ...
    ValueError: window is 0; it must be a whole number of at least 1
    """
    if not (number >= least and number % 1 == 0):
        raise ValueError(f"{name} is {number}; it must be a whole number of at least {least}")
    return int(number)
