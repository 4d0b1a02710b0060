# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi cache clear`: remove the files of datasets, so that they are collected anew."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_onboarding.options import Request


@click.command()
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@click.option("--all", "everything", is_flag=True, help="Every dataset.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@options.for_a_lake
def clear(request: Request, *, datasets: tuple[str, ...], everything: bool, yes: bool) -> None:
    """
    Remove the files of each DATASET.

    \b
      ttapi cache clear quotes
      ttapi cache clear --all --yes

    The next collection gets them anew. What is removed is gone: rows that the service no longer has as well.
    """  # noqa: D301 - click reads the character as "do not wrap"
    if everything == bool(datasets):
        raise click.UsageError("name datasets, or --all, and not both.")
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, is_confirmed, note, one_line

    platform = request.platform()
    lake = platform.lake
    names = [each.name for each in platform.registry if everything or each.name in datasets]
    for name in datasets:
        platform.registry[name]  # refuses what is no dataset
    stored = [name for name in names if lake.storage.is_stored(name)]
    removed = dict.fromkeys(names, 0)
    if stored:
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("there is no terminal to ask at: --yes removes without asking.")
        if not yes and not is_confirmed(f"Remove all rows of {', '.join(stored)} from {lake.root}?"):
            note("nothing was removed")
            click.get_current_context().exit(ExitCode.FAILED)
        with lake.writing() as warnings:
            removed |= {name: lake.remove(name) for name in stored}
        for warning in warnings:
            note(f"warning: {one_line(warning)}")
    if request.as_json:
        emit(json_text({"lake": str(lake.root), "removed": removed, "exit_code": 0}))
    else:
        for name, files in removed.items():
            emit(f"{name}: {counted(files, 'file')} removed" if files else f"{name}: nothing was stored")
    if stored:
        note("hint: `ttapi collect` gets them anew")
