# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A scheduler and workers of Dask as a cluster has them: processes of their own, reached by address."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_PATIENCE_SECONDS: Final = 60
_SECONDS_BETWEEN_LOOKS: Final = 0.05
_AT_HOME: Final = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-dashboard")


@contextmanager
def scheduler(folder: Path, *, protocol: str = "tcp") -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address, and its process."""
    file = folder / "scheduler.json"
    options = ("--protocol", protocol, "--port", "0", "--scheduler-file", str(file))
    with _running("dask_scheduler", *_AT_HOME, *options) as process:
        for _ in range(round(_PATIENCE_SECONDS / _SECONDS_BETWEEN_LOOKS)):
            assert process.poll() is None, "the scheduler has ended"
            if file.exists() and (text := file.read_text(encoding="utf-8")).endswith("}"):
                yield json.loads(text)["address"], process
                return
            threading.Event().wait(_SECONDS_BETWEEN_LOOKS)
        raise AssertionError("the scheduler has not told its address")


@contextmanager
def workers(address: str, *, number: int, path: Path | None = None, replaces: bool = True) -> Generator[None]:
    """
    So many, one thread each, with this folder before all others that Python looks into.

    Whether another is started in the place of one that has ended takes a process for each that does so.
    """
    nanny = "--nanny" if replaces else "--no-nanny"
    options = ("--nworkers", str(number), "--nthreads", "1", "--memory-limit", "0", nanny)
    with _running("dask_worker", address, *_AT_HOME, *options, path=path):
        yield


@contextmanager
def _running(module: str, *arguments: str, path: Path | None = None) -> Generator[subprocess.Popen[bytes]]:
    places = [*([] if path is None else [str(path)]), *filter(None, sys.path)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", "-m", f"distributed.cli.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "POLARS_MAX_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # The whole group: a worker is a process below the one that was started.
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(_PATIENCE_SECONDS)
            except ProcessLookupError:
                process.wait()
