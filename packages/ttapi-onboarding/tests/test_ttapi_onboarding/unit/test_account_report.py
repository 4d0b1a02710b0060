# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of accounts as tables and as JSON values, and of what they show of a number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ttapi_core.testing import make_account, make_balance, make_position, make_quote
from ttapi_onboarding import account_report
from ttapi_onboarding.render import json_text
from ttapi_platform.holdings import HeldAccount, Holding

NUMBER = "5WX01234"


def held(*, positions: bool = True) -> HeldAccount:
    """An account with a short position of ten shares."""
    position = make_position(NUMBER, quantity="-10")
    return HeldAccount(
        account=make_account(NUMBER),
        balances=[make_balance(NUMBER)],
        holdings=[Holding(position, make_quote(last="201.25"))] if positions else [],
    )


def test_balances_stand_above_positions() -> None:
    """The value of a short position is negative; it has lost a dollar a share on the day."""
    lines = account_report.accounts_text([held()], full=False).splitlines()
    assert lines[1].split() == [
        *("****1234", "Individual", "Individual", "USD", "25,000.50", "25,000.50", "50,001.00", "25,000.50"),
        *("2026-07-01", "20:00:00"),
    ]
    assert lines[-1].split() == [
        *("****1234", "AAPL", "-10", "180.25", "201.25", "-2,012.50", "-10.00", "-210.00")
    ]


def test_an_account_without_positions_says_so() -> None:
    """Instead of a table of nothing."""
    assert account_report.accounts_text([held(positions=False)], full=False).endswith("no positions")


@pytest.mark.parametrize("full", [False, True])
def test_a_number_is_shown_only_where_it_is_wanted(full: bool) -> None:
    """In the tables and in JSON alike."""
    texts = (
        account_report.accounts_text([held()], full=full),
        json_text(account_report.account_record(held(), full=full)),
    )
    assert all((NUMBER in text) is full for text in texts)
    assert all(("****1234" in text) is not full for text in texts)


@pytest.mark.parametrize(("number", "shown"), [("1234", "****"), ("", ""), ("12345", "*2345")])
def test_a_number_of_four_characters_or_fewer_shows_nothing(number: str, shown: str) -> None:
    """Its last four would be all of it."""
    assert account_report.masked(number) == shown


def test_json_has_numbers_and_nulls() -> None:
    """What follows from a missing price is null."""
    account = held()
    position = replace(account.holdings[0].position, average_open_price=None, quantity=Decimal("0.5"))
    record = account_report.account_record(
        replaced := HeldAccount(
            account=account.account, balances=account.balances, holdings=[Holding(position, None)]
        ),
        full=False,
    )
    assert replaced.holdings[0].mark_price is None
    positions = record["positions"]
    assert isinstance(positions, list)
    assert positions[0]["quantity"] == 0.5
    assert positions[0]["total_profit"] is None
    balances = record["balances"]
    assert isinstance(balances, list)
    assert balances[0]["cash_balance"] == 25000.5


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (None, ["5WX01234", "5WX05678"]),
        ("5wx01234", ["5WX01234"]),
        ("5678", ["5WX05678"]),
        ("678", []),
        ("9999", []),
    ],
)
def test_an_account_is_found_by_its_number_or_its_last_four(number: str | None, found: list[str]) -> None:
    """A closed one never is."""
    accounts = [
        make_account("5WX01234"),
        make_account("5WX05678"),
        replace(make_account("5WX09999"), is_closed=True),
    ]
    assert [each.account_number for each in account_report.matching(accounts, number)] == found
