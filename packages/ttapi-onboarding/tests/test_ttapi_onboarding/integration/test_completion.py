# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi completion`: TAB pressed in real shells, and where the scripts are put."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pytest
from click.shell_completion import ShellComplete

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask
from ttapi_core.settings import Settings
from ttapi_onboarding import completions
from ttapi_onboarding.cli import ttapi
from ttapi_platform.runtime import Platform
from ttapi_platform.universe import load_universe

if TYPE_CHECKING:
    from collections.abc import Iterator

SHELLS: Final = ("bash", "zsh", "fish")
# Without the start-up files of its user; and how each then finds the script, which fish does by itself.
STARTS: Final = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--private"],
}
READS: Final = {
    "bash": ". {file}",
    "zsh": "fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D",
    "fish": "true",
}
# What is typed before TAB, and the command that is started by Enter.
LINES: Final = {
    "coll": "collect",
    "collect --only eod": "collect --only eod_data",
    "cache explain quo": "cache explain quotes",
    "collect --symbols AAPL,MSF": "collect --symbols AAPL,MSFT",
    "status --environment prod": "status --environment production",
}


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Takes a line of arguments for each `ttapi` that a shell starts, other than to complete."""
    folder, log = tmp_path / "bin", tmp_path / "started"
    folder.mkdir()
    program = folder / "ttapi"
    program.write_text(
        f'#!/bin/sh\ntest -n "$_TTAPI_COMPLETE" && exec {shlex.join(TTAPI)}\necho "$*" >> {log}\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_commands_and_values(shell: str, started: Path) -> None:
    """At the prompt of the shell itself, on a terminal, time after time."""
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    file = Path(ask("completion", shell, "--install").stdout.removesuffix("\n"))
    terminal = Terminal(path, *STARTS[shell], TERM="xterm", HISTFILE="")
    terminal.press(READS[shell].format(file=file, folder=file.parent) + "\n")
    for typed in LINES:
        terminal.press(f"ttapi {typed}\t\n")
    terminal.press("exit\n")
    terminal.finish()
    assert started.read_text(encoding="utf-8").splitlines() == list(LINES.values())


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", "share/bash-completion/completions/ttapi"),
        ("zsh", "share/zsh/site-functions/_ttapi"),
        ("fish", "config/fish/completions/ttapi.fish"),
    ],
)
def test_a_script_is_put_where_the_shell_looks(shell: str, place: str, tmp_path: Path) -> None:
    """Once: the second time nothing is written; no other file is made, and what else to do is said."""
    first = ask("completion", shell, "--install")
    file = tmp_path / place
    assert (first.exit_code, first.stdout) == (0, f"{file}\n")
    assert first.stderr.startswith("hint: ")
    assert file.read_text(encoding="utf-8") == ask("completion", shell).stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    written = file.stat().st_mtime_ns
    assert ask("completion", shell, "--install").stdout == f"{file} is up to date\n"
    assert file.stat().st_mtime_ns == written
    file.write_text("of an earlier version", encoding="utf-8")
    again = json.loads(ask("completion", shell, "--install", "--json").stdout)
    assert (again["file"], again["changed"]) == (str(file), True)
    assert file.read_text(encoding="utf-8") == again["script"]


def test_without_a_name_it_is_the_users_own_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is refused when it is another one."""
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "__fish_complete_path" in ask("completion").stdout
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    refused = ask("completion")
    assert refused.exit_code == 2
    assert "$SHELL is tcsh" in refused.stderr


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """With the way around it."""
    (tmp_path / "share").touch()
    refused = ask("completion", "bash", "--install")
    assert refused.exit_code == 1
    assert f"cannot write {tmp_path / 'share'}" in refused.stderr
    assert "hint: without --install" in refused.stderr


def completed(*words: str) -> list[str]:
    """What is offered for the last of the words."""
    *before, last = words
    items = ShellComplete(ttapi, {}, "ttapi", "_TTAPI_COMPLETE").get_completions(before, last)
    return [item.value for item in items]


def test_the_datasets_are_those_of_the_platform() -> None:
    """Written out for speed, in the same order; each is offered once in a list."""
    assert tuple(dataset.name for dataset in Platform(Settings()).registry) == completions.DATASETS
    assert completed("collect", "--only", "") == list(completions.DATASETS)
    assert completed("collect", "--only", "quotes,") == [
        f"quotes,{name}" for name in completions.DATASETS if name != "quotes"
    ]


def test_symbols_are_those_of_the_universe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the one that ships, or of the file that is set, in whatever case they are begun."""
    assert completed("quote", "") == list(load_universe("default").symbols or ())
    assert completed("chart", "brk") == ["BRK/B"]
    (tmp_path / "mine.txt").write_text("ZZ1  # one\n\nAAPL\n$(x)\n", encoding="utf-8")
    monkeypatch.setenv("TTAPI_UNIVERSE", "mine.txt")
    assert completed("summary", "--benchmark", "") == ["ZZ1", "AAPL"]
    monkeypatch.setenv("TTAPI_UNIVERSE", "nowhere.txt")
    assert completed("quote", "") == []
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "many")
    assert completed("quote", "") == []


def test_symbols_outside_the_universe_are_those_of_the_lake(data_dir: Path) -> None:
    """Read from its list of symbols, where nothing of the universe begins so."""
    members = load_universe("default").symbols or ()
    listed = (data_dir / "sandbox" / "symbols.csv").read_text(encoding="utf-8").splitlines()[1:]
    others = {line.partition(",")[0] for line in listed}
    other = next(one for one in sorted(others) if not any(each.startswith(one) for each in members))
    assert other in completed("quote", "--data-dir", str(data_dir), other)
    assert completed("quote", other) == []


def test_a_store_in_the_network_is_not_asked_for_symbols() -> None:
    """A key that is pressed at a terminal wants its answer at once."""
    assert completed("quote", "--data-dir", "s3://no-such-bucket/lakes", "ZZZZ") == []
    assert "SPY" in completed("quote", "--data-dir", "s3://no-such-bucket/lakes", "SP")


def parameters(command: click.Command) -> Iterator[click.Parameter]:
    """Of a command and all below it."""
    yield from command.params
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from parameters(below)


def test_everything_that_is_a_dataset_a_symbol_or_a_file_is_completed() -> None:
    """By the name of the parameter or what the help says for it."""
    context = click.Context(ttapi, resilient_parsing=True)
    for name in ttapi.list_commands(context):
        command = ttapi.get_command(context, name)
        assert command is not None
        for parameter in parameters(command):
            meant = (parameter.metavar or parameter.name or "").upper().strip("[].")
            if meant in {"DATASET", "SYMBOL"} or parameter.name == "symbols":
                assert isinstance(parameter.type, completions.Offered), (name, parameter.name)
            if meant in {"FILE", "PATH", "DIR"}:
                assert isinstance(parameter.type, click.Path), (name, parameter.name)


def test_a_list_of_commands_is_offered_with_what_they_do() -> None:
    """And below a group its own."""
    assert completed("") == ttapi.list_commands(click.Context(ttapi))
    assert completed("data", "ver") == ["verify"]
    assert completed("schema", "data-v") == []
    assert "--help" in completed("--")
