# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R12: whenever a run is cancelled, every write that was accepted is on the disk or reported."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import attrs
import pytest
from scale import scale

from ttapi_platform.atomic_files import write_text_atomically
from ttapi_platform.writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ttapi_platform.tickets import Ticket

WRITES = 12


@attrs.define
class Run:
    """Writes files in the background until it is through or cancelled; some of them wait for room."""

    folder: Path
    writer: BackgroundWriter
    tickets: dict[Path, Ticket[None]] = attrs.field(factory=dict["Path", "Ticket[None]"])

    async def collect(self) -> None:
        """What a pipeline does, without a service."""
        async with self.writer, asyncio.TaskGroup() as group:
            for number in range(WRITES):
                group.create_task(self._write(self.folder / f"{number}.txt"))

    async def _write(self, path: Path) -> None:
        write = partial(write_text_atomically, path, path.name)
        self.tickets[path] = ticket = await self.writer.submit(path.name, write, rows=1)
        await ticket.committed()


@pytest.mark.promise("R12")
async def test_at_whatever_moment_a_run_is_cancelled_no_accepted_write_is_lost(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """With time to drain all is written; without, what has not begun is reported and never written."""
    random, seen = Random(12), Counter[str]()
    for number in range(scale(60, long=2_000)):
        in_time = number % 2 == 0
        writer = BackgroundWriter(max_rows=WRITES // 2, hurried_drain_seconds=60.0 if in_time else 0.0)
        run = Run(tmp_path / str(number), writer)
        run.folder.mkdir()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(run.collect())
            for _ in range(random.randrange(30)):
                await asyncio.wait([task], timeout=random.choice([0, 0, 0, 0.0003]))
            task.cancel()
        accepted = run.tickets.keys()
        written = {path for path in accepted if path.exists()}
        assert written == {path for path, ticket in run.tickets.items() if ticket.is_durable}
        assert {path.name for path in accepted - written} == writer.failures.keys()
        assert set(run.folder.iterdir()) == written, "nothing else is there, and nothing by halves"
        assert len(accepted) == writer.accepted.writes
        if in_time:
            assert written == accepted
        seen.update(
            runs=1,
            accepted=len(accepted),
            written=len(written),
            reported=len(writer.failures),
        )
    assert min(seen["written"], seen["reported"]) > 0
    record_property(
        "promise",
        f"R12: {seen['runs']:,} runs cancelled at any moment, {seen['accepted']:,} writes accepted:"
        f" {seen['written']:,} on the disk, {seen['reported']:,} reported for want of time, 0 dropped",
    )
