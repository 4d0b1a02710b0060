# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi status`: how each dataset of the lake stands, without asking the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ttapi_platform.runtime import DatasetState, Platform

_STYLES: Final = {"fresh": "", "stale": "yellow", "missing": "red"}


@click.command()
@options.lake_options
@options.report_options
def status(
    *,
    data_dir: str | None,
    environment: str | None,
    replay: Path | None,
    as_json: bool,
    verbose: int,
    log_file: Path | None,
) -> None:
    """
    Show how fresh each dataset is, and why.

    With age, rows, what the last collection missed, and where the lake lies. The service is not asked.
    """
    options.start_logs(verbose, log_file)
    settings = options.settings_from(data_dir=data_dir, environment=environment)
    options.check_replay(replay, environment=environment)
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note
    from ttapi_platform.runtime import Platform

    platform = Platform(settings, replay=replay)
    states, now = platform.status(), SystemClock().now()
    if as_json:
        emit(json_text(_record(platform, states, now)))
        return
    emit(_table(states, now))
    emit(f"\nlake: {platform.lake.root}")
    if items := sum(len(state.missing) for state in states):
        emit(f"{items:,} missing in the last collections: `ttapi status --json` lists them with the reason")
    if any(freshness(state) != "fresh" for state in states):
        note("hint: `ttapi collect` brings the lake up to date")


def freshness(state: DatasetState) -> str:
    """The verdict in one word: fresh, stale or missing."""
    return str(state.verdict).partition(":")[0]


def _table(states: tuple[DatasetState, ...], now: datetime) -> str:
    from ttapi_onboarding.render import table
    from ttapi_platform.freshness import format_span

    rows = [
        [
            state.dataset,
            "" if state.stored is None else format_span(now - state.stored.collected_at),
            "" if state.stored is None else f"{state.stored.rows:,}",
            f"{len(state.missing):,}",
            freshness(state),
            str(state.verdict).partition(": ")[2],
        ]
        for state in states
    ]
    headings = ["dataset", "age", "rows", "missing", "freshness", "reason"]
    styles = [_STYLES[freshness(state)] for state in states]
    return table(headings, rows, numeric={"rows", "missing"}, styles=styles)


def _record(platform: Platform, states: tuple[DatasetState, ...], now: datetime) -> dict[str, object]:
    return {
        "environment": platform.settings.environment.value,
        "source": platform.source,
        "lake": str(platform.lake.root),
        "datasets": [
            {
                "dataset": state.dataset,
                "freshness": freshness(state),
                "reason": str(state.verdict).partition(": ")[2],
                "rows": None if state.stored is None else state.stored.rows,
                "collected_at": None if state.stored is None else state.stored.collected_at.isoformat(),
                "age_seconds": (
                    None if state.stored is None else (now - state.stored.collected_at).total_seconds()
                ),
                "missing": {item: one.record for item, one in state.missing.items()},
                "failure": state.failure,
            }
            for state in states
        ],
        "exit_code": 0,
    }
