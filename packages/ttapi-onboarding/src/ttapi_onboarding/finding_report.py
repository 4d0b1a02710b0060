# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user reads of a verification: a table of what is wrong, or that all is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_onboarding.figures import counted
from ttapi_onboarding.render import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.runtime import Platform
    from ttapi_platform.verification import Finding


def findings_text(findings: Sequence[Finding], root: DataPath) -> str:
    """One row for each finding; files are named from the lake's directory on."""
    headings = ["dataset", "what", "subject", "detail", "fix"]
    rows = [
        [one.dataset, one.kind.value, one.subject.removeprefix(f"{root}/"), one.detail, one.fix]
        for one in findings
    ]
    return table(headings, rows)


def findings_record(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """The same as JSON values, with every day of holes and strays, and files with their whole path."""
    return [
        {
            "dataset": one.dataset,
            "kind": one.kind.value,
            "subject": one.subject,
            "detail": one.detail,
            "fix": one.fix,
            "days": [day.isoformat() for day in one.days],
        }
        for one in findings
    ]


def whole_text(platform: Platform) -> str:
    """That nothing is wrong, and how much that is said of."""
    versions = [version for each in platform.registry if (version := platform.lake.version(each.name))]
    files = 2 * sum(len(version.pairs) for version in versions)
    rows = sum(footer.rows for version in versions for footer in version.footers.values())
    return f"whole: {len(versions)} datasets, {counted(files, 'file')}, {counted(rows, 'row')}"
