# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of logs: JSON lines in a file, calm lines on stderr, silence by default."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from loguru import logger

import ttapi_platform.run_records
from ttapi_core.context import bind_request_id
from ttapi_core.errors import ConfigError
from ttapi_core.settings import Secret
from ttapi_onboarding import logs

if TYPE_CHECKING:
    from pathlib import Path


def lines(path: Path) -> list[dict[str, object]]:
    """The records in a log file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_record_is_a_json_object_on_a_line(tmp_path: Path) -> None:
    """Time in UTC, level, message, request id, bound fields; secrets stay secret, odd values become text."""
    with logs.recording(0, tmp_path / "log"), bind_request_id("r-7"):
        logger.bind(path=tmp_path, rows=3, token=Secret("hunter2")).warning("request\nfailed")
    (record,) = lines(tmp_path / "log")
    assert datetime.fromisoformat(str(record.pop("time"))).utcoffset() == timedelta(0)
    assert record == {
        "level": "WARNING",
        "message": "request\nfailed",
        "request_id": "r-7",
        "logger": __name__,
        "path": str(tmp_path),
        "rows": 3,
        "token": "***",
    }


def test_a_bound_request_id_counts_and_no_field_replaces_the_fixed_ones(tmp_path: Path) -> None:
    """Outside any request the id is null."""
    with logs.recording(0, tmp_path / "log"):
        logger.bind(request_id="r-8", level="mine").info("one")
        logger.info("two")
    one, two = lines(tmp_path / "log")
    assert (one["request_id"], one["level"], two["request_id"]) == ("r-8", "INFO", None)


def test_a_log_file_is_added_to(tmp_path: Path) -> None:
    """What earlier runs wrote stays."""
    for _ in range(2):
        with logs.recording(0, tmp_path / "log"):
            logger.info("one")
    assert len(lines(tmp_path / "log")) == 2


def failing() -> ZeroDivisionError:
    """An error that has been raised."""
    try:
        return ZeroDivisionError(1 / 0)
    except ZeroDivisionError as error:
        return error


def test_the_traceback_of_a_failure_is_in_the_file_and_on_stderr_only_at_vv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At -v nothing is shown of it."""
    with logs.recording(1, tmp_path / "log"):
        logs.log_failure(failing())
        logger.opt(exception=failing()).error("task failed")
    assert all("ZeroDivisionError" in str(record["traceback"]) for record in lines(tmp_path / "log"))
    assert "Traceback" not in capsys.readouterr().err
    with logs.recording(2, None):
        logs.log_failure(failing())
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("verbosity", "shown"), [(0, []), (1, ["warning", "info"]), (2, ["warning", "info", "debug"])]
)
def test_more_verbosity_shows_more(
    capsys: pytest.CaptureFixture[str], verbosity: int, shown: list[str]
) -> None:
    """Nothing by default; levels in lower case, fields behind the message."""
    with logs.recording(verbosity, None), bind_request_id("r-9"):
        logger.bind(status=503).warning("request failed")
        logger.info("request retried")
        logger.debug("request answered")
    err = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in err] == shown
    if err:
        assert err[0].split(maxsplit=1)[1] == "warning request failed  status=503  request_id=r-9"


def test_a_hostile_value_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Line ends and escape sequences in a field do nothing."""
    with logs.recording(1, None):
        logger.bind(text="a\nb\x1b[2J").info("seen")
    assert capsys.readouterr().err.endswith("seen  text=a b?[2J\n")


def skip_a_record(directory: Path) -> None:
    """Make the platform report something: a run record that is no JSON."""
    (directory / "1.json").write_text("{", encoding="utf-8")
    assert ttapi_platform.run_records.RunRecords(directory).failed() == {}


def test_the_libraries_are_heard_only_while_something_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are enabled for the block and silent again after it."""
    with logs.recording(1, None):
        skip_a_record(tmp_path)
    assert "run record skipped" in capsys.readouterr().err
    with logs.recording(0, None):
        skip_a_record(tmp_path)
    skip_a_record(tmp_path)
    assert capsys.readouterr().err == ""


def test_a_log_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """Before anything else is done."""
    recording = logs.recording(0, tmp_path / "nowhere" / "log")
    with pytest.raises(ConfigError, match="cannot be opened: No such file") as caught, recording:
        pass
    assert "--log-file" in (caught.value.hint or "")


def test_a_full_disk_below_the_log_is_said_once(capsys: pytest.CaptureFixture[str], full_disk: Path) -> None:
    """And the command goes on."""
    with logs.recording(0, full_disk):
        logger.info("one")
        logger.info("two")
    assert capsys.readouterr().err.count("warning: the log file is incomplete") == 1
