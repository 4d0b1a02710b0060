# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Which lines and branches the tests reach: begun with a process, and a pytest plugin for the tests' children.

SlipCover puts a probe on each line of our own modules when they are imported. A tracer, which is what
coverage.py has before Python 3.14, has every frame of a process pay, ours or not: with it the tests take a
fifth longer, even if it rests in half of them. (PYTEST_DONT_REWRITE: it is imported before pytest.)
"""

from __future__ import annotations

import atexit
import json
import os
from pathlib import Path
from typing import Final
from uuid import uuid4

import slipcover

ROOT: Final = Path(__file__).resolve().parent.parent
INTO: Final = "MEASURE_INTO"  # the folder where each process leaves what it has reached
PACKAGES: Final = "MEASURE_PACKAGES"  # those of which it is to know
WANTED: Final = os.environ.get(INTO, "")
NOT_COUNTED: Final = [  # beside what is marked so, and `if TYPE_CHECKING`
    r"^\s*\.\.\.$",
    r"assert_never\(",
]

# Each process puts its probes anew, which costs one most that is soon over. So children are asked only where
# no test reaches the same lines in its own process, and only for the package that has those.
CLIENT: Final = "packages/ttapi-client/tests/test_ttapi_client"
COMMAND: Final = "packages/ttapi-onboarding/tests/test_ttapi_onboarding/integration/test"
CHILDREN: Final = {
    f"{CLIENT}/sandbox/unit/test_process.py": "ttapi-client",
    f"{CLIENT}/testing/test_pytest_plugin.py": "ttapi-client",
    "packages/ttapi-polars/tests/test_ttapi_polars/object_store/test_object_server.py": "ttapi-polars",
    f"{COMMAND}_init.py": "ttapi-onboarding",
    f"{COMMAND}_schedule.py": "ttapi-onboarding",
    f"{COMMAND}_watch.py": "ttapi-onboarding",
}


def probes(*, source: list[str] | None = None) -> slipcover.Slipcover:
    """What counts in the modules that are imported; with ``source``, in all that lie there."""
    # A probe that has been passed stays: to take it out while other threads run is not worth what it saves.
    return slipcover.Slipcover(branch=True, source=source, exclude_also=NOT_COUNTED, d_miss_threshold=-1)


def sources_of(packages: list[str]) -> list[str]:
    """The folders of their sources."""
    return [str(ROOT / "packages" / package / "src") for package in packages]


def start() -> None:
    """Put probes into what is imported from now on, and leave at the end what was reached."""
    put = probes()
    matcher = slipcover.FileMatcher(sources=sources_of(os.environ[PACKAGES].split()))
    slipcover.ImportManager(put, matcher).__enter__()
    atexit.register(leave, put, Path(os.environ[INTO], f"{uuid4()}.json"))


def leave(put: slipcover.Slipcover, file: Path) -> None:
    """Write what this process has reached, all or nothing."""
    os.chdir(ROOT)  # to which SlipCover writes paths relative
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(put.get_coverage()), encoding="utf-8")
    partial.replace(file)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Before each test: ask its children, or do not."""
    package = CHILDREN.get(nodeid.partition("::")[0])
    if package and WANTED:
        os.environ.update({INTO: WANTED, PACKAGES: package})
    else:
        os.environ.pop(INTO, None)
