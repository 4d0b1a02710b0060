# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The questions on daily candles in pandas, which reads the files with pyarrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from questions import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def _seed(candles: pd.DataFrame) -> list[float]:
    close = candles.groupby("symbol")["close"]
    table = pd.DataFrame({"a": close.std(ddof=0), "b": close.mean(), "c": close.count()})
    return [float(column) for column in table[table["c"] > 30].sum()]


def _close_to_close(candles: pd.DataFrame) -> list[float]:
    log_returns = np.log(candles["close"]).groupby(candles["symbol"]).diff()
    return [float((log_returns.groupby(candles["symbol"]).std() * math.sqrt(YEAR)).sum())]


QUESTIONS: Final[Mapping[str, Callable[[pd.DataFrame], list[float]]]] = {
    "seed": _seed,
    "close_to_close": _close_to_close,
}


def answer(question: str, root: Path) -> list[float]:
    """The sum of each column of the answer."""
    files = [str(file) for file in sorted(root.glob("eod_data/*.parquet"))]
    return QUESTIONS[question](pd.read_parquet(files, columns=["symbol", "close"]))
