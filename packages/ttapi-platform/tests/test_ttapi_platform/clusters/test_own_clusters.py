# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A cluster that is started for a block: as many processes as asked for, in silence, and nothing is left."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from test_ttapi_platform.clusters import work
from ttapi_platform import analyses
from ttapi_platform.clusters import DaskEngine

if TYPE_CHECKING:
    from ttapi_platform.lake import Lake


def test_a_cluster_of_its_own_leaves_nothing(lake: Lake, capfd: pytest.CaptureFixture[str]) -> None:
    """No process, thread or port, which whoever watches tests sees; no words, no setting of this process."""
    environment, level = dict(os.environ), logging.getLogger("distributed").level
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with DaskEngine(workers=2) as engine:
        assert engine.each(work.setting, ["POLARS_MAX_THREADS"]) == [str(max(1, _processors() // 2))]
        assert analyses.volatility(lake, engine=engine).equals(analyses.volatility(lake))
        number = max(engine.each(work.process, range(8)))
        assert number != os.getpid()
        # As a terminal does to all of them when somebody presses ctrl-C.
        assert engine.each(work.interrupt, range(8)) == [True] * 8
    assert dict(os.environ) == environment
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert logging.getLogger("distributed").level == level
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == blocked
    assert capfd.readouterr() == ("", "")


def test_a_signal_waits_until_the_cluster_has_been_started() -> None:
    """And then ends the block in order: ctrl-C while processes are being started leaves none of them."""
    threading.Timer(0.3, signal.raise_signal, (signal.SIGINT,)).start()
    with pytest.raises(KeyboardInterrupt), DaskEngine(workers=1):
        threading.Event().wait(20)


def _processors() -> int:
    return len(os.sched_getaffinity(0))
