# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is stored: files that are damaged or left over, as far as it shows quickly, and stale datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_onboarding.doctor.findings import ok, problem, warning
from ttapi_onboarding.figures import counted
from ttapi_platform.verification import FindingKind, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject
    from ttapi_platform.lake import Lake
    from ttapi_platform.runtime import DatasetState

_SHOWN_ITEMS: Final = 5
_PUT_IN_ORDER: Final = "`ttapi doctor --fix`, or `ttapi data repair`"
# What `put_in_order` heals.
_EASY: Final = frozenset({FindingKind.UNFINISHED, FindingKind.ORPHAN, FindingKind.TWIN})
# Of these nobody reads a wrong row.
_HARMLESS: Final = frozenset({FindingKind.UNFINISHED, FindingKind.ORPHAN})


def files(subject: Subject) -> Iterator[Finding]:
    """Whether the files are there and belong together; no row is read."""
    from ttapi_polars.schemas import SCHEMAS

    lake = subject.lake
    found = verify(lake, rows=False)
    for one in found:
        say = warning if one.kind in _HARMLESS else problem
        subject_words = one.subject.removeprefix(f"{lake.root}/")
        detail = one.detail if subject_words in one.detail else f"{subject_words}: {one.detail}"
        yield say("files", detail, fix=_PUT_IN_ORDER if one.kind in _EASY else one.fix)
    if found:
        return
    versions = [version for name in SCHEMAS if (version := lake.version(name)) is not None]
    count = 2 * sum(len(version.pairs) for version in versions)
    yield ok(
        "files",
        f"{counted(count, 'file')}, by their footers and twins; `ttapi data verify` reads every row"
        if count
        else "none yet",
    )


def datasets(subject: Subject) -> Iterator[Finding]:
    """Which datasets are stale, lack items, or could not be collected; what `ttapi status` knows."""
    from ttapi_platform.freshness import Fresh

    states = subject.platform.status()
    if all(state.stored is None and state.failure is None for state in states):
        yield warning("datasets", "nothing has been collected yet", fix="`ttapi collect`")
        return
    for state in states:
        if state.failure is not None:
            detail = f"{state.dataset} could not be collected: {state.failure['message']}"
            yield problem("datasets", detail, fix=state.failure["hint"] or "`ttapi retry`")
        elif not isinstance(state.verdict, Fresh):
            yield warning("datasets", f"{state.dataset} is {state.verdict}", fix="`ttapi collect`")
        if state.missing:
            yield warning("datasets", _lacking(state), fix="`ttapi retry`")
    fresh = [state.dataset for state in states if isinstance(state.verdict, Fresh)]
    if fresh:
        yield ok("datasets", f"fresh: {', '.join(fresh)}")


def put_in_order(lake: Lake) -> list[str]:
    """
    Heal what is safe to heal, and say what was done; where there is nothing, nothing is touched.

    What a crash left is put in order, twins are written again from Parquet files of which every row was
    verified, and twins without a Parquet file go to quarantine. Datasets with damage are left to a repair.

    Raises
    ------
    LockedError
        When another process is writing.
    ConfigError, WriteError
        When the disk refuses.
    """
    from ttapi_platform.repair import mend_files

    if not any(one.kind in _EASY for one in verify(lake, rows=False)):
        return []
    with lake.writing() as done:
        found = verify(lake)
        damaged = {one.dataset for one in found if one.kind is FindingKind.DAMAGED}
        safe = [one for one in found if one.kind in _EASY and one.dataset not in damaged]
        return [*done, *mend_files(lake, safe)]


def _lacking(state: DatasetState) -> str:
    names = sorted(state.missing)
    rest = f" and {len(names) - _SHOWN_ITEMS:,} more" if len(names) > _SHOWN_ITEMS else ""
    return f"{state.dataset} lacks {', '.join(names[:_SHOWN_ITEMS])}{rest}"
