# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what a plan looks like; texts of the lake and the service are shown as texts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.runs import FRESH
from ttapi_core.settings import Settings
from ttapi_onboarding import plan_report
from ttapi_platform import Platform
from ttapi_platform.expected_requests import Expected
from ttapi_platform.freshness import Expired, Missing, Stale
from ttapi_platform.plans import Extent, Plan, PlannedDataset, Step

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "\x1b[2J [bold]not[/bold]\nready"


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """An empty lake."""
    return Platform(Settings(data_dir=tmp_path), symbols=["SPY"])


PLAN = Plan(
    (
        PlannedDataset(
            dataset="accounts",
            step=Step.COLLECT,
            verdict=Missing(HOSTILE),
            waits_for=(),
            rows=0,
            extent=Extent.FIRST,
            items=1,
            requests={"customers/me/accounts": Expected(1, 1)},
        ),
        PlannedDataset(
            dataset="eod_data",
            step=Step.COLLECT,
            verdict=Stale((Expired(timedelta(days=2), timedelta(days=1)),)),
            waits_for=(),
            rows=1_273_584,
            extent=Extent.INCREMENT,
            items=507,
            first_day=date(2026, 6, 24),
            last_day=date(2026, 6, 30),
            requests={"market-metrics": Expected(0, 6), "api-quote-tokens": Expected(0, 1)},
        ),
        PlannedDataset(
            dataset="quotes",
            step=Step.PERHAPS,
            verdict=FRESH,
            waits_for=("symbols",),
            rows=507,
            extent=Extent.WHOLE,
            items=None,
            requests={"market-data/by-type": Expected(0, None)},
        ),
        PlannedDataset(dataset="symbols", step=Step.COLLECT, verdict=FRESH, waits_for=(), rows=3),
    ),
    {"oauth/token": Expected(0, 1)},
)


def test_a_plan_is_a_table_and_what_to_expect(platform: Platform) -> None:
    """How much of what, from which day to which, and why."""
    text = plan_report.plan_text(platform, PLAN)
    for words in (
        "all for the first time, 1 account ",
        "what is missing, 507 symbols from 2026-06-24 to 2026-06-30",
        "1,273,584  collect",
        "stale: 2 d old, fresh for 1 d",
        "all again, every one of the symbols",
        "fresh: 3 s old, fresh for 1 h, unless symbols changes",
        "asked for again (fresh: 3 s old, fresh for 1 h)",
        "market-data/by-type some, market-metrics up to 6, oauth/token up to 1",
    ):
        assert words in text
    assert "\x1b" not in text
    assert "?[2J [bold]not[/bold] ready" in text


def test_a_plan_in_json_has_the_bounds_of_requests(platform: Platform) -> None:
    """And nothing that JSON cannot hold."""
    record = json.loads(json.dumps(plan_report.plan_record(platform, PLAN), allow_nan=False))
    assert record["requests"]["market-data/by-type"] == {"at_least": 0, "at_most": None}
    assert record["datasets"][1]["first_day"] == "2026-06-24"
    assert [each["step"] for each in record["datasets"]] == ["collect", "collect", "perhaps", "collect"]
    assert record["datasets"][3]["extent"] is None
    assert (record["environment"], record["exit_code"]) == ("sandbox", 0)


def test_without_anything_to_ask_none_is_expected(platform: Platform) -> None:
    """Where all is fresh."""
    kept = PlannedDataset(dataset="quotes", step=Step.KEEP, verdict=FRESH, waits_for=(), rows=3)
    text = plan_report.plan_text(platform, Plan((kept,), {}))
    assert "keep  nothing" in text
    assert "requests   none, everything is answered from the lake" in text
