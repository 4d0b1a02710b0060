# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of numbers as tables show them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ttapi_onboarding import figures


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("320.43"), "320.43"),
        (Decimal("320.4"), "320.40"),
        (Decimal(320), "320.00"),
        (0.0001, "0.0001"),
        (1234567.891, "1,234,567.891"),
        (Decimal("-3.5"), "-3.50"),
        (100.0, "100.00"),
        (0.1 + 0.2, "0.30"),
        (None, ""),
    ],
)
def test_a_price_has_two_to_four_decimals(number: float | Decimal | None, text: str) -> None:
    """Those that it needs, and no rounding errors of floats."""
    assert figures.price(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("486625.0"), "486,625"),
        (Decimal(-20), "-20"),
        (Decimal(0), "0"),
        (Decimal("0.00015"), "0.00015"),
        (100, "100"),
        (None, ""),
    ],
)
def test_a_count_has_a_fraction_only_where_there_is_one(number: float | Decimal | None, text: str) -> None:
    """Cryptocurrencies come in fractions."""
    assert figures.count(number) == text


@pytest.mark.parametrize("number", [-0.001, Decimal("-0.001"), 0, Decimal(0)])
def test_no_change_has_no_minus_sign(number: float | Decimal) -> None:
    """What rounds to nothing is nothing."""
    assert figures.change(number) == "+0.00"


def test_what_is_unknown_is_empty() -> None:
    """Never zero, never a word."""
    shown = [
        figures.price(None),
        figures.amount(None),
        figures.change(None),
        figures.count(None),
        figures.percent(None),
        figures.instant(None),
    ]
    assert shown == [""] * 6
