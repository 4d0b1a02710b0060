# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake whose texts would do harm in a page: as names, descriptions, items, errors and settings."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.freshness import MissingItem
from ttapi_platform.lake import Lake
from ttapi_platform.lake_parts import ChangedParts
from ttapi_platform.prepared import prepare
from ttapi_polars.schemas import EOD_DATA, SYMBOLS, TRADING_DAYS
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

NOW: Final = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
ATTACK: Final = "</script><img src=x onerror=\"hacked='text'\">"
UNSEEN: Final = "\u2028\u202eturned\x1b[31m\u200b"
SYMBOLS_OF_HARM: Final = (
    "<b>BOLD</b>",
    "\"'onload=hacked",
    "{{ 7 * 7 }}",
    "A\u202eB",
    f"{ATTACK}{UNSEEN}{'x' * 500}",
)
ACCOUNT: Final = "SBX00042"
DAYS: Final = 30


def hostile_lake(data_dir: Path) -> None:
    """Thirty candles of each symbol of harm, the last symbol with a hole; without quotes and chains."""
    lake = Lake(data_dir / "sandbox", environment=Environment.SANDBOX)
    days = [date(2026, 5, 1) + timedelta(days=number) for number in range(DAYS)]
    with lake.writing():
        _commit(lake, "trading_days", validate(_calendar(days), TRADING_DAYS))
        _commit(lake, "symbols", validate(_listings(), SYMBOLS))
        _commit(lake, "eod_data", validate(_candles(days), EOD_DATA))
    record = {"dataset": "quotes", "status": "failed", "error": _error(ATTACK)}
    of_account = {"dataset": "accounts", "status": "failed", "error": _error(f"refused for {ACCOUNT}")}
    runs = lake.directory / ".ttapi" / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    run = json.dumps({"datasets": [record, of_account]})
    (runs / "20260701T120000.000000Z.json").write_text(run, encoding="utf-8")


def _commit(lake: Lake, name: str, rows: pl.DataFrame) -> None:
    dataset = Dataset(name=name, ttl=timedelta(days=1), parameters={"source": f"{ATTACK}{UNSEEN}"})
    item = MissingItem(code="x", message=f"{ATTACK}{UNSEEN}", hint=f"`{ATTACK}`", last_collected_at=NOW)
    lake.commit(
        dataset,
        prepare(name, ChangedParts({"recent": rows}) if name == "eod_data" else rows),
        inputs={},
        collected_at=NOW,
        missing={SYMBOLS_OF_HARM[0]: item} if name == "eod_data" else {},
    )


def _error(message: str) -> dict[str, str]:
    # Half a pair of surrogates is a text for Python's JSON, and no UTF-8.
    return {"code": "x", "message": f"{message} \ud800", "hint": f"`{ATTACK}`"}


def _calendar(days: list[date]) -> pl.DataFrame:
    opens = [datetime(day.year, day.month, day.day, 13, 30, tzinfo=UTC) for day in days]
    return pl.DataFrame(
        {
            "date": days,
            "open_at": opens,
            "close_at": [at + timedelta(minutes=390) for at in opens],
            "is_half_day": False,
            "session_minutes": 390,
        },
        schema_overrides=TRADING_DAYS.polars_schema,
    )


def _listings() -> pl.DataFrame:
    rows = [
        {
            "symbol": symbol,
            "description": f"{ATTACK}{UNSEEN}",
            "instrument_type": ATTACK,
            "is_etf": False,
            "is_index": False,
            "listed_market": f"<i>{number % 2}</i>",
            "is_closing_only": False,
            "is_illiquid": False,
            "streamer_symbol": symbol,
            "in_universe": True,
        }
        for number, symbol in enumerate(SYMBOLS_OF_HARM)
    ]
    # Without a name the last one is null in what is joined to it.
    schema = SYMBOLS.polars_schema
    return pl.DataFrame(rows[:-1], schema=schema).sort("symbol")


def _candles(days: list[date]) -> pl.DataFrame:
    rows = [
        {
            "symbol": symbol,
            "date": day,
            "open": price,
            "high": price + 2,
            "low": price - 2,
            "close": price + math.cos(place),
            "volume": 1000 * (number + 1),
            "implied_volatility": 0.2 if number else None,
        }
        for number, symbol in enumerate(SYMBOLS_OF_HARM)
        for place, day in enumerate(days)
        for price in [100 + 10 * math.sin(place + number)]
        if (number, place) != (4, 7)
    ]
    return pl.DataFrame(rows, schema=EOD_DATA.polars_schema).sort("symbol", "date")
