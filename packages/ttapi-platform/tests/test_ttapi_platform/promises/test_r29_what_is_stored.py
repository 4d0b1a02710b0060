# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R29: the lake is the cache: what its rows belong to, what they are written as, what damage does to them."""

from __future__ import annotations

import ast
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import ttapi_client
import ttapi_core
import ttapi_platform
import ttapi_polars
from test_ttapi_platform.property.driven_lake import DrivenLake
from test_ttapi_platform.property.small_world import COLUMNS, dataset_of
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core import Settings
from ttapi_core.settings import Environment, Secret
from ttapi_platform import Platform
from ttapi_platform.freshness import Fresh, Missing
from ttapi_platform.lake_layout import Layout
from ttapi_platform.run_summary import DatasetStatus
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS: Final = (ttapi_core, ttapi_client, ttapi_polars, ttapi_platform)
CODE_IN_DATA: Final = {"pickle", "marshal", "shelve", "dbm", "dill", "cloudpickle", "joblib"}
DAMAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "emptied": lambda _: b"",
    "overwritten": lambda _: b"PAR1 and no more of it",
    "cut in half": lambda whole: whole[: len(whole) // 2],
    "of zeros": lambda whole: bytes(len(whole)),
    "flipped at its end": lambda whole: whole[:-20] + bytes(byte ^ 0xFF for byte in whole[-20:]),
}


def hits(settings: Settings) -> set[str]:
    """The datasets that a run with these settings would answer from the lake."""
    platform = Platform(settings, symbols=["KO"])
    return {state.dataset for state in platform.status() if isinstance(state.verdict, Fresh)}


async def filled(directory: Path) -> Settings:
    """The settings of a lake that a run has filled."""
    async with SandboxServer(World.seeded()) as server:
        settings = Settings(data_dir=directory, api_url=server.url, history_years=1)
        await Platform(settings, symbols=["KO"]).collect()
    assert hits(settings) == COLUMNS.keys()
    return settings


@pytest.mark.promise("R29")
async def test_rows_of_another_environment_server_or_account_are_no_hits(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Not even when somebody copies a whole lake to where that of another environment belongs."""
    settings = await filled(tmp_path)
    others = [
        replace(settings, environment=environment, api_url=None)
        for environment in Environment
        if environment is not settings.environment
    ]
    for other in others:
        assert hits(other) == set()
        shutil.copytree(str(settings.lake_dir), str(other.lake_dir))
        if other.environment is not Environment.REPLAY:  # a replayed lake tells itself what it is of
            assert hits(other) == set()
    assert hits(replace(settings, api_url="http://127.0.0.1:9")) == set()
    logins = [Secret("one"), Secret("other")]
    for login in logins:
        assert hits(replace(settings, refresh_token=login)) == COLUMNS.keys() - {"accounts"}
    record_property(
        "promise",
        f"R29: a full lake seen from {len(others)} other environments and another server: 0 hits; "
        f"from {len(logins)} other logins: 0 hits for accounts",
    )


@pytest.mark.promise("R29")
async def test_nothing_that_is_stored_can_run(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Each file is Parquet, text or JSON, and no module of ours imports what could make it anything else."""
    await filled(tmp_path)
    files = files_below(tmp_path)
    for path, content in files.items():
        match path.suffix:
            case ".parquet":
                assert content[:4] == content[-4:] == b"PAR1"
            case ".csv":
                assert content.decode().partition(",")[0] in {each.names[0] for each in SCHEMAS.values()}
            case ".json":
                json.loads(content)
            case _:
                assert not content, f"{path} holds something"
    modules = [name for package in OURS for name in files_below(Path(package.__path__[0]))]
    sources = [path for path in modules if path.suffix == ".py"]
    assert len(sources) > 100
    assert not {name for path in sources for name in imported(path)} & CODE_IN_DATA
    record_property(
        "promise",
        f"R29: {len(files)} files of a lake are Parquet, CSV or JSON; of {len(sources)} modules 0 pickle",
    )


def files_below(directory: Path) -> dict[Path, bytes]:
    """All files with their bytes."""
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def imported(module: Path) -> Iterator[str]:
    """The packages that a module imports."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(str(name)):
                yield name.partition(".")[0]
            case _:
                pass


@pytest.mark.promise("R29")
async def test_a_damaged_file_is_a_miss_and_is_kept(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Whatever happened to it: it is put aside as it is, its dataset is collected, no other is touched."""
    driven, damaged = DrivenLake(tmp_path), 0
    graph = [dataset_of(name, ttl=timedelta(days=1)) for name in COLUMNS]
    driven.world.numbers = {name: {"A": 1, "B": 2} for name in COLUMNS}
    await driven.run(graph)
    rows = {name: driven.lake.read(name) for name in COLUMNS}
    for name in COLUMNS:
        for damage in DAMAGE.values():
            path = (
                Layout(driven.lake.directory)
                .pair(name, max(Layout(driven.lake.directory).pairs(name)))
                .parquet
            )
            path.write_bytes(remains := damage(path.read_bytes()))
            damaged += 1
            assert isinstance(driven.lake.stored(name), Missing)
            ran = await driven.run(graph)
            assert ran.collections.begun == [name]
            assert ran.results[name].status == DatasetStatus.COLLECTED
            kept = (Layout(driven.lake.directory).quarantine / name).glob("*.parquet")
            assert remains in [each.read_bytes() for each in kept]
            assert driven.lake.read(name).equals(rows[name])
    record_property(
        "promise",
        f"R29: the heads of {len(COLUMNS)} datasets damaged in {len(DAMAGE)} ways: {damaged} misses, all put "
        "aside as they were and collected again, 0 other datasets touched",
    )
