# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Amounts over random numbers and random JSON: exact, or refused."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, strategies as st

from ttapi_core.errors import DecodeError
from ttapi_core.money import parse_decimal, signed

PRICES = st.decimals(min_value=-(10**12), max_value=10**12, places=8, allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=5,
)


@given(PRICES)
def test_text_and_value_round_trip(price: Decimal) -> None:
    """Parsing gives the value back in either notation, exponent and trailing zeros included."""
    assert str(parse_decimal(str(price))) == str(price)
    assert str(parse_decimal(format(price, "f"))) == str(Decimal(format(price, "f")))


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=4))
def test_twelve_digits_survive_a_float(price: Decimal) -> None:
    """The crossing into Float64 frames and back loses no price of 12 digits (R20)."""
    assert parse_decimal(float(price)) == price


@given(st.floats(min_value=-1e15, max_value=1e15))
def test_a_float_is_read_through_its_shortest_text(number: float) -> None:
    """The decimal is the very float again."""
    assert float(parse_decimal(number)) == number


@given(JSON)
def test_any_json_is_a_finite_decimal_or_a_decode_error(value: object) -> None:
    """Nothing else comes out, whatever a hostile answer holds; what comes out fits a float."""
    try:
        amount = parse_decimal(value)  # type: ignore[arg-type]
    except DecodeError:
        return
    assert amount.is_finite()
    assert abs(float(amount)) < float("inf")


@given(PRICES)
def test_debit_and_credit_cancel_out(price: Decimal) -> None:
    """The sign is all that differs."""
    amount = abs(price)
    assert signed(amount, "Debit") + signed(amount, "Credit") == 0
