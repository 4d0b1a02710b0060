# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Commits of plain files: all of them count from one moment on, and what was cut short is put in order."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from ttapi_core.errors import WriteError
from ttapi_platform.commits import commit, recover
from ttapi_platform.lake_layout import Layout

# What a head says of other parts is in its footer; this one has none, so that nothing is taken for outdated.
OLD, NEW = ("old twin", "old rows"), ("new twin", "new rows")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A lake whose directory is not there yet."""
    return Layout(tmp_path / "lake")


def write(directory: Path, dataset: str, files: tuple[str, str], part: str | None = None) -> None:
    """A twin and a Parquet file of these contents."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind, text in zip(("csv", "parquet"), files, strict=True):
        (directory / f"{part or dataset}.{kind}").write_text(text, encoding="utf-8")


def stage(layout: Layout, dataset: str, files: tuple[str, str], part: str | None = None) -> None:
    """Write files that a commit is to publish."""
    write(layout.staging / dataset, dataset, files, part)


def files_of(directory: Path) -> dict[str, str]:
    """Every file below, by its path there, with its content."""
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def refuse(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, path: Path) -> None:
    """Have the system refuse one call for one path."""
    original = getattr(owner, name)

    def refusing(first: Path, *others: object, **options: object) -> object:
        if path in {first, *others}:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return original(first, *others, **options)

    monkeypatch.setattr(owner, name, refusing)


def test_what_is_staged_is_in_its_place_after_the_commit(layout: Layout) -> None:
    """And nothing else is left anywhere."""
    with commit(layout, "quotes"):
        stage(layout, "quotes", OLD)
    with commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        assert (layout.root / "quotes.csv").read_text(encoding="utf-8") == "old twin"
    assert files_of(layout.root) == {"quotes.csv": "new twin", "quotes.parquet": "new rows"}
    assert [*layout.staging.iterdir(), *layout.committed.iterdir()] == []


def test_a_dataset_in_parts_has_a_directory_of_its_own(layout: Layout) -> None:
    """Which the first commit makes."""
    with commit(layout, "eod_data"):
        for part in ("range-000", "recent"):
            stage(layout, "eod_data", NEW, part)
    assert list(files_of(layout.root)) == [
        f"eod_data/{part}.{kind}" for part in ("range-000", "recent") for kind in ("csv", "parquet")
    ]


def test_datasets_are_committed_without_each_other(layout: Layout) -> None:
    """What is staged of one is none of the other's."""
    stage(layout, "accounts", OLD)
    with commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
    assert files_of(layout.staging) == {
        "accounts/accounts.csv": "old twin",
        "accounts/accounts.parquet": "old rows",
    }


def test_a_block_that_fails_leaves_everything_as_it_was(layout: Layout) -> None:
    """Its error passes, and what it has staged goes."""
    with commit(layout, "quotes"):
        stage(layout, "quotes", OLD)
    with pytest.raises(ZeroDivisionError), commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        raise ZeroDivisionError
    assert files_of(layout.root) == {"quotes.csv": "old twin", "quotes.parquet": "old rows"}
    assert not (layout.staging / "quotes").exists()


def test_what_an_earlier_commit_has_left_staged_is_not_committed(layout: Layout) -> None:
    """It may be half a file."""
    stage(layout, "eod_data", OLD, "range-000")
    with commit(layout, "eod_data"):
        stage(layout, "eod_data", NEW, "recent")
    assert list(files_of(layout.root)) == ["eod_data/recent.csv", "eod_data/recent.parquet"]


def test_what_an_earlier_commit_has_left_on_its_way_is_in_its_place_before_the_next(layout: Layout) -> None:
    """It was committed."""
    layout.directory("eod_data").mkdir(parents=True)
    write(layout.committed / "eod_data", "eod_data", OLD, "range-000")
    with commit(layout, "eod_data"):
        assert list(files_of(layout.root)) == ["eod_data/range-000.csv", "eod_data/range-000.parquet"]
        stage(layout, "eod_data", NEW, "recent")
    assert len(files_of(layout.root)) == 4


def test_a_commit_is_durable_step_by_step(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The staged names, the commit itself, then the moves; only then is what tells of it removed."""
    with commit(layout, "eod_data"):
        stage(layout, "eod_data", OLD, "recent")
    steps: list[str] = []
    fsync, replace, rmtree = os.fsync, Path.replace, shutil.rmtree

    def noted_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append(f"sync {path.relative_to(layout.root)}")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> Path:
        steps.append(f"move {source.relative_to(layout.root)} to {target.relative_to(layout.root)}")
        return replace(source, target)

    def noted_rmtree(path: Path, *, ignore_errors: bool = False) -> None:
        steps.append(f"remove {path.relative_to(layout.root)}")
        rmtree(path, ignore_errors=ignore_errors)

    with commit(layout, "eod_data"):
        for part in ("range-000", "recent"):
            stage(layout, "eod_data", NEW, part)
        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(Path, "replace", noted_replace)
        monkeypatch.setattr(shutil, "rmtree", noted_rmtree)
    committed = ".ttapi/committed"
    assert steps == [
        "sync .ttapi/staging/eod_data",
        f"move .ttapi/staging/eod_data to {committed}/eod_data",
        f"sync {committed}",
        *(
            f"move {committed}/eod_data/{part}.{kind} to eod_data/{part}.{kind}"
            for part in ("range-000", "recent")
            for kind in ("csv", "parquet")
        ),
        "sync eod_data",
        f"sync {committed}/eod_data",
        f"remove {committed}/eod_data",
    ]


def test_a_commit_goes_on_where_it_was_cut_short(layout: Layout) -> None:
    """Twins move first: where one has moved already, its Parquet file follows."""
    write(layout.committed / "quotes", "quotes", NEW)
    (layout.committed / "quotes" / "quotes.csv").replace(layout.root / "quotes.csv")
    assert len(list(recover(layout))) == 1
    assert files_of(layout.root) == {"quotes.csv": "new twin", "quotes.parquet": "new rows"}


def test_a_commit_whose_files_have_all_moved_is_over(layout: Layout) -> None:
    """What tells of it goes."""
    (layout.committed / "quotes").mkdir(parents=True)
    write(layout.root, "quotes", NEW)
    assert len(list(recover(layout))) == 1
    assert not (layout.committed / "quotes").exists()
    assert files_of(layout.root) == {"quotes.csv": "new twin", "quotes.parquet": "new rows"}


def test_what_was_found_is_told_dataset_by_dataset(layout: Layout) -> None:
    """What had been committed is in its place, what had not is gone; the second time there is nothing."""
    write(layout.committed / "symbols", "symbols", NEW)
    stage(layout, "symbols", OLD)
    stage(layout, "quotes", OLD)
    assert list(recover(layout)) == [
        "symbols: an earlier run ended before its files were in their places; moved them there",
        "symbols: an earlier run was cut short before anything was stored; removed what it left",
        "quotes: an earlier run was cut short before anything was stored; removed what it left",
    ]
    assert files_of(layout.root) == {"symbols.csv": "new twin", "symbols.parquet": "new rows"}
    assert list(recover(layout)) == []


def test_a_directory_that_cannot_be_synced_is_named(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The staged one: nothing has happened yet."""
    with commit(layout, "quotes"):
        stage(layout, "quotes", OLD)
    with pytest.raises(WriteError, match="Input/output error") as refused, commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        refuse(monkeypatch, os, "open", layout.staging / "quotes")
    assert refused.value.path == layout.staging / "quotes"
    monkeypatch.undo()
    list(recover(layout))
    assert files_of(layout.root) == {"quotes.csv": "old twin", "quotes.parquet": "old rows"}


@pytest.mark.parametrize("directory", ["", ".ttapi/committed/quotes"])
def test_a_directory_that_cannot_be_synced_after_the_moves_is_named(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, directory: str
) -> None:
    """Then the commit is taken up again by the next."""
    with pytest.raises(WriteError) as refused, commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        refuse(monkeypatch, os, "open", layout.root / directory)
    assert refused.value.path == layout.root / directory
    monkeypatch.undo()
    assert len(list(recover(layout))) == 1


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_that_cannot_be_moved_is_named(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """By its place; the rest stays on its way, and moves when it can."""
    place = layout.root / f"quotes.{kind}"
    with pytest.raises(WriteError) as refused, commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        refuse(monkeypatch, Path, "replace", place)
    assert refused.value.path == place
    monkeypatch.undo()
    assert len(list(recover(layout))) == 1
    assert files_of(layout.root) == {"quotes.csv": "new twin", "quotes.parquet": "new rows"}


def test_a_directory_that_cannot_be_removed_is_named(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds is in its place by then."""
    committed = layout.committed / "quotes"
    with pytest.raises(WriteError) as refused, commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        refuse(monkeypatch, shutil, "rmtree", committed)
    assert refused.value.path == committed
    assert files_of(layout.root) == {"quotes.csv": "new twin", "quotes.parquet": "new rows"}


def test_a_failure_is_told_even_where_what_was_staged_cannot_be_removed(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trouble that comes of the trouble says less."""
    rmdir = os.rmdir

    def refusing(path: str, *, dir_fd: int | None = None) -> None:
        if Path(path).name == "quotes":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rmdir(path, dir_fd=dir_fd)

    with pytest.raises(ZeroDivisionError), commit(layout, "quotes"):
        stage(layout, "quotes", NEW)
        monkeypatch.setattr(os, "rmdir", refusing)
        raise ZeroDivisionError
