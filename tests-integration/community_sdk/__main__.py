# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Runs all checks and reports each as one line of JSON: its name, what is wrong with it or null, its seconds.

``python -m community_sdk STILL-URL MOVING-URL INSTANT``, from the folder above, with the SDK's interpreter.
"""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import json
import sys
import traceback
from datetime import datetime
from typing import TYPE_CHECKING

import anyio

from community_sdk import (
    account_alerts,
    account_money,
    account_records,
    candles,
    completeness,
    instruments,
    live_feed,
    market_data,
    option_chains,
    reference_data,
    sessions,
    standing_feed,
)
from community_sdk.markets import Markets, entered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

MODULES = (
    sessions,
    account_money,
    account_records,
    instruments,
    option_chains,
    market_data,
    reference_data,
    standing_feed,
    candles,
    live_feed,
    account_alerts,
    completeness,  # last: it tells what the others left out
)
LONGEST_SECONDS = 30


async def main(still_url: str, moving_url: str, instant: str) -> None:
    """Run one check after the other, each on its own."""
    started_at = datetime.fromisoformat(instant)
    async with entered(still_url, started_at) as still, entered(moving_url, started_at) as moving:
        markets = Markets(still=still, moving=moving)
        for name, check in checks():
            began = anyio.current_time()
            problem = await problem_of(check, markets)
            line = {"check": name, "problem": problem, "seconds": round(anyio.current_time() - began, 3)}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


def checks() -> Iterator[tuple[str, Callable[[Markets], Awaitable[None]]]]:
    """Every function whose name begins with check_, in the order of the files."""
    for module in MODULES:
        for name, check in list(vars(module).items()):
            if name.startswith("check_"):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", check


async def problem_of(check: Callable[[Markets], Awaitable[None]], markets: Markets) -> str | None:
    """Give the traceback of a check that failed or took too long."""
    try:
        with anyio.fail_after(LONGEST_SECONDS):
            await check(markets)
    except Exception:  # noqa: BLE001 - whatever the SDK raises is the finding
        return traceback.format_exc()
    return None


if __name__ == "__main__":
    with completeness.OBSERVED:
        anyio.run(main, *sys.argv[1:])
