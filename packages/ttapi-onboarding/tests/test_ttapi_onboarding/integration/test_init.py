# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi init`: the wizard at a real terminal and without one, against a sandbox on a real socket."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

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
from ttapi_client.testing import SandboxThread
from ttapi_core.settings import Environment
from ttapi_core.settings_sources import load_settings
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.universe import load_universe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CTRL_C = "\x03"
# The questions in the sandbox, each with what is typed; the universe and the rest by their defaults.
ENVIRONMENT, DIRECTORY, UNIVERSE, YEARS, COLLECT = (
    "Which [1]",
    "Where should it be stored [",
    "Which symbols should be collected:",
    "How many years of daily candles [",
    "Collect now? [",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxThread]:
    """A market that stands still."""
    with SandboxThread() as running:
        yield running


@pytest.fixture
def market(sandbox: SandboxThread, monkeypatch: pytest.MonkeyPatch) -> SandboxThread:
    """The same as the sandbox that the wizard asks."""
    monkeypatch.setenv("TTAPI_API_URL", sandbox.url)
    return sandbox


@pytest.fixture
def service(
    sandbox: SandboxThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Certification]:
    """A certification service that takes canaries; the keyring is a file."""
    with certification(sandbox.url) as running:
        lead_to(running, monkeypatch, tmp_path)
        yield running


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    """Where the user's settings are written by default."""
    return tmp_path / "config" / "ttapi" / "ttapi.toml"


def answer(terminal: Terminal, answers: Sequence[tuple[str, str]]) -> None:
    """Type each answer when its question has come."""
    seen = 0
    for question, keys in answers:
        terminal.wait_for(lambda shown, question=question, seen=seen: question in shown[seen:])  # type: ignore[misc]
        assert question in terminal.shown[seen:], terminal.shown
        seen = terminal.shown.index(question, seen) + len(question)
        terminal.press(keys)


def files(folder: Path) -> list[str]:
    """All files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_first_minute_ends_with_a_lake(market: SandboxThread, tmp_path: Path, own_file: Path) -> None:
    """Every question at a terminal, answered by Enter or in a word; then the same code as `ttapi collect`."""
    (tmp_path / "mine.txt").write_text("AAPL\nSPY\n")
    terminal = Terminal(*PROGRAM, "init")
    answer(
        terminal,
        [
            (ENVIRONMENT, "\n"),
            (DIRECTORY, f"{tmp_path / 'lakes'}\n"),
            (UNIVERSE, "file\n"),
            ("Which file [", "nowhere.txt\n"),
            ("not that: universe", ""),
            ("Which file [", "mine.txt\n"),
            ("2 symbols in mine.txt", ""),
            (YEARS, "many\n"),
            ("not that: answer with a whole number from 1 to 40", "1\n"),
            (COLLECT, "\n"),
        ],
    )
    assert terminal.finish() == 0, terminal.shown
    assert terminal.shown.startswith("TTAPI keeps your market's data on your own disk")
    assert f"written: {own_file}" in terminal.shown
    settings = load_settings()
    assert (settings.environment, settings.history_years) == (Environment.SANDBOX, 1)
    assert settings.universe == str(tmp_path / "mine.txt")
    assert settings.data_dir == tmp_path / "lakes"
    stored = Lake(settings.lake_dir, environment=Environment.SANDBOX).stored("quotes")
    assert isinstance(stored, Stored)
    assert stored.rows == 2


def test_the_data_may_lie_in_an_object_store(market: SandboxThread, own_file: Path) -> None:
    """The address is written as it is, no directory is made; one that can be none is refused."""
    refused = set_up("init", "--yes", "--no-collect", "--data-dir", "s3://me:s3cr3t-4711@market/lakes")
    assert refused.exit_code == 2
    assert "--data-dir: it wants an address without credentials" in refused.stderr
    assert "s3cr3t-4711" not in refused.output
    done = set_up("init", "--yes", "--no-collect", "--data-dir", "s3://market/lakes")
    assert done.exit_code == 0, done.stderr
    assert 'data_dir = "s3://market/lakes"' in own_file.read_text().splitlines()
    assert set_up("init", "--yes", "--no-collect").stdout == f"nothing to change in {own_file}\n"


def test_a_second_time_present_values_are_offered(market: SandboxThread, own_file: Path) -> None:
    """All of them change nothing; another answer is shown as a difference, and confirmed."""
    own_file.parent.mkdir(parents=True)
    assert set_up("init", "--history-years", "3", "--data-dir", "lakes").exit_code == 0
    own_file.write_text(own_file.read_text().replace("# timeout_seconds = 30.0", "timeout_seconds = 5.0"))
    before = own_file.read_text()
    asked = [(ENVIRONMENT, "\n"), (DIRECTORY, "\n"), (UNIVERSE, "\n")]
    again = set_up("init", "--yes", "--no-collect")
    assert (again.exit_code, again.stdout) == (0, f"nothing to change in {own_file}\n")
    for reply, code, after in (
        ("n\n", 1, before),
        ("y\n", 0, before.replace("history_years = 3", "history_years = 4")),
    ):
        other = Terminal(*PROGRAM, "init", "--no-collect")
        answer(other, [*asked, (f"{YEARS}3]", "4\n"), ("-history_years = 3", ""), ("+history_years = 4", "")])
        answer(other, [("Replace ", reply)])
        assert other.finish() == code
        assert own_file.read_text() == after


@pytest.mark.parametrize("questions", [0, 1, 3, 4])
def test_ctrl_c_at_any_question_leaves_nothing(tmp_path: Path, questions: int) -> None:
    """Exit code 130; at the last one the settings are written, and that is said."""
    asked = [(ENVIRONMENT, "\n"), (DIRECTORY, "\n"), (UNIVERSE, "\n"), (YEARS, "\n"), (COLLECT, "\n")]
    terminal = Terminal(*PROGRAM, "init")
    answer(terminal, [*asked[:questions], (asked[questions][0], CTRL_C)])
    assert terminal.finish() == 130
    assert "Traceback" not in terminal.shown
    if asked[questions][0] == COLLECT:
        assert "\r\ninterrupted: the settings are written; `ttapi collect` fills the lake" in terminal.shown
        assert files(tmp_path) == ["config/ttapi/ttapi.toml"]
    else:
        assert "\r\ninterrupted: nothing was changed" in terminal.shown
        assert files(tmp_path) == []


def test_without_a_terminal_flags_and_defaults_decide(own_file: Path) -> None:
    """Though stdin stays open; nothing is collected that was not asked for."""
    with subprocess.Popen(
        [*PROGRAM, "init"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read() == f"written: {own_file}\n"
        assert process.wait(LONGEST_SECONDS) == 0
    assert load_settings().environment is Environment.SANDBOX
    assert load_settings().origins["environment"] == str(own_file)


def test_an_environment_that_needs_secrets_needs_a_terminal(service: Certification, tmp_path: Path) -> None:
    """A misuse that names the way without one; nothing is written, and nobody is asked."""
    done = set_up("init", "--environment", "certification", "--yes")
    assert done.exit_code == 2
    assert "`ttapi auth login --environment certification --stdin`" in done.stderr
    assert service.logins == []
    assert files(tmp_path) == []


def test_a_file_that_is_there_is_replaced_by_yes_alone(own_file: Path) -> None:
    """Shown in either case; values that were not asked about stay."""
    own_file.parent.mkdir(parents=True)
    own_file.write_text("# mine\nretry_attempts = 2\n")
    refused = set_up("init")
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert "-# mine" in refused.stderr
    assert own_file.read_text() == "# mine\nretry_attempts = 2\n"
    done = set_up("init", "--yes", "--no-collect")
    assert done.exit_code == 0
    assert "-# mine" in done.stderr
    assert load_settings().retry_attempts == 2


def test_a_file_with_secrets_or_nonsense_is_left_alone(own_file: Path) -> None:
    """Exit code 5, with every problem, and no secret."""
    own_file.parent.mkdir(parents=True)
    for text in (
        f'client_secret = "{CLIENT_SECRET}"\nrefresh_token = "{REFRESH_TOKEN}"\n',
        "what = 1\n",
        "=",
    ):
        own_file.write_text(text)
        done = set_up("init", "--yes")
        assert done.exit_code == 5
        assert "canary" not in done.output
        assert own_file.read_text() == text


def test_a_watchlist_and_positions_become_a_universe(
    market: SandboxThread, tmp_path: Path, own_file: Path
) -> None:
    """A file beside the settings; by a name that holds in the directory of a project, by its path else."""
    done = set_up("init", "--universe", "watchlist:To look at", "--json")
    record = json.loads(done.stdout)
    universe = own_file.with_name("universe.txt")
    assert record == {
        "environment": "sandbox",
        "file": str(own_file),
        "written": [str(universe), str(own_file)],
        "universe": str(universe),
        "credentials_stored_in": None,
        "exit_code": 0,
    }
    assert load_universe(load_settings().universe).symbols == ("COIN", "NVDA", "TSLA")
    assert universe.read_text().startswith("# The symbols of the watchlist 'To look at', as they were on 20")
    assert set_up("init", "--here", "--universe", "positions").exit_code == 0
    assert 'universe = "universe.txt"' in (tmp_path / "ttapi.toml").read_text()
    assert "SPY" in (load_universe(load_settings().universe).symbols or ())
    near = set_up("init", "--universe", "watchlist:To look", "--yes")
    assert near.exit_code == 1
    assert "there is 'To look at'" in near.stderr


def test_watchlists_are_offered_by_number(market: SandboxThread, own_file: Path) -> None:
    """And a service that has none to give now leaves the other answers."""
    market.add_fault("/watchlists", "status", status=502)
    terminal = Terminal(
        *PROGRAM, "init", "--environment", "sandbox", "--data-dir", "x", TTAPI_RETRY_ATTEMPTS="1"
    )
    answer(terminal, [(UNIVERSE, "watchlist\n"), ("error: ", "")])
    market.clear_faults()
    answer(terminal, [("error: ", ""), ("Which [1] ", "3\n"), ("  2  To look at, 3 symbols", "2\n")])
    answer(terminal, [(YEARS, "\n"), (COLLECT, "n\n")])
    assert terminal.finish() == 0, terminal.shown
    assert own_file.with_name("universe.txt").read_text().splitlines()[2:] == ["COIN", "NVDA", "TSLA"]


def test_what_comes_before_the_file_is_named(own_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable, a file of the project; and a file that ttapi does not read by itself."""
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "7")
    done = set_up("init", "--history-years", "2")
    assert f"history_years comes from TTAPI_HISTORY_YEARS, which comes before {own_file}" in done.stderr
    assert "is neither" in set_up("init", "--file", "other.toml").stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--universe", "nowhere.txt"),
        ("--data-dir", "file"),
        ("--here", "--file", "x"),
        ("--json", "--collect"),
        ("--environment", "replay"),
        ("--history-years", "0"),
    ],
)
def test_a_wish_that_cannot_be_is_a_misuse(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Exit code 2, and nothing is written."""
    (tmp_path / "file").touch()
    assert set_up("init", *options).exit_code == 2
    assert files(tmp_path) == ["file"]


@pytest.mark.promise("R27")
def test_logging_in_by_the_way_shows_no_secret_and_keeps_it_in_the_store_alone(
    service: Certification, tmp_path: Path, own_file: Path
) -> None:
    """A wrong pair first: it is told, and others may be tried; positions are asked for with the right one."""
    terminal = Terminal(*PROGRAM, "init", "-vv", "--log-file", "log", "--no-collect")
    answer(terminal, [(ENVIRONMENT, "2\n"), ("OAuth application", "")])
    answer(terminal, [("Client secret", f"{CLIENT_SECRET}\n"), ("Refresh token", "canary-wrong\n")])
    answer(terminal, [("refused the credentials", ""), ("Try others? [Y/n]", "\n")])
    terminal.wait_for(lambda shown: shown.count("Client secret") == 2)
    terminal.press(f"{CLIENT_SECRET}\n")
    terminal.wait_for(lambda shown: shown.count("Refresh token (") == 2)
    assert not (tmp_path / "keyring").exists()
    terminal.press(f"{REFRESH_TOKEN}\n")
    answer(
        terminal,
        [("3 accounts can be seen", ""), (DIRECTORY, "\n"), (UNIVERSE, "positions\n"), (YEARS, "\n")],
    )
    assert terminal.finish() == 0, terminal.shown
    assert "credentials stored in: keyring" in terminal.shown
    written = "".join(
        path.read_text() for path in tmp_path.rglob("*") if path.is_file() and path.name != "keyring"
    )
    for secret in (CLIENT_SECRET, REFRESH_TOKEN, "canary"):
        assert secret not in terminal.shown
        assert secret not in written
    assert json.loads((tmp_path / "keyring").read_text()).keys() == {"ttapi/certification"}
    assert 'environment = "certification"' in own_file.read_text()
