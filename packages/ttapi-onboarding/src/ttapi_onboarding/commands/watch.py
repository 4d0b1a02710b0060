# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi watch`: a full-screen table of live quotes, or a line for each change where there is no screen."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from ttapi_core.errors import TTError
    from ttapi_core.settings import Settings
    from ttapi_onboarding.error_report import ErrorReport
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.options import Request
    from ttapi_onboarding.watching.run import Plan
    from ttapi_platform.runtime import Platform
    from ttapi_platform.service import Connection

_SCREEN_INTERVAL: Final = timedelta(seconds=0.25)
_LINES_INTERVAL: Final = timedelta(seconds=1)
_SHORTEST_INTERVAL: Final = timedelta(seconds=0.1)
_LONGEST_INTERVAL: Final = timedelta(hours=1)
# A sandbox that this very command has started does not come back.
_LONGEST_LOSS_OF_OWN: Final = timedelta(seconds=10)

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Watch the quotes of each SYMBOL as they change.

\b
  ttapi watch SPY AAPL BRK/B SPX
  ttapi watch /ESZ6 BTC/USD --for 30s --json | jq 'select(.last) | .last'

On a terminal a table on the whole screen: bid, ask, last price and its change from the previous close, the
day's low, high and volume, the trend of the last two minutes, and how long ago anything came. Arrows and page
keys scroll, q ends. A narrow window has fewer columns. When the connection is lost, the rows are marked
stale until it is back.

Elsewhere, and with --json, a line for each symbol that has changed; at the beginning one for each. The last
line of --json has the exit code.

\b
Exit codes: 0 done, 1 no quote at all, 2 misused, 3 some symbols without a quote, 4 not logged in,
5 wrong settings, 6 service unavailable or lost for too long.
"""


def _span(context: click.Context, parameter: click.Parameter, text: str | None) -> timedelta | None:
    if text is None:
        return None
    from ttapi_core.settings_sources import parse_duration

    try:
        span = parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not {error}.", ctx=context, param=parameter) from None
    if not span:
        raise click.BadParameter("it must be longer than nothing.", ctx=context, param=parameter)
    return span


def _interval(context: click.Context, parameter: click.Parameter, text: str | None) -> timedelta | None:
    span = _span(context, parameter, text)
    if span is not None and not _SHORTEST_INTERVAL <= span <= _LONGEST_INTERVAL:
        raise click.BadParameter("it is 0.1s at the least and 1h at the most.", ctx=context, param=parameter)
    return span


@click.command(help=HELP, short_help="Watch the quotes of each symbol as they change.")
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...", callback=options.split_symbols)
@click.option(
    "--interval",
    callback=_interval,
    metavar="SPAN",
    help="Between two frames, or two lines of one symbol. [default: 0.25s, 1s for lines]",
)
@click.option("--for", "duration", callback=_span, metavar="SPAN", help="End after 10s, 5m or 1h.")
@click.option(
    "--give-up",
    "longest_loss",
    callback=_span,
    metavar="SPAN",
    help="How long a lost connection is tried again. [default: 10m; 10s for a sandbox of its own]",
)
@options.for_a_lake
def watch(
    request: Request,
    *,
    symbols: tuple[str, ...],
    interval: timedelta | None,
    duration: timedelta | None,
    longest_loss: timedelta | None,
) -> None:
    """Watch quotes."""
    from ttapi_onboarding import asking, collecting
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.watching import lines
    from ttapi_onboarding.watching.run import Plan
    from ttapi_platform.live_quotes import LONGEST_LOSS

    has_screen = _has_screen(request)
    with _ended_in_a_line(request):
        platform = collecting.source_said(request)
        settings = platform.settings
        is_own = settings.environment.is_local and settings.api_url is None
        plan = Plan(
            interval=interval or (_SCREEN_INTERVAL if has_screen else _LINES_INTERVAL),
            duration=duration,
            longest_loss=longest_loss or (_LONGEST_LOSS_OF_OWN if is_own else LONGEST_LOSS),
            source=_source_words(settings),
            environment=settings.environment.value,
        )
        try:
            code = asking.ask(
                request,
                platform,
                lambda connection: _watch(
                    request, platform, connection, symbols, plan, has_screen=has_screen
                ),
            )
        except lines.ReaderGone:
            code = ExitCode.OK
    click.get_current_context().exit(code)


async def _watch(
    request: Request,
    platform: Platform,
    connection: Connection,
    symbols: Sequence[str],
    plan: Plan,
    *,
    has_screen: bool,
) -> ExitCode:
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding import asking
    from ttapi_onboarding.watching import run

    clock = SystemClock()
    watched = await run.begin(connection.client, symbols, plan, clock)
    code = asking.exit_code_for(watched.board.rows, watched.errors)
    reports = _reports(platform, watched.errors)
    asking.say_errors(reports)
    if watched.board.rows and has_screen:
        await run.on_screen(watched, plan, [_words(report) for report in reports.values()], clock)
    elif watched.board.rows:
        await run.in_lines(watched, plan, clock, as_json=request.as_json)
    if request.as_json:
        _end({"type": "end", "errors": reports, "exit_code": int(code)})
    return code


def _reports(platform: Platform, errors: Mapping[str, TTError]) -> dict[str, ErrorReport]:
    from ttapi_core.errors import UnknownSymbolError
    from ttapi_onboarding import quote_report
    from ttapi_platform.near_symbols import near_hints

    unknown = [symbol for symbol, error in errors.items() if isinstance(error, UnknownSymbolError)]
    return quote_report.unanswered(errors, near_hints(platform.lake, unknown))


def _words(report: ErrorReport) -> str:
    hint = report["hint"]
    return report["message"] if hint is None else f"{report['message']}: {hint}"


def _has_screen(request: Request) -> bool:
    from ttapi_onboarding.terminal import is_terminal

    # Log records would be written all over the table.
    is_verbose = click.get_current_context().params["verbose"] and sys.stderr.isatty()
    return is_terminal(sys.stdout) and sys.platform != "win32" and not request.as_json and not is_verbose


def _source_words(settings: Settings) -> str:
    """Short, for the first line of the screen: nobody may take simulated prices for real ones."""
    match settings.environment.value:
        case "sandbox":
            return "SIMULATED by the sandbox: no real prices"
        case "replay":
            return "REPLAYED from a recording: no live prices"
        case "certification":
            return "CERTIFICATION service: test data"
        case _:
            return "LIVE from the service"


@contextmanager
def _ended_in_a_line(request: Request) -> Generator[None]:
    """With ``--json`` also an error is one line, as all before it were."""
    if not request.as_json:
        yield
        return
    from ttapi_core.errors import TTError
    from ttapi_onboarding import error_report, exit_codes, logs
    from ttapi_onboarding.signals import Interrupted
    from ttapi_onboarding.watching import lines
    from ttapi_onboarding.watching.run import PATIENCE_SECONDS

    try:
        yield
    except TTError as error:
        logs.log_failure(error)
        report, code = error_report.of_error(error), int(exit_codes.of_error(error))
    except Interrupted as interrupted:
        report = error_report.ErrorReport(
            code=error_report.INTERRUPTED_CODE, message=interrupted.message, hint=None, request_id=None
        )
        code = interrupted.exit_code
    else:
        return
    # Who takes nothing keeps no command from ending.
    if lines.is_taken(PATIENCE_SECONDS):
        _end({"type": "end", "error": report, "exit_code": code})
    click.get_current_context().exit(code)


def _end(record: Mapping[str, object]) -> None:
    from ttapi_onboarding.terminal import emit
    from ttapi_onboarding.watching.lines import json_line

    emit(json_line(record))
