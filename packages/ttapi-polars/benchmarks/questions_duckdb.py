# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The questions on daily candles as SQL for DuckDB, over a view ``candles`` of all files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import duckdb

from questions import BENCHMARK, DECAY, WINDOWS, YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DAYS: Final = "partition by symbol order by date"
_LOG_RETURNS: Final = f"select symbol, date, ln(close / lag(close) over ({_DAYS})) r from candles"
_SIMPLE_RETURNS: Final = f"select symbol, date, close / lag(close) over ({_DAYS}) - 1 r from candles"

_SEED: Final = """
select symbol, stddev_pop(close) a, avg(close) b, count(close) c from candles
group by symbol having c > 30 order by symbol"""

_CLOSE_TO_CLOSE: Final = (
    f"select symbol, stddev_samp(r) * sqrt({YEAR}) a from ({_LOG_RETURNS}) group by symbol"
)

_RANGES: Final = f"""
with parts as (
    select symbol, ln(high / low) hl, ln(close / open) co, ln(open / lag(close) over ({_DAYS})) o,
        ln(high / close) * ln(high / open) + ln(low / close) * ln(low / open) rs
    from candles
), sums as (
    select symbol, avg(hl * hl) p, avg(0.5 * hl * hl - (2 * ln(2) - 1) * co * co) g, avg(rs) s,
        var_samp(o) vo, var_samp(co) filter (o is not null) vc, avg(rs) filter (o is not null) vs,
        0.34 / (1.34 + (count(o) + 1) / (count(o) - 1)) k
    from parts group by symbol
)
select symbol, sqrt({YEAR} * p / (4 * ln(2))) a, sqrt({YEAR} * g) b, sqrt({YEAR} * s) c,
    sqrt({YEAR} * (vo + k * vc + (1 - k) * vs)) d
from sums"""

_FULL: Final = "case when count(r) over w{0} = {0} then stddev_samp(r) over w{0} end * sqrt({1}) v{0}"
_ROLLING: Final = f"""
select {", ".join(f"sum(v{window}) s{window}" for window in WINDOWS)} from (
    select {", ".join(_FULL.format(window, YEAR) for window in WINDOWS)} from ({_LOG_RETURNS})
    window {", ".join(f"w{window} as ({_DAYS} rows {window - 1} preceding)" for window in WINDOWS)}
)"""

_EWMA: Final = f"""
with numbered as (
    select symbol, r * r q, row_number() over ({_DAYS}) n, count(*) over (partition by symbol) last
    from ({_LOG_RETURNS}) where r is not null
)
select symbol, sqrt({YEAR} * sum(q * pow({DECAY}, last - n) * if(n = 1, 1.0, 1 - {DECAY}))) a
from numbered group by symbol"""

_DRAWDOWN: Final = f"""
select symbol, min(close / top - 1) a
from (select symbol, close, max(close) over ({_DAYS} rows unbounded preceding) top from candles)
group by symbol"""

_BETA: Final = f"""
select own.symbol, regr_slope(own.r, market.r) a
from ({_SIMPLE_RETURNS}) own
join (select date, r from ({_SIMPLE_RETURNS}) where symbol = '{BENCHMARK}') market using (date)
group by own.symbol"""

QUESTIONS: Final[Mapping[str, str]] = {
    "seed": _SEED,
    "close_to_close": _CLOSE_TO_CLOSE,
    "ranges": _RANGES,
    "rolling": _ROLLING,
    "ewma": _EWMA,
    "drawdown": _DRAWDOWN,
    "beta": _BETA,
}


def answer(question: str, root: Path) -> list[float]:
    """The sum of each column of the answer, worked out on two threads."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute(f"create view candles as from read_parquet('{root}/eod_data/*.parquet')")
    columns = connection.execute(QUESTIONS[question]).fetchnumpy()
    return [float(column.sum()) for name, column in columns.items() if name != "symbol"]
