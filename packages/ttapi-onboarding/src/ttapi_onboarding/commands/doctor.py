# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi doctor`: what is wrong with this installation, its settings, the service and the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_onboarding.doctor import Finding
    from ttapi_onboarding.options import Request


@click.command()
@click.option("--offline", is_flag=True, help="Leave out what needs the network.")
@click.option(
    "--fix",
    is_flag=True,
    help="First put in order what is safe: what a crash left, CSV twins that are changed, missing or alone.",
)
@options.for_a_lake
def doctor(request: Request, *, offline: bool, fix: bool) -> None:
    """
    Find what is wrong before it hurts, and say what to do about it.

    \b
      ttapi doctor
      ttapi doctor --offline
      ttapi doctor --fix

    Looks at the versions that are installed, the settings and where they come from, the service with its
    clock, rate and login, the disk, and the lake's files and datasets. No row is read: `ttapi data verify`
    does that. Ends with exit code 1 when there is a problem, else with 0, warnings or not.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding import doctor_report
    from ttapi_onboarding.doctor import Status, examine
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.render import json_text
    from ttapi_onboarding.terminal import emit, note, one_line

    done = _put_in_order(request) if fix else []
    for words in done:
        note(f"done: {one_line(words)}")
    findings: list[Finding] = []
    for finding in examine(request.platform, replay=request.replay, offline=offline):
        findings.append(finding)
        if not request.as_json:
            emit(doctor_report.line(finding))
    is_well = all(finding.status is not Status.PROBLEM for finding in findings)
    code = ExitCode.OK if is_well else ExitCode.FAILED
    if request.as_json:
        records = [doctor_report.record(finding) for finding in findings]
        emit(json_text({"findings": records, "done": done, "exit_code": int(code)}))
    else:
        note(doctor_report.total(findings))
    click.get_current_context().exit(code)


def _put_in_order(request: Request) -> list[str]:
    """What was done; what keeps it from being done is said, and no reason not to look."""
    from ttapi_core.errors import ConfigError, StorageError
    from ttapi_onboarding.doctor import put_in_order
    from ttapi_onboarding.terminal import note, one_line

    try:
        return put_in_order(request.platform().lake)
    except ConfigError:
        return []  # the findings tell
    except StorageError as error:
        note(f"warning: nothing was put in order: {one_line(error.message)}")
        return []
