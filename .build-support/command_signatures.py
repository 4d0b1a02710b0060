# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The ``ttapi`` command as lines of Python, for the snapshot of what it offers: a function for each command.

Every spelling of an option is a parameter by keyword, so that one that goes is noticed like any parameter.
"""

from __future__ import annotations

import keyword
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click


def command_lines(sources: list[Path]) -> list[str]:
    """
    Describe the command that is in these folders of sources.

    It is asked in a process of its own: which command is imported must not depend on what was before.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources)), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-W", "ignore", str(Path(__file__).resolve())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The command cannot be imported:\n{done.stderr}")
    return done.stdout.splitlines()


def _lines(command: click.Command, name: str) -> Iterator[str]:
    """Describe a command, or a group with its commands."""
    import click  # noqa: PLC0415 - only the process that imports the command needs it

    if not isinstance(command, click.Group):
        yield f"def {_identifier(name)}({', '.join(_parameters(command))}): ..."
        return
    yield f"class {_identifier(name)}:"
    yield f"    def __call__({', '.join(_parameters(command))}): ..."
    context = click.Context(command)
    for each in sorted(command.list_commands(context)):
        found = command.get_command(context, each)
        if found is not None and not found.hidden:
            yield from (f"    {line}" for line in _lines(found, each))


def _parameters(command: click.Command) -> Iterator[str]:
    """Give the arguments in their order, then every spelling of every option by its name."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    for argument in arguments:
        star = "*" if argument.nargs == -1 else ""
        default = "" if argument.required or star else " = ..."
        yield f"{star}{_identifier(argument.name or '')}: {_type(argument)}{default}"
    if arguments and all(argument.nargs != -1 for argument in arguments):
        yield "/"
    options = [each for each in command.params if each.param_type_name == "option" and not is_hidden(each)]
    spelled = {
        _identifier(spelling.lstrip("-")): option
        for option in options
        for spelling in [*option.opts, *option.secondary_opts]
    }
    if spelled and all(argument.nargs != -1 for argument in arguments):
        yield "*"
    for spelling, option in sorted(spelled.items()):
        yield f"{spelling}: {_type(option)}{'' if option.required else ' = ...'}"


def is_hidden(parameter: click.Parameter) -> bool:
    """Tell whether no help speaks of it."""
    return bool(getattr(parameter, "hidden", False))


def _type(parameter: click.Parameter) -> str:
    """Name what it takes; a choice names each."""
    choices = getattr(parameter.type, "choices", None)
    if getattr(parameter, "is_flag", False):
        return "bool"
    named = f"Literal{[str(each) for each in choices]}" if choices else _identifier(parameter.type.name)
    return f"list[{named}]" if parameter.multiple else named


def _identifier(name: str) -> str:
    name = name.replace("-", "_").replace(" ", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


if __name__ == "__main__":
    from ttapi_onboarding.cli import ttapi

    print("\n".join(_lines(ttapi, "ttapi")))
