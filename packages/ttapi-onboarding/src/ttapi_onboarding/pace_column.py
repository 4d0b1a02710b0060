# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The column of a progress display that tells how fast items come, and how long the rest will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import ProgressColumn
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Task


class PaceColumn(ProgressColumn):
    """Items a second, and the time left where the total is known."""

    def render(self, task: Task) -> Text:
        """The pace of a task that is going on."""
        if task.finished or not task.speed:
            return Text("")
        return Text(pace_words(task.speed, task.remaining))


def pace_words(items_a_second: float, remaining: float | None) -> str:
    """
    A pace in words.

    Parameters
    ----------
    items_a_second
        More than none.
    remaining
        Items that are to come; ``None`` for an unknown number of them.

    Examples
    --------
    >>> pace_words(84.6, 507), pace_words(0.25, 60), pace_words(2000.0, None), pace_words(3.0, 0)
    ('85/s, 0:06 left', '0.2/s, 4:00 left', '2,000/s', '3/s')
    """
    pace = f"{items_a_second:.1f}/s" if items_a_second < 1 else f"{items_a_second:,.0f}/s"
    if not remaining:
        return pace
    minutes, seconds = divmod(round(remaining / items_a_second), 60)
    hours, minutes = divmod(minutes, 60)
    left = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{pace}, {left} left"
