# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The community SDK as a peer of the benchmarks: a process in its own environment that takes orders."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypedDict, cast

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # a script's own folder is there already, the one above is not

from community_sdk_environment import sdk_interpreter, sdk_variables  # noqa: E402 - found only now

if TYPE_CHECKING:
    from collections.abc import Iterator


class Took(TypedDict, total=False):
    """What one order took: seconds, and how many values or rows it brought."""

    wall: float
    cpu: float
    values: int
    rows: int


class SdkPeer:
    """A process that runs the SDK's own code."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self._orders = orders
        self._answers = answers

    def carry_out(self, **order: object) -> Took:
        """Let it do one thing, and wait for its end."""
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        line = self._answers.readline()
        if not line:
            raise RuntimeError("the process of the SDK has ended; it says why above")
        return cast("Took", json.loads(line))


@contextmanager
def sdk_peer(url: str) -> Iterator[SdkPeer]:
    """Start one for a sandbox, and end it with the block."""
    child = subprocess.Popen(
        [str(sdk_interpreter()), "-m", "community_sdk.timings", url],
        cwd=HERE.parent,
        env=sdk_variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        yield SdkPeer(cast("IO[str]", child.stdin), cast("IO[str]", child.stdout))
        cast("IO[str]", child.stdin).close()
