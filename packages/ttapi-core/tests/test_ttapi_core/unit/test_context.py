# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Request ids: what they look like, how they nest, and that tasks keep their own."""

from __future__ import annotations

import asyncio
import os
import re
import warnings

import pytest

from ttapi_core.clock import ManualClock
from ttapi_core.context import bind_request_id, current_request_id, new_request_id


def test_new_ids_have_the_documented_form_and_differ() -> None:
    """``r-`` and eight hexadecimal digits, at random."""
    ids = {new_request_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch("r-[0-9a-f]{8}", each) for each in ids)


def test_no_id_is_bound_outside_any_call() -> None:
    """Nothing is invented."""
    assert current_request_id() is None


def test_bindings_nest_and_are_restored() -> None:
    """The inner id hides the outer one for its block only."""
    with bind_request_id("r-outer") as outer:
        with bind_request_id("r-inner") as inner:
            assert current_request_id() == inner == "r-inner"
        assert current_request_id() == outer == "r-outer"
    assert current_request_id() is None


def test_a_new_id_is_bound_where_none_is_given() -> None:
    """The facade binds without inventing an id of its own; an empty text is none."""
    with bind_request_id() as first, bind_request_id("") as second:
        assert first.startswith("r-")
        assert second.startswith("r-")
        assert first != second
        assert current_request_id() == second


def test_the_outer_id_is_restored_after_a_failure() -> None:
    """An exception leaves no id behind."""
    with bind_request_id("r-outer"):
        with pytest.raises(ZeroDivisionError), bind_request_id("r-inner"):
            raise ZeroDivisionError
        assert current_request_id() == "r-outer"


async def test_a_task_inherits_the_id_and_keeps_its_own_to_itself() -> None:
    """A child starts with its parent's id; what it binds is seen by nobody else."""
    clock = ManualClock()
    seen: dict[str, list[str | None]] = {"one": [], "two": []}

    async def child(name: str) -> None:
        seen[name].append(current_request_id())
        with bind_request_id(f"r-{name}"):
            await clock.sleep(0)  # the siblings take turns inside their blocks
            seen[name].append(current_request_id())
            await clock.sleep(0)
        seen[name].append(current_request_id())

    with bind_request_id("r-parent"):
        async with asyncio.TaskGroup() as group:
            for name in seen:
                group.create_task(child(name))
            await clock.sleep(0)
            assert current_request_id() == "r-parent"
    assert seen == {
        "one": ["r-parent", "r-one", "r-parent"],
        "two": ["r-parent", "r-two", "r-parent"],
    }


async def test_a_task_keeps_its_id_after_the_block_that_started_it() -> None:
    """Work that outlives its call is still logged under that call's id."""
    clock = ManualClock()

    async def late() -> str | None:
        await clock.sleep(0)
        return current_request_id()

    async with asyncio.TaskGroup() as group:
        with bind_request_id("r-call"):
            outliving = group.create_task(late())
        assert current_request_id() is None
    assert outliving.result() == "r-call"


async def test_a_worker_thread_sees_the_id() -> None:
    """Polars work and file writes leave the loop, and keep the id in their records."""
    with bind_request_id("r-thread"):
        assert await asyncio.to_thread(current_request_id) == "r-thread"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_does_not_go_on_with_the_ids_of_its_parent() -> None:
    """Both would have the same ones, in one log."""
    to_read, to_write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forks beside threads
        child = os.fork()
    if child == 0:  # pragma: no cover - another process
        os.write(to_write, new_request_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(to_read, 100).decode()
    os.close(to_read)
    os.close(to_write)
    assert theirs not in {new_request_id() for _ in range(100)}
    assert len(theirs) == len(new_request_id())
