# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi chain`: the option chain of one underlying, or its expirations."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import day_options, frame_output, options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ttapi_core.errors import TTError
    from ttapi_onboarding.error_report import ErrorReport
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request
    from ttapi_platform.live_chains import ListedSeries, QuotedSeries
    from ttapi_platform.runtime import Platform
    from ttapi_platform.service import Connection

STRIKES_ON_A_TERMINAL: Final = 20

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Show the option chain of SYMBOL as it is now.

\b
  ttapi chain SPY
  ttapi chain SPY --nearest
  ttapi chain SPY --nearest --greeks
  ttapi chain AAPL --expiration 2026-12-18 --csv

Without an expiration it lists the expirations. With one it shows the strikes, call and put side by side, and
below them the volatility at the money and the 25-delta skew.

Volatility and greeks are computed here, not the service's: from the mids, the underlying's mark, calendar
days over 365 and a rate of 0, without dividends, as if options were European. They are those of one share:
theta for a day, vega for a percentage point. Volatility is a fraction in --json and --csv, which have all
greeks, and in percent in the table.

\b
Exit codes: 0 done, 1 no such options, 2 misused, 3 some options without a quote, 4 not logged in,
5 wrong settings, 6 service unavailable.
"""


def one_symbol(context: click.Context, parameter: click.Parameter, text: str) -> str:
    """
    A symbol in the service's spelling.

    Raises
    ------
    BadParameter
        For a text that cannot be a symbol, or that holds several.
    """
    symbols = options.split_symbols(context, parameter, (text,))
    if len(symbols) != 1:
        raise click.BadParameter("one symbol at a time")
    return symbols[0]


@click.command(help=HELP, short_help="Show the option chain of one symbol as it is now.")
@click.argument("symbol", callback=one_symbol)
@click.option(
    "--expiration",
    callback=day_options.parse_day,
    metavar="DATE",
    help="The strikes of this expiration, YYYY-MM-DD.",
)
@click.option("--nearest", is_flag=True, help="The strikes of the first expiration after today.")
@click.option(
    "--strikes",
    "most_strikes",
    type=click.IntRange(min=1),
    help="Strikes of the table, around the underlying's price."
    f" [default: {STRIKES_ON_A_TERMINAL} on a terminal, else all]",
)
@click.option("--greeks", is_flag=True, help="Gamma, theta and vega in the table, in place of bid and ask.")
@frame_output.for_frames
def chain(
    request: Request,
    output: Output,
    *,
    symbol: str,
    expiration: date | None,
    nearest: bool,
    most_strikes: int | None,
    greeks: bool,
) -> None:
    """Ask for a chain and show it."""
    if expiration is not None and nearest:
        raise click.UsageError("--expiration and --nearest exclude each other.")
    from ttapi_core.errors import DataError
    from ttapi_onboarding import asking, collecting
    from ttapi_platform.live_chains import listed_series, quoted_series

    platform = collecting.source_said(request)

    async def question(
        connection: Connection,
    ) -> tuple[Sequence[ListedSeries], list[QuotedSeries], dict[str, TTError]]:
        listed = await listed_series(connection, symbol)
        if not listed or not (nearest or expiration):
            return listed, [], {}
        chosen = _chosen(listed, expiration)
        return listed, *await quoted_series(connection.client, symbol, chosen)

    listed, chains, errors = asking.ask(request, platform, question)
    if not listed:
        raise DataError(f"the service lists no options of {symbol}", hint=_hint(platform, symbol))
    if not chains:
        _show_expirations(output, platform, symbol, listed)
        return
    quoted = sum(2 * len(each.listed.series.strikes) for each in chains) + 1 - len(errors)
    code = asking.exit_code_for(range(quoted), errors)
    reports = asking.reports_of(errors)
    if request.as_json:
        _emit_record(platform, symbol, chains, reports, code)
    elif output.as_csv:
        _emit_csv(chains)
    else:
        _show_chains(chains, most_strikes, with_greeks=greeks)
    _say_missing(reports, symbol)
    click.get_current_context().exit(code)


def _chosen(listed: Sequence[ListedSeries], day: date | None) -> list[ListedSeries]:
    """The series that expire on a day, or on the first one after today."""
    from ttapi_core.errors import DataError
    from ttapi_onboarding.chain_report import near_dates

    underlying = listed[0].series.underlying
    if day is None:
        day = next((each.series.expiration_date for each in listed if each.days > 0), None)
        if day is None:
            raise DataError(f"all options of {underlying} that are listed expire today")
    chosen = [each for each in listed if each.series.expiration_date == day]
    if not chosen:
        near = " and ".join(map(str, near_dates(day, [each.series.expiration_date for each in listed])))
        raise DataError(
            f"no options of {underlying} expire on {day}",
            hint=f"next to it are {near}; `ttapi chain {underlying}` lists all",
        )
    return chosen


def _hint(platform: Platform, symbol: str) -> str:
    from ttapi_platform.near_symbols import near_hints

    hints = near_hints(platform.lake, [symbol])
    return hints.get(symbol, "not every symbol has options; check the spelling")


def _show_expirations(
    output: Output, platform: Platform, symbol: str, listed: Sequence[ListedSeries]
) -> None:
    from ttapi_onboarding import chain_report
    from ttapi_onboarding.render import frame_json, json_text
    from ttapi_onboarding.terminal import emit, note

    frame = chain_report.expirations_frame(listed)
    if output.as_json:
        record = {**_origin(platform, symbol), "expirations": frame_json(frame), "exit_code": 0}
        emit(json_text(record))
    elif output.as_csv:
        emit(frame_output.csv_text(frame).rstrip("\n"))
    else:
        emit(chain_report.expirations_table(frame))
        note(f"hint: `ttapi chain {symbol} --nearest` shows strikes, --expiration DATE those of another day")


def _emit_record(
    platform: Platform,
    symbol: str,
    chains: Sequence[QuotedSeries],
    reports: dict[str, ErrorReport],
    code: int,
) -> None:
    from ttapi_onboarding import chain_report
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    record = {
        **_origin(platform, symbol),
        "underlying_price": chains[0].underlying_price,
        "greeks": chain_report.GREEKS,
        "series": [chain_report.chain_record(each) for each in chains],
        "errors": reports,
        "exit_code": int(code),
    }
    emit(json_text(record))


def _emit_csv(chains: Sequence[QuotedSeries]) -> None:
    from ttapi_onboarding import chain_report
    from ttapi_onboarding.terminal import emit

    emit(frame_output.csv_text(chain_report.chain_rows(chains)).rstrip("\n"))


def _show_chains(chains: Sequence[QuotedSeries], most_strikes: int | None, *, with_greeks: bool) -> None:
    from ttapi_onboarding import chain_report
    from ttapi_onboarding.terminal import emit, is_terminal, note

    if most_strikes is None and is_terminal(sys.stdout):
        most_strikes = STRIKES_ON_A_TERMINAL
    emit(
        "\n\n".join(
            chain_report.chain_text(each, most_strikes=most_strikes, with_greeks=with_greeks)
            for each in chains
        )
    )
    there = max(len(each.listed.series.strikes) for each in chains)
    if most_strikes is not None and most_strikes < there:
        note(f"{most_strikes:,} of {there:,} strikes; --strikes {there} shows all, --csv and --json too")


def _say_missing(reports: dict[str, ErrorReport], symbol: str) -> None:
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.terminal import note

    if symbol in reports:
        note(f"error: no volatilities without a price of {symbol}: {reports[symbol]['message']}")
    if options_missing := len(reports.keys() - {symbol}):
        note(
            f"error: {counted(options_missing, 'option')} without a quote: --json lists them with the reason"
        )


def _origin(platform: Platform, symbol: str) -> dict[str, object]:
    return {
        "environment": platform.settings.environment.value,
        "source": platform.source,
        "symbol": symbol,
    }
