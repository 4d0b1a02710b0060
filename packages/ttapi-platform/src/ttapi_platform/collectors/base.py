# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What every collector is given, and what it hands back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    import polars as pl

    from ttapi_client import TTClient
    from ttapi_core.errors import TTError
    from ttapi_platform.progress import Progress
    from ttapi_platform.universe import Universe


@attrs.frozen(kw_only=True)
class CollectorContext:
    """The means of one collection."""

    client: TTClient
    inputs: Mapping[str, pl.DataFrame]  # frame of each dataset it depends on
    universe: Universe
    now: datetime  # UTC, when the dataset's collection began; in a replay, when it was recorded
    history_start: date  # first day of daily candles and trading days
    progress: Progress
    # By underlying, the day that trading days to expiration are counted from, where it is not today.
    chain_days: Mapping[str, date] = attrs.field(factory=dict[str, "date"])

    @property
    def universe_symbols(self) -> Sequence[tuple[str, str]]:
        """Symbol and streamer symbol of each member of the universe that the service lists."""
        members = self.inputs["symbols"].filter("in_universe")
        return list(zip(members["symbol"].to_list(), members["streamer_symbol"].to_list(), strict=True))


@attrs.frozen(kw_only=True)
class Collected:
    """
    One checked frame, and what is missing from it.

    ``failures`` holds the error for each item, a symbol or an account, that was asked for and did not come;
    ``asked`` is how many items were asked for.
    """

    frame: pl.DataFrame
    asked: int
    failures: Mapping[str, TTError] = attrs.field(factory=dict[str, "TTError"])


class Collector(Protocol):
    """One dataset in, one checked frame and its failures out."""

    async def __call__(self, context: CollectorContext) -> Collected:
        """
        Collect the dataset.

        Raises
        ------
        TTError
            When nothing at all could be collected.
        """
        ...
