# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi report`: the lake as one HTML page to look at, which opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options
from ttapi_onboarding.output_files import outside_lakes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_onboarding.options import Request
    from ttapi_onboarding.report.contents import Contents, Market
    from ttapi_onboarding.report.gathering import Live
    from ttapi_platform.runtime import Platform

STDOUT: Final = "-"
DEFAULT_OUTPUT: Final = "ttapi-report.html"
_EXTRA: Final = 'pip install "ttapi-onboarding[report]"'
_LIBRARIES: Final = ("altair", "jinja2", "vl_convert")
_FEWEST_DAYS: Final = 20
_MOST_DAYS: Final = 20_000


@click.command()
@click.argument("symbols", nargs=-1, callback=options.split_symbols, metavar="[SYMBOL]...")
@click.option(
    "--output",
    "-o",
    default=DEFAULT_OUTPUT,
    show_default=True,
    metavar="FILE",
    help="The page; - for stdout.",
)
@click.option("--open/--no-open", "opens", default=False, help="Show it in the browser. [default: no-open]")
@click.option(
    "--days",
    type=click.IntRange(_FEWEST_DAYS, _MOST_DAYS),
    default=250,
    show_default=True,
    help="Trading days in a symbol's charts.",
)
@click.option("--live", is_flag=True, help="Ask the service for options: for the term structure.")
@options.for_a_lake
def report(
    request: Request, *, symbols: tuple[str, ...], output: str, opens: bool, days: int, live: bool
) -> None:
    """
    Write the lake as one HTML page.

    \b
    ttapi report --open
    ttapi report AAPL BRK/B --days 500 --output aapl.html
    ttapi report SPY --live

    How healthy the data is; the market on a volatility map, movers and groups; and of each SYMBOL candles,
    realised against implied volatility, the volatility cone and its options. Without a SYMBOL, of SPY and
    what is traded most. The page holds all it needs and asks nobody for anything; neither does the command
    without --live. Accounts are left out of it.
    """  # noqa: D301 - click reads the character as "do not wrap"
    if output == STDOUT and (request.as_json or opens):
        raise click.UsageError("--output - excludes --json and --open.")
    _require_extra()
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding import collecting
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.report import gathering
    from ttapi_onboarding.report.contents import Absent
    from ttapi_onboarding.report.page import page_of

    clock = SystemClock()
    started = clock.monotonic()
    platform = collecting.source_said(request) if live else request.platform()
    data_dir = platform.settings.data_dir
    target = None if output == STDOUT else outside_lakes(Path(output).expanduser(), data_dir)
    market = gathering.market_of(platform.lake)
    if isinstance(market, Absent):
        chosen: Sequence[str] = ()
        answers = None
    else:
        chosen = gathering.chosen_symbols(market, symbols)
        answers = _asked(request, platform, market, chosen) if live else None
    contents = gathering.gather(
        platform,
        now=clock.now(),
        origin=_origin(request, platform),
        market=market,
        symbols=chosen,
        days=days,
        live=answers,
    )
    page = page_of(contents)
    _write(page, target)
    code = ExitCode.PARTIAL if answers is not None and answers.errors else ExitCode.OK
    seconds = clock.monotonic() - started
    _say(
        request, platform, contents, target, size=len(page.encode()), seconds=seconds, code=code, live=answers
    )
    if opens and target is not None:
        click.launch(target.as_uri())
    click.get_current_context().exit(code)


def _require_extra() -> None:
    from importlib.util import find_spec

    from ttapi_core.errors import ConfigError

    if lacking := [library for library in _LIBRARIES if find_spec(library) is None]:
        problem = f"a report needs {', '.join(lacking)}, which is not installed"
        raise ConfigError([problem], hint=f"`{_EXTRA}` brings it")


def _origin(request: Request, platform: Platform) -> str:
    """Where the data comes from, without a path of this machine and without what to try."""
    from ttapi_core.settings import Environment
    from ttapi_onboarding.run_report import notice

    if platform.settings.environment is Environment.REPLAY:
        return "Replayed data: a recording, served as if it were the service."
    return notice(platform.settings, request.replay).partition(" To connect")[0]


def _asked(request: Request, platform: Platform, market: Market, symbols: Sequence[str]) -> Live:
    from ttapi_onboarding import asking
    from ttapi_onboarding.report.gathering import asked

    closes: Mapping[str, float] = dict(market.overview.select("symbol", "close").iter_rows())
    prices = {symbol: closes[symbol] for symbol in symbols if symbol in closes}
    return asking.ask(request, platform, lambda connection: asked(connection, prices))


def _write(page: str, target: Path | None) -> None:
    from ttapi_onboarding.terminal import emit
    from ttapi_platform.atomic_files import write_text_atomically

    if target is None:
        emit(page)
    else:
        write_text_atomically(target, page)


def _say(
    request: Request,
    platform: Platform,
    contents: Contents,
    target: Path | None,
    *,
    size: int,
    seconds: float,
    code: int,
    live: Live | None,
) -> None:
    from ttapi_onboarding import asking
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.report.contents import Absent
    from ttapi_onboarding.report.gathering import short_text
    from ttapi_onboarding.terminal import emit, note

    reports = asking.reports_of({} if live is None else live.errors)
    market = contents.market
    count = 0 if isinstance(market, Absent) else market.current.height
    chosen = [part.symbol for part in contents.symbols]
    if request.as_json:
        record = {
            "environment": contents.environment,
            "source": platform.source,
            "lake": str(platform.lake.root),
            "output": str(target),
            "bytes": size,
            "seconds": round(seconds, 3),
            "symbols": count,
            "chosen": chosen,
            "errors": reports,
            "exit_code": int(code),
        }
        emit(json_text(record))
        return
    asking.say_errors(reports)
    if target is not None:
        emit(str(target))
    in_depth = ", ".join(map(short_text, chosen)) or "none"
    note(f"{size / 1e6:.2f} MB in {seconds:.1f} s: {counted(count, 'symbol')}, {in_depth} in depth")
    if isinstance(market, Absent):
        note("hint: there is little to report without candles; `ttapi collect` gets them")
