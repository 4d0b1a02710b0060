# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`--json` of every command, good and bad, against the schemas that are shipped."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from test_ttapi_onboarding.every_command import LINES, NO_KEYRING, arguments, with_json
from test_ttapi_onboarding.terminals import TTAPI, ask, run
from ttapi_client.testing import SandboxThread
from ttapi_core.clock import SystemClock
from ttapi_onboarding import logging_in, schemas
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITHOUT_SETTINGS = {"completion", "schema"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox for the commands that ask."""
    with SandboxThread(at=SystemClock().now().isoformat()) as sandbox:
        yield sandbox.url


@pytest.fixture
def lake(data_dir: Path, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole lake of three symbols, and a service."""
    shutil.copytree(data_dir / "sandbox", tmp_path / "lakes" / "sandbox")
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "1")
    monkeypatch.setenv("TTAPI_RETRY_ATTEMPTS", "1")
    monkeypatch.setenv("TTAPI_API_URL", url)
    for name, value in NO_KEYRING.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "lakes" / "sandbox"


def given(name: str, folder: Path) -> tuple[int, list[str]]:
    """Exit code and answers of a command's line; one that writes line by line has a process of its own."""
    words = [*arguments(name, folder), "--json"]
    if name == "watch":
        done = run(*words)
        return done.returncode, done.stdout.splitlines()
    shown = ask(*words)
    return shown.exit_code, [shown.stdout]


def problems(name: str, text: str) -> list[str]:
    """Where an answer is not as its schema says."""
    schema = Draft202012Validator(json.loads(schemas.text_of(name)))
    return [f"{one.json_path}: {one.message}" for one in schema.iter_errors(json.loads(text))]


@pytest.mark.parametrize("name", LINES)
@pytest.mark.usefixtures("lake")
def test_an_answer_is_as_its_schema_says(name: str, tmp_path: Path) -> None:
    """All fields, and no others; the exit code is that of the process."""
    code, answers = given(name, tmp_path)
    assert [each for answer in answers for each in problems(name, answer)] == []
    assert json.loads(answers[-1])["exit_code"] == code


@pytest.mark.usefixtures("lake")
def test_what_a_login_prints_is_as_its_schema_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service but the real ones is asked there, so here none is."""
    monkeypatch.delenv("TTAPI_API_URL")
    monkeypatch.setattr(logging_in, "tried", lambda _settings: logging_in.Access(accounts=2))
    words = ["auth", "login", "--environment", "certification", "--stdin", "--json"]
    shown = CliRunner().invoke(ttapi, words, input="a-client-secret\na-refresh-token\n")
    assert shown.exit_code == 0, shown.output
    assert problems("auth login", shown.stdout) == []


def test_an_answer_that_is_not_whole_is_as_its_schema_says(lake: Path) -> None:
    """With missing symbols, findings, failures and reasons in it."""
    (lake / "symbols.csv").unlink()
    next((lake / "eod_data").glob("*.parquet")).write_bytes(b"PAR1")
    for line, code in {
        "quote AAPL ZZZZZZ": 3,
        "chain SPY": 0,
        "data verify": 8,
        "data ls": 8,
        "data repair --symbols AAPL,SPY,ZZZZZZ": 0,
        "collect --symbols AAPL,SPY,ZZZZZZ --refresh --dry-run": 0,
        "collect --symbols AAPL,SPY,ZZZZZZ --refresh --only quotes": 1,
        "status": 0,
        "cache explain": 0,
        "doctor": 1,
        "query select": 2,
    }.items():
        shown = ask(*line.split(), "--json")
        assert shown.exit_code == code, (line, shown.stdout)
        name = next((each for each in schemas.names() if line.startswith(each)), "error")
        assert problems("error" if code == 2 else name, shown.stdout) == [], line


def test_what_the_sandbox_prints_is_as_its_schema_says() -> None:
    """The one object, after which it serves."""
    with subprocess.Popen([*TTAPI, "sandbox", "--json"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            text += process.stdout.readline()
        process.terminate()
    assert problems("sandbox", text) == []


@pytest.mark.parametrize("name", with_json())
def test_misuse_is_as_the_schema_of_errors_says(name: str) -> None:
    """With what may have been meant."""
    shown = ask(*name.split(), "--jsn", "--json")
    assert shown.exit_code == 2
    assert problems("error", shown.stdout) == []
    assert json.loads(shown.stdout)["error"]["hint"].startswith("did you mean `--json`")


@pytest.mark.parametrize("name", [name for name in LINES if name not in WITHOUT_SETTINGS])
def test_settings_that_cannot_work_are_as_the_schema_of_errors_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was asked for; to the doctor they are a finding."""
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "many")
    code, (answer,) = given(name, tmp_path)
    assert code == (1 if name == "doctor" else 5)
    assert problems({"doctor": "doctor", "watch": "watch"}.get(name, "error"), answer) == []


def test_every_command_with_json_has_a_schema_and_each_schema_a_command() -> None:
    """A new command brings its own."""
    assert sorted([*with_json(), "error"]) == schemas.names()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a schema."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(below)


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_leaves_nothing_open(name: str) -> None:
    """So that a new field without a word in the schema is found by the tests above."""
    schema = json.loads(schemas.text_of(name))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for node in nodes(schema):
        if "properties" in node and node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) <= node["properties"].keys()


def test_what_two_schemas_call_the_same_is_the_same() -> None:
    """Each file stands alone, so an error is described in several."""
    known: dict[str, Any] = {}
    for name in schemas.names():
        for part, described in json.loads(schemas.text_of(name)).get("$defs", {}).items():
            assert known.setdefault(part, described) == described, (name, part)


def test_a_schema_is_printed_by_the_name_of_the_command() -> None:
    """As it lies in the package; near misses are named."""
    assert ask("schema", "data", "verify").stdout == schemas.text_of("data verify")
    assert ask("schema", "ttapi data verify").stdout == schemas.text_of("data verify")
    assert ask("schema").stdout.splitlines() == schemas.names()
    refused = ask("schema", "data", "verfy")
    assert refused.exit_code == 2
    assert "there is no schema of 'data verfy'; did you mean data verify" in refused.stderr
