# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""From COMPACT text to candle columns, beside parsing the same text with the same library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recorded_candles import CANDLES, SDK_FIELDS, generated, parse_only, to_columns
from ttapi_client.dxlink.columns import CANDLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from side_by_side import Bench


@pytest.mark.parametrize("fields", [SDK_FIELDS, CANDLE_FIELDS], ids=["17", "11"])
def bench_columns(bench: Bench, fields: Sequence[str]) -> None:
    """The part of the client on the way to a frame; in messages as the SDK asks for them, and as we do."""
    snapshots = generated(bench.size(40, quick=2), fields)
    assert [len(columns) for columns in to_columns(snapshots, fields)] == [CANDLES] * len(snapshots)
    bench.time(
        f"candles to columns, {len(fields)} fields",
        lambda: to_columns(snapshots, fields),
        beside={"orjson alone": lambda: parse_only(snapshots)},
        size=f"{len(snapshots) * CANDLES:,} rows",
        rounds=9,
    )
