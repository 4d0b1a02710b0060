# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Logs on request: JSON lines to a file, calm lines to the terminal; nothing at all by default."""

from __future__ import annotations

import json
import sys
import traceback
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final

from loguru import logger

from ttapi_core.context import current_request_id
from ttapi_core.errors import ConfigError
from ttapi_onboarding.terminal import note, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from typing import TextIO

    from loguru import Message, Record

LIBRARIES: Final = ("ttapi_client", "ttapi_platform", "ttapi_polars")
DEBUG_VERBOSITY: Final = 2  # -vv


@contextmanager
def recording(verbosity: int, log_file: Path | None) -> Generator[None]:
    """
    Record what the libraries report while the block runs.

    Parameters
    ----------
    verbosity
        0 for nothing on stderr, 1 for what is worth knowing, 2 for everything.
    log_file
        Takes everything as JSON lines, added to what it holds.

    Raises
    ------
    ConfigError
        When the file cannot be opened.
    """
    logger.remove()
    file = None if log_file is None else _opened(log_file)
    try:
        if file is not None:
            logger.add(JsonLines(file), level="DEBUG", format=_plain)
        if verbosity:
            level = "DEBUG" if verbosity >= DEBUG_VERBOSITY else "INFO"
            logger.add(_human_sink(verbosity), level=level, format=_plain)
        if verbosity or file is not None:
            _enable_libraries()
        yield
    finally:
        logger.remove()
        for name in LIBRARIES:
            logger.disable(name)
        if file is not None:
            # What could not be written has been said already.
            with suppress(OSError):
                file.close()


def log_failure(error: BaseException) -> None:
    """Record the error that ends the command, with its traceback."""
    logger.opt(exception=error).debug("command failed")


class JsonLines:
    """Writes each record as one JSON object on a line; a full disk is said once and ends nothing."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._has_failed = False

    def __call__(self, message: Message) -> None:
        """Write one record."""
        line = json.dumps(json_record(message.record), default=str)
        try:
            self._file.write(f"{line}\n")
            self._file.flush()
        except (OSError, ValueError) as error:
            if not self._has_failed:
                note(f"warning: the log file is incomplete: {one_line(str(error))}")
            self._has_failed = True


def json_record(record: Record) -> dict[str, object]:
    """A record as JSON values: time in UTC, level, message, request id, bound fields, traceback if any."""
    bound = _fields(record)
    fields: dict[str, object] = {
        "time": record["time"].astimezone(UTC).isoformat(),
        "level": record["level"].name,
        "message": record["message"],
        "request_id": bound.pop("request_id", None),
        "logger": record["name"],
    }
    if (trace := _traceback(record)) is not None:
        fields["traceback"] = trace
    return fields | {name: value for name, value in bound.items() if name not in fields}


def human_line(record: Record, *, with_traceback: bool) -> str:
    """A record for eyes: time of day, level, message, request id, bound fields."""
    fields = "".join(f"  {name}={one_line(str(value))}" for name, value in _fields(record).items())
    level = record["level"].name.lower()
    line = f"{record['time']:%H:%M:%S} {level:<7} {one_line(record['message'])}{fields}"
    trace = _traceback(record) if with_traceback else None
    return line if trace is None else f"{line}\n{trace}"


def _enable_libraries() -> None:
    # Each of them goes silent when it is imported, so that has to come first.
    import ttapi_client
    import ttapi_platform
    import ttapi_polars

    for library in (ttapi_client, ttapi_platform, ttapi_polars):
        logger.enable(library.__name__)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        problem = f"log file {path} cannot be opened: {error.strerror or error}"
        raise ConfigError([problem], hint="name another file with --log-file") from error


def _fields(record: Record) -> dict[str, object]:
    """What is bound to the record, with the request that was going on."""
    bound = dict(record["extra"])
    if (request_id := current_request_id()) is not None:
        bound.setdefault("request_id", request_id)
    return bound


def _traceback(record: Record) -> str | None:
    found = record["exception"]
    if found is None or found.value is None:
        return None
    return "".join(traceback.format_exception(found.value)).rstrip()


def _human_sink(verbosity: int) -> Callable[[Message], None]:
    def write(message: Message) -> None:
        # Looked up at each record: a progress display puts itself in the place of sys.stderr.
        line = human_line(message.record, with_traceback=verbosity >= DEBUG_VERBOSITY)
        sys.stderr.write(f"{line}\n")

    return write


def _plain(_record: Record) -> str:
    # The sinks build their own lines; loguru's traceback with its values of variables is never made.
    return "{message}"
