# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect`: bring the lake up to date and say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options, signals

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ttapi_platform.run_summary import RunSummary
    from ttapi_platform.runtime import Platform

# A backspace on a line of its own keeps click from joining the lines below it.
EXAMPLES: Final = """\b
Examples:
  ttapi collect
  ttapi collect --symbols AAPL,BRK/B --only quotes
  ttapi collect --replay candles --data-dir lake

\b
Exit codes: 0 done, 1 failed, 2 misused, 3 done with items missing, 4 not logged in,
5 wrong settings, 6 service unavailable, 7 another run is writing, 8 stored data damaged.
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--symbols",
    multiple=True,
    callback=options.split_symbols,
    metavar="A,B,...",
    help="Only these symbols, instead of the universe; may be repeated.",
)
@click.option(
    "--universe", metavar="FILE", help="A file with a symbol a line, or 'default'. [default: 507 of them]"
)
@click.option(
    "--only",
    multiple=True,
    callback=options.split_texts,
    metavar="DATASET",
    help="Only this dataset and what it is built from; may be repeated.",
)
@click.option("--refresh", is_flag=True, help="Collect even what is fresh.")
@click.option(
    "--history-years",
    type=click.IntRange(1, options.LONGEST_HISTORY_YEARS),
    help="Years of daily candles. [default: 10]",
)
@options.lake_options
@options.report_options
@click.pass_context
def collect(
    context: click.Context,
    *,
    symbols: tuple[str, ...],
    universe: str | None,
    only: tuple[str, ...],
    refresh: bool,
    history_years: int | None,
    data_dir: str | None,
    environment: str | None,
    replay: Path | None,
    as_json: bool,
    verbose: int,
    log_file: Path | None,
) -> None:
    """
    Bring the lake up to date.

    What is fresh is left as it is. Symbols that cannot be had are counted and listed, and their earlier rows
    kept; when too many are missing, a dataset stays as it was.
    """
    if symbols and universe is not None:
        raise click.UsageError("--symbols and --universe exclude each other.")
    options.check_replay(replay, environment=environment)
    options.start_logs(verbose, log_file)
    settings = options.settings_from(
        data_dir=data_dir, environment=environment, universe=universe, history_years=history_years
    )
    if replay is None and settings.environment == "replay" and settings.api_url is None:
        raise click.UsageError("the replay environment needs --replay DIR, the folder to replay.")
    from ttapi_onboarding import exit_codes, run_report
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note
    from ttapi_platform.runtime import Platform

    note(run_report.notice(settings, replay))
    platform = Platform(settings, symbols=symbols, replay=replay)
    summary = _run(platform, only, refresh=refresh)
    code = exit_codes.of_run(summary)
    if as_json:
        emit(json_text(run_report.summary_record(summary, platform.lake.root, code)))
    else:
        emit(run_report.summary_text(summary, platform.settings, replay))
    run_report.say_failures(summary)
    context.exit(code)


def _run(platform: Platform, only: tuple[str, ...], *, refresh: bool) -> RunSummary:
    from ttapi_core.clock import SystemClock
    from ttapi_onboarding.progress_bars import progress

    wanted = platform.registry.closure(only)
    started_at = SystemClock().now()
    try:
        with progress([dataset.name for dataset in platform.registry if dataset.name in wanted]) as watcher:
            return signals.run(platform.collect(only=only, refresh=refresh, progress=watcher))
    except signals.Interrupted as interrupted:
        raise signals.Interrupted(interrupted.number, _kept(platform, started_at)) from interrupted


def _kept(platform: Platform, started_at: datetime) -> str:
    """What a run that was cut short leaves behind, as the lake itself has it."""
    names = [
        state.dataset
        for state in platform.status()
        if state.stored is not None and state.stored.collected_at >= started_at
    ]
    kept = f"{', '.join(names)} collected and kept" if names else "no dataset was complete"
    return f"{kept}; what was stored before is untouched, and `ttapi collect` goes on from here"
