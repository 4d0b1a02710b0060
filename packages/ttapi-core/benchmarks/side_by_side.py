# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Costs beside those of others, taken in turns: on a machine that others share, only ratios mean anything."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """
    What something costs us: one line of the table of ``nox -s bench``.

    Parameters
    ----------
    what, size
        The work, and how much of it, in words.
    unit
        Of ``ours`` and ``theirs``: "s", "MB" or whatever is to be little.
    ours
        The median of all rounds.
    beside
        Who does the same, a peer or a floor; empty where nobody does.
    theirs
        The median of theirs; None where nobody is beside us.
    ratio
        The median of ours / theirs, both of the same round; None where nobody is beside us.
    rounds
        The least and the greatest of these ratios; None for one round.
    goal
        What the ratio is to stay at or below; ``ours`` where nobody is beside us. None without a goal.
    """

    what: str
    size: str
    unit: str
    ours: float
    beside: str = ""
    theirs: float | None = None
    ratio: float | None = None
    rounds: tuple[float, float] | None = None
    goal: float | None = None


class Timer(Protocol):
    """Times some work again and again, and does something else before each time."""

    def __call__(self, work: Callable[[], object], *, before: Callable[[], None], rounds: int) -> list[float]:
        """Seconds of the work in each round, after a round that does not count."""


class Bench:
    """
    Takes the measures of one benchmark.

    Parameters
    ----------
    is_quick
        Whether it is run in its short form, which shows that it runs and no more: it has no goals.
    timer
        What ``in_turns`` times our work with.
    """

    def __init__(self, *, is_quick: bool, timer: Timer) -> None:
        self.measures: list[Measure] = []
        self._is_quick = is_quick
        self._timer = timer

    def size(self, full: T, *, quick: T) -> T:
        """The one of the two that this form of the benchmark is for."""
        return quick if self._is_quick else full

    def time(
        self,
        what: str,
        ours: Callable[[], object],
        *,
        beside: Mapping[str, Callable[[], object]],
        size: str,
        goals: Mapping[str, float] | None = None,
        rounds: int = 7,
    ) -> None:
        """Time our work and that of others in turns, and add a line for each of them; once in a benchmark."""
        mine, others = self.in_turns(ours, beside, rounds=rounds)
        self.compare(what, mine, beside=others, size=size, goals=goals)

    def in_turns(
        self, ours: Callable[[], object], beside: Mapping[str, Callable[[], object]], *, rounds: int = 7
    ) -> tuple[list[float], dict[str, list[float]]]:
        """Seconds of our work and of the others' in each round, three at most in the short form."""
        others: dict[str, list[float]] = {name: [] for name in beside}

        def the_others() -> None:
            for name, work in beside.items():
                began = perf_counter()
                work()
                others[name].append(perf_counter() - began)

        mine = self._timer(ours, before=the_others, rounds=self.size(rounds, quick=min(rounds, 3)))
        return mine, {name: seconds[-len(mine) :] for name, seconds in others.items()}

    def compare(
        self,
        what: str,
        ours: Sequence[float],
        *,
        beside: Mapping[str, Sequence[float]],
        size: str,
        unit: str = "s",
        goals: Mapping[str, float] | None = None,
    ) -> None:
        """Add a line for each of the others, from figures of as many rounds; goals are ratios, by name."""
        wanted = {} if self._is_quick or goals is None else goals
        for name, theirs in beside.items():
            ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
            self.measures.append(
                Measure(
                    what=what,
                    size=size,
                    unit=unit,
                    ours=median(ours),
                    beside=name,
                    theirs=median(theirs),
                    ratio=median(ratios),
                    rounds=(min(ratios), max(ratios)) if len(ratios) > 1 else None,
                    goal=wanted.get(name),
                )
            )

    def show(self, what: str, ours: float, *, size: str, unit: str, goal: float | None = None) -> None:
        """Add a line for a figure that nobody is beside."""
        wanted = None if self._is_quick else goal
        self.measures.append(Measure(what=what, size=size, unit=unit, ours=ours, goal=wanted))
