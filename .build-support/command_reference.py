# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Writes the page of all commands from the commands themselves: packages/ttapi-onboarding/docs/commands.md.

``nox -s docs`` writes it; with ``--check`` the script says whether it is up to date, which a test asks.
It takes the words of the helps and not their layout, so that no terminal and no setting changes the page.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import command_list
from ttapi_onboarding.cli import HELP, ttapi

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).resolve().parent.parent / "packages/ttapi-onboarding/docs/commands.md"
BEGINNING: Final = """\
# Commands

Everything that `ttapi` can do, as `ttapi COMMAND --help` says it. What the exit codes mean stands in
[the page of the command](../README.md#how-it-behaves).
"""
_VERBATIM: Final = "\b"  # click's mark of a paragraph whose lines stay as they are
_DEFAULT: Final = re.compile(r"\s*\[default: (.+?)\]")


def page() -> str:
    """The whole page."""
    root = click.Context(ttapi, info_name="ttapi", **ttapi.context_settings)
    parts = [BEGINNING, *contents(root), "\n## ttapi\n\n", *text_of(HELP), *options_of(root)]
    for section, ways in command_list.SECTIONS.items():
        parts.append(f"\n## {section}\n")
        for way in ways:
            parts += chapter(way(), root, depth=3)
    return re.sub(r"\n{3,}", "\n\n", "".join(parts))


def contents(root: click.Context) -> Iterator[str]:
    """A table of all commands and their sentences."""
    yield "\n| Command | What it does |\n| --- | --- |\n"
    for ways in command_list.SECTIONS.values():
        for way in ways:
            yield from rows_of(way(), root)


def rows_of(command: click.Command, parent: click.Context) -> Iterator[str]:
    """The rows of a command, or of those of a group."""
    context = click.Context(command, parent=parent, info_name=command.name)
    if isinstance(command, click.Group):
        for each in commands_of(command, context):
            yield from rows_of(each, context)
    else:
        path = context.command_path
        yield f"| [`{path}`](#{path.replace(' ', '-')}) | {cell(command.get_short_help_str(limit=200))} |\n"


def chapter(command: click.Command, parent: click.Context, *, depth: int) -> Iterator[str]:
    """What a command is for, how it is written, its options; then the commands of a group."""
    context = click.Context(command, parent=parent, info_name=command.name)
    yield f"\n{'#' * depth} {context.command_path}\n\n"
    yield f"```text\n{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```\n\n"
    yield from text_of(command.help or "")
    yield from options_of(context)
    if command.epilog:
        yield "\n"
        yield from text_of(command.epilog)
    if isinstance(command, click.Group):
        for each in commands_of(command, context):
            yield from chapter(each, context, depth=depth + 1)


def commands_of(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    """The commands of a group, in its order."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            yield command


def text_of(text: str) -> Iterator[str]:
    """The paragraphs of a help; examples become a block, exit codes a table."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        words = " ".join(paragraph.removeprefix(_VERBATIM).split())
        if words.startswith("Exit codes: "):
            yield "| Exit code | Meaning |\n| --- | --- |\n"
            for code, meaning in re.findall(
                r"(\d+) (.+?)(?:, (?=\d)|\.$)", words.removeprefix("Exit codes: ")
            ):
                yield f"| {code} | {cell(meaning)} |\n"
            yield "\n"
        elif paragraph.startswith(_VERBATIM):
            lines = inspect.cleandoc(paragraph.removeprefix(_VERBATIM).strip("\n"))
            yield f"```sh\n{lines}\n```\n\n"
        else:
            yield f"{words}\n\n"


def options_of(context: click.Context) -> Iterator[str]:
    """A table of the options, with their defaults."""
    options = [each for each in context.command.params if isinstance(each, click.Option) and not each.hidden]
    if not options:
        return
    yield "\n| Option | Meaning | Default |\n| --- | --- | --- |\n"
    for option in options:
        if (record := option.get_help_record(context)) is not None:
            names = record[0].replace(" RANGE", "")
            meaning = f"{_DEFAULT.sub('', option.help or '')} {limits_of(option)}"
            yield f"| `{cell(names)}` | {cell(meaning)} | {cell(default_of(option))} |\n"


def limits_of(option: click.Option) -> str:
    """The smallest and the largest number that it takes, where it has both."""
    kind = option.type
    if option.count or not isinstance(kind, click.IntRange | click.FloatRange) or kind.max is None:
        return ""
    return f"From {kind.min:,.15g} to {kind.max:,.15g}."


def default_of(option: click.Option) -> str:
    """What holds without the option: as the help says it, or the value itself."""
    said = _DEFAULT.search(option.help or "")
    if said is not None:
        return said[1]
    is_plain = isinstance(option.default, int | float | str) and not isinstance(option.default, bool)
    return str(option.default) if is_plain and not option.count else ""


def cell(text: str) -> str:
    """A text as it stands in a table."""
    return " ".join(text.split()).replace("|", r"\|")


def main(*, check: bool) -> int:
    """Write the page, or compare it."""
    text = page()
    if not check:
        PAGE.write_text(text, "utf-8")
        print(f"{PAGE.name} written")
        return 0
    if not PAGE.exists() or PAGE.read_text("utf-8") != text:
        print("commands.md is not what the commands say: nox -s docs writes it anew", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
