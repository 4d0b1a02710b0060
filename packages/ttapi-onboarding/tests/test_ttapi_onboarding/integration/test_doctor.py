# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi doctor`: a machine, a service and a lake with faults made by hand, and what it says of them."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.conftest import SYMBOLS, writing
from test_ttapi_onboarding.terminals import Terminal, ask
from ttapi_core.clock import SystemClock
from ttapi_core.settings import Environment
from ttapi_core.settings_sources import load_settings
from ttapi_onboarding.cli import ttapi
from ttapi_onboarding.doctor.findings import Status
from ttapi_onboarding.doctor.service import service as ask_the_service
from ttapi_onboarding.doctor.subject import Subject
from ttapi_platform import Platform
from ttapi_platform.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from click.testing import Result

    from ttapi_client.testing import SandboxThread

DOCTOR = [sys.executable, "-c", "from ttapi_onboarding.commands.doctor import doctor; doctor()"]
CANARY = "canary-4711"


class Shifted(SystemClock):
    """A machine's clock that is wrong by some seconds."""

    def __init__(self, seconds: float) -> None:
        self._error = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """What it shows."""
        return super().now() + self._error


@pytest.fixture
def lake(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A whole lake of three symbols, to be damaged."""
    shutil.copytree(data_dir / "sandbox", tmp_path / "lakes" / "sandbox")
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    return Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)


def examined(*options: str) -> Result:
    """The command in this process."""
    return ask("doctor", *options)


def found(check: str, *options: str) -> list[dict[str, str | None]]:
    """The findings of one check, and that the exit code fits them all."""
    shown = examined("--json", *options)
    record = json.loads(shown.stdout)
    has_problem = any(finding["status"] == "problem" for finding in record["findings"])
    assert shown.exit_code == record["exit_code"] == int(has_problem)
    assert all((finding["fix"] is None) is (finding["status"] == "ok") for finding in record["findings"])
    return [finding for finding in record["findings"] if finding["check"] == check]


def statuses(findings: Sequence[dict[str, str | None]]) -> list[str | None]:
    """How bad each is."""
    return [finding["status"] for finding in findings]


def test_a_user_without_anything_is_well_and_told_what_to_do_next(tmp_path: Path) -> None:
    """The sandbox that is started answers and lets us in; nothing is made on disk."""
    shown = examined()
    assert shown.exit_code == 0, shown.stdout
    for line in (
        "✓ credentials environment sandbox needs none",
        "✓ service     a sandbox started for this answers",
        "✓ login       a sandbox started for this lets us in",
        "✓ files       none yet",
        "! datasets    nothing has been collected yet → `ttapi collect`",
    ):
        assert f"{line}\n" in shown.stdout
    assert shown.stderr == "0 problems, 1 warning\n"
    assert list(tmp_path.iterdir()) == []


def test_each_value_is_told_with_its_source_and_secrets_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flag, a variable, and a file that others must not read."""
    monkeypatch.setenv("TTAPI_TTL_QUOTES", "1m")
    monkeypatch.setenv("TTAPI_CLIENT_SECRET", CANARY)
    file = tmp_path / "ttapi.toml"
    file.write_text(f'history_years = 2\nrefresh_token = "{CANARY}"\n')
    file.chmod(0o644)
    shown = examined("--offline", "--json", "--data-dir", "there")
    assert CANARY not in shown.output
    findings = json.loads(shown.stdout)["findings"]
    details = [finding["detail"] for finding in findings if finding["check"] == "settings"]
    assert details == [
        "client_secret = ***, from TTAPI_CLIENT_SECRET",
        "data_dir = there, from --data-dir",
        "history_years = 2, from ttapi.toml",
        "refresh_token = ***, from ttapi.toml",
        "ttl.quotes = 1m, from TTAPI_TTL_QUOTES",
        "environment = production, as there are credentials",
        "everything else has its default",
    ]
    are_set, is_open = [finding for finding in findings if finding["check"] == "credentials"]
    assert (are_set["status"], is_open["status"], is_open["fix"]) == (
        "ok",
        "warning",
        "`chmod 600 ttapi.toml`",
    )
    file.chmod(0o600)
    assert statuses(found("credentials", "--offline")) == ["ok"]


def test_a_misspelt_setting_is_a_problem_with_the_right_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of several; what needs the settings is not looked at, and that is said."""
    (tmp_path / "ttapi.toml").write_text("histroy_years = 2\n")
    monkeypatch.setenv("TTAPI_DATADIR", "there")
    *wrong, rest = found("settings")
    assert statuses([*wrong, rest]) == ["problem", "problem", "warning"]
    assert sorted(str(finding["detail"]) for finding in wrong) == [
        "TTAPI_DATADIR: unknown setting 'datadir', did you mean 'data_dir'?",
        "ttapi.toml: unknown setting 'histroy_years', did you mean 'history_years'?",
    ]
    assert "not looked at" in str(rest["detail"])
    assert found("datasets") == []


def test_a_password_in_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the settings nor in the refusal of the address."""
    monkeypatch.setenv("TTAPI_API_URL", f"http://me:{CANARY}@127.0.0.1:1")
    shown = examined()
    assert shown.exit_code == 1
    assert CANARY not in shown.output
    assert "✗ service" in shown.stdout


def test_an_environment_without_its_credentials_is_a_problem() -> None:
    """The service is not asked then."""
    (lacking,) = found("credentials", "--environment", "production")
    assert (lacking["status"], "TTAPI_CLIENT_SECRET" in str(lacking["fix"])) == ("problem", True)
    (not_asked,) = found("service", "--environment", "production")
    assert (not_asked["status"], not_asked["fix"]) == ("warning", "see credentials")
    assert found("login", "--environment", "production") == []


def test_a_refused_login_is_a_problem_of_the_login_alone(service: SandboxThread) -> None:
    """The service answers all the same; it was tried once."""
    service.add_fault("/oauth/token", "refuse_token")
    record = json.loads(examined("--json").stdout)
    by_check = {finding["check"]: finding for finding in record["findings"]}
    assert (by_check["service"]["status"], by_check["login"]["status"]) == ("ok", "problem")
    assert "refused the credentials" in by_check["login"]["detail"]
    assert by_check["login"]["fix"].startswith("`ttapi auth login`")
    assert service.statistics()["requests"] == {"POST /oauth/token": 1}


def test_a_service_in_trouble_is_a_problem(service: SandboxThread) -> None:
    """Of a server error, of a connection that is dropped, and of nobody who listens."""
    for fault in ({"kind": "status", "status": 503}, {"kind": "drop"}):
        service.clear_faults()
        service.add_fault("/customers/me", **fault)
        assert statuses(found("service")) == ["problem"]
    service.clear_faults()
    assert statuses(found("service")) == ["ok"]


def test_nobody_who_listens_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the address is named."""
    monkeypatch.setenv("TTAPI_API_URL", "http://127.0.0.1:9")
    (unreachable,) = found("service")
    assert (unreachable["status"], "127.0.0.1:9" in str(unreachable["detail"])) == ("problem", True)


def test_a_service_that_is_asked_too_often_is_a_warning(
    service: SandboxThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers, and the login is not known; the wait is the one that the service names."""
    monkeypatch.setenv("TTAPI_REQUESTS_PER_SECOND", "7")
    (well,) = found("rate")
    assert (well["status"], "at most 7 start in a second" in str(well["detail"])) == ("ok", True)
    service.add_fault("/customers/me", "status", status=429, retry_after="90")
    record = json.loads(examined("--json").stdout)
    by_check = {finding["check"]: finding for finding in record["findings"]}
    assert (by_check["service"]["status"], by_check["rate"]["status"]) == ("ok", "warning")
    assert "login" not in by_check
    assert by_check["rate"]["fix"].startswith("`ttapi doctor` again in 1 min 30 s")


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, Status.OK), (-120, Status.WARNING), (3600, Status.PROBLEM)]
)
def test_a_clock_that_is_wrong_is_told_by_the_answer(
    service: SandboxThread, seconds: float, status: Status
) -> None:
    """By the Date of the service's own answer."""
    subject = Subject(platform=Platform(load_settings({})), clock=Shifted(seconds))
    by_check = {finding.check: finding for finding in ask_the_service(subject)}
    assert by_check["clock"].status is status
    assert by_check["login"].status is Status.OK


def test_offline_asks_nobody(service: SandboxThread) -> None:
    """And says nothing of the service."""
    checks = {finding["check"] for finding in json.loads(examined("--json", "--offline").stdout)["findings"]}
    assert not checks & {"service", "login", "clock", "rate"}
    assert service.statistics()["requests"] == {}


def test_a_replay_is_served_from_its_folder(candles: Path) -> None:
    """A folder that is not there is a problem of the settings; without any folder there is no service."""
    assert statuses(found("login", "--replay", str(candles))) == ["ok"]
    assert statuses(found("settings", "--replay", "nowhere")) == ["problem", "warning"]
    (without,) = found("service", "--environment", "replay")
    assert (without["status"], "--replay" in str(without["detail"])) == ("ok", True)


@pytest.fixture
def collecting(service: SandboxThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SandboxThread:
    """A service from which three symbols are collected, whose quotes do not age within a test."""
    universe = tmp_path / "three.txt"
    universe.write_text(SYMBOLS.replace(",", "\n"))
    for name, value in {"DATA_DIR": tmp_path / "lakes", "UNIVERSE": universe, "TTL_QUOTES": "1h"}.items():
        monkeypatch.setenv(f"TTAPI_{name}", str(value))
    return service


def test_a_lake_that_was_just_collected_is_well(collecting: SandboxThread, tmp_path: Path) -> None:
    """Nothing but good findings; every file is counted, and it is said what was not read."""
    assert ask("collect").exit_code == 0
    files = [path for path in tmp_path.rglob("*") if path.suffix in {".csv", ".parquet"}]
    shown = examined()
    assert (shown.exit_code, shown.stderr) == (0, "0 problems, 0 warnings\n")
    assert all(line.startswith("✓ ") for line in shown.stdout.splitlines())
    assert (
        f"✓ files       {len(files)} files, by their footers and twins; `ttapi data verify`" in shown.stdout
    )
    fresh = "accounts, symbols, trading_days, quotes, eod_data, expiration_series"
    assert f"✓ datasets    fresh: {fresh}\n" in shown.stdout


def test_damage_is_found_in_footers_and_twins(lake: Lake) -> None:
    """A file that does not open, one under another name, a twin that was edited, and one that is gone."""
    (lake.directory / "symbols.parquet").write_bytes(b"PAR1")
    (head,) = (lake.directory / "eod_data").glob("*.parquet")
    head.rename(head.with_stem("range-001"))
    with (lake.directory / "quotes.csv").open("a") as twin:
        twin.write("edited\n")
    (lake.directory / "accounts.csv").unlink()
    findings = found("files", "--offline")
    by_file = {str(finding["detail"]).split()[0]: finding for finding in findings}
    assert statuses([by_file[name] for name in ("accounts.csv:", "quotes.csv:")]) == ["problem", "problem"]
    assert by_file["quotes.csv:"]["fix"] == "`ttapi doctor --fix`, or `ttapi data repair`"
    incomplete = by_file["eod_data:"]
    assert (incomplete["status"], incomplete["fix"]) == ("problem", "`ttapi data repair`")
    (damaged,) = (finding for finding in findings if "symbols.parquet" in str(finding["detail"]))
    assert (damaged["status"], damaged["fix"]) == ("problem", "`ttapi data repair`")


def test_a_file_of_a_newer_version_is_left_to_an_update(lake: Lake) -> None:
    """As after going back to an earlier release of TTAPI."""
    path = lake.directory / "quotes.parquet"
    metadata = {
        name: text for name, text in pl.read_parquet_metadata(path).items() if name.startswith("ttapi")
    }
    (version,) = (name for name in metadata if name.endswith("schema_version"))
    pl.read_parquet(path).write_parquet(path, metadata={**metadata, version: "99"})
    (newer,) = found("files", "--offline")
    assert (newer["status"], "99, newer than" in str(newer["detail"])) == ("problem", True)
    assert str(newer["fix"]).endswith("update ttapi-polars")


def test_what_is_left_over_is_a_warning(lake: Lake) -> None:
    """Files of a commit that was cut short, and a twin without its file."""
    (lake.directory / ".ttapi" / "staging" / "quotes").mkdir(parents=True)
    (lake.directory / "eod_data" / "1999.csv").write_text("symbol\n")
    assert statuses(found("files", "--offline")) == ["warning", "warning"]


def test_fix_puts_in_order_what_is_safe(lake: Lake) -> None:
    """The rows are the same; what it did is said, and nothing is found any more."""
    rows, twin = lake.read("quotes"), (lake.directory / "quotes.csv").read_bytes()
    (lake.directory / ".ttapi" / "staging" / "quotes").mkdir(parents=True)
    (lake.directory / "eod_data" / "1999.csv").write_text("symbol\n")
    (lake.directory / "quotes.csv").write_text("edited\n")
    (lake.directory / "accounts.csv").unlink()
    shown = examined("--offline", "--fix")
    assert "✓ files" in shown.stdout
    *done, _total = shown.stderr.splitlines()
    assert len(done) == 4
    assert all(line.startswith("done: ") for line in done)
    assert lake.read("quotes").equals(rows)
    assert (lake.directory / "quotes.csv").read_bytes() == twin
    assert (lake.directory / ".ttapi" / "quarantine" / "eod_data" / "1999.csv").exists()
    assert json.loads(examined("--offline", "--fix", "--json").stdout)["done"] == []


def test_fix_writes_no_twin_of_rows_that_are_damaged(lake: Lake) -> None:
    """A flipped byte is in the Parquet file alone then, and a repair can tell."""
    content = bytearray((lake.directory / "quotes.parquet").read_bytes())
    content[600] ^= 0xFF
    (lake.directory / "quotes.parquet").write_bytes(content)
    (lake.directory / "quotes.csv").unlink()
    assert statuses(found("files", "--offline", "--fix")) == ["problem"]
    assert not (lake.directory / "quotes.csv").exists()
    assert (lake.directory / "quotes.parquet").read_bytes() == content


def test_fix_leaves_a_lake_alone_that_another_process_writes_to(lake: Lake) -> None:
    """It says so, and looks all the same."""
    (lake.directory / "eod_data" / "1999.csv").write_text("symbol\n")
    with writing(lake.directory):
        shown = examined("--offline", "--fix")
    assert shown.stderr.startswith("warning: nothing was put in order: another ttapi process is writing")
    assert "! lock " in shown.stdout
    assert (lake.directory / "eod_data" / "1999.csv").exists()


def test_fix_makes_nothing_where_there_is_no_lake(tmp_path: Path) -> None:
    """There is nothing to put in order."""
    assert examined("--offline", "--fix").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_datasets_are_told_that_are_stale_or_lack_items(
    collecting: SandboxThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own command; the fresh ones share a line."""
    monkeypatch.setenv("TTAPI_MAX_MISSING_RATIO", "0.5")
    collecting.add_fault("/market-data/*", "missing", symbols=["SPY"])
    assert ask("collect", "--only", "quotes").exit_code == 3
    monkeypatch.setenv("TTAPI_TTL_SYMBOLS", "0s")
    assert {finding["detail"]: finding["fix"] for finding in found("datasets", "--offline")} == {
        **{
            f"{name} is missing: not collected yet": "`ttapi collect`"
            for name in ("accounts", "trading_days", "eod_data", "expiration_series")
        },
        "symbols is stale: 0 s old, fresh for 0 s": "`ttapi collect`",
        "quotes lacks SPY": "`ttapi retry`",
        "fresh: quotes": None,
    }
    collecting.clear_faults()
    collecting.add_fault("/market-time/*", "status", status=503)
    assert ask("collect", "--only", "trading_days").exit_code == 6
    (failed,) = (one for one in found("datasets", "--offline") if one["status"] == "problem")
    assert "trading_days could not be collected" in str(failed["detail"])


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colours_are_for_terminals_that_want_them(no_color: str) -> None:
    """The sign alone is coloured."""
    terminal = Terminal(*DOCTOR, "--offline", NO_COLOR=no_color)
    assert terminal.finish() == 0
    assert ("\x1b[32m✓" in terminal.shown) is (not no_color)
    assert "\x1b" not in examined("--offline").stdout


def test_signs_are_letters_where_the_output_has_no_others() -> None:
    """As in a terminal of plain ASCII."""
    shown = CliRunner(charset="ascii").invoke(ttapi, ["doctor", "--offline"])
    assert shown.exit_code == 0
    assert "ok python" in shown.stdout
    assert "!  datasets    nothing has been collected yet -> `ttapi collect`" in shown.stdout
