# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said of a verification."""

from __future__ import annotations

from pathlib import Path

from test_ttapi_onboarding.runs import FINDING
from ttapi_onboarding import finding_report
from ttapi_platform.verification import Finding, FindingKind

ROOT = Path("data") / "sandbox"
TWIN = Finding(
    dataset="quotes",
    kind=FindingKind.TWIN,
    subject=str(ROOT / "quotes.csv"),
    detail="the CSV twin is missing",
    fix="`ttapi data repair`",
)


def test_each_finding_is_a_row() -> None:
    """A file is named from the lake on, a symbol by itself."""
    heading, *rows = finding_report.findings_text([TWIN, FINDING], ROOT).splitlines()
    assert heading.split() == ["dataset", "what", "subject", "detail", "fix"]
    assert [row.split()[:4] for row in rows] == [
        ["quotes", "twin", "quotes.csv", "the"],
        ["eod_data", "holes", "KO", "1"],
    ]
    assert rows[1].endswith("2026-06-30  `ttapi data repair` asks for them")


def test_as_json_a_finding_has_its_path_and_its_days() -> None:
    """In ISO form."""
    assert finding_report.findings_record([TWIN, FINDING]) == [
        {
            "dataset": "quotes",
            "kind": "twin",
            "subject": str(ROOT / "quotes.csv"),
            "detail": "the CSV twin is missing",
            "fix": "`ttapi data repair`",
            "days": [],
        },
        {
            "dataset": "eod_data",
            "kind": "holes",
            "subject": "KO",
            "detail": "1 trading days without a candle: 2026-06-30",
            "fix": "`ttapi data repair` asks for them",
            "days": ["2026-06-30"],
        },
    ]
