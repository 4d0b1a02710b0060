# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Timing against each other in one run: on a machine that others share, only ratios mean anything."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def rounds_of(contestants: Mapping[str, Callable[[], object]], *, rounds: int = 5) -> dict[str, list[float]]:
    """Seconds of each in each round, taking turns, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in contestants.items():
            started = perf_counter()
            run()
            if turn:
                seconds[name].append(perf_counter() - started)
    return seconds


def medians(contestants: Mapping[str, Callable[[], object]], *, rounds: int = 5) -> dict[str, float]:
    """Median seconds of each, as ``rounds_of`` measures them."""
    return {name: median(times) for name, times in rounds_of(contestants, rounds=rounds).items()}


def report(title: str, seconds: Mapping[str, float], *, against: str, megabytes: float | None = None) -> None:
    """A line for each: milliseconds, how many times the one it is held against, MB of memory a second."""
    print(f"\n{title}")
    for name, time in seconds.items():
        speed = "" if megabytes is None else f"{megabytes / time:10,.0f} MB/s"
        print(f"  {name:44} {time * 1000:10.2f} ms {time / seconds[against]:8.2f} x{speed}")


def report_speeds(
    title: str, seconds: Mapping[str, list[float]], *, pairs: Mapping[str, str], megabytes: float
) -> None:
    """MB of memory a second of each; of each that is paired with a floor, the median share of its speed."""
    print(f"\n{title}")
    for name, times in seconds.items():
        line = f"  {name:44} {median(times) * 1000:10.2f} ms {megabytes / median(times):10,.0f} MB/s"
        if name in pairs:
            shares = sorted(bare / time for bare, time in zip(seconds[pairs[name]], times, strict=True))
            spread = f"{shares[0]:.2f} to {shares[-1]:.2f}"
            line += f"  {median(shares):.2f} of {pairs[name]} ({spread})"
        print(line)
