# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Days on the command line: a day that is named, and ``--since`` with ``--until``."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


def parse_day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    """
    The day that an option names.

    Raises
    ------
    BadParameter
        For what is no day.
    """
    if text is None:
        return None
    from datetime import date

    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # Weeks and days without dashes are ISO dates, too.
    if day is None or day.isoformat() != text:
        raise click.BadParameter(f"write a day such as 2026-01-02, not {text!r}.")
    return day


def for_days(work: Callable[..., None], *, of_rows: bool = False) -> Callable[..., None]:
    """
    Give a command the dates ``since`` and ``until``, or ``None`` for what is not named.

    ``of_rows`` has the help speak of rows, which may have other dates than those of an analysis.
    """

    @wraps(work)
    def command(*arguments: object, since: date | None, until: date | None, **others: object) -> None:
        if since is not None and until is not None and until < since:
            raise click.UsageError("--until is before --since.")
        work(*arguments, since=since, until=until, **others)

    last, first = (
        ("Rows up to this date", "Rows from this date on")
        if of_rows
        else ("Up to this day", "From this day on")
    )
    for option in (
        click.option("--until", callback=parse_day, metavar="DATE", help=f"{last}, YYYY-MM-DD."),
        click.option("--since", callback=parse_day, metavar="DATE", help=f"{first}, YYYY-MM-DD."),
    ):
        command = option(command)
    return command


def record(since: date | None, until: date | None) -> dict[str, str | None]:
    """Both days as an answer in JSON has them."""
    return {
        name: None if day is None else day.isoformat() for name, day in (("since", since), ("until", until))
    }
