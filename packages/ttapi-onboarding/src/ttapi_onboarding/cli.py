# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ttapi command: the group of all commands, and what becomes of an error."""

from __future__ import annotations

import gc
import signal
import sys
from typing import TYPE_CHECKING, Final, NoReturn, cast

import click

from ttapi_onboarding import __version__, command_list
from ttapi_onboarding.signals import Interrupted, raise_on_sigterm
from ttapi_onboarding.terminal import open_closed_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Keep your market's data on your own disk, fresh and quick to query.

\b
  ttapi collect
  ttapi status
  ttapi query "select symbol, max(high) from eod_data group by symbol"

Without an account everything runs on simulated data from the built-in sandbox. Data goes to stdout,
everything else to stderr; `ttapi COMMAND --help` begins with examples.
"""

_WANTS_JSON: Final = "ttapi_onboarding.wants_json"
_LOGS: Final = "ttapi_onboarding.logs"
_FEWER_COLLECTIONS: Final = 10_000  # objects; Python's own 700 is for programs that make less at their start


class ReportingGroup(click.Group):
    """A group that ends with the exit code of an error, after saying what happened and what to try."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command's name."""
        ctx.meta[_WANTS_JSON] = "--json" in args
        try:
            return super().parse_args(ctx, args)
        except (click.UsageError, OSError) as error:
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


class WholeCommand(ReportingGroup):
    """All commands, in sections; each is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those of the list in its order, then those that were added to the group."""
        return list(dict.fromkeys([*command_list.WAYS, *super().list_commands(ctx)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; for a shell that completes, with what its parameters may be."""
        way = command_list.WAYS.get(cmd_name)
        command = super().get_command(ctx, cmd_name) if way is None else way()
        if command is not None and ctx.resilient_parsing:
            from ttapi_onboarding import completions

            return completions.equipped(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """
        The command that is named first.

        Raises
        ------
        UnknownCommand
            With those that may have been meant.
        """
        name = args[0]
        if not ctx.resilient_parsing and not name.startswith("-") and self.get_command(ctx, name) is None:
            from ttapi_onboarding.near_misses import UnknownCommand

            raise UnknownCommand(name, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the names and sentences, without importing the commands."""
        width = max(len(name) for name in command_list.WAYS)
        for section, ways in command_list.SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(f"{way.__name__:<{width}}", way.__doc__ or "") for way in ways])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command, without importing any, or an option."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=way.__doc__)
            for name, way in command_list.WAYS.items()
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=WholeCommand,
    help=HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="ttapi", message="%(prog)s %(version)s")
@click.pass_context
def ttapi(context: click.Context) -> None:
    """Greet who names no command."""
    if context.invoked_subcommand is None:
        from ttapi_onboarding.greeting import greeting

        click.echo(greeting())


def main() -> NoReturn:
    """Run the command line and end the process."""
    # Modules are never garbage: to look for some while they are imported, and again at the end, would make
    # `ttapi status` a fifth slower.
    gc.set_threshold(_FEWER_COLLECTIONS)
    open_closed_streams()
    raise_on_sigterm()
    try:
        ttapi.main(prog_name="ttapi")
    finally:
        gc.freeze()


def _end(ctx: click.Context, error: BaseException) -> NoReturn:
    """Report what ended the command and end with its exit code."""
    # Imported here because a command that goes well has no use for it.
    from ttapi_core.errors import TTError
    from ttapi_onboarding import error_report, exit_codes, terminal

    cause, as_json = _first_of_group(error), bool(ctx.meta[_WANTS_JSON])
    if isinstance(cause, OSError) and (failure := terminal.failure_of_stdout(cause)) is not None:
        if isinstance(failure, BrokenPipeError):
            ctx.exit(exit_codes.ExitCode.OK)
        # Where stdout takes no data, it takes no object that says so either.
        cause, as_json = failure, False
    match cause:
        case click.ClickException():
            report, code = error_report.of_usage(cause), exit_codes.ExitCode.USAGE
        case TTError():
            report, code = error_report.of_error(cause), exit_codes.of_error(cause)
        case _:
            report, code = error_report.of_bug(cause), exit_codes.ExitCode.FAILED
    # Where no log was begun, loguru would show it on stderr, with the values of variables.
    if _LOGS in sys.modules and not isinstance(cause, click.ClickException):
        from ttapi_onboarding import logs

        logs.log_failure(error)
    error_report.show(report, code, as_json=as_json)
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
