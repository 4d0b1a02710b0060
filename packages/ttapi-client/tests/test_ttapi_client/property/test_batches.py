# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Batches: whatever fails, each thing asked for has one outcome, and bad ones cost the others nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis.strategies import integers, sampled_from, sets

from ttapi_client.batches import MOST_PARTS, SYMBOLS_A_REQUEST, in_batches
from ttapi_core.errors import RejectedError, ServerError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.outcome import Outcome

COUNTS = integers(0, 350)
FEW = sets(integers(0, 349), max_size=6)


class Service:
    """Refuses some numbers, is in trouble with others, and leaves others out."""

    def __init__(self, *, refused: set[int], trouble: set[int], missing: set[int], status: int) -> None:
        self.refused, self.trouble, self.missing, self.status = refused, trouble, missing, status
        self.requests: list[list[int]] = []

    async def ask(self, wanted: Sequence[int]) -> dict[int, Outcome[str]]:
        """One request."""
        self.requests.append(list(wanted))
        if self.trouble & set(wanted):
            raise ServerError("down", status=503)
        if self.refused & set(wanted):
            raise RejectedError("refused", status=self.status)
        absent: Err[UnknownSymbolError] = Err(UnknownSymbolError("unknown"))
        return {each: absent if each in self.missing else Ok(str(each)) for each in wanted}


@given(count=COUNTS, refused=FEW, trouble=FEW, missing=FEW, status=sampled_from([400, 414, 422]))
@example(count=350, refused=set(range(350)), trouble=set(), missing=set(), status=422)
@example(count=100, refused={0, 99}, trouble=set(), missing={50}, status=400)
@example(count=300, refused=set(), trouble={150}, missing=set(), status=422)
def test_each_has_one_outcome(
    count: int, refused: set[int], trouble: set[int], missing: set[int], status: int
) -> None:
    """The model says which; requests stay below the service's limit, and few."""
    service = Service(refused=refused, trouble=trouble, missing=missing, status=status)
    outcomes = asyncio.run(in_batches(range(count), service.ask))
    assert sorted(outcomes) == list(range(count))
    batches = [range(start, min(start + 100, count)) for start in range(0, count, 100)]
    assert all(0 < len(request) <= SYMBOLS_A_REQUEST for request in service.requests)
    assert len(service.requests) <= len(batches) * (1 + MOST_PARTS)
    if not refused:
        assert len(service.requests) == len(batches)
    for batch in batches:
        bad, down = refused & set(batch), trouble & set(batch)
        for each in batch:
            match outcomes[each]:
                case Ok(value):
                    assert value == str(each)
                    assert each not in refused | trouble | missing
                case Err(error):
                    if isinstance(error, UnknownSymbolError):
                        assert each in missing - refused - trouble
                    elif isinstance(error, ServerError):
                        assert down
                    elif len(bad) <= 2 and not down:
                        assert each in bad


@given(count=COUNTS, at=integers(0, 349), status=sampled_from([401, 403, 404, 409, 451]))
def test_another_refusal_is_not_divided(count: int, at: int, status: int) -> None:
    """It is not about one of the symbols: as many requests as batches, and the others have their answers."""
    service = Service(refused={at}, trouble=set(), missing=set(), status=status)
    outcomes = asyncio.run(in_batches(range(count), service.ask))
    assert len(service.requests) == -(-count // 100)
    failed = {each for each, outcome in outcomes.items() if isinstance(outcome, Err)}
    assert failed == ({each for each in range(count) if each // 100 == at // 100} if at < count else set())
