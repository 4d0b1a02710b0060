# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Amounts: exact where they are numbers, refused where they are not."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from ttapi_core.errors import DecodeError
from ttapi_core.money import parse_decimal, signed


def test_a_hundred_thousand_decimals_come_back_digit_for_digit() -> None:
    """Text of up to 12 digits, parsed and written again, is the same text (R20)."""
    rng = random.Random(20_260_701)
    for _ in range(100_000):
        places = rng.randrange(9)
        digits = str(rng.randrange(10 ** rng.randint(1, 12))).rjust(places + 1, "0")
        text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
        assert format(parse_decimal(text), "f") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("110.0", "110.0"),
        ("0", "0"),
        ("-0.00", "-0.00"),
        ("+5", "5"),
        ("00012.50", "12.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("4.3E7", "4.3E+7"),
        ("1e-7", "1E-7"),
        ("1e99", "1E+99"),
        ("1.5e-320", "1.5E-320"),
        ("9" * 64, "9" * 64),
        (7, "7"),
        (-(2**63), "-9223372036854775808"),
        (0.1, "0.1"),
        (1e22, "1E+22"),
        (5e-324, "5E-324"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_numbers_and_their_texts_are_exact(value: str | float | Decimal, text: str) -> None:
    """No digit is lost or added; a float is what it prints as."""
    assert str(parse_decimal(value)) == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "1 ",
        "\t1",
        "1\n",
        "abc",
        "1,000",
        "1_000",
        "$5",
        "--1",
        "1.2.3",
        ".",
        "-",
        "e5",
        "1e",
        "1e400",
        "1e100",
        "1e-1000",
        "NaN",
        "sNaN",
        "-nan",
        "Infinity",
        "-inf",
        "0x10",
        "\u0661\u0662",  # Arabic-Indic digits
        "\uff11\uff12",  # full-width digits
        "½",
        "1\x00",
        "\ud800",
        "9" * 65,
        "9" * 1_000_000,
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1e100"),
        1e300,
        10**64,
        10**5000,
        True,
        False,
        None,
        b"1",
        ["1"],
        {"amount": "1"},
        (1,),
        1j,
    ],
    ids=lambda value: ascii(value)[:20] if not isinstance(value, int) else type(value).__name__,
)
def test_whatever_is_no_decimal_is_refused_with_its_path(value: object) -> None:
    """A hostile answer gives a typed error of bounded length, never a number."""
    with pytest.raises(DecodeError) as raised:
        parse_decimal(value, path="data.items[3].bid")  # type: ignore[arg-type]
    assert raised.value.path == "data.items[3].bid"
    assert raised.value.expected == "a decimal"
    assert len(raised.value.found) <= 70


def test_what_was_found_is_shown() -> None:
    """Text in quotes, so that an empty one can be seen."""
    with pytest.raises(DecodeError, match=r"^value: expected a decimal, found ''$"):
        parse_decimal("")
    with pytest.raises(DecodeError, match="found True"):
        parse_decimal(True)
    with pytest.raises(DecodeError, match="found nan"):
        parse_decimal(float("nan"))


@pytest.mark.parametrize(
    ("effect", "amount"), [("Debit", "-2.50"), ("Credit", "2.50"), ("None", "2.50"), (None, "2.50")]
)
def test_a_debit_is_negative(effect: str | None, amount: str) -> None:
    """The other effects leave the amount as it is."""
    assert str(signed(Decimal("2.50"), effect)) == amount


def test_the_sign_rounds_nothing() -> None:
    """More digits than Python's decimal context keeps are kept; zero has no sign."""
    amount = Decimal("123456789012345678901234567890.123456789")
    assert signed(amount, "Debit") == amount.copy_negate()
    assert str(signed(Decimal("0.00"), "Debit")) == "0.00"


@pytest.mark.parametrize("effect", ["Debit", "Credit"])
def test_an_amount_is_not_signed_twice(effect: str) -> None:
    """Whether a negative debit is a credit, nobody can say."""
    with pytest.raises(DecodeError, match=r"expected an amount without a sign beside it, found -2\.50"):
        signed(Decimal("-2.50"), effect)
    assert signed(Decimal("-2.50"), "None") == Decimal("-2.50")


@pytest.mark.parametrize("effect", ["", "debit", "Neither", 5, ["Debit"], "x" * 1_000_000])
def test_an_unknown_effect_is_refused(effect: object) -> None:
    """An amount of unknown sign is no amount."""
    with pytest.raises(DecodeError, match="expected Credit, Debit or None") as raised:
        signed(Decimal(1), effect, path="data.value-effect")  # type: ignore[arg-type]
    assert raised.value.path == "data.value-effect"
    assert len(raised.value.found) <= 64
