# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What all windows of rows have in common."""

from __future__ import annotations


def checked(window: int, *, least: int) -> int:
    """
    The window, when it has enough rows to have a value at all.

    Raises
    ------
    ValueError
        When it has not.

    Examples
    --------
    >>> checked(0, least=1)
    Traceback (most recent call last):
    ...
    ValueError: window is 0; it must be at least 1
    """
    if window < least:
        raise ValueError(f"window is {window}; it must be at least {least}")
    return window
