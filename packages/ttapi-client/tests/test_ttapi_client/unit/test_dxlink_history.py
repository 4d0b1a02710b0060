# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The small parts of the candle feed: the budget of changes, the hand-over, the plan's pace, the policy."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.dxlink_stub import DAY_MS, NEWEST_MS, candle, compact, empty_snapshot, snapshot
from ttapi_client.dxlink import CandleColumns, FeedPolicy, FeedStatistics, QuoteToken
from ttapi_client.dxlink.change_budget import ChangeBudget
from ttapi_client.dxlink.events import Contract
from ttapi_client.dxlink.handoff import Handoff
from ttapi_client.dxlink.history import CandleHistory
from ttapi_core.candles import DAILY
from ttapi_core.errors import DecodeError
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from ttapi_client.dxlink import CandleOutcome


def plan(
    symbols: list[str], *, since: date | dict[str, date] = date(1970, 1, 2), **figures: int
) -> CandleHistory:
    """A plan for daily candles whose HISTORY channel is open."""
    history = CandleHistory(
        symbols,
        since=since,
        interval=DAILY,
        regular_hours_only=True,
        policy=FeedPolicy(**figures),
        statistics=FeedStatistics(),
    )
    history.connected()
    history.opened(Contract.HISTORY)
    return history


def asked(history: CandleHistory, now: float) -> list[str]:
    """The symbols that are asked for now."""
    return [str(subscription["symbol"]) for change in history.changes(now) for subscription in change.add]


def finish(history: CandleHistory, symbol: str) -> None:
    """Let one symbol end."""
    history.received(Contract.HISTORY, compact(snapshot(symbol, 1)), 0.0)


def test_a_quote_token_does_not_show_its_secret() -> None:
    """In no repr."""
    token = QuoteToken(token=Secret("dx"), dxlink_url="wss://x", expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "dx'" not in repr(token)


@pytest.mark.parametrize(
    "figures", [{"window": 0}, {"window": 101}, {"symbol_timeout_seconds": 0}, {"connection_tries": 0}]
)
def test_a_policy_that_cannot_work_is_refused(figures: dict[str, Any]) -> None:
    """The service's limit of 100 candle subscriptions among them."""
    with pytest.raises(ValueError, match=next(iter(figures))):
        FeedPolicy(**figures)


def test_the_budget_slides_with_the_minute() -> None:
    """What was spent a minute ago is free again, piece by piece."""
    budget = ChangeBudget(10)
    budget.spend(0, 0.0)
    budget.spend(6, 1.0)
    budget.spend(4, 30.0)
    assert budget.left(60.9) == 0
    assert budget.left(61.0) == 6
    assert budget.left(90.0) == 10


def test_the_plan_waits_until_a_quarter_of_the_window_is_free() -> None:
    """So that messages stay few."""
    history = plan([f"S{number}" for number in range(12)], window=8)
    assert len(asked(history, 0.0)) == 8
    finish(history, "S0{=d,tho=true}")
    assert asked(history, 0.0) == []
    finish(history, "S1{=d,tho=true}")
    (change,) = history.changes(0.0)
    assert [subscription["symbol"] for subscription in change.remove] == [
        "S0{=d,tho=true}",
        "S1{=d,tho=true}",
    ]
    assert [subscription["symbol"] for subscription in change.add] == ["S8{=d,tho=true}", "S9{=d,tho=true}"]
    assert all(subscription["fromTime"] == 86_400_000 for subscription in change.add)


def test_each_symbol_is_asked_for_from_its_own_day_and_cut_there() -> None:
    """In what begins, on a second connection too, in what ends, and of the rows that come."""
    history = plan(["A", "B"], since={"A": date(2026, 6, 14), "B": date(2026, 6, 13)})
    own_days = {"A{=d,tho=true}": NEWEST_MS - DAY_MS, "B{=d,tho=true}": NEWEST_MS - 2 * DAY_MS}
    (first,) = history.changes(0.0)
    history.connected()
    history.opened(Contract.HISTORY)
    (again,) = history.changes(1.0)
    lengths: dict[str, int] = {}
    for symbol in own_days:
        ((name, outcome),) = history.received(Contract.HISTORY, compact(snapshot(symbol, 4)), 1.0)
        assert isinstance(outcome, Ok)
        lengths[name] = len(outcome.value)
    (last,) = history.changes(1.0)
    for items in (first.add, again.add, last.remove):
        assert {item["symbol"]: item["fromTime"] for item in items} == own_days
    assert lengths == {"A": 2, "B": 3}


def test_a_symbol_without_a_day_of_its_own_is_refused() -> None:
    """Rather than asked for from a day of ours; days of others are no trouble."""
    with pytest.raises(ValueError, match="no first day for 'B'"):
        plan(["A", "B"], since={"A": date(1970, 1, 3)})
    assert len(plan(["A"], since={"A": date(1970, 1, 3), "C": date(1970, 1, 2)})) == 1


def test_the_plan_keeps_to_the_changes_allowed_in_a_minute() -> None:
    """Each symbol costs two: in and out."""
    history = plan([f"S{number}" for number in range(9)], window=4, changes_per_minute=10)
    assert len(asked(history, 0.0)) == 4
    for number in range(4):
        finish(history, f"S{number}{{=d,tho=true}}")
    assert len(asked(history, 1.0)) == 1
    finish(history, "S4{=d,tho=true}")
    assert asked(history, 59.9) == []
    assert len(asked(history, 60.0)) == 4


def test_what_was_under_way_is_first_on_the_next_connection() -> None:
    """In its old order, before those that still wait."""
    history = plan(["A", "B", "C", "D"], window=2)
    assert asked(history, 0.0) == ["A{=d,tho=true}", "B{=d,tho=true}"]
    history.connected()
    assert history.changes(0.0) == []  # no channel yet
    history.opened(Contract.HISTORY)
    assert asked(history, 0.0) == ["A{=d,tho=true}", "B{=d,tho=true}"]
    assert len(history) == 4


def test_rows_of_the_contract_that_was_left_are_nobodys() -> None:
    """An update under HISTORY must not end what is being asked for under AUTO."""
    history = plan(["A"])
    symbol = "A{=d,tho=true}"
    asked(history, 0.0)
    assert history.received(Contract.HISTORY, compact(empty_snapshot(symbol)), 0.0) == []
    assert history.contracts() == [Contract.AUTO]
    history.opened(Contract.AUTO)
    assert asked(history, 0.0) == [symbol]
    assert history.received(Contract.HISTORY, compact(snapshot(symbol, 2)), 0.0) == []
    ((_, outcome),) = history.received(Contract.AUTO, compact(snapshot(symbol, 3)), 0.0)
    assert isinstance(outcome, Ok)
    assert len(outcome.value) == 3


def test_each_row_of_a_snapshot_ends_its_symbols_silence_and_strays_do_not() -> None:
    """A begun snapshot that goes on is not silent; rows outside of a snapshot are no sign of one."""
    history = plan(["A", "B"], symbol_timeout_seconds=10)
    asked(history, 0.0)
    rows = snapshot("A{=d,tho=true}", 4)
    history.received(Contract.HISTORY, compact(rows[:2]), 8.0)
    history.received(Contract.HISTORY, compact([candle("B{=d,tho=true}", 0)]), 8.0)
    assert history.overdue(9.9) == []
    assert [symbol for symbol, _ in history.overdue(10.0)] == ["B"]
    history.received(Contract.HISTORY, compact(rows[2:3]), 17.9)
    assert history.overdue(27.8) == []
    assert [symbol for symbol, _ in history.overdue(27.9)] == ["A"]
    assert len(history) == 0


def test_after_a_complaint_those_that_stay_silent_are_asked_for_under_auto() -> None:
    """The others are not doubted, nor those that are asked for later; a candle dispels the doubt."""
    history = plan(["A", "B", "C", "D"], window=3, refusal_timeout_seconds=10)
    asked(history, 0.0)
    history.complained(Contract.HISTORY, "BAD_ACTION: B?", 1.0)
    history.complained(Contract.HISTORY, "BAD_ACTION: again", 2.0)
    finish(history, "A{=d,tho=true}")
    assert asked(history, 2.0) == ["D{=d,tho=true}"]
    history.received(Contract.HISTORY, compact(snapshot("C{=d,tho=true}", 2)[:1]), 3.0)
    assert history.overdue(10.9) == []
    assert history.contracts() == []
    assert history.overdue(11.0) == []
    assert history.contracts() == [Contract.AUTO]
    assert history.dead_contracts(11.0) == []
    assert len(history) == 3


def test_a_contract_under_which_nothing_comes_after_a_complaint_is_dead() -> None:
    """Whoever waits for it need not try."""
    history = plan(["A", "B"], window=1, refusal_timeout_seconds=10)
    asked(history, 0.0)
    history.complained(Contract.HISTORY, "BAD_ACTION: no", 1.0)
    assert history.dead_contracts(10.9) == []
    assert history.dead_contracts(11.0) == [(Contract.HISTORY, "BAD_ACTION: no")]
    assert history.refused(Contract.HISTORY, "BAD_ACTION: no") == []
    assert history.contracts() == [Contract.AUTO]
    assert history.dead_contracts(99.0) == []


def test_a_message_that_cannot_be_read_ends_nobody() -> None:
    """Else a symbol would have ended without anybody hearing of it."""
    history = plan(["A"])
    asked(history, 0.0)
    whole = compact(snapshot("A{=d,tho=true}", 2))
    with pytest.raises(DecodeError):
        history.received(Contract.HISTORY, [*whole, "Candle", ["one value"]], 0.0)
    assert len(history) == 1


def test_an_error_does_not_keep_the_rows_alive() -> None:
    """A caller may keep many errors for long."""
    history = plan(["A"])
    asked(history, 0.0)
    rows = snapshot("A{=d,tho=true}", 3)
    rows[1]["close"] = "much"
    ((_, outcome),) = history.received(Contract.HISTORY, compact(rows), 0.0)
    assert isinstance(outcome, Err)
    assert outcome.error.__traceback__ is None


async def test_the_handoff_has_room_again_when_the_consumer_has_caught_up() -> None:
    """Full at its limit, never refusing, and closed at the end."""
    outcome: CandleOutcome = ("A", Ok(CandleColumns("A", {"time": array("q")})))
    handoff = Handoff(2)
    handoff.put([outcome])
    assert handoff.is_open
    handoff.put([outcome, outcome])
    handoff.close()
    had_room = [handoff.is_open]
    for _ in range(3):
        assert await handoff.take() == outcome
        had_room.append(handoff.is_open)
    assert had_room == [False, False, False, True]
    assert await handoff.take() is None
