# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that a client writes while it works: records, errors, tracebacks, representations."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import pickle
import re
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs
from loguru import logger

from ttapi_client.logs import add_request_id
from ttapi_core.errors import TTError

if TYPE_CHECKING:
    from collections.abc import Generator


@attrs.define
class Output:
    """Every byte that was let out, by whether the variables of the frames are among them."""

    plain: io.StringIO = attrs.field(factory=io.StringIO)
    kinds: set[tuple[str, str]] = attrs.field(factory=set[tuple[str, str]])
    with_variables: io.StringIO = attrs.field(factory=io.StringIO)
    errors: int = 0
    calls: int = 0

    def error(self, error: BaseException) -> None:
        """All that one can make of an error."""
        self.errors += 1
        shown = [str(error), repr(error), error.args, vars(error)]
        found = traceback.TracebackException.from_exception(error)
        self.plain.write("\n".join([*map(repr, shown), *found.format(chain=True)]))
        detailed = traceback.TracebackException.from_exception(error, capture_locals=True)
        self.with_variables.writelines(detailed.format(chain=True))
        if isinstance(error, TTError):
            self.plain.write(repr(pickle.dumps(error)))
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        kind = (type(error).__name__, "" if place is None else place.tb_frame.f_code.co_qualname)
        if kind not in self.kinds:  # drawing variables takes its time: once for each kind of error and place
            self.kinds.add(kind)
            logger.opt(exception=error).error("call failed")

    def hits(self, canary: str, *, variables: bool = True) -> list[str]:
        """Where a canary sits, with what stands around it."""
        text = self.plain.getvalue() + (self.with_variables.getvalue() if variables else "")
        places = re.finditer(re.escape(canary), text, re.IGNORECASE)
        return [text[max(0, each.start() - 150) : each.end() + 40] for each in itertools.islice(places, 5)]

    def summary(self) -> str:
        """How much there is."""
        size = self.plain.tell() + self.with_variables.tell()
        return f"{self.calls:,} calls, {self.errors:,} errors, {size:,} characters written"


@contextmanager
def all_output() -> Generator[Output]:
    """All logging is on: ours with variables and without, and that of the standard library."""
    made = Output()
    root = logging.getLogger()
    before = root.level
    handler = logging.StreamHandler(made.plain)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logger.enable("ttapi_client")
    logger.configure(patcher=add_request_id)
    layout = "{level} {name} {message} {extra} {exception}"
    sinks = [
        logger.add(made.plain, level=0, format=layout, backtrace=True, diagnose=False),
        logger.add(made.plain, level=0, serialize=True, backtrace=True, diagnose=False),
        logger.add(made.with_variables, level=0, format=layout, backtrace=True, diagnose=True),
    ]
    yield made
    for sink in sinks:
        logger.remove(sink)
    logger.configure(patcher=lambda _record: None)
    logger.disable("ttapi_client")
    root.removeHandler(handler)
    root.setLevel(before)


@contextmanager
def talkative_loop() -> Generator[None]:
    """Asyncio says all that it does."""
    loop = asyncio.get_running_loop()
    loop.set_debug(enabled=True)
    loop.slow_callback_duration = 0.0
    yield
    loop.set_debug(enabled=False)
