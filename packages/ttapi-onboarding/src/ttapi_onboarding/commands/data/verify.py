# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data verify`: whether what is stored is what was collected, and whether candles are lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import engine_options, options

if TYPE_CHECKING:
    from ttapi_onboarding.engine_options import EngineChoice
    from ttapi_onboarding.options import Request


@click.command()
@engine_options.for_engines
@options.for_a_lake
def verify(request: Request, *, choice: EngineChoice) -> None:
    """
    Find everything that is wrong with the lake.

    \b
      ttapi data verify
      ttapi data verify --json | jq '.findings[].detail'

    Every file is read and held against what it says of itself and against its twin, and candles against the
    calendar. Nothing is changed, and the service is not asked. Ends with exit code 8 when something is wrong.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding import finding_report
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit

    platform = request.platform()
    root = platform.lake.root
    with choice.engine() as engine:
        findings = platform.verify(engine=engine)
    code = ExitCode.DAMAGED if findings else ExitCode.OK
    if request.as_json:
        record = finding_report.findings_record(findings)
        emit(json_text({"lake": str(root), "findings": record, "exit_code": int(code)}))
    elif findings:
        emit(finding_report.findings_text(findings, root))
        emit(f"\nlake: {root}")
    else:
        emit(finding_report.whole_text(platform))
    click.get_current_context().exit(code)
