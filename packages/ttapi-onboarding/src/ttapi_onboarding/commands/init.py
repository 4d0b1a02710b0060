# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi init`: a few questions, a settings file, and the first collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options
from ttapi_onboarding.output_files import ordinary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_onboarding.questions import Questions
    from ttapi_onboarding.setup import FileChange, Plan

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Set up: choose where data comes from, log in, choose what is collected, write ttapi.toml.

\b
  ttapi init
  ttapi init --environment sandbox --universe default --yes
  ttapi init --here --universe watchlist:Tech --history-years 5 --no-collect

Each option answers a question, --yes answers the others with what stands in brackets; without a terminal
nothing is asked. Secrets are asked for at the terminal alone, which does not show them, and never written
into a settings file: see `ttapi auth`. A settings file that exists is shown with what would change, and
replaced when that is confirmed, or with --yes; its values are the answers that are offered.

\b
Exit codes: 0 done, 1 nothing written, 2 misused, 4 credentials refused, 5 wrong settings, 6 service
unavailable; those of `ttapi collect` where that was run.
"""
GREETING: Final = """TTAPI keeps your market's data on your own disk, fresh and quick to query.
Without an account it all runs in the sandbox: simulated data, the same commands.
Enter takes what stands in brackets; ctrl-C ends this, and nothing is changed."""


@click.command(help=HELP, short_help="Answer a few questions and begin.")
@click.option(
    "--environment",
    type=click.Choice(["sandbox", "certification", "production"]),
    help="Where the data comes from. [default: sandbox]",
)
@click.option(
    "--universe",
    metavar="WHICH",
    help="default, a file with a symbol a line, watchlist:NAME, or positions. [default: 507 symbols]",
)
@click.option("--data-dir", metavar="DIR", help="Where the lakes lie, one for each environment.")
@click.option(
    "--history-years",
    type=click.IntRange(1, options.LONGEST_HISTORY_YEARS),
    help="Years of daily candles. [default: 10]",
)
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write. [default: the user's own]",
)
@click.option("--here", is_flag=True, help="Write ttapi.toml of this directory, which holds here alone.")
@click.option("--collect/--no-collect", "collects", default=None, help="Collect at the end, or not.")
@click.option("--yes", is_flag=True, help="Ask nothing: take all defaults, and replace what is there.")
@options.report_options
def init(
    *,
    environment: str | None,
    universe: str | None,
    data_dir: str | None,
    history_years: int | None,
    file: Path | None,
    here: bool,
    collects: bool | None,
    yes: bool,
    as_json: bool,
    verbose: int,
    log_file: Path | None,
) -> None:
    """Ask, write, collect."""
    if here and file is not None:
        raise click.UsageError("--here and --file exclude each other.")
    if as_json and collects:
        raise click.UsageError("--json and --collect exclude each other: `ttapi collect --json` comes after.")
    from ttapi_onboarding.questions import Questions, has_terminal
    from ttapi_onboarding.setup import Wishes, Wizard
    from ttapi_onboarding.terminal import note

    options.start_logs(verbose, log_file)
    questions = Questions(is_asking=has_terminal() and not yes)
    if questions.is_asking:
        note(GREETING)
    wishes = Wishes(
        file=_target(file, here=here),
        is_project_file=here,
        environment=environment,
        universe=universe,
        data_dir=data_dir,
        history_years=history_years,
    )
    plan = Wizard(wishes, questions).plan()
    written = [change for change in plan.changes if change.is_needed]
    _confirm([change for change in written if change.before is not None], questions, yes=yes)
    place = _carry_out(plan, written)
    _say(plan, written, place, as_json=as_json)
    if _is_collecting(questions, collects=collects, yes=yes, as_json=as_json):
        _collect(plan, verbose=verbose, log_file=log_file)


def _target(file: Path | None, *, here: bool) -> Path:
    import os

    from ttapi_core.settings_sources import PROJECT_FILE, user_file

    if file is not None:
        ordinary(file)
        return file
    return PROJECT_FILE if here else user_file(os.environ)


def _confirm(replaced: Sequence[FileChange], questions: Questions, *, yes: bool) -> None:
    """Show what would be replaced, and go on only where that is wanted."""
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.setup import diff_of
    from ttapi_onboarding.terminal import note

    for change in replaced:
        for line in diff_of(change):
            note(line)
    if not replaced or yes:
        return
    names = " and ".join(str(change.path) for change in replaced)
    if not questions.is_asking:
        raise click.UsageError(f"{names} would be replaced: --yes does that without asking.")
    if not questions.is_agreed(f"Replace {names}?", default=False):
        note("nothing was written")
        click.get_current_context().exit(ExitCode.FAILED)


def _carry_out(plan: Plan, written: Sequence[FileChange]) -> str | None:
    """Store and write; where the credentials are then, if there are new ones."""
    from ttapi_onboarding import logging_in
    from ttapi_onboarding.credentials import CredentialStore
    from ttapi_onboarding.setup import write
    from ttapi_onboarding.terminal import note, one_line

    place = None
    if plan.credentials is not None:
        saved = CredentialStore.of_user().save(plan.settings.environment, plan.credentials)
        logging_in.forget_token(plan.settings)
        place = saved.place
        if saved.why_no_keyring is not None:
            note(f"warning: not in the keyring: {one_line(saved.why_no_keyring)}; only you can read the file")
    for change in written:
        write(change)
    return place


def _say(plan: Plan, written: Sequence[FileChange], place: str | None, *, as_json: bool) -> None:
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note, one_line

    if as_json:
        record = {
            "environment": plan.settings.environment.value,
            "file": str(plan.changes[-1].path),
            "written": [str(change.path) for change in written],
            "universe": plan.settings.universe,
            "credentials_stored_in": place,
            "exit_code": 0,
        }
        emit(json_text(record))
    else:
        if place is not None:
            emit(f"credentials stored in: {place}")
        for change in written:
            emit(f"written: {change.path}")
        if not written:
            emit(f"nothing to change in {plan.changes[-1].path}")
    for line in _beaten_by(plan):
        note(f"warning: {one_line(line)}")


def _beaten_by(plan: Plan) -> list[str]:
    """What keeps the answers from being what holds when `ttapi` runs here."""
    import os

    from ttapi_core.settings_sources import PROJECT_FILE, user_file
    from ttapi_onboarding.setting_values import value_of

    file, own = plan.changes[-1].path, user_file(os.environ)
    if file not in {PROJECT_FILE.resolve(), own.resolve()}:
        return [f"ttapi reads ttapi.toml of the directory that it runs in, and {own}; {file} is neither"]
    holds = options.settings_from()
    return [
        f"{name} comes from {holds.origins[name]}, which comes before {file}"
        for name in ("environment", "data_dir", "universe", "history_years")
        if name in holds.origins and value_of(holds, name) != value_of(plan.settings, name)
    ]


def _is_collecting(questions: Questions, *, collects: bool | None, yes: bool, as_json: bool) -> bool:
    import signal

    from ttapi_onboarding.signals import Interrupted

    if collects is not None or yes or as_json:
        return yes and not as_json if collects is None else collects
    try:
        return questions.is_agreed("Collect now?", default=questions.is_asking)
    except KeyboardInterrupt:
        message = "the settings are written; `ttapi collect` fills the lake"
        raise Interrupted(signal.SIGINT, message) from None


def _collect(plan: Plan, *, verbose: int, log_file: Path | None) -> None:
    """The same as `ttapi collect` with the answers as options."""
    from ttapi_onboarding.commands.collect import collect

    settings = plan.settings
    arguments = ["--environment", settings.environment.value, "--data-dir", str(settings.data_dir)]
    arguments += ["--universe", settings.universe, *(["-v"] * verbose)]
    if settings.since is None:
        arguments += ["--history-years", str(settings.history_years)]
    else:
        arguments += ["--since", settings.since.isoformat()]
    if log_file is not None:
        arguments += ["--log-file", str(log_file)]
    root = click.get_current_context().find_root()
    with collect.make_context("collect", arguments, parent=root) as context:
        collect.invoke(context)
