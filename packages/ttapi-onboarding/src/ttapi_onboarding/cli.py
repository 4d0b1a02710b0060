# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ttapi command: the group of all commands, and what becomes of an error."""

from __future__ import annotations

import signal
from typing import Final, NoReturn, cast

import click

from ttapi_onboarding import __version__, commands
from ttapi_onboarding.signals import Interrupted, raise_on_sigterm

GREETING: Final = """\
Welcome to TTAPI: your market's data on your own disk, complete, fresh and quick to query.
Without an account everything runs on simulated data. Three commands to begin with:

  ttapi collect      fill the lake, or bring it up to date
  ttapi status       how fresh each dataset is, and why
  ttapi volatility   deviation and mean of each symbol's closing prices

`ttapi --help` lists the rest."""

_WANTS_JSON: Final = "ttapi_onboarding.wants_json"


class ReportingGroup(click.Group):
    """A group that ends with the exit code of an error, after saying what happened and what to try."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command's name."""
        ctx.meta[_WANTS_JSON] = "--json" in args
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _end(ctx, error)

    def invoke(self, ctx: click.Context) -> object:
        """Parse the rest and run the command."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            _end_interrupted(ctx, Interrupted(signal.SIGINT))
        except Interrupted as interrupted:
            _end_interrupted(ctx, interrupted)
        except Exception as error:  # noqa: BLE001 - the last place to explain it
            _end(ctx, error)


@click.group(
    cls=ReportingGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="ttapi")
@click.pass_context
def ttapi(context: click.Context) -> None:
    """
    Collect your market's data into a lake of Parquet and CSV files, and query it.

    Without an account everything runs on simulated data from the built-in sandbox. Data goes to stdout,
    everything else to stderr.
    """
    if context.invoked_subcommand is None:
        click.echo(GREETING)


for command in (
    commands.collect,
    commands.status,
    commands.retry,
    commands.volatility,
    commands.summary,
    commands.query,
    commands.chart,
    commands.quote,
    commands.chain,
    commands.account,
    commands.data,
    commands.cache,
    commands.doctor,
    commands.sandbox,
):
    ttapi.add_command(command)


def main() -> NoReturn:
    """Run the command line and end the process."""
    raise_on_sigterm()
    ttapi.main(prog_name="ttapi")


def _end(ctx: click.Context, error: BaseException) -> NoReturn:
    """Report what ended the command and end with its exit code."""
    # Imported here because a command that goes well has no use for it.
    from ttapi_core.errors import TTError
    from ttapi_onboarding import error_report, exit_codes, logs

    match _first_of_group(error):
        case click.ClickException() as usage:
            report, code = error_report.of_usage(usage), exit_codes.ExitCode.USAGE
        case TTError() as known:
            logs.log_failure(error)
            report, code = error_report.of_error(known), exit_codes.of_error(known)
        case bug:
            logs.log_failure(error)
            report, code = error_report.of_bug(bug), exit_codes.ExitCode.FAILED
    error_report.show(report, code, as_json=ctx.meta[_WANTS_JSON])
    ctx.exit(code)


def _end_interrupted(ctx: click.Context, interrupted: Interrupted) -> NoReturn:
    # Imports next to nothing: what was being imported at the signal cannot be imported again.
    from ttapi_onboarding import error_report

    error_report.show_interruption(interrupted, as_json=ctx.meta[_WANTS_JSON])
    ctx.exit(interrupted.exit_code)


def _first_of_group(error: BaseException) -> BaseException:
    """The error itself, or the first one that tasks running side by side ended with."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    return _first_of_group(cast("BaseExceptionGroup[BaseException]", error).exceptions[0])
