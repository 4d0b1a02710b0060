# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Progress on stderr: a bar per dataset on a terminal, a line per finished dataset elsewhere."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Self

from ttapi_onboarding.terminal import is_coloured, is_terminal, note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from ttapi_platform.progress import Progress
    from ttapi_platform.run_summary import DatasetResult


def progress(datasets: Sequence[str]) -> AbstractContextManager[Progress]:
    """What suits stderr, to be told of the datasets named, in a ``with`` block."""
    return Bars(datasets) if is_terminal(sys.stderr) else Lines()


def outcome(result: DatasetResult) -> str:
    """
    How a run left one dataset, in a few words.

    Such as ``507 rows, 3 missing``, ``unchanged, 507 rows`` or ``failed``.
    """
    rows = f"{result.rows:,} {'row' if result.rows == 1 else 'rows'}"
    match result.status.value:
        case "hit":
            return f"unchanged, {rows}"
        case "failed":
            return "failed"
        case _:
            return f"{rows}, {len(result.missing):,} missing" if result.missing else rows


def waiting_words(longest_seconds: float) -> str:
    """
    What is said once when the lake is being written to.

    Examples
    --------
    >>> waiting_words(60.0), waiting_words(0.25)
    ('waiting for another ttapi process, up to 60 s', 'waiting for another ttapi process, up to 0.25 s')
    """
    return f"waiting for another ttapi process, up to {longest_seconds:g} s"


class Lines:
    """Says one line for each dataset that is done with."""

    def waiting(self, longest_seconds: float) -> None:
        """One line."""
        note(waiting_words(longest_seconds))

    def started(self, dataset: str, total: int | None) -> None:
        """Nothing yet."""

    def advanced(self, dataset: str, items: int = 1) -> None:
        """Nothing yet."""

    def finished(self, result: DatasetResult) -> None:
        """One line."""
        note(f"{result.dataset}: {outcome(result)}, {result.seconds:.1f} s")

    def __enter__(self) -> Self:
        """Nothing to set up."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to take down."""


class Bars:
    """
    Draws one bar for each dataset, in the order given, as long as the block runs.

    A dataset of unknown size has a moving bar until it is done with; beside it stands how fast items come,
    and, where their number is known, how long the rest will take.
    """

    def __init__(self, datasets: Sequence[str]) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress as Display, TextColumn, TimeElapsedColumn
        from rich.table import Column

        from ttapi_onboarding.pace_column import PaceColumn

        self._display = Display(
            TextColumn("{task.description}", markup=False),
            # Named colours, because others look all the same where there are only sixteen.
            BarColumn(bar_width=30, complete_style="cyan", finished_style="green", pulse_style="cyan"),
            TextColumn("{task.fields[words]}", markup=False),
            PaceColumn(),
            # On a narrow terminal the bar gives way, and the time stays whole.
            TimeElapsedColumn(table_column=Column(min_width=7)),
            console=Console(
                stderr=True,
                force_terminal=True,
                no_color=False,
                color_system="auto" if is_coloured(sys.stderr) else None,
            ),
            refresh_per_second=5,
            redirect_stdout=False,
        )
        self._bars = {
            name: self._display.add_task(name, total=None, start=False, visible=False, words="")
            for name in datasets
        }
        self._totals: dict[str, int | None] = {}
        self._items = Counter[str]()

    def waiting(self, longest_seconds: float) -> None:
        """A line above the bars."""
        self._display.console.print(waiting_words(longest_seconds), markup=False, highlight=False)

    def started(self, dataset: str, total: int | None) -> None:
        """The bar appears."""
        self._totals[dataset] = total
        self._display.start_task(self._bars[dataset])
        self._display.update(self._bars[dataset], total=total, visible=True, words=self._words(dataset))

    def advanced(self, dataset: str, items: int = 1) -> None:
        """The bar grows."""
        self._items[dataset] += items
        self._display.update(self._bars[dataset], completed=self._items[dataset], words=self._words(dataset))

    def finished(self, result: DatasetResult) -> None:
        """The bar stands full and says how it went."""
        bar = self._bars[result.dataset]
        self._display.start_task(bar)
        self._display.update(bar, total=1, completed=1, visible=True, words=outcome(result))

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the bars as they are and give the terminal back."""
        self._display.stop()
        note("")

    def _words(self, dataset: str) -> str:
        items, total = self._items[dataset], self._totals.get(dataset)
        return f"{items:,}" if total is None else f"{items:,} of {total:,}"
