# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Contract months: their last days by the exchanges' rules, and how they roll."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from ttapi_client.sandbox.world.futures import PRODUCTS, FutureProduct, known_contracts, listed_contracts

BY_CODE = {product.code: product for product in PRODUCTS}


@pytest.mark.parametrize(
    ("code", "symbol", "streamer_symbol", "last_day"),
    [
        ("ES", "/ESZ6", "/ESZ26:XCME", date(2026, 12, 18)),
        ("ES", "/ESH7", "/ESH27:XCME", date(2027, 3, 19)),
        ("NQ", "/NQZ6", "/NQZ26:XCME", date(2026, 12, 18)),
        # The 25th is Christmas, so the count begins a day earlier.
        ("CL", "/CLF7", "/CLF27:XNYM", date(2026, 12, 21)),
        ("CL", "/CLG7", "/CLG27:XNYM", date(2027, 1, 20)),
        ("GC", "/GCZ6", "/GCZ26:XCEC", date(2026, 12, 29)),
        ("GC", "/GCG7", "/GCG27:XCEC", date(2027, 2, 24)),
    ],
)
def test_last_days_are_those_of_the_exchanges(
    code: str, symbol: str, streamer_symbol: str, last_day: date
) -> None:
    """Counted by hand from the rules in the contracts' specifications."""
    contracts = {one.symbol: one for one in listed_contracts(BY_CODE[code], date(2026, 11, 20))}
    assert contracts[symbol].streamer_symbol == streamer_symbol
    assert contracts[symbol].last_trade_date == last_day


def test_a_third_friday_on_a_holiday_moves_to_the_day_before() -> None:
    """Juneteenth was observed on Friday, 18 June 2027."""
    contracts = {one.symbol: one for one in listed_contracts(BY_CODE["ES"], date(2027, 4, 1))}
    assert contracts["/ESM7"].last_trade_date == date(2027, 6, 17)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_every_day_has_one_active_month_and_one_after_it(product: FutureProduct) -> None:
    """Also between the roll and the last day, when a third contract still trades."""
    day = date(2024, 1, 2)
    for _ in range(800):
        contracts = listed_contracts(product, day)
        assert [one.place for one in contracts][-2:] == [0, 1]
        assert 2 <= len(contracts) <= 3
        assert all(one.last_trade_date >= day for one in contracts)
        assert all(one.rolls_on > day for one in contracts if one.place >= 0)
        assert all(one.rolls_on <= day for one in contracts if one.place < 0)
        day += timedelta(days=1)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_contracts_have_names_of_their_own_and_follow_each_other(product: FutureProduct) -> None:
    """Those that expired within a year come first; no two share a streamer symbol or a number."""
    contracts = known_contracts(product, date(2026, 11, 20))
    assert len({one.streamer_symbol for one in contracts}) == len(contracts)
    assert len({one.number for one in contracts}) == len(contracts)
    assert all(earlier.last_trade_date < later.last_trade_date for earlier, later in pairwise(contracts))
    listed = listed_contracts(product, date(2026, 11, 20))
    assert contracts[-len(listed) :] == listed
    assert contracts[0].last_trade_date >= date(2025, 11, 20)


def test_numbers_differ_between_products() -> None:
    """They are ids in one list."""
    numbers = [one.number for product in PRODUCTS for one in known_contracts(product, date(2026, 11, 20))]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("day", [date(1990, 1, 2), date(2035, 12, 31)])
def test_the_calendars_ends_shorten_the_list_but_break_nothing(day: date) -> None:
    """No contract ends on a day whose holidays are not known."""
    for product in PRODUCTS:
        assert all(1990 <= one.last_trade_date.year <= 2035 for one in known_contracts(product, day))


def test_later_months_cost_more_and_time_takes_it_away() -> None:
    """Interest until the last day, on which the price is its source's."""
    near, far = listed_contracts(BY_CODE["ES"], date(2026, 11, 20))
    today = date(2026, 11, 20)
    assert 1 < near.scale(today) < far.scale(today)
    assert near.scale(near.last_trade_date) == 1
