# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What is sent to a worker: a piece of a question, with the files that it is to be answered from."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import attrs
import polars as pl

from ttapi_core.errors import StorageError
from ttapi_polars import lake_files
from ttapi_polars.footers import read_footer
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.engines import Question
    from ttapi_polars.footers import FileFooter
    from ttapi_polars.lake_versions import Version

T = TypeVar("T")
R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Task:
    """A piece of a question about one version of a dataset; a function of it alone, so it may run twice."""

    root: DataPath
    question: Question
    files: Mapping[DataPath, FileFooter]

    @classmethod
    def of(cls, root: DataPath, question: Question, version: Version) -> Task:
        """The task of answering a question from those files of a version that it needs."""
        chosen = {
            pair.parquet: footer
            for part, pair in version.pairs.items()
            if question.needs(footer := version.footers[part])
        }
        return cls(root=root, question=question, files=chosen)

    def answer(self) -> pl.DataFrame:
        """
        The piece of the answer, from the files as this machine sees them.

        Raises
        ------
        StorageError
            When a file is not there, or is not the one that was meant.
        CorruptFileError
            When one is damaged.
        """
        for path, known in self.files.items():
            # An object in a store is never written again, and to ask for its footer takes a quarter megabyte.
            if isinstance(path, Path):
                _require_the_same(path, known)
        with reading(self.root):
            schema = SCHEMAS[self.question.dataset]
            rows = lake_files.scan(list(self.files), schema, footers=list(self.files.values()))
            return self.question.over(rows).collect(engine="streaming")


def _require_the_same(path: Path, known: FileFooter) -> None:
    found = read_footer(path)
    if (found.fingerprint, found.collected_at) != (known.fingerprint, known.collected_at):
        hint = "every worker has to see the lake as the one who asks does"
        raise StorageError(f"{path} has been replaced", path=path, hint=hint)


def answer(task: Task) -> bytes:
    """
    As ``Task.answer``, for ``unpacked``: a function of a module, for whoever sends it elsewhere.

    Compressed, since answers with a row for each of the lake are a third or a quarter of the bytes so.
    """
    package = io.BytesIO()
    task.answer().write_ipc(package, compression="lz4")
    return package.getvalue()


def unpacked(package: bytes) -> pl.DataFrame:
    """What was answered."""
    return pl.read_ipc(package)


def packed(work: Callable[[T], R], item: T) -> bytes:
    """
    Work and what to do it with, for ``done``.

    A worker opens it when it does the work. What it cannot import is then trouble with this piece of work;
    opened by Dask, when the message comes, it would cost the worker its connection, again and again.
    """
    return _wire().dumps((work, item))


def done(package: bytes) -> object:
    """What the work gives."""
    work, item = _wire().loads(package)
    return work(item)


class _Wire(Protocol):
    """How Dask itself packs what it sends."""

    def dumps(self, sent: tuple[Callable[[T], R], T]) -> bytes: ...

    def loads(self, package: bytes) -> tuple[Callable[[object], object], object]: ...


def _wire() -> _Wire:
    from distributed.protocol import pickle  # noqa: PLC0415 - an extra

    return cast("_Wire", pickle)
