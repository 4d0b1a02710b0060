# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The command in a process of its own, with one more subcommand, whether or not it has it already."""

from __future__ import annotations

import sys


def with_command(name: str) -> list[str]:
    """What to start, before the arguments."""
    code = f"""
from ttapi_onboarding.cli import main, ttapi
from ttapi_onboarding.commands.{name} import {name}
ttapi.add_command({name})
main()
"""
    return [sys.executable, "-c", code]
