# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Near misses: the command, option or value that somebody may have meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MOST: Final = 3
_QUOTED: Final = re.compile(r"'([^']*)'")


class UnknownCommand(click.UsageError):
    """A command that is none, with those that may have been meant."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        super().__init__(f"No such command {name!r}.", ctx)
        self.possibilities = _near_commands(name, ctx)


def near_question(text: str, names: Iterable[str]) -> str | None:
    """
    Whether something near to a text was meant, or None where nothing is near.

    Examples
    --------
    >>> near_question("quots", ["quotes", "accounts"])
    'did you mean quotes?'
    """
    return question(difflib.get_close_matches(text, list(names), n=_MOST))


def question(names: Sequence[str]) -> str | None:
    """
    Whether one of the names was meant.

    Examples
    --------
    >>> question(["a", "b", "c"]), question([])
    ('did you mean a, b or c?', None)
    """
    if not names:
        return None
    *others, last = names
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def of_usage(error: click.ClickException) -> str | None:
    """What may have been meant by a command line that cannot be understood; None where nothing is near."""
    near = cast("Sequence[str] | None", getattr(error, "possibilities", None)) or []
    if isinstance(error, click.BadParameter) and error.param is not None:
        near = _near_choices(error.message, error.param.type)
    elif not isinstance(error, click.NoSuchOption) and isinstance(error, click.UsageError) and error.ctx:
        near = [f"{error.ctx.command_path} {name}" for name in near]
    return question([f"`{name}`" for name in near[:_MOST]])


def words_of(error: click.ClickException) -> str:
    """What is wrong, without the near misses that click adds to some of its messages."""
    if isinstance(error, click.UsageError) and getattr(error, "possibilities", None):
        return error.message
    return error.format_message()


def _near_choices(message: str, kind: click.ParamType[object]) -> list[str]:
    # The value that was refused is nowhere but in the message, in quotes.
    refused = _QUOTED.search(message)
    if refused is None or not isinstance(kind, click.Choice):
        return []
    choices = [str(choice) for choice in cast("Iterable[object]", kind.choices)]
    return difflib.get_close_matches(refused[1].lower(), choices, n=_MOST)


def _near_commands(name: str, ctx: click.Context) -> list[str]:
    """Commands with a name like that; else those below them with this very name, such as ``data verify``."""
    root = cast("click.Group", ctx.command)
    near = difflib.get_close_matches(name, root.list_commands(ctx), n=_MOST)
    return near or [path for path in _paths_below(root, ctx) if path.split()[-1] == name]


def _paths_below(root: click.Group, ctx: click.Context) -> Iterator[str]:
    for name in root.list_commands(ctx):
        command = root.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {below}" for below in command.list_commands(ctx))
