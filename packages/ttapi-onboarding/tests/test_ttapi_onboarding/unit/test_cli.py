# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the group: greeting, help, and what becomes of every kind of error."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.every_command import every_command
from ttapi_core.errors import AuthError, LockedError, TTError
from ttapi_onboarding import __version__, command_list, options
from ttapi_onboarding.cli import ReportingGroup, ttapi
from ttapi_onboarding.signals import Interrupted

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = (
    "polars",
    "aiohttp",
    "rich",
    "loguru",
    "asyncio",
    "attrs",
    "ttapi_core",
    "ttapi_platform",
    "ttapi_client",
)


def failing(error: BaseException) -> click.Command:
    """A command line whose one command ends with this error."""

    @click.group(cls=ReportingGroup)
    def group() -> None:
        """Do nothing."""

    @group.command()
    @options.report_options
    def fail(*, as_json: bool, verbose: int, log_file: Path | None) -> None:
        """End with the error."""
        options.start_logs(verbose, log_file)
        raise error

    return group


def test_alone_it_greets_and_names_the_next_three_commands() -> None:
    """And that no account is needed; the first one sets up."""
    shown = CliRunner().invoke(ttapi)
    assert shown.exit_code == 0
    assert "Welcome" in shown.stdout
    assert "Without an account" in shown.stdout
    assert re.findall(r"^  ttapi (\w+)", shown.stdout, re.MULTILINE) == ["init", "collect", "status"]


@pytest.mark.parametrize("where", ["variable", "here", "user"])
def test_who_is_set_up_is_greeted_with_what_comes_next(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a variable, a file in this directory, or the user's own."""
    if where == "variable":
        monkeypatch.setenv("TTAPI_DATA_DIR", "lakes")
    else:
        file = tmp_path / ("ttapi.toml" if where == "here" else "config/ttapi/ttapi.toml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    shown = CliRunner().invoke(ttapi)
    assert re.findall(r"^  ttapi (\w+)", shown.stdout, re.MULTILINE) == ["collect", "status", "report"]


def test_the_version_is_the_package_s() -> None:
    """On stdout."""
    assert CliRunner().invoke(ttapi, ["--version"]).stdout == f"ttapi {__version__}\n"


@pytest.mark.parametrize("command", [[], *(name.split() for name, _ in every_command())])
def test_every_command_has_help(command: list[str]) -> None:
    """With -h too; no secret is an option."""
    long, short = (CliRunner().invoke(ttapi, [*command, flag]) for flag in ("--help", "-h"))
    assert long.exit_code == short.exit_code == 0
    assert long.stdout == short.stdout
    assert not re.search("--[a-z-]*(secret|token|password)", long.stdout)


@pytest.mark.parametrize(
    ("arguments", "words", "hint"),
    [
        (["colect"], "colect", "`ttapi --help`"),
        (["--bogus"], "--bogus", "`ttapi --help`"),
        (["collect", "--symbol", "A"], "--symbol", "`ttapi collect --help`"),
        (["collect", "--symbols", "BRK.B"], "BRK/B", "`ttapi collect --help`"),
        (["collect", "--symbols", "A", "--universe", "default"], "exclude", "`ttapi collect --help`"),
        (["collect", "--replay", "x", "--environment", "production"], "exclude", "`ttapi collect --help`"),
        (["collect", "--environment", "replay"], "--replay DIR", "`ttapi collect --help`"),
        (["collect", "--history-years", "0"], "1<=x<=40", "`ttapi collect --help`"),
        (["collect", "--wait", "-1"], "0<=x<=86400", "`ttapi collect --help`"),
        (["retry", "--environment", "replay"], "--replay DIR", "`ttapi retry --help`"),
        (["data", "repair", "--symbols", "A", "--universe", "x"], "exclude", "`ttapi data repair --help`"),
        (["data", "verifi"], "verifi", "`ttapi data --help`"),
        (["data", "export", "quotes"], "FILE", "`ttapi data export --help`"),
        (["data", "export", "quotes", "q.txt"], "--format", "`ttapi data export --help`"),
        (["data", "export", "quotes", "q.parquet", "--raw-csv"], "exclude", "`ttapi data export --help`"),
        (["cache", "clear"], "--all", "`ttapi cache clear --help`"),
        (["cache", "clear", "quotes", "--all"], "not both", "`ttapi cache clear --help`"),
        (["status", "--environment", "elsewhere"], "elsewhere", "`ttapi status --help`"),
        (["volatility", "--limit", "0"], "x>=1", "`ttapi volatility --help`"),
        (["sandbox", "--port", "65536"], "65535", "`ttapi sandbox --help`"),
        (["sandbox", "--seed", "1", "--replay", "x"], "exclude", "`ttapi sandbox --help`"),
    ],
)
def test_misuse_is_one_line_and_a_hint(arguments: list[str], words: str, hint: str) -> None:
    """Exit code 2, nothing on stdout; with --json the same as an object."""
    shown = CliRunner().invoke(ttapi, arguments, prog_name="ttapi")
    assert (shown.exit_code, shown.stdout) == (2, "")
    error, tried = shown.stderr.splitlines()
    assert error.startswith("error: ")
    assert words in error
    assert tried.startswith("hint: ")
    assert hint in tried
    as_json = CliRunner().invoke(ttapi, [*arguments, "--json"], prog_name="ttapi")
    assert (as_json.exit_code, as_json.stderr) == (2, "")
    assert words in json.loads(as_json.stdout)["error"]["message"]


@pytest.mark.parametrize("arguments", [["volatility", "--csv"], ["data", "export", "quotes", "-"]])
def test_two_forms_of_output_exclude_each_other(arguments: list[str]) -> None:
    """Said in the one that has room for it."""
    shown = CliRunner().invoke(ttapi, [*arguments, "--json"])
    assert shown.exit_code == 2
    assert "exclude each other" in json.loads(shown.stdout)["error"]["message"]


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (AuthError("login refused", hint="log in"), 4, "error: login refused"),
        (
            ExceptionGroup("two", [ExceptionGroup("one", [AuthError("refused", hint="x")])]),
            4,
            "error: refused",
        ),
        (ZeroDivisionError("x"), 1, "error: ZeroDivisionError: x (this is a bug in ttapi"),
        (click.UsageError("not so"), 2, "error: not so"),
        (KeyboardInterrupt(), 130, "interrupted: nothing was changed"),
        (Interrupted(15, "quotes kept"), 143, "interrupted: quotes kept"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_error_has_its_code_and_one_line(error: BaseException, code: int, line: str) -> None:
    """A hint follows where there is one; no traceback."""
    shown = CliRunner().invoke(failing(error), ["fail"])
    assert (shown.exit_code, shown.stdout) == (code, "")
    first, *rest = shown.stderr.strip().splitlines()
    assert first.startswith(line)
    assert all(each.startswith("hint: ") for each in rest)
    assert len(rest) == (0 if "interrupted" in line else 1)


def test_a_command_may_end_with_a_code_of_its_own() -> None:
    """Which is passed on."""
    assert CliRunner().invoke(failing(click.exceptions.Exit(3)), ["fail"]).exit_code == 3


def test_as_json_errors_are_objects_on_stdout(tmp_path: Path) -> None:
    """With the code of the error and of the exit."""
    error = LockedError("locked", path=tmp_path, hint="wait")
    shown = CliRunner().invoke(failing(error), ["fail", "--json"])
    assert shown.stderr == ""
    assert json.loads(shown.stdout) == {
        "error": {"code": "locked", "message": "locked", "hint": "wait", "request_id": None},
        "exit_code": 7,
    }


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), TTError("x")])
def test_the_traceback_is_for_the_log(tmp_path: Path, error: Exception) -> None:
    """In the file always, on stderr at -vv."""
    calm = CliRunner().invoke(failing(error), ["fail", "-v", "--log-file", str(tmp_path / "log")])
    assert "Traceback" not in calm.stderr
    assert "Traceback" in json.loads((tmp_path / "log").read_text(encoding="utf-8"))["traceback"]
    assert "Traceback" in CliRunner().invoke(failing(error), ["fail", "-vv"]).stderr


@pytest.mark.parametrize("group", ["data", "cache"])
def test_a_group_alone_lists_its_commands(group: str) -> None:
    """As its help does."""
    alone, asked = (CliRunner().invoke(ttapi, words) for words in ([group], [group, "--help"]))
    assert (alone.exit_code, alone.stdout) == (0, asked.stdout)


def imported_by(arguments: list[str], modules: tuple[str, ...]) -> set[str]:
    """Those of the modules that a command line imports, in a process of its own."""
    code = f"""
import sys
from ttapi_onboarding.cli import ttapi
try:
    ttapi.main({arguments!r}, prog_name="ttapi")
except SystemExit:
    print(*sys.modules.keys() & set({modules!r}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["collect", "--help"],
        ["data", "repair", "--help"],
        ["cache", "clear", "--help"],
        ["--version"],
    ],
)
def test_help_costs_little_more_than_click(arguments: list[str]) -> None:
    """Nothing heavy is imported before a command runs."""
    assert imported_by(arguments, HEAVY) == set()


def test_the_list_of_commands_imports_none() -> None:
    """Nor does who asks for one command import another; the greeting looks for settings and imports none."""
    commands = tuple(f"ttapi_onboarding.commands.{name}" for name in command_list.WAYS)
    assert imported_by(["--help"], commands) == set()
    assert imported_by(["collect", "--help"], commands) == {"ttapi_onboarding.commands.collect"}
    assert imported_by([], (*HEAVY, *commands)) == {"ttapi_core"}


def test_status_imports_what_it_needs(data_dir: Path) -> None:
    """Of what reads and draws the lake, but nothing that asks a service."""
    heavy = ("polars", "aiohttp", "pyarrow", "ttapi_client", "keyring", "altair")
    for arguments in (["status"], ["status", "--json"]):
        assert imported_by([*arguments, "--data-dir", str(data_dir)], heavy) == {"polars"}
    assert imported_by(["status", "--json", "--data-dir", str(data_dir)], ("rich",)) == set()
