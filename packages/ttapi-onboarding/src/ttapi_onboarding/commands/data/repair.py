# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data repair`: heal what a verification finds, and say what was done and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.options import Request
    from ttapi_platform.repair import Repair
    from ttapi_platform.runtime import Platform


@click.command()
@options.for_collecting
def repair(request: Request) -> None:
    """
    Heal what is wrong with the lake.

    \b
      ttapi data repair
      ttapi data repair --wait 600

    Files are healed from their twins, what cannot be healed is put aside and collected again, and days that
    lack a candle are asked for. Ends with exit code 0 when nothing remains wrong, 3 when items are missing
    from what was collected again, 8 when something is wrong still.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding import collecting, exit_codes, run_report
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    platform = collecting.source_said(request)
    repaired = collecting.run(
        platform,
        lambda watcher: platform.repair(progress=watcher),
        before="every file is whole",
    )
    code = exit_codes.of_repair(repaired)
    if request.as_json:
        emit(json_text(_record(platform, repaired, code)))
    else:
        emit("\n".join(_lines(platform, repaired)))
    run_report.say_failures(repaired.results)
    click.get_current_context().exit(code)


def _lines(platform: Platform, repaired: Repair) -> Iterator[str]:
    from ttapi_onboarding import run_report
    from ttapi_onboarding.finding_report import findings_text, whole_text
    from ttapi_onboarding.progress_bars import outcome
    from ttapi_onboarding.terminal import one_line

    root = platform.lake.root
    if repaired.found:
        yield findings_text(repaired.found, root)
        yield ""
    yield f"found      {len(repaired.found):,}"
    yield from (f"done       {one_line(done)}" for done in repaired.done)
    yield from (f"asked for  {result.dataset}: {outcome(result)}" for result in repaired.results)
    yield from run_report.events_text(repaired.results)
    yield from run_report.missing_text(repaired.results)
    yield f"remaining  {len(repaired.remaining):,}"
    yield f"files      {root}"
    yield ""
    yield findings_text(repaired.remaining, root) if repaired.remaining else whole_text(platform)


def _record(platform: Platform, repaired: Repair, code: ExitCode) -> dict[str, object]:
    from ttapi_onboarding import error_report, exit_codes
    from ttapi_onboarding.finding_report import findings_record
    from ttapi_platform.run_records import dataset_record

    failure = exit_codes.decisive_failure(repaired.results)
    error = None if failure is None or failure.error is None else error_report.of_error(failure.error)
    return {
        "lake": str(platform.lake.root),
        "found": findings_record(repaired.found),
        "done": list(repaired.done),
        "datasets": [dataset_record(result) for result in repaired.results],
        "remaining": findings_record(repaired.remaining),
        "error": error,
        "exit_code": int(code),
    }
