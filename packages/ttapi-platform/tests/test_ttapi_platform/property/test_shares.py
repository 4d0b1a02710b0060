# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Shares of things with weights: all of them, in order, none empty, about as heavy as each other."""

from __future__ import annotations

from itertools import chain, pairwise

from hypothesis import given, strategies as st

from ttapi_platform.shares import shares

WEIGHTS = st.lists(st.integers(1, 1_000_000), max_size=60)
NUMBERS = st.integers(1, 80)


@given(WEIGHTS, NUMBERS)
def test_every_thing_is_in_one_share_and_in_order(weights: list[int], number: int) -> None:
    """One after another they are all places, and none of them is empty."""
    parts = shares(weights, number)
    assert list(chain.from_iterable(parts)) == list(range(len(weights)))
    assert all(parts)
    assert all(before.stop == after.start for before, after in pairwise(parts))


@given(WEIGHTS, NUMBERS)
def test_there_are_no_more_shares_than_asked_for(weights: list[int], number: int) -> None:
    """And as many as there are things at the most; one for any things at all at the least."""
    assert min(len(weights), 1) <= len(shares(weights, number)) <= min(number, len(weights))


@given(WEIGHTS, NUMBERS)
def test_no_share_weighs_more_than_an_even_one_and_a_thing(weights: list[int], number: int) -> None:
    """Which is as even as it gets where nothing is cut in two."""
    for part in shares(weights, number):
        heaviest = max(weights[place] for place in part)
        assert sum(weights[place] for place in part) * number < sum(weights) + heaviest * number


@given(st.integers(1, 100), NUMBERS)
def test_things_of_one_weight_are_spread_evenly(length: int, number: int) -> None:
    """No two shares differ by more than one."""
    lengths = [len(part) for part in shares([7] * length, number)]
    assert max(lengths) - min(lengths) <= 1
