# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which days a command is about: ``--since`` and ``--until``."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

_DAY: Final = click.DateTime(["%Y-%m-%d"])


def for_days(work: Callable[..., None], *, of_rows: bool = False) -> Callable[..., None]:
    """
    Give a command the dates ``since`` and ``until``, or ``None`` for what is not named.

    ``of_rows`` has the help speak of rows, which may have other dates than those of an analysis.
    """

    @wraps(work)
    def command(*arguments: object, since: datetime | None, until: datetime | None, **others: object) -> None:
        if since is not None and until is not None and until < since:
            raise click.UsageError("--until is before --since.")
        first, last = (None if day is None else day.date() for day in (since, until))
        work(*arguments, since=first, until=last, **others)

    last, first = (
        ("Rows up to this date", "Rows from this date on")
        if of_rows
        else ("Up to this day", "From this day on")
    )
    for option in (
        click.option("--until", type=_DAY, metavar="DATE", help=f"{last}, YYYY-MM-DD."),
        click.option("--since", type=_DAY, metavar="DATE", help=f"{first}, YYYY-MM-DD."),
    ):
        command = option(command)
    return command


def record(since: date | None, until: date | None) -> dict[str, str | None]:
    """Both days as an answer in JSON has them."""
    return {
        name: None if day is None else day.isoformat() for name, day in (("since", since), ("until", until))
    }
