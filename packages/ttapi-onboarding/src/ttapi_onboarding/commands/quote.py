# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi quote`: what the market says of some symbols now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import frame_output, options

if TYPE_CHECKING:
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Show the quote of each SYMBOL as it is now.

\b
  ttapi quote AAPL BRK/B SPX
  ttapi quote "AAPL  261218C00200000" /ESZ6 BTC/USD --json

Bid, ask, mid and last price; the change from the previous close to the last price in percent; the volume of
the day; and the time that the service stamped it with. Shares, funds, indexes, options by their 21
characters, futures and cryptocurrencies may be mixed. The service is asked now, and nothing is stored.

\b
Exit codes: 0 done, 1 no quote at all, 2 misused, 3 some symbols without a quote, 4 not logged in,
5 wrong settings, 6 service unavailable.
"""


@click.command(help=HELP, short_help="Show the quote of each symbol as it is now.")
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...", callback=options.split_symbols)
@frame_output.for_frames
def quote(request: Request, output: Output, *, symbols: tuple[str, ...]) -> None:
    """Ask for quotes and show them."""
    from ttapi_core.errors import UnknownSymbolError
    from ttapi_core.outcome import Err, Ok
    from ttapi_onboarding import asking, collecting, quote_report
    from ttapi_onboarding.render import frame_json, json_text
    from ttapi_onboarding.terminal import emit
    from ttapi_platform.near_symbols import near_hints
    from ttapi_platform.quote_lookup import quotes_of

    platform = collecting.source_said(request)
    outcomes = asking.ask(request, platform, lambda connection: quotes_of(connection.client, symbols))
    quotes = [outcome.value for outcome in outcomes.values() if isinstance(outcome, Ok)]
    errors = {symbol: outcome.error for symbol, outcome in outcomes.items() if isinstance(outcome, Err)}
    code = asking.exit_code_for(quotes, errors)
    unknown = [symbol for symbol, error in errors.items() if isinstance(error, UnknownSymbolError)]
    reports = quote_report.unanswered(errors, near_hints(platform.lake, unknown))
    if request.as_json:
        record = {
            "environment": platform.settings.environment.value,
            "source": platform.source,
            "quotes": frame_json(quote_report.quote_rows(quotes)),
            "errors": reports,
            "exit_code": int(code),
        }
        emit(json_text(record))
    elif output.as_csv:
        emit(frame_output.csv_text(quote_report.quote_rows(quotes)).rstrip("\n"))
    elif quotes:
        emit(quote_report.quotes_table(quotes))
    asking.say_errors(reports)
    click.get_current_context().exit(code)
