# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Exact amounts: decimals as the service writes them, and the sign that it keeps beside them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ttapi_core.errors import DecodeError

_MAX_TEXT = 64  # longer than any price; keeps a hostile answer from costing quadratic time


def parse_decimal(value: str | int | float | Decimal, *, path: str = "value") -> Decimal:
    """
    The exact decimal behind a wire value, text or number.

    A float is read through its shortest text, so that ``0.1`` is a tenth.

    Raises
    ------
    DecodeError
        For text that is no decimal, a bool, NaN or an infinity.

    Examples
    --------
    >>> parse_decimal("110.0"), parse_decimal(0.1), parse_decimal(7)
    (Decimal('110.0'), Decimal('0.1'), Decimal('7'))
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise DecodeError(path=path, expected="a decimal", found=repr(value)[:_MAX_TEXT])
    text = value if isinstance(value, str) else str(value)
    try:
        amount = Decimal(text) if len(text) <= _MAX_TEXT else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite():
        raise DecodeError(path=path, expected="a decimal", found=repr(text[:_MAX_TEXT]))
    return amount


def signed(amount: Decimal, effect: str | None, *, path: str = "effect") -> Decimal:
    """
    The amount with the sign of its ``-effect`` sibling (API facts 1.4): a debit is negative.

    Raises
    ------
    DecodeError
        For an effect other than Credit, Debit or None.

    Examples
    --------
    >>> signed(Decimal("2.5"), "Debit"), signed(Decimal("2.5"), "Credit")
    (Decimal('-2.5'), Decimal('2.5'))
    """
    match effect:
        case "Debit":
            return -amount
        case "Credit" | "None" | None:
            return amount
        case _:
            raise DecodeError(path=path, expected="Credit, Debit or None", found=repr(effect))
