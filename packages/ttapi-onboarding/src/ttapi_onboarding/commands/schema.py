# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi schema`: what a program may expect of the answers in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem

from ttapi_onboarding import options, schemas

if TYPE_CHECKING:
    from pathlib import Path

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Print the JSON Schema of a command's answer.

\b
  ttapi schema status
  ttapi schema data verify
  ttapi schema error

What COMMAND prints with --json is one object that this schema (draft 2020-12) describes, or the object of
`ttapi schema error`. Without COMMAND the names of all schemas are listed. They lie in the Python package
ttapi_onboarding.schemas as well.
"""


def _names(_context: click.Context, _parameter: click.Parameter, beginning: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in schemas.names() if name.startswith(beginning)]


@click.command(help=HELP, short_help="Print the JSON Schema of a command's answer.")
@click.argument("words", nargs=-1, metavar="[COMMAND]", shell_complete=_names)
@options.report_options
def schema(*, words: tuple[str, ...], as_json: bool, verbose: int, log_file: Path | None) -> None:
    """Print a schema, or the names of all."""
    options.start_logs(verbose, log_file)
    from ttapi_onboarding.near_misses import near_question
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    names = schemas.names()
    name = " ".join(words).removeprefix("ttapi ")
    if name in names:
        emit(schemas.text_of(name).rstrip("\n"))
    elif words:
        question = near_question(name, names) or "`ttapi schema` lists all."
        raise click.UsageError(f"there is no schema of {name!r}; {question}")
    elif as_json:
        emit(json_text({"schemas": names, "exit_code": 0}))
    else:
        emit("\n".join(names))
