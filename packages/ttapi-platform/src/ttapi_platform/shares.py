# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Shares: consecutive things of unequal weight, cut into parts of about the same weight."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def shares(weights: Sequence[int], number: int) -> list[range]:
    """
    The places of consecutive things in so many parts or fewer; none is empty, and none is cut in two.

    Parameters
    ----------
    weights
        Of each thing, in order; 1 or more.
    number
        Of parts, 1 or more. There are fewer where one thing weighs as much as several parts.

    Returns
    -------
    list[range]
        One after another they are all places. None weighs more than an even share and its heaviest thing.

    Examples
    --------
    >>> shares([1, 1, 1, 1, 4, 1], 3)
    [range(0, 3), range(3, 5), range(5, 6)]
    >>> shares([], 3)
    []
    """
    sums = list(accumulate(weights, initial=0))
    # Each cut is where the sum first reaches its share of the whole; in integers, so that nothing is rounded.
    scaled = [each * number for each in sums]
    cuts = {bisect_left(scaled, share * sums[-1]) for share in range(number + 1)}
    return [range(start, stop) for start, stop in pairwise(sorted(cuts))]
