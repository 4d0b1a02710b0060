# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What `ttapi` alone says: what it is, and the three commands that come next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from ttapi_core.settings_sources import ENVIRONMENT_PREFIX, PROJECT_FILE, user_file

if TYPE_CHECKING:
    from collections.abc import Mapping

_WELCOME: Final = """\
Welcome to TTAPI: your market's data on your own disk, complete, fresh and quick to query.
"""
_TO_BEGIN: Final = f"""{_WELCOME}\
Without an account everything runs on simulated data. Three commands to begin with:

  ttapi init      answer a few questions, log in or not, and begin
  ttapi collect   or begin at once: fill the lake with simulated data
  ttapi status    how fresh each dataset is, and why

`ttapi --help` lists the rest."""
_TO_GO_ON: Final = f"""{_WELCOME}\
You are set up. Three commands for every day:

  ttapi collect   bring the lake up to date
  ttapi status    how fresh each dataset is, and why
  ttapi report    the lake as one page to look at

`ttapi --help` lists the rest."""


def greeting(environ: Mapping[str, str] = os.environ) -> str:
    """The words for who has settings, in a file or in variables, or for who has none yet."""
    has_file = PROJECT_FILE.exists() or user_file(environ).exists()
    has_variable = any(name.startswith(ENVIRONMENT_PREFIX) and value for name, value in environ.items())
    return _TO_GO_ON if has_file or has_variable else _TO_BEGIN
