# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a market does to its names while nobody looks: lists, delists, renames and splits them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from ttapi_client.sandbox.world.listings import all_listings
from ttapi_client.sandbox.world.trading_table import midnight_ms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient

    OpenFeed = Callable[..., Awaitable[FeedClient]]

# From the evening of 20 November on, all of it happens within two weeks.
SPLIT, DELISTED, OLD_NAME, NEW_NAME = "QOVAL", "QUREG", "QUPUC", "XNEU"
LISTED: Final = {"QALOT": "2026-11-23", "QALUN": "2026-11-30", "QAMAG": "2026-12-07"}
NAMES: Final = (SPLIT, DELISTED, OLD_NAME, NEW_NAME, *LISTED)
AUTUMN: Final = midnight_ms(date(2026, 9, 1))
Rows = list[dict[str, Any]]


async def test_two_weeks_bring_a_split_new_names_a_delisting_and_a_new_symbol(
    rest: RestClient, feed: OpenFeed
) -> None:
    """As it shows in the list of active names and in the candles of each."""
    before = await _histories(feed)
    listed_before = await _active(rest)
    await _step_to(rest, "2026-12-07T18:00")
    after = await _histories(feed)
    listed_after = await _active(rest)

    assert set(NAMES) & listed_before == {SPLIT, DELISTED, OLD_NAME}
    assert set(NAMES) & listed_after == {SPLIT, NEW_NAME, *LISTED}
    for symbol, day in LISTED.items():
        assert before[symbol] == []
        assert _days(after[symbol])[0] == day
        assert _days(after[symbol])[-1] == "2026-12-07"
    known = len(before[SPLIT])
    assert [row["close"] for row in before[SPLIT]] == pytest.approx(
        [2 * row["close"] for row in after[SPLIT][:known]], abs=0.011
    )
    assert _prices(after[DELISTED])[: len(before[DELISTED])] == _prices(before[DELISTED])
    assert _days(after[DELISTED])[-1] == "2026-12-04"
    assert before[NEW_NAME] == after[OLD_NAME] == []
    assert _prices(after[NEW_NAME])[: len(before[OLD_NAME])] == _prices(before[OLD_NAME])
    assert _days(after[NEW_NAME])[-1] == "2026-12-07"


async def test_a_symbol_changes_between_two_days(rest: RestClient) -> None:
    """The evening before, only the old one is known; from midnight on, only the new one."""
    await _step_to(rest, "2026-12-01T23:59:59")
    old = await rest.get(f"/instruments/equities/{OLD_NAME}")
    assert (await rest.get(f"/instruments/equities/{NEW_NAME}")).status == 404
    dividends = (await _dividends(rest, OLD_NAME)).items
    await _step_to(rest, "2026-12-02T00:00:00")
    new = await rest.get(f"/instruments/equities/{NEW_NAME}")
    assert (await rest.get(f"/instruments/equities/{OLD_NAME}")).status == 404
    assert (old.data["active"], new.data["active"]) == (True, True)
    assert old.data["description"] == new.data["description"]
    assert (await _dividends(rest, OLD_NAME)).status == 404
    assert (await _dividends(rest, NEW_NAME)).items == dividends != []


async def test_a_delisted_name_is_known_and_not_active(rest: RestClient) -> None:
    """It trades for the last time on the Friday, and only then says that it has stopped."""
    await _step_to(rest, "2026-12-04T18:00")
    friday = await rest.get(f"/instruments/equities/{DELISTED}")
    await _step_to(rest, "2026-12-05T00:00")
    saturday = await rest.get(f"/instruments/equities/{DELISTED}")
    assert (friday.data["active"], friday.data.get("stops-trading-at")) == (True, None)
    assert (saturday.data["active"], saturday.data["stops-trading-at"][:16]) == (False, "2026-12-04T21:00")


def test_a_new_symbol_begins_on_the_day_on_which_the_old_one_is_given_up() -> None:
    """One company, one past, two symbols that are never known at once."""
    listings = {one.symbol: one for one in all_listings()}
    old, new = listings[OLD_NAME], listings[NEW_NAME]
    assert old.renamed_on == new.named_on == date(2026, 12, 2)
    assert new.first_symbol == old.first_symbol == OLD_NAME
    assert new.number != old.number
    assert all(one.first_symbol == one.symbol for one in all_listings() if one is not new)


async def _histories(feed: OpenFeed) -> dict[str, Rows]:
    client = await feed()
    histories: dict[str, Rows] = {}
    for symbol in NAMES:
        await client.subscribe(f"{symbol}{{=d}}", from_time=AUTUMN)
        histories[symbol] = (await client.snapshot()).candles[::-1]
    return histories


async def _active(rest: RestClient) -> set[str]:
    pages = [await rest.get("/instruments/equities/active", page_offset=str(page)) for page in range(4)]
    return {item["symbol"] for page in pages for item in page.items}


async def _dividends(rest: RestClient, symbol: str) -> Any:
    return await rest.get(f"/market-metrics/historic-corporate-events/dividends/{symbol}")


async def _step_to(rest: RestClient, moment: str) -> None:
    answer = await rest.call("POST", "/__admin/clock", json={"step_to": moment})
    assert answer.status == 200, answer.body


def _days(rows: Rows) -> list[str]:
    return [datetime.fromtimestamp(row["time"] / 1000, UTC).date().isoformat() for row in rows]


def _prices(rows: Rows) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in ("time", "open", "high", "low", "close", "volume")) for row in rows]
