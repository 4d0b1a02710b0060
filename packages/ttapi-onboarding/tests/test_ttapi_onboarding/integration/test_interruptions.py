# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R12 and R13: ctrl-C, SIGTERM and a disk that refuses, in real processes and on a real pseudo-terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from http.client import HTTPConnection
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import pytest

from test_ttapi_onboarding.conftest import SYMBOLS
from test_ttapi_onboarding.terminals import TTAPI, Terminal, run, started
from ttapi_core.clock import SystemClock
from ttapi_polars.csv_twin import sha256_of
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_files import verify
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
CTRL_C: Final = "\x03"
CLOCK: Final = SystemClock()
LONGEST_SECONDS: Final = 60  # a process that hangs fails
CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143}

# A file of more bytes cannot be written, as on a full disk.
LIMITED: Final = """
import os, resource, sys
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
os.execv(sys.executable, [sys.executable, "-m", "ttapi_onboarding", *sys.argv[2:]])
"""

# Writes to a pipe that nobody opens for reading: a disk that does not answer.
HANGING: Final = """
import sys
from pathlib import Path
from ttapi_onboarding import signals
from ttapi_platform.writer import BackgroundWriter
from ttapi_polars.csv_twin import write_csv_twin
from ttapi_polars.schemas import QUOTES

def write():
    print("writing", flush=True)
    write_csv_twin(QUOTES.empty(), QUOTES, Path(sys.argv[1]))

async def work():
    async with BackgroundWriter() as writer:
        held = await writer.submit("held", write, rows=0)
        await writer.submit("waiting", print, rows=0)
        await held.committed()

try:
    signals.run(work())
except signals.Interrupted as interrupted:
    print(*interrupted.__cause__.__notes__, sep="\\n")
    sys.exit(interrupted.exit_code)
"""


def children(process_id: int) -> set[int]:
    """Processes that a process has started and that still run."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process_id and fields[0] != "Z":
            found.add(int(path.parent.name))
    return found


def digests(data_dir: Path) -> dict[str, dict[str, str]]:
    """Of each dataset's files, by dataset and path; every pair is proved to be whole."""
    lake = data_dir / "sandbox"
    assert not list(lake.glob(".ttapi/staging/*"))
    assert not list(lake.glob(".ttapi/committed/*"))
    found: dict[str, dict[str, str]] = {name: {} for name in SCHEMAS}
    for path in [*lake.glob("[!.]*.*"), *lake.glob("eod_data/*.*")]:
        dataset = path.stem if path.parent == lake else path.parent.name
        found[dataset][str(path.relative_to(lake))] = sha256_of(path)
        if path.suffix == ".parquet":
            footer = verify(path, SCHEMAS[dataset])
            assert footer.csv_sha256 == sha256_of(path.with_suffix(".csv"))
        else:
            assert path.with_suffix(".parquet").exists()
    return found


def collected_at(data_dir: Path) -> dict[str, datetime]:
    """When the rows of each dataset that is there were collected."""
    lake, found = data_dir / "sandbox", dict[str, datetime]()
    for path in [*lake.glob("[!.]*.parquet"), *lake.glob("eod_data/*.parquet")]:
        footer = read_footer(path)
        found[footer.dataset] = max(found.get(footer.dataset, footer.collected_at), footer.collected_at)
    return found


def many_symbols() -> str:
    """So many that to collect and to write them takes longer than to send a signal."""
    names = files("ttapi_platform").joinpath("universes/default.txt").read_text(encoding="utf-8").splitlines()
    return ",".join([name for name in names if re.fullmatch("[A-Z]+", name)][:150])


def wait_for_line(stream: IO[str] | None, start: str) -> None:
    """Read on until a line begins so."""
    assert stream is not None
    assert any(line.startswith(start) for line in iter(stream.readline, ""))


def wait_for_staged(process: subprocess.Popen[str], data_dir: Path, dataset: str) -> None:
    """Until a file of this dataset is being written."""
    staged = data_dir / "sandbox" / ".ttapi" / "staging" / dataset
    while process.poll() is None and not (staged.exists() and any(staged.iterdir())):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.001)
    assert process.returncode is None


@pytest.mark.promise("R12")
@pytest.mark.parametrize(
    ("number", "point"),
    [
        (signal.SIGTERM, "connecting"),
        (signal.SIGINT, "collecting"),
        (signal.SIGINT, "writing"),
        (signal.SIGTERM, "writing"),
    ],
)
def test_a_collection_that_is_told_to_end_leaves_each_dataset_old_or_new(
    number: signal.Signals,
    point: str,
    data_dir: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """What it says it has kept is there, the rest is byte for byte as before, and its sandbox has ended."""
    data_dir = shutil.copytree(data_dir, tmp_path / "data")
    before, dated = digests(data_dir), collected_at(data_dir)
    options = ["--refresh", "--symbols", many_symbols(), "--data-dir", str(data_dir)]
    with started([*TTAPI, "collect", *options], stderr=subprocess.PIPE) as process:
        wait_for_line(process.stderr, "Simulated data")
        sandboxes = set[int]()
        if point != "connecting":
            wait_for_line(process.stderr, "trading_days: ")
            sandboxes = children(process.pid)
        if point == "writing":
            wait_for_staged(process, data_dir, "eod_data")
        process.send_signal(number)
        told_at = CLOCK.monotonic()
        out, err = process.communicate(timeout=LONGEST_SECONDS)
        seconds = CLOCK.monotonic() - told_at
    assert process.returncode == CODES[number]
    assert out == ""
    assert "Traceback" not in err
    (message,) = re.findall(r"^interrupted: (.*)$", err, re.MULTILINE)
    named, has_kept, _ = message.partition(" collected and kept")
    kept = named.split(", ") if has_kept else []
    after, dated_after = digests(data_dir), collected_at(data_dir)
    assert sorted(kept) == sorted([name for name in SCHEMAS if dated_after[name] != dated[name]])
    assert {name: after[name] for name in SCHEMAS if name not in kept} == {
        name: before[name] for name in SCHEMAS if name not in kept
    }
    if point != "connecting":
        assert "trading_days" in kept
    if Path("/proc/self/stat").exists() and point != "connecting":
        assert len(sandboxes) == 1
    for sandbox in sandboxes:
        with pytest.raises(ProcessLookupError):
            os.kill(sandbox, 0)
    record_property(
        "promise",
        f"R12: {number.name} while {point}: exit {process.returncode} after {seconds:.2f} s, {len(kept)} of "
        f"{len(SCHEMAS)} datasets new and named, the others byte for byte as before, 0 torn",
    )


@pytest.mark.promise("R12")
def test_no_request_is_sent_after_the_signal(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Of five hundred histories, most have not been asked for when the run is told to end."""
    serve = [sys.executable, "-m", "ttapi_client.sandbox", "--until-eof"]
    with started(serve, stdin=subprocess.PIPE) as sandbox:
        assert sandbox.stdout is not None
        url = json.loads(sandbox.stdout.readline())["url"]

        def asked() -> int:
            connection = HTTPConnection(url.removeprefix("http://"))
            connection.request("GET", "/__admin/statistics")
            counts = cast("dict[str, object]", json.load(connection.getresponse()))
            connection.close()
            requests = cast("dict[str, int]", counts["requests"])
            of_others = (count for route, count in requests.items() if "__admin" not in route)
            return sum(of_others) + cast("int", counts["candle_snapshots"])

        command = [*TTAPI, "collect", "--data-dir", str(tmp_path)]
        environment = {**os.environ, "TTAPI_API_URL": url}
        with started(command, stderr=subprocess.PIPE, env=environment) as process:
            wait_for_line(process.stderr, "trading_days: ")
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            by_then = asked()
            process.communicate(timeout=LONGEST_SECONDS)
        at_the_end = asked()
        sandbox.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 130
    assert at_the_end < 500
    record_property(
        "promise",
        f"R12: {at_the_end - by_then} requests later than 100 ms after SIGINT, of {at_the_end} sent",
    )


@pytest.mark.promise("R12")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_write_that_hangs_keeps_no_process_from_ending(
    number: signal.Signals, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """It is left behind, and what was accepted and could not be written is reported."""
    os.mkfifo(disk := tmp_path / "disk")
    with started([sys.executable, "-c", HANGING, disk]) as process:
        wait_for_line(process.stdout, "writing")
        process.send_signal(number)
        told_at = CLOCK.monotonic()
        out, _ = process.communicate(timeout=LONGEST_SECONDS)
        seconds = CLOCK.monotonic() - told_at
    assert process.returncode == CODES[number]
    assert [line.partition(" when the time to end")[0] for line in out.splitlines()] == [
        "background write 'waiting' failed: waiting had not begun",
        "background write 'held' failed: held was still being written",
    ]
    record_property(
        "promise",
        f"R12: {number.name} while a write hangs and one waits: exit {process.returncode} after "
        f"{seconds:.1f} s, 2 of 2 reported",
    )


@pytest.mark.promise("R12")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_process_although_a_write_hangs(
    number: signal.Signals, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """At once, and by the signal itself, which a shell gives as 130 or 143."""
    os.mkfifo(disk := tmp_path / "disk")
    with started([sys.executable, "-c", HANGING, disk]) as process:
        wait_for_line(process.stdout, "writing")
        told_at = CLOCK.monotonic()
        while process.poll() is None and CLOCK.monotonic() - told_at < LONGEST_SECONDS:
            process.send_signal(number)  # again and again: two that come together count as one
        seconds = CLOCK.monotonic() - told_at
    assert process.returncode == -number
    record_property("promise", f"R12: {number.name} twice while a write hangs: ended after {seconds:.3f} s")


@pytest.mark.promise("R13")
def test_a_disk_that_refuses_shows_in_exit_code_and_status_and_heals(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """One dataset is too large for it: the others are kept, that one is reported, the next run stores it."""
    options = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(tmp_path)]
    failing = subprocess.run(
        [sys.executable, "-c", LIMITED, "100000", "collect", *options],
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert failing.returncode == 1
    assert re.search(r"^error: .*cannot write .*symbols.*: File too large$", failing.stderr, re.MULTILINE)
    assert SCHEMAS.keys() - collected_at(tmp_path).keys() == {"symbols"}
    assert "cannot write" in run("status", "--data-dir", str(tmp_path)).stdout
    assert digests(tmp_path)["symbols"] == {}
    healing = run("collect", *options)
    assert healing.returncode == 0
    assert collected_at(tmp_path).keys() == SCHEMAS.keys()
    record_property(
        "promise", "R13: a write that the disk refuses: named, exit 1, in the status, healed by the next run"
    )


def test_ctrl_c_ends_a_collection_in_order(tmp_path: Path) -> None:
    """At a terminal: the bars stand still, the cursor comes back, and what was kept is said."""
    terminal = Terminal(*TTAPI, "collect", "--data-dir", str(tmp_path))
    terminal.wait_for(lambda shown: "trading_days" in shown and re.search(r"[\d,]+ rows", shown) is not None)
    terminal.press(CTRL_C)
    assert terminal.finish() == 130
    assert terminal.shown.rindex(SHOW_CURSOR) > terminal.shown.rindex(HIDE_CURSOR)
    (message,) = re.findall(r"interrupted: (.*?)\r?\n", terminal.shown)
    assert "what was stored before is untouched" in message
    assert "Traceback" not in terminal.shown
    digests(tmp_path)
    assert set(message.partition(" collected and kept")[0].split(", ")) == collected_at(tmp_path).keys()


def test_an_interruption_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    """With the exit code of the signal."""
    with subprocess.Popen(
        [*TTAPI, "collect", "--json", "--data-dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Simulated data")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    record = json.loads(out)
    assert (record["error"]["code"], record["exit_code"]) == ("interrupted", 130)


def test_bars_are_drawn_on_a_terminal_and_the_table_below_them(data_dir: Path) -> None:
    """One bar for each dataset, then the summary."""
    again = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    terminal = Terminal(*TTAPI, "collect", *again, TTAPI_TTL_QUOTES="1d")
    assert terminal.finish() == 0
    bars, _, table = terminal.shown.partition("dataset")
    for name in ("accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series"):
        assert re.search(rf"{name} .*━.* unchanged, [\d,]+ rows", bars)
        assert name in table
    assert "hit rate" in table
