# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi auth` and `ttapi config`: canaries as credentials, tried at a service on a real socket."""

from __future__ import annotations

import itertools
import json
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding import every_command
from test_ttapi_onboarding.setup_commands import (
    CLIENT_SECRET,
    PROGRAM,
    REFRESH_TOKEN,
    Certification,
    certification,
    lead_to,
    set_up,
)
from test_ttapi_onboarding.terminals import LONGEST_SECONDS, Terminal
from ttapi_client.client import ADDRESSES
from ttapi_client.testing import SandboxThread
from ttapi_core.settings import Environment
from ttapi_onboarding.doctor.configuration import credentials as credentials_check
from ttapi_onboarding.doctor.service import service as service_check
from ttapi_onboarding.doctor.subject import Subject
from ttapi_onboarding.logging_in import explanation
from ttapi_platform import Platform
from ttapi_platform.lake_layout import access_token_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from ttapi_core.settings import Settings

PAIR = f"{CLIENT_SECRET}\n{REFRESH_TOKEN}\n"
CTRL_C = "\x03"


@pytest.fixture(scope="module")
def running() -> Iterator[Certification]:
    """A service for all tests of this module."""
    with SandboxThread() as sandbox, certification(sandbox.url) as service:
        yield service


@pytest.fixture
def service(running: Certification, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certification:
    """The same as the certification service; its keyring is a file."""
    running.logins.clear()
    lead_to(running, monkeypatch, tmp_path)
    return running


def login(*options: str, stdin: str = PAIR) -> Result:
    """Log in to certification."""
    return set_up("auth", "login", "--environment", "certification", "--stdin", *options, stdin=stdin)


def without_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr("keyring.core._keyring_backend", None)


def holders(folder: Path, words: str = "canary") -> list[str]:
    """The files below a folder that hold some words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(
        str(path.relative_to(folder)) for path in files if words in path.read_text(errors="replace")
    )


def test_good_credentials_are_tried_once_and_kept_in_the_keyring(
    service: Certification, tmp_path: Path
) -> None:
    """What they give is said, and how they come to be used."""
    done = login()
    assert (done.exit_code, done.stdout) == (
        0,
        "certification lets you in: 3 accounts can be seen\ncredentials stored in: keyring\n",
    )
    assert "hint: `ttapi collect --environment certification`" in done.stderr
    assert len(service.logins) == 1
    assert holders(tmp_path) == ["keyring"]


def test_without_a_keyring_they_are_kept_in_a_file_and_that_is_said(
    service: Certification, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In JSON, too."""
    without_keyring(monkeypatch)
    done = login("--json")
    path = tmp_path / "config" / "ttapi" / "private" / "certification-credentials.json"
    assert json.loads(done.stdout) == {
        "environment": "certification",
        "accounts": 3,
        "stored_in": str(path),
        "why_no_keyring": "this system has no keyring that keeps secrets encrypted",
        "exit_code": 0,
    }
    assert "warning: not in the keyring" in done.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    assert holders(tmp_path) == [str(path.relative_to(tmp_path))]


@pytest.mark.parametrize("pair", [f"{CLIENT_SECRET}\ncanary-wrong\n", f"canary-wrong\n{REFRESH_TOKEN}\n"])
def test_wrong_credentials_are_kept_nowhere(service: Certification, tmp_path: Path, pair: str) -> None:
    """Exit code 4, after one try; what was kept before stays."""
    assert login().exit_code == 0
    before = (tmp_path / "keyring").read_bytes()
    service.logins.clear()
    done = login(stdin=pair)
    assert done.exit_code == 4
    assert "the service refused the credentials" in done.stderr
    assert "canary" not in done.output
    assert len(service.logins) == 1
    assert (tmp_path / "keyring").read_bytes() == before


@pytest.mark.parametrize(
    "stdin", ["", f"{CLIENT_SECRET}\n", f"\n{REFRESH_TOKEN}\n", f"{CLIENT_SECRET} x\ny\n"]
)
def test_two_lines_are_needed(service: Certification, stdin: str) -> None:
    """What is missing is said, and nothing is sent."""
    done = login(stdin=stdin)
    assert done.exit_code == 2
    assert "on standard input: it" in done.stderr
    assert "canary" not in done.output
    assert service.logins == []


def test_bytes_that_are_no_text_are_a_misuse(service: Certification) -> None:
    """Not a bug."""
    command = [*PROGRAM, "auth", "login", "--environment", "certification", "--stdin"]
    done = subprocess.run(command, input=b"\xff\xfe\n\xff\n", capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"it " in done.stderr


@pytest.mark.parametrize("stdin", [subprocess.DEVNULL, subprocess.PIPE])
def test_without_a_terminal_nobody_is_waited_for(service: Certification, stdin: int) -> None:
    """Exit code 2 at once, though stdin stays open."""
    command = [*PROGRAM, "auth", "login", "--environment", "certification"]
    with subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "--stdin reads them from stdin" in process.stderr.read()
        assert process.wait(LONGEST_SECONDS) == 2


def test_the_environment_has_to_be_said(service: Certification, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an option, or as it is set; credentials that are set choose none here."""
    assert set_up("auth", "login", "--stdin", stdin=PAIR).exit_code == 2
    assert service.logins == []
    monkeypatch.setenv("TTAPI_ENVIRONMENT", "certification")
    assert set_up("auth", "login", "--stdin", stdin=PAIR).exit_code == 0
    assert set_up("auth", "login", "--environment", "sandbox", "--stdin", stdin=PAIR).exit_code == 2


@pytest.mark.promise("R27")
def test_a_terminal_does_not_show_what_is_typed(
    service: Certification, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The explanation comes first; an empty answer is asked for again."""
    terminal = Terminal(*PROGRAM, "auth", "login", "-vv")
    terminal.wait_for(lambda shown: "Which [1]" in shown)
    terminal.press("certification\n")
    terminal.wait_for(lambda shown: "Client secret (not shown): " in shown)
    assert "1. Sign in at https://developer.tastytrade.com/sandbox" in terminal.shown
    terminal.press("\n")
    terminal.wait_for(lambda shown: shown.count("Client secret (not shown): ") == 2)
    assert "not that: it is empty" in terminal.shown
    terminal.press(f"{CLIENT_SECRET}\n")
    terminal.wait_for(lambda shown: "Refresh token (not shown): " in shown)
    terminal.press(f"{REFRESH_TOKEN}\n")
    assert terminal.finish() == 0
    assert "credentials stored in: keyring" in terminal.shown
    assert "canary" not in terminal.shown
    assert holders(tmp_path) == ["keyring"]
    record_property("promise", f"R27: {len(terminal.shown):,} characters of a login at -vv, 0 of a secret")


def test_each_environment_has_its_own_place_for_applications() -> None:
    """Users of one are unknown to the other; what both end with is a secret and a token."""
    production, certification_ = (
        "\n".join(explanation(each)) for each in (Environment.PRODUCTION, Environment.CERTIFICATION)
    )
    assert "https://my.tastytrade.com" in production
    assert "https://developer.tastytrade.com/sandbox" in certification_
    for text in (production, certification_):
        for part in (
            "OAuth",
            "client secret",
            "shown only once",
            "personal grant",
            "`read`",
            "refresh token",
        ):
            assert part in text


@pytest.mark.parametrize("question", ["Which [1]", "Client secret", "Refresh token"])
def test_ctrl_c_at_a_question_changes_nothing(service: Certification, tmp_path: Path, question: str) -> None:
    """Exit code 130, nothing sent, nothing kept."""
    terminal = Terminal(*PROGRAM, "auth", "login")
    for each, answer in (
        ("Which [1]", "1\n"),
        ("Client secret", f"{CLIENT_SECRET}\n"),
        ("Refresh token", ""),
    ):
        terminal.wait_for(lambda shown, each=each: each in shown)  # type: ignore[misc]
        if each == question:
            break
        terminal.press(answer)
    terminal.press(CTRL_C)
    assert terminal.finish() == 130
    assert "\r\ninterrupted: nothing was changed" in terminal.shown
    assert "Traceback" not in terminal.shown
    assert "canary" not in terminal.shown
    assert service.logins == []
    assert holders(tmp_path) == []


def test_the_end_of_the_input_is_as_ctrl_c(service: Certification) -> None:
    """Ctrl-D at a hidden question."""
    terminal = Terminal(*PROGRAM, "auth", "login", "--environment", "certification")
    terminal.wait_for(lambda shown: "Client secret" in shown)
    terminal.press("\x04")
    assert terminal.finish() == 130


def test_status_tells_where_each_comes_from(
    service: Certification, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From the keyring, from variables, from a file of settings; stars, however long they are."""
    nobody = json.loads(set_up("auth", "status", "--json").stdout)
    assert [each["origins"] for each in nobody["environments"]] == [[], []]
    login()
    monkeypatch.setenv("TTAPI_ENVIRONMENT", "certification")
    record = json.loads(set_up("auth", "status", "--json").stdout)
    assert record["environments"] == [
        {
            "environment": "certification",
            "in_use": True,
            "credentials": "***",
            "origins": ["keyring"],
            "accounts": None,
            "error": None,
        },
        {
            "environment": "production",
            "in_use": False,
            "credentials": None,
            "origins": [],
            "accounts": None,
            "error": None,
        },
    ]
    (tmp_path / "ttapi.toml").write_text(f'client_secret = "{CLIENT_SECRET}"\n')
    monkeypatch.setenv("TTAPI_REFRESH_TOKEN", REFRESH_TOKEN)
    shown = set_up("auth", "status")
    assert shown.stdout.splitlines()[1].split() == [
        *("certification", "yes", "***", "ttapi.toml", "and", "TTAPI_REFRESH_TOKEN")
    ]
    assert "canary" not in shown.output


def test_status_asks_the_service_only_when_told(
    service: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then a refusal is the exit code."""
    login()
    service.logins.clear()
    set_up("auth", "status")
    assert service.logins == []
    good = set_up("auth", "status", "--check")
    assert good.exit_code == 0
    assert "yes: 3 accounts" in good.stdout
    monkeypatch.setenv("TTAPI_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("TTAPI_REFRESH_TOKEN", "canary-wrong")
    monkeypatch.setitem(ADDRESSES, Environment.PRODUCTION, service.url)
    bad = set_up("auth", "status", "--check", "--json")
    record = json.loads(bad.stdout)
    assert (bad.exit_code, record["exit_code"]) == (4, 4)
    assert record["environments"][0]["error"]["code"] == "auth"
    assert "canary" not in bad.output


def test_a_locked_keyring_is_told_and_nothing_hangs(
    service: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 5, in a process of its own that chooses its keyring by itself."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "test_ttapi_onboarding.keyrings.LockedKeyring")
    done = subprocess.run(
        [*PROGRAM, "auth", "status"], capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    assert done.returncode == 5
    assert "Failed to unlock the collection!" in done.stderr
    assert "Traceback" not in done.stderr


def test_logout_removes_what_is_stored_and_names_the_rest(
    service: Certification, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The pair and the access token; variables stay."""
    login()
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    token = access_token_file(tmp_path / "lakes" / "certification")
    token.parent.mkdir(parents=True)
    token.write_text("canary-token")
    monkeypatch.setenv("TTAPI_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("TTAPI_REFRESH_TOKEN", REFRESH_TOKEN)
    assert set_up("auth", "logout").exit_code == 2
    done = set_up("auth", "logout", "--environment", "certification")
    assert done.exit_code == 0
    assert done.stdout == f"certification: removed from keyring and {token}\n"
    assert "still credentials in TTAPI_CLIENT_SECRET and TTAPI_REFRESH_TOKEN" in done.stderr
    assert holders(tmp_path) == []
    again = json.loads(set_up("auth", "logout", "--all", "--json").stdout)
    assert again["removed"] == {"certification": [], "production": []}


def test_a_login_forgets_a_refusal_that_other_processes_remember(
    service: Certification, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else credentials that work would be left alone for a quarter of an hour."""
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    token = access_token_file(tmp_path / "lakes" / "certification")
    token.parent.mkdir(parents=True)
    token.write_text("{}")
    login()
    assert not token.exists()


def test_the_doctor_uses_what_is_stored(service: Certification, tmp_path: Path) -> None:
    """And says where it is from."""
    login()
    settings = _settings("certification", tmp_path)
    subject = Subject(platform=Platform(settings))
    (found,) = credentials_check(subject)
    assert (found.status.value, found.detail) == (
        "ok",
        "client_secret and refresh_token are set, from keyring",
    )
    assert [each.check for each in service_check(subject)] == ["service", "clock", "rate", "login"]


def test_config_shows_every_setting_with_its_origin(
    service: Certification, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A flag, a variable, two files, the keyring, and the defaults."""
    login()
    (tmp_path / "ttapi.toml").write_text('[ttl]\nquotes = "90s"\n')
    own = tmp_path / "config" / "ttapi" / "ttapi.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("history_years = 3\n")
    monkeypatch.setenv("TTAPI_TIMEOUT_SECONDS", "5")
    monkeypatch.setenv("TTAPI_API_URL", "http://me:canary@127.0.0.1:1")
    shown = set_up("config", "show", "--environment", "certification", "--json")
    record = json.loads(shown.stdout)
    settings = record["settings"]
    assert {name: (each["value"], each["origin"]) for name, each in settings.items()} == {
        **{name: (each["value"], "default") for name, each in settings.items()},
        "environment": ("certification", "--environment"),
        "data_dir": (str(tmp_path / "share" / "ttapi"), "XDG_DATA_HOME"),
        "client_secret": ("***", "keyring"),
        "refresh_token": ("***", "keyring"),
        "api_url": ("***@127.0.0.1:1", "TTAPI_API_URL"),
        "history_years": ("3", str(own)),
        "timeout_seconds": ("5.0", "TTAPI_TIMEOUT_SECONDS"),
        "ttl.quotes": ("90s", "ttapi.toml"),
    }
    assert "canary" not in shown.output
    table = set_up("config", "show", "--origin").stdout.splitlines()
    assert table[0].split() == ["setting", "value", "from"]
    assert len(table) == 1 + len(settings)
    assert "from" not in set_up("config", "show").stdout.splitlines()[0]


@pytest.mark.promise("R27")
def test_no_byte_that_is_written_holds_a_secret_but_the_store(
    service: Certification, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every command at -vv with a log file, with good and with refused credentials."""
    log = tmp_path / "log"
    talk = ("-vv", "--log-file", str(log))
    logging_in = ("auth", "login", "--environment", "certification", "--stdin")
    written = ""
    for arguments, stdin, code in (
        (logging_in, PAIR.replace("0815", "0816"), 4),
        ((*logging_in, "--json"), PAIR, 0),
        (("init", "--environment", "certification", "--universe", "positions", "--no-collect"), "", 0),
    ):
        done = subprocess.run(
            [*PROGRAM, *arguments, *talk],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert done.returncode == code, done.stderr
        written += done.stdout + done.stderr
    assert holders(tmp_path) == ["keyring"]
    for further in (
        ("auth", "status", "--check"),
        ("auth", "status", "--check", "--json"),
        ("config", "show", "--environment", "certification", "--origin"),
        ("auth", "logout", "--all"),
    ):
        written += set_up(*further, *talk).output
    assert "canary" not in written
    assert holders(tmp_path) == []
    assert "access token renewed" in log.read_text()
    record_property(
        "promise", f"R27: {len(written) + log.stat().st_size:,} bytes of output and logs, 0 of a secret"
    )


@pytest.mark.promise("R27")
def test_no_command_lets_a_secret_out(
    service: Certification,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """All of them with stored credentials, at -vv with a log file, and every file that they leave."""
    monkeypatch.setenv("TTAPI_ENVIRONMENT", "certification")
    assert login().exit_code == 0
    log, folder = tmp_path / "log", tmp_path / "made"
    folder.mkdir()
    written = ""
    first = ["collect", "--symbols", "AAPL,BRK/B,SPY", "--history-years", "1"]
    for arguments in (first, *(every_command.arguments(name, folder) for name in every_command.LINES)):
        if "--environment" in arguments:  # of another one
            continue
        talk = ["-vv", "--log-file", str(log)] if "--log-file" in help_of(arguments) else []
        code, shown = given([*arguments, *talk])
        assert code == 0, shown
        written += shown
    tokens = [path for path in tmp_path.rglob("*") if path.name == "access-token.json"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in tokens] == [0o600]
    access_token = json.loads(tokens[0].read_text())["token"]
    assert holders(tmp_path) == ["keyring"]
    assert holders(tmp_path, access_token) == [str(tokens[0].relative_to(tmp_path))]
    assert "canary" not in written
    assert access_token not in written
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    record_property(
        "promise",
        f"R27: {len(every_command.LINES)} commands, {len(written) + size:,} bytes written, 0 of a secret",
    )


def given(arguments: list[str]) -> tuple[int, str]:
    """Exit code and output of the command: in a process of its own where it wants a file below its stdout."""
    if arguments[0] != "watch":
        done = set_up(*arguments)
        return done.exit_code, done.output
    process = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    return process.returncode, process.stdout + process.stderr


def help_of(arguments: list[str]) -> str:
    """What the command of a line says of its options."""
    return set_up(*itertools.takewhile(str.isalpha, arguments), "--help").output


def _settings(environment: str, folder: Path) -> Settings:
    from ttapi_core.settings_sources import load_settings

    return load_settings({"environment": environment, "data_dir": str(folder / "lakes")})
