# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tick sizes: decoded once for all instruments that have the same, and never taken for others."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ttapi_client.decode.fields import Fields
from ttapi_client.decode.instruments import decode_tick_sizes
from ttapi_core.errors import DecodeError
from ttapi_core.instruments import TickSize

if TYPE_CHECKING:
    from collections.abc import Sequence


def decoded(*steps: object) -> Sequence[TickSize]:
    """What is made of a list of steps."""
    return decode_tick_sizes(Fields({"tick-sizes": list(steps)}, path="equity"), "tick-sizes")


def test_equal_lists_are_one_value() -> None:
    """Two instruments with the same steps share one value."""
    first = decoded({"value": "0.0071", "threshold": "1.0"}, {"value": "0.0171"})

    assert first == (
        TickSize(value=Decimal("0.0071"), threshold=Decimal("1.0")),
        TickSize(value=Decimal("0.0171")),
    )
    assert decoded({"value": "0.0071", "threshold": "1.0"}, {"value": "0.0171"}) is first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"value": "0.0072"}, {"value": "0.00720"}, id="digits"),
        pytest.param({"value": "0.0073"}, {"value": "0.0073", "symbol": "/ESU6-/ESZ6"}, id="symbol"),
        pytest.param({"value": "0.0074"}, {"value": "0.0074", "threshold": "3"}, id="threshold"),
    ],
)
def test_what_differs_is_read_anew(one: dict[str, str], other: dict[str, str]) -> None:
    """Nearly the same is not the same."""
    assert str(decoded(one)) != str(decoded(other))


def test_what_only_compares_equal_is_not_taken_for_known() -> None:
    """In Python, ``1 == True``; a step of ``True`` is an error all the same."""
    assert decoded({"value": 1}) == (TickSize(value=Decimal(1)),)

    with pytest.raises(DecodeError, match=r"^equity.tick-sizes\[0\].value: expected a decimal, found True"):
        decoded({"value": True})


def test_a_wrong_one_is_wrong_each_time() -> None:
    """An error is never kept, and says where it is."""
    for _ in range(2):
        with pytest.raises(
            DecodeError, match=r"^equity.tick-sizes\[0\].value: expected a decimal, found nothing"
        ):
            decoded({})


def test_a_list_without_end_is_read_and_not_kept() -> None:
    """What is kept is bounded."""
    steps = [{"value": f"0.{number + 1}"} for number in range(200)]

    assert len(decoded(*steps)) == len(steps)
    assert decoded(*steps) is not decoded(*steps)
