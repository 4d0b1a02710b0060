# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How a subscription is answered: with a snapshot or its latest event, and the trouble scripted for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.dxlink.altered_days import altered
from ttapi_client.sandbox.dxlink.candle_run import CandleRun
from ttapi_client.sandbox.dxlink.event_families import FAMILIES, TIME_AND_SALE
from ttapi_client.sandbox.dxlink.event_flags import NOT_A_NUMBER
from ttapi_client.sandbox.dxlink.latest_value import LatestValue
from ttapi_client.sandbox.dxlink.sale_tape import SaleTape
from ttapi_client.sandbox.dxlink.series import Found
from ttapi_client.sandbox.dxlink.snapshot_rows import SnapshotRows
from ttapi_client.sandbox.faults import FaultKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from ttapi_client.sandbox.dxlink.channel import Subscription
    from ttapi_client.sandbox.dxlink.layout import Layout
    from ttapi_client.sandbox.dxlink.series import Row, Series
    from ttapi_client.sandbox.dxlink.subjects import Subject
    from ttapi_client.sandbox.faults import Fault


def open_series(
    subscription: Subscription, subject: Subject | None, *, pause: Callable[[], Awaitable[None]]
) -> Series | None:
    """The events that a subscription is about; None when there will never be any."""
    if subject is None:
        return None
    if subscription.candle is not None:
        fields = {*subscription.layout.fields, "time"}  # which faults go by
        return CandleRun(subscription.key, subject, subscription.candle, fields=fields, pause=pause)
    if subscription.event_type == TIME_AND_SALE:
        return SaleTape(subscription.symbol, subject, pause=pause)
    family = FAMILIES.get(subscription.event_type)
    if family is None:
        return None
    return LatestValue(subscription.symbol, subject, family, is_stream=subscription.is_stream)


async def first_frames(
    subscription: Subscription, series: Series | None, struck: Sequence[Fault]
) -> Iterator[tuple[bytes, int]]:
    """The first data as frames, each with its number of rows; a snapshot comes for unknown symbols, too."""
    layout = subscription.layout
    faults = {fault.kind: fault for fault in struck}
    if not subscription.wants_history:
        return event_frames(layout, [] if series is None else await series.latest())
    found = Found({}, 0) if series is None else await series.history(subscription.from_time)
    if subscription.candle is not None:
        found = altered(found, struck)
    if FaultKind.EMPTY in faults:
        found = Found({}, 0)
    rows = SnapshotRows(
        subscription.symbol if FaultKind.VERBATIM_ECHO in faults else subscription.key,
        found.columns,
        found.count,
        from_time=subscription.from_time,
        fields=layout.fields,
        is_cut=found.is_cut,
    )
    if FaultKind.PLAIN_END in faults:
        rows.drop_placeholder()
    if FaultKind.ROW_CAP in faults:
        rows.cap(faults[FaultKind.ROW_CAP].rows)
    if FaultKind.SNIP in faults:
        rows.snip()
    if FaultKind.REORDER in faults:
        rows.reorder()
    return layout.frames(rows.columns, rows=rows.count)


def event_frames(layout: Layout, rows: Sequence[Row]) -> Iterator[tuple[bytes, int]]:
    """Events one by one as frames; what some of them lack is not a number there."""
    names = [name for name in layout.fields if any(name in row for row in rows)]
    columns = {name: [row.get(name, NOT_A_NUMBER) for row in rows] for name in names}
    return layout.frames(columns, rows=len(rows))
