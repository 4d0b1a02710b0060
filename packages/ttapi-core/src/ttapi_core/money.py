# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Exact amounts: decimals as the service writes them, and the sign that it keeps beside them."""

from __future__ import annotations

import re
from decimal import Decimal

from ttapi_core.errors import DecodeError

_MAX_TEXT = 64  # longer than any price; keeps a hostile answer from costing quadratic time

# Narrower than Decimal's own grammar, which takes 1_000, the digits of any script, and 1e400.
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE](?:\+?\d{1,2}|-\d{1,3}))?", re.ASCII)


def parse_decimal(value: str | float | Decimal, *, path: str = "value") -> Decimal:
    """
    The exact decimal behind a wire value, text or number.

    A float is read through its shortest text, so that ``0.1`` is a tenth.

    Raises
    ------
    DecodeError
        For text that is no decimal, a bool, NaN, an infinity or an exponent above 99.

    Examples
    --------
    >>> parse_decimal("110.0"), parse_decimal(0.1), parse_decimal(7)
    (Decimal('110.0'), Decimal('0.1'), Decimal('7'))
    """
    text = value if isinstance(value, str) else _text(value)
    if len(text) <= _MAX_TEXT and (_is_plain(text) or _DECIMAL.fullmatch(text)):
        return Decimal(text)
    found = repr(text[:_MAX_TEXT]) if isinstance(value, str) else text[:_MAX_TEXT]
    raise DecodeError(path=path, expected="a decimal", found=found)


def _is_plain(text: str) -> bool:
    """Whether it is digits with a point, as nearly all are: seen in half the time that the pattern takes."""
    return text.isascii() and text.replace(".", "", 1).isdecimal()


def signed(amount: Decimal, effect: str | None, *, path: str = "effect") -> Decimal:
    """
    The amount with the sign of its ``-effect`` sibling (API facts 1.4): a debit is negative.

    Raises
    ------
    DecodeError
        For an effect other than Credit, Debit or None, or one beside an amount with a sign of its own.

    Examples
    --------
    >>> signed(Decimal("2.5"), "Debit"), signed(Decimal("2.5"), "Credit")
    (Decimal('-2.5'), Decimal('2.5'))
    """
    match effect:
        case "Debit" | "Credit" if amount < 0:
            raise DecodeError(
                path=path, expected="an amount without a sign beside it", found=_text(amount)[:_MAX_TEXT]
            )
        case "Debit":
            # Not -amount, which rounds to the context's 28 digits.
            return amount.copy_negate() if amount else amount
        case "Credit" | "None" | None:
            return amount
        case _:
            raise DecodeError(path=path, expected="Credit, Debit or None", found=repr(effect)[:_MAX_TEXT])


def _text(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "an integer of thousands of digits"
