# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi account`: what each account holds, is worth and has gained now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.accounts import Account
    from ttapi_core.errors import TTError
    from ttapi_onboarding.options import Request
    from ttapi_platform.holdings import HeldAccount
    from ttapi_platform.service import Connection

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Show balances and positions of each account as they are now.

\b
  ttapi account
  ttapi account 0001 --json

NUMBER is an account's number or its last four characters; without it, all open accounts are shown. Numbers
are masked but for those four, in --json too, unless --full is given.

The day's profit is against the previous close, or against the opening price of a position that was opened on
the day; the total profit is against the average opening price. What was sold before is in neither. Looking is
all this does: no order can be sent.

\b
Exit codes: 0 done, 1 no such account, 2 misused, 3 some accounts did not come, 4 not logged in,
5 wrong settings, 6 service unavailable.
"""


@click.command(help=HELP, short_help="Show balances and positions of each account.")
@click.argument("number", required=False)
@click.option("--full", is_flag=True, help="Account numbers as they are.")
@options.for_a_lake
def account(request: Request, *, number: str | None, full: bool) -> None:
    """Ask for accounts and show them."""
    from ttapi_core.errors import DataError
    from ttapi_onboarding import account_report, asking, collecting, error_report
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit
    from ttapi_platform.holdings import held_accounts

    platform = collecting.source_said(request)

    async def question(
        connection: Connection,
    ) -> tuple[Sequence[Account], list[HeldAccount], dict[str, TTError]]:
        listed = await connection.client.accounts.list()
        return listed, *await held_accounts(connection.client, account_report.matching(listed, number))

    listed, accounts, errors = asking.ask(request, platform, question)
    if not accounts and not errors:
        names = [
            account_report.masked(each.account_number, full=full)
            for each in account_report.matching(listed, None)
        ]
        which = "" if number is None else f" of number {account_report.masked(number, full=full)}"
        hint = f"there are {', '.join(names)}" if names else None
        raise DataError(f"there is no open account{which}", hint=hint)
    code = asking.exit_code_for(accounts, errors)
    reports = {
        account_report.masked(name, full=full): error_report.of_error(error) for name, error in errors.items()
    }
    if request.as_json:
        record = {
            "environment": platform.settings.environment.value,
            "source": platform.source,
            "accounts": [account_report.account_record(each, full=full) for each in accounts],
            "errors": reports,
            "exit_code": int(code),
        }
        emit(json_text(record))
    elif accounts:
        emit(account_report.accounts_text(accounts, full=full))
    asking.say_errors(reports)
    click.get_current_context().exit(code)
