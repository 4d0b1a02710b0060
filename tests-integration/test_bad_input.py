# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Bad input: one clear line that names what, where and what to try, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command, Finished

SYMBOLS = "AAPL,SPY"


def complaint(done: Finished) -> str:
    """The error line, after checking that there is one, and no traceback."""
    assert "Traceback" not in done.stderr + done.stdout
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("collect", "--data-dir", "{file}"), 5, "is a file"),
        (("collect", "--data-dir", "/proc/ttapi"), 1, "/proc/ttapi"),
        (("collect", "--only", "quotse"), 2, "no dataset is called 'quotse'"),
        (("collect", "--symbols", "BRK.B"), 2, "BRK.B"),
        (("collect", "--symbols", "../../x"), 2, "../../x"),
        (("collect", "--universe", "{nowhere}"), 5, "nowhere"),
        (("collect", "--replay", "{nowhere}"), 5, "nowhere"),
        (("collect", "--replay", "{empty}"), 5, "empty"),
        (("collect", "--replay", "{bad}"), 5, "line 2"),
        (("volatility", "--data-dir", "{empty}"), 1, "there is no eod_data"),
        (("collect", "--environment", "production"), 4, "needs credentials"),
        (("status", "--environment", "elsewhere"), 2, "elsewhere"),
    ],
)
def test_each_mistake_has_one_line_and_its_exit_code(
    ttapi: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, named: str
) -> None:
    """What is wrong is named; --json says the same as an object."""
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    bad_row = "date,open,high,low,close,volume\n2001-09-10,1,2,x,1,5\n"
    (tmp_path / "bad" / "SPX.csv").write_text(bad_row, encoding="utf-8")
    paths = {name: tmp_path / name for name in ("file", "empty", "nowhere", "bad")}
    command = [argument.format(**paths) for argument in arguments]
    done = ttapi(*command)
    assert done.returncode == code, done.stderr
    if code in {1, 2, 5} and "production" not in command:
        assert named in complaint(done)
    else:
        assert named in done.stderr
    as_json = ttapi(*command, "--json")
    assert as_json.returncode == code
    assert named in as_json.stdout
    json.loads(as_json.stdout)


def test_a_setting_that_does_not_fit_is_named_with_its_source(ttapi: Command, home: Path) -> None:
    """All problems at once, each with where it comes from; a secret's value shows nowhere."""
    (home / "ttapi.toml").write_text("history_yeers = 3\n", encoding="utf-8")
    done = ttapi("status", TTAPI_MAX_MISSING_RATIO="2", TTAPI_CLIENT_SECRET="canary-7f3a")
    assert done.returncode == 5
    line = complaint(done)
    for part in ("history_yeers", "did you mean 'history_years'", "TTAPI_MAX_MISSING_RATIO", "refresh_token"):
        assert part in line
    assert "canary-7f3a" not in done.stderr + done.stdout


def test_unknown_symbols_are_told_with_the_nearest(ttapi: Command) -> None:
    """A symbol that could be one and is none: the run fails and says what was meant."""
    done = ttapi("collect", "--symbols", "AAPLE", "--only", "quotes")
    assert done.returncode == 1
    assert "AAPLE" in complaint(done)
    assert "did you mean AAPL?" in done.stderr
    assert "waits for symbols" in done.stdout


def test_a_damaged_file_is_named_and_healed(ttapi: Command, home: Path) -> None:
    """A question names the file; the next collect puts it aside, collects it again and loses nothing else."""
    assert ttapi("collect", "--symbols", SYMBOLS).returncode == 0
    lake = home / ".local/share/ttapi/sandbox"
    answer = ttapi("volatility", "--csv").stdout
    newest = max((lake / "eod_data").glob("*.parquet"))
    newest.write_bytes(newest.read_bytes()[:100])
    asked = ttapi("volatility")
    assert asked.returncode == 8
    assert newest.name in complaint(asked)
    assert "hint: `ttapi collect`" in asked.stderr
    healed = ttapi("collect", "--symbols", SYMBOLS)
    assert healed.returncode == 0, healed.stderr
    assert newest.name in healed.stderr
    again = ttapi("volatility", "--csv").stdout
    assert names(again) == names(answer)
    # Sums over several files may differ in their last bit from run to run.
    assert numbers(again) == pytest.approx(numbers(answer), rel=1e-12)


def names(text: str) -> list[str]:
    """Give the header of a CSV and the first cell of each row."""
    header, *rows = text.splitlines()
    return [header, *(row.partition(",")[0] for row in rows)]


def numbers(text: str) -> list[float]:
    """Give all other cells of a CSV."""
    return [float(cell) for row in text.splitlines()[1:] for cell in row.split(",")[1:]]


def test_a_port_in_use_is_named(ttapi: Command) -> None:
    """The sandbox does not start, and says which port it could not have."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ttapi("sandbox", "--port", str(port))
    assert done.returncode in {1, 5}
    assert str(port) in complaint(done)


def test_a_lake_that_another_process_writes_to_is_left_alone(ttapi: Command, home: Path) -> None:
    """Exit code 7 while somebody else holds the lock; reading goes on, and so does what needs no writing."""
    from filelock import FileLock

    assert ttapi("collect", "--symbols", SYMBOLS).returncode == 0
    with FileLock(home / ".local/share/ttapi/sandbox/.ttapi/lock"):
        assert ttapi("collect", "--symbols", SYMBOLS).returncode == 0
        refused = ttapi("collect", "--symbols", SYMBOLS, "--refresh", "--wait", "0")
        assert refused.returncode == 7
        assert "another ttapi process" in complaint(refused)
        assert ttapi("status").returncode == 0
