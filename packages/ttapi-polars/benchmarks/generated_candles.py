# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Daily candles in any number, the same for the same arguments: a random walk for each symbol."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from ttapi_polars.schemas import EOD_DATA

LAST_DAY = date(2026, 6, 30)
QUARTER = 63  # trading days


def generated_candles(*, symbols: int, days: int, seed: int = 7) -> pl.DataFrame:
    """So many symbols with so many weekdays each, sorted by symbol and date, columns as in EOD_DATA."""
    calendar = pl.date_range(LAST_DAY - timedelta(days=2 * days), LAST_DAY, eager=True)
    weekdays = calendar.filter(calendar.dt.weekday() < 6).tail(days)
    row = pl.int_range(pl.len())

    def noise(salt: int) -> pl.Expr:
        """Evenly spread from 0 to 1."""
        return (row.hash(100 * seed + salt) % 1_000_003) / 1_000_003

    names = pl.DataFrame({"symbol": [f"S{number:04}" for number in range(symbols)]})
    step = (noise(1) + noise(2) + noise(3) - 1.5) * 0.03
    return (
        names.join(pl.DataFrame({"date": weekdays}), how="cross", maintain_order="left_right")
        # A column of its own: within "over" each symbol would count its rows from 0, and all walk alike.
        .with_columns(step=step)
        .with_columns(close=(pl.col("step").cum_sum().over("symbol").exp() * 100.0).round(2).clip(0.01))
        .with_columns(open=(pl.col("close") * (1 + (noise(4) - 0.5) * 0.01)).round(2))
        .with_columns(
            high=(pl.max_horizontal("open", "close") * (1 + noise(5) * 0.01)).round(2),
            low=(pl.min_horizontal("open", "close") * (1 - noise(6) * 0.01)).round(2),
            volume=(noise(7) * 50_000_000).cast(pl.Int64),
            vwap=((pl.col("open") + pl.col("close")) / 2).round(4),
            implied_volatility=(0.1 + noise(8) * 0.6).round(4),
            dividend=pl.when(row % QUARTER == 0).then((pl.col("close") * 0.005).round(2)),
            split_factor=pl.when(row % (20 * QUARTER) == 0).then(0.5),
        )
        .with_columns(dividend_factor=1 - pl.col("dividend") / pl.col("close"))
        .select(EOD_DATA.names)
    )
