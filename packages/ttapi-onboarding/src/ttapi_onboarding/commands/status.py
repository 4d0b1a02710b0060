# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi status`: how each dataset of the lake stands, without asking the service."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ttapi_onboarding.options import Request
    from ttapi_platform.runtime import DatasetState, Platform

_LONGEST_FAILURE: Final = 90  # characters in the table; --json has the rest
_STYLES: Final = {"fresh": "", "stale": "yellow", "missing": "red"}


@click.command()
@options.for_a_lake
def status(request: Request) -> None:
    """
    Show how fresh each dataset is, and why.

    \b
      ttapi status
      ttapi status --json | jq .datasets

    With age, rows, what the last collection missed and how old the rows are that it kept instead, why the
    last try failed, and where the lake lies. The service is not asked.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.run_report import RETRY_HINT
    from ttapi_onboarding.terminal import emit, note

    platform = request.platform()
    states, now = platform.status(), SystemClock().now()
    if request.as_json:
        emit(json_text(_record(platform, states, now)))
        return
    emit(_table(states, now))
    emit(f"\nlake: {platform.lake.root}")
    if items := sum(len(state.missing) for state in states):
        emit(f"{items:,} missing in the last collections: `ttapi status --json` lists them with the reason")
        note(f"hint: {RETRY_HINT}")
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
            "; ".join(_reasons(state, now)),
        ]
        for state in states
    ]
    headings = ["dataset", "age", "rows", "missing", "freshness", "reason"]
    styles = [_STYLES[freshness(state)] for state in states]
    return table(headings, rows, numeric={"rows", "missing"}, styles=styles)


def _reasons(state: DatasetState, now: datetime) -> Iterator[str]:
    from ttapi_platform.explanations import missing_words

    yield str(state.verdict).partition(": ")[2]
    if state.failure is not None:
        yield f"failed: {shorten(state.failure['message'], _LONGEST_FAILURE, placeholder=' …')}"
    if state.missing:
        yield missing_words(state.missing, now)


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
