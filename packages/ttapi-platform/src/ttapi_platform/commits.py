# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Commits: the new files of a dataset count from one rename on, all together, and then move into their places.

What is staged was never committed, and goes. What is committed is moved on, by whoever comes next if need be;
readers look there first, so that they see the old files or the new ones and never some of each.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ttapi_core.errors import CorruptFileError
from ttapi_platform.atomic_files import make_directory, rename_durably, sync_directory
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_versions import parts_of
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from ttapi_platform.lake_layout import Layout
    from ttapi_polars.lake_versions import FilePair


@contextmanager
def commit(layout: Layout, dataset: str) -> Generator[None]:
    """
    Stage files in the block, under the names that ``Layout.staged`` gives; leaving it commits them.

    A block that fails leaves everything as it was.

    Raises
    ------
    WriteError
        When the disk refuses. What is committed by then is visible, and its way to its place is taken up by
        the next commit or the next ``recover``.
    """
    staging, committed = layout.staging / dataset, layout.committed / dataset
    _move_into_place(layout, dataset)
    _drop(staging)  # of a commit that failed, and whose files could not be removed then
    try:
        for directory in (staging, layout.committed, layout.directory(dataset)):
            make_directory(directory)
        yield
        with writing(staging):
            sync_directory(staging)
        rename_durably(staging, committed)  # the commit point
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _move_into_place(layout, dataset)


def recover(layout: Layout) -> Iterator[str]:
    """
    Put in order what a crash left behind; gives what there was, in words.

    Raises
    ------
    WriteError
        When the disk refuses.
    """
    for dataset in SCHEMAS:
        if (layout.committed / dataset).exists():
            _move_into_place(layout, dataset)
            yield f"{dataset}: an earlier run ended before its files were in their places; moved them there"
        if (staging := layout.staging / dataset).exists():
            _drop(staging)
            yield f"{dataset}: an earlier run was cut short before anything was stored; removed what it left"


def _move_into_place(layout: Layout, dataset: str) -> None:
    """
    Move committed files into their places, the head last; once it has moved the commit is over.

    Each step can be the last before a crash, and is not repeated when the next caller goes on from there.
    """
    committed = layout.committed / dataset
    if not committed.exists():
        return
    pairs = list(layout.committed_pairs(dataset).values())
    if pairs:
        *others, head = pairs
        for pair in others:
            _move(pair, layout.pair(dataset, pair.part))
        _remove_parts(layout, dataset, keep=_parts_after(head))
        _move(head, layout.pair(dataset, head.part))
    for directory in (layout.directory(dataset), committed):
        with writing(directory):
            sync_directory(directory)
    _drop(committed)


def _drop(directory: Path) -> None:
    if directory.exists():
        with writing(directory):
            shutil.rmtree(directory)


def _move(committed: FilePair[Path], final: FilePair[Path]) -> None:
    # The twin first: a Parquet file in its place has its twin beside it. It may have moved already.
    if committed.csv.exists():
        with writing(final.csv):
            committed.csv.replace(final.csv)
    with writing(final.parquet):
        committed.parquet.replace(final.parquet)


def _parts_after(head: FilePair[Path]) -> Mapping[str, str] | None:
    try:
        return parts_of(read_footer(head.parquet)) or None
    except CorruptFileError:
        return None  # whatever was there may be all there is


def _remove_parts(layout: Layout, dataset: str, *, keep: Mapping[str, str] | None) -> None:
    for part, pair in layout.pairs(dataset).items():
        if keep is not None and part not in keep:
            # In this order: a Parquet file by itself is found again after a crash, a twin is not.
            _remove(pair.csv)
            _remove(pair.parquet)


def _remove(path: Path) -> None:
    with writing(path):
        path.unlink(missing_ok=True)
