# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi completion`: what a shell needs to complete commands, options and values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from ttapi_onboarding import options

SHELLS: Final = ("bash", "zsh", "fish")

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Let your shell complete commands, options and values.

\b
  ttapi completion bash --install
  ttapi completion zsh > _ttapi

Prints the script for SHELL, by default the one that $SHELL names. With --install it is written where that
shell looks for it, and nothing else is changed: what your own start-up file may lack is said, not added.
Datasets, environments, formats and symbols of the universe are completed, too, and no service is asked.
"""


@click.command(help=HELP, short_help="Let your shell complete commands, options and values.")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Write the script where the shell looks for it.")
@options.report_options
def completion(
    *, shell: str | None, install: bool, as_json: bool, verbose: int, log_file: Path | None
) -> None:
    """Print or install a completion script."""
    options.start_logs(verbose, log_file)
    from ttapi_onboarding import shell_scripts
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note

    shell = shell or _own_shell()
    context = click.get_current_context()
    script = shell_scripts.script_for(shell, context.find_root().command)
    place = shell_scripts.place_for(shell, os.environ) if install else None
    is_changed = place is not None and _written(place, script)
    if as_json:
        record = {"shell": shell, "script": script, "file": None if place is None else str(place)}
        emit(json_text({**record, "changed": is_changed, "exit_code": 0}))
    elif place is None:
        emit(script.rstrip("\n"))
    else:
        emit(f"{place}{'' if is_changed else ' is up to date'}")
        note(f"hint: {shell_scripts.advice_for(shell, place)}")


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"name one of {', '.join(SHELLS)}: $SHELL is {name or 'not set'}.")
    return name


def _written(place: Path, script: str) -> bool:
    """Whether the file had to be written; it is there as a whole or as it was before."""
    from ttapi_core.errors import WriteError

    try:
        if place.exists() and place.read_text(encoding="utf-8", errors="replace") == script:
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_name(f".{place.name}.tmp")
        aside.write_text(script, encoding="utf-8")
        aside.replace(place)
    except OSError as error:
        raise WriteError(
            f"cannot write {place}: {error.strerror or error}",
            path=place,
            hint="without --install the script is printed: keep it wherever your shell looks",
        ) from error
    return True
