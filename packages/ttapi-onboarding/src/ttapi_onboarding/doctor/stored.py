# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is stored: files that are damaged or left over, as far as it shows quickly, and stale datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_core.errors import CorruptFileError, DataError, SchemaError, StorageError
from ttapi_onboarding.doctor.findings import ok, problem, warning
from ttapi_platform.verification import Finding as FileFinding, FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject
    from ttapi_platform.lake import Lake
    from ttapi_platform.runtime import DatasetState

_SHOWN_ITEMS: Final = 5
_REPAIR: Final = "`ttapi data repair`"
_PUT_IN_ORDER: Final = "`ttapi doctor --fix`, or `ttapi data repair`"
# What `put_in_order` heals.
_EASY: Final = frozenset({FindingKind.UNFINISHED, FindingKind.ORPHAN, FindingKind.TWIN})
# Of these nobody reads a wrong row.
_HARMLESS: Final = frozenset({FindingKind.UNFINISHED, FindingKind.ORPHAN})


def files(subject: Subject) -> Iterator[Finding]:
    """Whether the files are there and belong together; no row is read."""
    from ttapi_polars.schemas import SCHEMAS

    lake, is_whole = subject.lake, True
    for one in look(lake):
        is_whole = False
        say = warning if one.kind in _HARMLESS else problem
        subject_words = one.subject.removeprefix(f"{lake.root}/")
        detail = one.detail if subject_words in one.detail else f"{subject_words}: {one.detail}"
        yield say("files", detail, fix=one.fix)
    if not is_whole:
        return
    versions = [version for name in SCHEMAS if (version := lake.version(name)) is not None]
    count = 2 * sum(len(version.pairs) for version in versions)
    yield ok(
        "files",
        f"{count:,} files, by their footers and twins; `ttapi data verify` reads every row"
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


def look(lake: Lake) -> Iterator[FileFinding]:
    """
    What is wrong with the files, as far as footers, names and the digests of twins show.

    Damage inside a Parquet file is not seen: only who reads every row sees that.
    """
    from ttapi_polars.schemas import SCHEMAS

    for dataset in SCHEMAS:
        for path in (lake.layout.staging / dataset, lake.layout.committed / dataset):
            if path.exists():
                detail = "files of a commit that a crash cut short, or that goes on now"
                yield _finding(dataset, FindingKind.UNFINISHED, path, detail)
        for path in lake.layout.orphans(dataset):
            yield _finding(dataset, FindingKind.ORPHAN, path, "its Parquet file is not there")
        yield from _of_version(lake, dataset)


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
    from ttapi_platform.verification import verify

    if not any(one.kind in _EASY for one in look(lake)):
        return []
    with lake.writing() as done:
        found = verify(lake)
        damaged = {one.dataset for one in found if one.kind is FindingKind.DAMAGED}
        safe = [one for one in found if one.kind in _EASY and one.dataset not in damaged]
        return [*done, *mend_files(lake, safe)]


def _of_version(lake: Lake, dataset: str) -> Iterator[FileFinding]:
    from ttapi_polars.csv_twin import sha256_of

    try:
        version = lake.version(dataset)
    except SchemaError as error:
        yield _finding(dataset, FindingKind.NEWER, dataset, error.message, fix=error.hint or "update TTAPI")
        return
    except CorruptFileError as error:
        yield _finding(dataset, FindingKind.DAMAGED, error.path, error.message, fix=_REPAIR)
        return
    except (DataError, StorageError) as error:
        yield _finding(dataset, FindingKind.INCOMPLETE, dataset, error.message, fix=_REPAIR)
        return
    if version is None:
        return
    for part, pair in version.pairs.items():
        if not pair.csv.exists():
            yield _finding(dataset, FindingKind.TWIN, pair.csv, "the CSV twin is missing")
        elif sha256_of(pair.csv) != version.footers[part].csv_sha256:
            detail = "the CSV twin was changed since it was written"
            yield _finding(dataset, FindingKind.TWIN, pair.csv, detail)


def _finding(
    dataset: str, kind: FindingKind, subject: Path | str, detail: str, *, fix: str = _PUT_IN_ORDER
) -> FileFinding:
    return FileFinding(dataset=dataset, kind=kind, subject=str(subject), detail=detail, fix=fix)


def _lacking(state: DatasetState) -> str:
    names = sorted(state.missing)
    rest = f" and {len(names) - _SHOWN_ITEMS:,} more" if len(names) > _SHOWN_ITEMS else ""
    return f"{state.dataset} lacks {', '.join(names[:_SHOWN_ITEMS])}{rest}"
