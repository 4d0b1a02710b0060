# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The builders for anyone's tests, and through them the values: frozen, comparable, picklable."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ttapi_core import testing
from ttapi_core.symbols import OptionSymbol

if TYPE_CHECKING:
    from collections.abc import Callable

BUILDERS: list[Callable[[], Any]] = [
    testing.make_account,
    testing.make_balance,
    testing.make_equity,
    testing.make_expiration_series,
    testing.make_one_sided_quote,
    testing.make_position,
    testing.make_quote,
]
every_value = pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)


def test_every_builder_is_tested_here() -> None:
    """A new builder joins the list, or this fails."""
    assert {build.__name__ for build in BUILDERS} == {
        name for name in vars(testing) if name.startswith("make_")
    }


@every_value
def test_values_compare_by_content(build: Callable[[], Any]) -> None:
    """Built twice they are equal and one key; with another field they differ."""
    value = build()
    assert value == build()
    assert len({value, build()}) == 1
    for field in fields(value):
        assert replace(value, **{field.name: object()}) != value


@every_value
def test_values_never_change(build: Callable[[], Any]) -> None:
    """No field can be set, none can be added."""
    value = build()
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")
    assert not hasattr(value, "__dict__")


@every_value
def test_values_survive_pickling(build: Callable[[], Any]) -> None:
    """They travel to worker processes."""
    assert pickle.loads(pickle.dumps(build())) == build()  # noqa: S301 - our own bytes


@every_value
def test_instants_are_aware_and_in_utc(build: Callable[[], Any]) -> None:
    """No builder teaches a test to forget the zone."""
    value = build()
    contents = [getattr(value, field.name) for field in fields(value)]
    assert all(each.tzinfo is UTC for each in contents if isinstance(each, datetime))


def test_a_quote_is_built_around_its_last_price() -> None:
    """Exact decimals, two cents wide."""
    quote = testing.make_quote("SPY", last="0.10", event_at=datetime(2026, 7, 2, 14, 0, tzinfo=UTC))
    assert (quote.symbol, quote.bid, quote.ask) == ("SPY", Decimal("0.09"), Decimal("0.11"))
    assert quote.summary_date == date(2026, 7, 2)


def test_nobody_bids_in_a_one_sided_quote() -> None:
    """A side that is absent is None, never zero."""
    quote = testing.make_one_sided_quote("SPY")
    assert (quote.symbol, quote.bid, quote.bid_size, quote.mid, quote.volume) == (
        "SPY",
        None,
        None,
        None,
        None,
    )
    assert quote.ask is not None


def test_fields_that_can_be_set_are_set() -> None:
    """The parameters of the other builders."""
    etf = testing.make_equity("SPY", is_etf=True, active=False)
    assert (etf.symbol, etf.streamer_symbol, etf.is_etf, etf.active) == ("SPY", "SPY", True, False)
    assert testing.make_account("SBX9").account_number == "SBX9"
    balance = testing.make_balance("SBX9", cash="10.00")
    assert (balance.account_number, balance.equity_buying_power) == ("SBX9", Decimal(20))
    position = testing.make_position("SBX9", symbol="SPY", quantity="-3")
    assert (position.symbol, position.underlying_symbol, position.quantity) == ("SPY", "SPY", Decimal(-3))


def test_a_series_has_option_symbols_that_parse() -> None:
    """The exchange's spelling of each call and put names its strike and day; no strikes are allowed too."""
    series = testing.make_expiration_series("SPY", expiration_date=date(2027, 1, 15), strikes=["2.5", "300"])
    assert [each.strike for each in series.strikes] == [Decimal("2.5"), Decimal(300)]
    for each in series.strikes:
        call, put = OptionSymbol.parse(each.call), OptionSymbol.parse(each.put)
        assert (call.option_type, put.option_type) == ("C", "P")
        for option in (call, put):
            assert (option.root, option.expiration_date) == ("SPY", series.expiration_date)
            assert option.strike == each.strike
    assert testing.make_expiration_series(strikes=[]).strikes == ()


def test_account_numbers_do_not_print() -> None:
    """Whatever holds one can be logged without showing it (R27)."""
    number = "5WX-CANARY"
    held = (testing.make_account(number), testing.make_balance(number), testing.make_position(number))
    assert all(each.account_number == number for each in held)
    assert number not in repr(held)
