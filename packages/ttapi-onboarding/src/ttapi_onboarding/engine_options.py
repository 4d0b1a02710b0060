# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where an analysis is worked out: ``--engine``, ``--scheduler`` and ``--workers``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ttapi_platform.engines import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine is asked for."""

    has_cluster: bool
    scheduler: str | None = None  # without one a cluster is started on this machine
    workers: int | None = None  # of that one

    @contextmanager
    def engine(self) -> Generator[Engine]:
        """
        The engine, for as long as the block lasts.

        Raises
        ------
        ConfigError
            When Dask is not installed.
        ClusterError
            When the cluster cannot be reached or started, or does not fit.
        """
        if not self.has_cluster:
            from ttapi_platform.engines import LOCAL

            yield LOCAL
            return
        from ttapi_platform.clusters import DaskEngine

        with DaskEngine(scheduler=self.scheduler, workers=self.workers) as engine:
            yield engine


def for_engines(work: Callable[..., None]) -> Callable[..., None]:
    """Give a command an `EngineChoice`, from ``--engine``, ``--scheduler`` and ``--workers``."""

    @wraps(work)
    def command(
        *arguments: object,
        engine: str | None,
        scheduler: str | None,
        workers: int | None,
        **others: object,
    ) -> None:
        if scheduler is not None and workers is not None:
            raise click.UsageError("--scheduler and --workers exclude each other.")
        is_meant = scheduler is not None or workers is not None
        if engine == "local" and is_meant:
            named = "--workers" if scheduler is None else "--scheduler"
            raise click.UsageError(f"--engine local and {named} exclude each other.")
        choice = EngineChoice(has_cluster=engine == "dask" or is_meant, scheduler=scheduler, workers=workers)
        work(*arguments, choice=choice, **others)

    for option in (
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            help="Processes of a Dask cluster on this machine. [default: one for each processor]",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="A Dask cluster that is there already, such as tcp://10.0.0.7:8786.",
        ),
        click.option(
            "--engine",
            type=click.Choice(["local", "dask"]),
            help="Work it out here, or on a Dask cluster, with the same answer. [default: local]",
        ),
    ):
        command = option(command)
    return command
