# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The `ttapi` command over a lake in an object store: everything that it does with one on a disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import attrs
import polars as pl
import pytest

from ttapi_polars.lakes import scan
from ttapi_polars.object_server import Fault, FaultKind, ObjectServer
from ttapi_polars.object_server.process import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYMBOLS = ["AAPL", "BRK/B", "SPY"]
DATASETS = {"accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"}
PREFIX = "my läke"
LOCK = f"{PREFIX}/sandbox/.ttapi/lock.json"
LONGEST_SECONDS = 120
LASTING = {"NO_COLOR": "1", "TTAPI_TTL_QUOTES": "1d"}  # quotes stay fresh, however long the tests take


@attrs.frozen
class Desk:
    """A user whose settings name a bucket, and what lies in it."""

    server: ObjectServer
    bucket: str
    home: Path

    @property
    def data_dir(self) -> str:
        """Where the lakes lie."""
        return f"s3://{self.bucket}/{PREFIX}"

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The command with these arguments, and nothing of this machine's settings."""
        others = ("TTAPI_", "XDG_", "AWS_")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(others)}
        done = subprocess.run(
            [sys.executable, "-m", "ttapi_onboarding", *arguments],
            env={**kept, **self.server.environment, **LASTING, "HOME": str(self.home), **variables},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert SECRET not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def ttapi(self, *arguments: str) -> str:
        """What the command says on stdout, over this lake; it has to end well."""
        done = self.run(*arguments, "--data-dir", self.data_dir)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def answer(self, *arguments: str) -> Any:
        """The same, as JSON."""
        return json.loads(self.ttapi(*arguments, "--json"))

    def all_keys(self) -> list[str]:
        """All keys of the bucket."""
        return self.server.keys(self.bucket)

    def local_files(self) -> list[str]:
        """What the command has written to this machine."""
        return sorted(path.name for path in self.home.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A lake that was collected there."""
    with ObjectServer() as server:
        found = Desk(server, server.new_bucket(), tmp_path_factory.mktemp("home"))
        found.ttapi("collect", "--symbols", ",".join(SYMBOLS), "--history-years", "1")
        yield found


def test_everything_is_collected_into_the_bucket(desk: Desk) -> None:
    """And nothing of it onto this machine's disk; the next run finds it fresh."""
    versions = [key for key in desk.all_keys() if "/versions/" in key]
    assert versions == sorted(f"{PREFIX}/sandbox/.ttapi/versions/{name}.json" for name in DATASETS)
    assert all(key.startswith(f"{PREFIX}/sandbox/") for key in desk.all_keys())
    assert [name for name in desk.local_files() if name.endswith((".parquet", ".csv"))] == []
    again = desk.answer("collect", "--symbols", ",".join(SYMBOLS), "--history-years", "1")
    assert {each["dataset"]: each["status"] for each in again["datasets"]} == dict.fromkeys(DATASETS, "hit")
    assert again["requests"] == {}


def test_the_address_may_come_from_the_environment_or_a_file(desk: Desk) -> None:
    """As every setting may."""
    by_variable = desk.run("status", "--json", TTAPI_DATA_DIR=desk.data_dir)
    file = desk.home / "ttapi.toml"
    file.write_text(f'data_dir = "{desk.data_dir}"\n', encoding="utf-8")
    by_file = desk.run("status", "--json")
    file.unlink()
    for done in (by_variable, by_file):
        states = json.loads(done.stdout)["datasets"]
        assert {each["dataset"] for each in states if each["rows"]} == DATASETS


def test_status_and_explanations_tell_of_every_dataset(desk: Desk) -> None:
    """All were collected."""
    states = desk.answer("status")["datasets"]
    assert {each["dataset"] for each in states} == DATASETS
    assert all(each["rows"] for each in states)
    assert "eod_data" in desk.ttapi("cache", "explain", "eod_data")
    assert json.loads(desk.ttapi("retry", "--json"))["datasets"] == []


def test_questions_are_answered_from_the_bucket(desk: Desk) -> None:
    """The same as Polars alone gives."""
    candles = scan_of(desk)
    highs = candles.group_by("symbol").agg(pl.col("high").max()).sort("symbol").collect()
    found = desk.answer(
        "query", "select symbol, max(high) as high from eod_data group by symbol order by symbol"
    )
    rows = found["rows"] if isinstance(found, dict) else found
    assert [(row["symbol"], row["high"]) for row in rows] == highs.rows()
    assert highs["symbol"].to_list() == SYMBOLS
    for command in ("volatility", "summary"):
        text = desk.ttapi(command, "--csv")
        assert [line.split(",")[0] for line in text.splitlines()[1:]] == SYMBOLS
    assert "BRK/B" in desk.ttapi("data", "show", "eod_data", "--symbols", "BRK/B", "--tail")


def scan_of(desk: Desk) -> pl.LazyFrame:
    """The candles, as a program reads them."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in desk.server.environment.items():
            patched.setenv(name, value)
        return scan("eod_data", f"{desk.data_dir}/sandbox").collect().lazy()


def test_files_are_listed_verified_and_exported(desk: Desk) -> None:
    """By their addresses, all sound, and as a file on this disk."""
    listed = desk.ttapi("data", "ls")
    assert "eod_data" in listed
    assert desk.data_dir in listed
    assert desk.answer("data", "verify")["findings"] == []
    candles = scan_of(desk).collect()
    desk.ttapi("data", "export", "eod_data", str(desk.home / "candles.parquet"))
    exported = pl.read_parquet(desk.home / "candles.parquet")
    (desk.home / "candles.parquet").unlink()
    assert exported.sort("symbol", "date").equals(candles.sort("symbol", "date"))
    assert len(desk.ttapi("data", "export", "eod_data", "-").splitlines()) == candles.height + 1


def test_what_is_wrong_is_found_and_repaired(desk: Desk) -> None:
    """A twin is gone, a file is damaged."""
    twin = next(key for key in desk.all_keys() if key.endswith("/symbols.csv"))
    file = next(key for key in desk.all_keys() if key.endswith("/trading_days.parquet"))
    desk.server.delete(desk.bucket, twin)
    desk.server.put(desk.bucket, file, b"no Parquet" * 20)
    found = desk.run("data", "verify", "--json", "--data-dir", desk.data_dir)
    assert found.returncode == 8
    kinds = {each["dataset"]: each["kind"] for each in json.loads(found.stdout)["findings"]}
    assert kinds == {"symbols": "twin", "trading_days": "damaged"}
    desk.ttapi("data", "repair")
    assert desk.answer("data", "verify")["findings"] == []


def test_doctor_looks_at_the_store(desk: Desk) -> None:
    """It can be reached, read and written; nothing is left of the trial."""
    before = desk.all_keys()
    told = desk.ttapi("doctor", "--offline")
    assert desk.data_dir in told
    assert "writ" in told
    assert [key for key in desk.all_keys() if key not in before] == []
    with desk.server.script(Fault(kind=FaultKind.DENIED, methods="PUT")):
        done = desk.run("doctor", "--offline", "--data-dir", desk.data_dir)
    assert done.returncode == 1
    assert "AWS_SECRET_ACCESS_KEY" in done.stdout
    done = desk.run("doctor", "--offline", "--data-dir", "s3://no-such-bucket/lake")
    assert done.returncode == 1
    assert "no-such-bucket" in done.stdout


def test_a_report_is_written_from_the_bucket(desk: Desk) -> None:
    """One page on this disk."""
    page = desk.home / "page.html"
    desk.ttapi("report", "SPY", "--output", str(page))
    text = page.read_text(encoding="utf-8")
    page.unlink()
    assert "SPY" in text
    assert SECRET not in text


def test_who_may_not_read_or_write_is_told_so(desk: Desk) -> None:
    """In one line with what to set, without a traceback and without a secret."""
    with desk.server.script(Fault(kind=FaultKind.DENIED)):
        for arguments in (["status"], ["query", "select * from quotes"], ["collect", "--symbols", "SPY"]):
            done = desk.run(*arguments, "--data-dir", desk.data_dir)
            assert done.returncode not in {0, None}
            assert "refuses access" in done.stderr
            assert "AWS_SECRET_ACCESS_KEY" in done.stderr


def test_an_address_that_cannot_be_one_is_refused(desk: Desk) -> None:
    """Before anything is asked for; credentials in it are not repeated."""
    for address in ("s3://user:hush-hush@bucket/lake", "s3://", "ftp://bucket/lake", "s3://bucket/../lake"):
        done = desk.run("status", "--data-dir", address)
        assert done.returncode == 5
        assert "data_dir" in done.stderr or "--data-dir" in done.stderr
        assert "hush-hush" not in done.stdout + done.stderr


def test_a_writer_that_is_at_work_is_named(desk: Desk) -> None:
    """A second `collect` waits for it, and gives up in time."""
    lock = {
        "owner": "another",
        "host": "elsewhere",
        "pid": 4711,
        "acquired_at": "2026-11-30T22:00:00+00:00",
        "expires_at": "2099-11-30T22:00:30+00:00",
        "lease_seconds": 300.0,
    }
    before = desk.server.get(desk.bucket, LOCK)
    desk.server.put(desk.bucket, LOCK, json.dumps(lock).encode())
    done = desk.run(
        "collect", "--refresh", "--symbols", "SPY", "--data-dir", desk.data_dir, TTAPI_LOCK_WAIT_SECONDS="0"
    )
    desk.server.put(desk.bucket, LOCK, before)
    assert done.returncode not in {0, None}
    assert "elsewhere" in done.stderr
    assert "4711" in done.stderr


def test_a_dataset_is_removed_and_collected_again(desk: Desk) -> None:
    """Its objects go, those of others stay."""
    others = [key for key in desk.all_keys() if "/eod_data/" in key]
    desk.ttapi("cache", "clear", "quotes", "--yes")
    assert {each["dataset"]: each["rows"] for each in desk.answer("status")["datasets"]}["quotes"] in {
        0,
        None,
    }
    assert [key for key in desk.all_keys() if "/eod_data/" in key] == others
    desk.ttapi("collect", "--only", "quotes", "--symbols", ",".join(SYMBOLS), "--history-years", "1")
    assert desk.answer("status")["datasets"]
    assert desk.answer("data", "verify")["findings"] == []
