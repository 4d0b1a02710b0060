# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user reads after a run: the table of datasets, the figures, and what is missing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ttapi_core.settings import Environment
from ttapi_onboarding import error_report, exit_codes
from ttapi_onboarding.render import table
from ttapi_onboarding.terminal import note, one_line
from ttapi_platform.freshness import Fresh
from ttapi_platform.run_records import record_of
from ttapi_platform.run_summary import DatasetStatus, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ttapi_core.object_paths import DataPath
    from ttapi_core.settings import Settings
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_platform.run_summary import DatasetResult, RunSummary

_NUMERIC: Final = frozenset({"rows", "missing", "seconds"})
_STYLES: Final = {DatasetStatus.PARTIAL: "yellow", DatasetStatus.FAILED: "red"}
_SHOWN_ITEMS: Final = 5
_SHOWN_EVENTS: Final = 3
RETRY_HINT: Final = "`ttapi retry` asks again for what is missing"


def notice(settings: Settings, replay: Path | None) -> str:
    """Where the data comes from, for the first line: nobody may take simulated prices for real ones."""
    if replay is not None:
        return f"Replayed data: the recording in {replay}, served as if it were the service."
    where = "" if settings.api_url is None else f" at {settings.api_url}"
    match settings.environment:
        case Environment.SANDBOX | Environment.REPLAY:
            return (
                f"Simulated data from the sandbox{where}, no real prices. To connect your account:"
                " `ttapi init`."
            )
        case Environment.CERTIFICATION:
            return f"Data from the certification service{where}: real protocol, test accounts, no real money."
        case Environment.PRODUCTION:
            return f"Live data from the service{where}."


def summary_text(summary: RunSummary, settings: Settings, replay: Path | None) -> str:
    """The table of datasets and the figures of the run."""
    source = _source_words(summary, settings, replay)
    headings = ["dataset", "rows", "missing", "source", "cache", "seconds"]
    rows = [
        [
            result.dataset,
            f"{result.rows:,}",
            f"{len(result.missing):,}",
            source,
            cache_words(result),
            f"{result.seconds:.2f}",
        ]
        for result in summary.results
    ]
    styles = [_STYLES.get(result.status, "") for result in summary.results]
    drawn = table(headings, rows, numeric=_NUMERIC, styles=styles)
    figures = [*_figures(summary), *events_text(summary.results), *missing_text(summary.results)]
    return "\n".join([drawn, "", *figures, f"files      {settings.lake_dir}"])


def summary_record(summary: RunSummary, lake: DataPath, code: ExitCode) -> dict[str, object]:
    """The run as JSON values: the run record, the lake, the exit code and the error behind it."""
    failure = exit_codes.decisive_failure(summary.results)
    error = None if failure is None or failure.error is None else error_report.of_error(failure.error)
    return {**record_of(summary), "lake": str(lake), "error": error, "exit_code": int(code)}


def _source_words(summary: RunSummary, settings: Settings, replay: Path | None) -> str:
    """Short, because it is in every row; the first line has told it at length."""
    if replay is not None:
        return f"replay of {replay.resolve().name}"
    return settings.environment.value if settings.api_url is None else summary.source


def cache_words(result: DatasetResult) -> str:
    """Whether the lake had the answer, and why or why not."""
    if result.status is DatasetStatus.HIT:
        return f"hit: {_reason(result)}"
    reason = "asked for again" if isinstance(result.verdict, Fresh) else _reason(result)
    if result.blocked_by:
        return f"miss: {reason} (waits for {' and '.join(result.blocked_by)})"
    return f"miss: {reason}{' (failed)' if result.status is DatasetStatus.FAILED else ''}"


def events_text(results: Sequence[DatasetResult]) -> Iterator[str]:
    """For each dataset with events a line: how many of which kind, and one of each of the first kinds."""
    for result in results:
        if not result.events:
            continue
        counts = Counter(event.kind for event in result.events)
        # The first of each kind, in the order of the kinds: those are the ones that differ.
        first = {event.kind: event for event in reversed(result.events)}
        kinds = [kind for kind in EventKind if kind in counts]
        shown = "; ".join(f"{first[kind].symbol}: {first[kind].detail}" for kind in kinds[:_SHOWN_EVENTS])
        rest = len(result.events) - len(kinds[:_SHOWN_EVENTS])
        more = f"; {rest:,} more in --json" if rest else ""
        counted = ", ".join(f"{counts[kind]:,} {kind}" for kind in kinds)
        yield f"events     {result.dataset}: {counted} ({one_line(shown)}{more})"


def missing_text(results: Sequence[DatasetResult]) -> Iterator[str]:
    """For each dataset that lacks items a line: the first of them, and of how many there are older rows."""
    for result in results:
        if not result.missing:
            continue
        shown = ", ".join(one_line(item) for item in sorted(result.missing)[:_SHOWN_ITEMS])
        more = len(result.missing) - _SHOWN_ITEMS
        rest = f" and {more:,} more" if more > 0 else ""
        kept = f"; earlier rows kept for {result.kept_from_before:,}" if result.kept_from_before else ""
        yield f"missing    {result.dataset}: {shown}{rest}{kept} (all in `ttapi status --json`)"


def say_failures(results: Sequence[DatasetResult], *, warnings: Sequence[str] = ()) -> None:
    """
    What went wrong, on stderr: each error once, with the datasets that it stopped; each hint once.

    A dataset that only waits for another one has nothing of its own to say: the table names the other. Items
    that are missing are no error; how to ask for them again is the last hint.
    """
    for warning in warnings:
        note(f"warning: {one_line(warning)}")
    by_hint: dict[str | None, dict[str, list[str]]] = {}
    for result in results:
        if result.error is not None and not result.blocked_by:
            report = error_report.of_error(result.error)
            by_hint.setdefault(report["hint"], {}).setdefault(report["message"], []).append(result.dataset)
    for hint, by_message in by_hint.items():
        for message, datasets in by_message.items():
            subject = [dataset for dataset in datasets if dataset not in message]
            note(f"error: {', '.join(subject)}{': ' if subject else ''}{message}")
        if hint is not None:
            note(f"hint: {hint}")
    if any(result.missing for result in results):
        note(f"hint: {RETRY_HINT}")


def _figures(summary: RunSummary) -> Iterator[str]:
    answered = f"hit rate   {summary.hit_rate:.0%} ({summary.hits} of {len(summary.results)} from the lake)"
    if summary.speed_up is not None and summary.cold_seconds is not None:
        yield f"{answered}, in {summary.seconds * 1000:,.1f} ms"
        yield f"speed-up   {summary.speed_up:,.0f} times the last cold run ({summary.cold_seconds:,.1f} s)"
    else:
        yield f"{answered}, in {summary.seconds:,.1f} s"
    requests = ", ".join(f"{family} {count:,}" for family, count in sorted(summary.requests.items()))
    yield f"requests   {sum(summary.requests.values()):,}{f' ({requests})' if requests else ''}"
    yield f"hold-up    {summary.longest_hold_up_seconds * 1000:,.1f} ms, the event loop's longest"


def _reason(result: DatasetResult) -> str:
    return str(result.verdict).partition(": ")[2]
