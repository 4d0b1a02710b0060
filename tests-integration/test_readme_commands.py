# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the READMEs show works: their Python runs, their commands and sessions exist."""

from __future__ import annotations

import ast
import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ttapi_client.sandbox.rest.not_simulated import NOT_SIMULATED
from ttapi_onboarding.cli import ttapi

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]
PYTHON = [
    pytest.param(block, id=f"{readme.parent.name}-{number}")
    for readme in READMES
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL))
]


def shell_lines() -> list[str]:
    """Every line of every shell block, without comments."""
    blocks = (
        block
        for readme in READMES
        for block in re.findall(r"```sh\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    )
    lines = (line.partition("#")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def command_lines() -> list[str]:
    """Every line of shell blocks and of indented ones that gives the command."""
    indented = (
        line.partition("  #")[0].strip()
        for readme in READMES
        for line in readme.read_text("utf-8").splitlines()
        if line.startswith("    ttapi ")
    )
    shown = [line for line in shell_lines() if re.match(r"(\S*/)?ttapi( |$)", line)]
    return [*shown, *indented]


@pytest.mark.parametrize("block", PYTHON)
def test_python_of_a_readme_runs(block: str, tmp_path: Path) -> None:
    """As it stands, in an empty folder, with warnings as errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_each_session_of_a_readme_exists() -> None:
    """What follows -s is a function of noxfile.py."""
    tree = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    sessions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list}
    named = {name for line in shell_lines() for name in re.findall(r"-s ([a-z]+)", line)}
    assert {"demo", "tests"} <= named <= sessions


@pytest.mark.parametrize("line", dict.fromkeys(command_lines()))
def test_each_command_of_a_readme_can_be_typed(line: str) -> None:
    """Every `ttapi` line names a command, and options and values that the command understands."""
    words = list(itertools.takewhile(lambda word: word not in {"|", ">", ">>"}, shlex.split(line)))[1:]
    context: click.Context = click.Context(ttapi, **ttapi.context_settings)
    while isinstance(context.command, click.Group) and words:
        _, command, words = context.command.resolve_command(context, words)
        assert command is not None
        is_group = isinstance(command, click.Group)
        context = (
            click.Context(command, parent=context)
            if is_group
            else command.make_context(command.name, words, parent=context)
        )


def test_what_is_not_simulated_is_listed() -> None:
    """The client's README names every call that the sandbox refuses, with the reason that it gives."""
    text = (ROOT / "packages/ttapi-client/README.md").read_text("utf-8")
    rows = (line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `"))
    listed = {(call, why.strip()) for calls, why in rows for call in re.findall(r"`([A-Z]+ /[^`]+)`", calls)}
    assert listed == {(f"{one.method} {one.path}", one.why) for one in NOT_SIMULATED}
