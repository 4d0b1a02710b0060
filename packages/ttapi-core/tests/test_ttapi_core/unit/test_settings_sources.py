# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Loading settings: what each source may say, and how every mistake is named."""

from __future__ import annotations

import traceback
from datetime import date, timedelta
from pathlib import Path

import pytest

from ttapi_core import Environment, Secret, Settings, load_settings
from ttapi_core.errors import ConfigError
from ttapi_core.object_paths import ObjectPath
from ttapi_core.settings_sources import parse_duration, user_file

CANARY = "canary-5ecret"


def load_toml(folder: Path, text: str | bytes) -> Settings:
    """The settings of one file and of nothing else."""
    path = folder / "ttapi.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(environ={}, files=(path,))


def problems_of(folder: Path, text: str | bytes) -> tuple[str, ...]:
    """What is wrong with one file, without its path."""
    with pytest.raises(ConfigError) as raised:
        load_toml(folder, text)
    return tuple(each.removeprefix(f"{folder / 'ttapi.toml'}: ") for each in raised.value.problems)


def test_nothing_set_gives_the_defaults() -> None:
    """No flags, no variables, no files."""
    settings = load_settings(environ={}, files=())
    assert settings == Settings()
    assert settings.origins == {}


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    """Settings files need not exist."""
    assert load_settings(environ={}, files=(tmp_path / "ttapi.toml",)) == Settings()


def test_every_key_can_be_set_in_a_file(tmp_path: Path) -> None:
    """One file with everything; each value knows where it came from."""
    settings = load_toml(
        tmp_path,
        """
        environment = "certification"
        data_dir = "lake"
        client_secret = "client"
        refresh_token = "refresh"
        api_url = "http://127.0.0.1:8080"
        universe = "mine.txt"
        history_years = 3
        max_missing_ratio = 0
        max_in_flight = 7
        requests_per_second = 20
        timeout_seconds = 2.5
        retry_attempts = 1

        [ttl]
        accounts = "90s"
        symbols = "2h"
        trading_days = "1.5d"
        quotes = "0s"
        eod_data = "36h"
        expiration_series = "10m"
        """,
    )
    assert settings.environment is Environment.CERTIFICATION
    assert (settings.data_dir, settings.universe) == (Path("lake"), "mine.txt")
    assert (settings.client_secret, settings.refresh_token) == (Secret("client"), Secret("refresh"))
    assert settings.api_url == "http://127.0.0.1:8080"
    assert (settings.history_years, settings.max_missing_ratio, settings.max_in_flight) == (3, 0.0, 7)
    assert (settings.requests_per_second, settings.timeout_seconds) == (20, 2.5)
    assert settings.retry_attempts == 1
    assert settings.ttl.accounts == timedelta(seconds=90)
    assert settings.ttl.symbols == timedelta(hours=2)
    assert settings.ttl.trading_days == timedelta(hours=36)
    assert settings.ttl.quotes == timedelta(0)
    assert settings.ttl.eod_data == timedelta(hours=36)
    assert settings.ttl.expiration_series == timedelta(minutes=10)
    assert set(settings.origins.values()) == {str(tmp_path / "ttapi.toml")}
    assert len(settings.origins) == 18


def test_data_may_lie_in_an_object_store() -> None:
    """The lake of an environment lies below its address; a file's address is a directory."""
    settings = load_settings({"data_dir": "s3://market/lakes/"}, environ={}, files=())
    assert settings.data_dir == ObjectPath("s3", "market", "lakes")
    assert str(settings.lake_dir) == "s3://market/lakes/sandbox"
    assert load_settings({"data_dir": "file:///there"}, environ={}, files=()).data_dir == Path("/there")


@pytest.mark.parametrize(
    "address", ["s3://me:s3cr3t-4711@market/lakes", "az://market/lakes?sig=s3cr3t-4711", "s3://a?s3cr3t-4711"]
)
def test_credentials_in_an_address_are_refused_and_not_repeated(address: str) -> None:
    """They would stand in files and lists of processes; so they must not in our messages either."""
    with pytest.raises(ConfigError, match=r"TTAPI_DATA_DIR: data_dir wants .*, not a value") as refused:
        load_settings(environ={"TTAPI_DATA_DIR": address}, files=())
    assert "s3cr3t-4711" not in f"{refused.value} {refused.value.hint}"


def test_variables_and_flags_are_text(tmp_path: Path) -> None:
    """The same values from the environment and from the command line, where everything is text."""
    settings = load_settings(
        {"history_years": " 3 ", "ttl.quotes": "1m", "environment": "REPLAY"},
        environ={"TTAPI_TTL_EOD_DATA": "2d", "TTAPI_MAX_MISSING_RATIO": "0.5", "TTAPI_DATA_DIR": "~/lake"},
        files=(),
    )
    assert (settings.history_years, settings.max_missing_ratio) == (3, 0.5)
    assert settings.environment is Environment.REPLAY
    assert settings.data_dir == Path.home() / "lake"
    assert (settings.ttl.quotes, settings.ttl.eod_data) == (timedelta(minutes=1), timedelta(days=2))
    assert settings.origins == {
        "history_years": "--history-years",
        "ttl.quotes": "--ttl-quotes",
        "environment": "--environment",
        "ttl.eod_data": "TTAPI_TTL_EOD_DATA",
        "max_missing_ratio": "TTAPI_MAX_MISSING_RATIO",
        "data_dir": "TTAPI_DATA_DIR",
    }


def test_the_process_has_an_environment_and_files_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default: the process's variables, then ``ttapi.toml`` here, then the user's file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "1")
    (tmp_path / "ttapi.toml").write_text('history_years = 2\nuniverse = "project.txt"')
    (tmp_path / "config" / "ttapi").mkdir(parents=True)
    (tmp_path / "config" / "ttapi" / "ttapi.toml").write_text('universe = "user.txt"\nretry_attempts = 5')
    settings = load_settings()
    assert (settings.history_years, settings.universe, settings.retry_attempts) == (1, "project.txt", 5)


def test_the_users_file_lies_where_the_desktop_rules_say() -> None:
    """Below ``XDG_CONFIG_HOME``, or ``~/.config`` where that is unset or empty."""
    assert user_file({"XDG_CONFIG_HOME": "/etc/me"}) == Path("/etc/me/ttapi/ttapi.toml")
    assert user_file({"XDG_CONFIG_HOME": ""}) == Path.home() / ".config" / "ttapi" / "ttapi.toml"
    assert user_file({}) == user_file({"XDG_CONFIG_HOME": ""})


def test_empty_and_foreign_variables_are_left_alone() -> None:
    """``TTAPI_X=`` unsets, and what others call ttapi is theirs."""
    environ = {"TTAPI_UNIVERSE": "", "TTAPI_NONSENSE": "", "ttapi_universe": "x", "XTTAPI_UNIVERSE": "x"}
    assert load_settings(environ=environ, files=()) == Settings()


def test_credentials_mean_production_unless_something_else_is_said() -> None:
    """Who logs in wants live data; who names an environment gets that one."""
    credentials = {"TTAPI_CLIENT_SECRET": "client", "TTAPI_REFRESH_TOKEN": "refresh"}
    assert load_settings(environ=credentials, files=()).environment is Environment.PRODUCTION
    chosen = load_settings({"environment": "sandbox"}, environ=credentials, files=())
    assert chosen.environment is Environment.SANDBOX
    assert chosen.client_secret == Secret("client")


@pytest.mark.parametrize(
    ("given", "missing"), [("client_secret", "refresh_token"), ("refresh_token", "client_secret")]
)
def test_half_a_pair_of_credentials_is_a_mistake(given: str, missing: str) -> None:
    """The message names the half that is missing, not the half that is there."""
    with pytest.raises(ConfigError) as raised:
        load_settings({given: CANARY}, environ={}, files=())
    assert raised.value.problems == (f"{missing} is not set: client_secret and refresh_token go together",)


def test_credentials_may_come_from_two_sources(tmp_path: Path) -> None:
    """A secret in the file and a token in the environment make a pair."""
    path = tmp_path / "ttapi.toml"
    path.write_text('client_secret = "client"')
    settings = load_settings(environ={"TTAPI_REFRESH_TOKEN": "refresh"}, files=(path,))
    assert settings.environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("history_years = 0", "history_years wants a whole number from 1 to 40, not 0"),
        ("history_years = 41", "history_years wants a whole number from 1 to 40, not 41"),
        ("history_years = 2.0", "history_years wants a whole number from 1 to 40, not 2.0"),
        ("history_years = true", "history_years wants a whole number from 1 to 40, not True"),
        ("history_years = 'ten'", "history_years wants a whole number from 1 to 40, not 'ten'"),
        ("history_years = [3]", "history_years wants a whole number from 1 to 40, not [3]"),
        ("max_missing_ratio = 1.01", "max_missing_ratio wants a number from 0 to 1, not 1.01"),
        ("max_missing_ratio = -0.01", "max_missing_ratio wants a number from 0 to 1, not -0.01"),
        ("max_missing_ratio = nan", "max_missing_ratio wants a number from 0 to 1, not nan"),
        ("max_missing_ratio = 'nan'", "max_missing_ratio wants a number from 0 to 1, not 'nan'"),
        ("max_missing_ratio = '20 %'", "max_missing_ratio wants a number from 0 to 1, not '20 %'"),
        ("max_missing_ratio = false", "max_missing_ratio wants a number from 0 to 1, not False"),
        ("timeout_seconds = inf", "timeout_seconds wants a number from 0.001 to 3600, not inf"),
        ("timeout_seconds = 0", "timeout_seconds wants a number from 0.001 to 3600, not 0"),
        ("timeout_seconds = {}", "timeout_seconds wants a number from 0.001 to 3600, not {}"),
        ("universe = ' '", "universe wants a text, not ' '"),
        ("universe = 2020-01-01", "universe wants a text, not datetime.date(2020, 1, 1)"),
        ("data_dir = 7", "data_dir wants a text, not 7"),
        (r'data_dir = "a\u0000b"', r"data_dir wants a path, not 'a\x00b'"),
        ("data_dir = '~nobody-of-that-name/lake'", "data_dir wants a path, not '~nobody-of-that-name/lake'"),
        (
            "environment = 'live'",
            "environment wants one of sandbox, replay, certification, production, not 'live'",
        ),
        ("environment = 1", "environment wants one of sandbox, replay, certification, production, not 1"),
        ("[ttl]\nquotes = 5", "ttl.quotes wants a span such as 90s, 5m, 1h or 7d, not 5"),
        ("[ttl]\nquotes = '5'", "ttl.quotes wants a span such as 90s, 5m, 1h or 7d, not '5'"),
        ("[ttl.quotes]\na = 1", "ttl.quotes wants a span such as 90s, 5m, 1h or 7d, not {'a': 1}"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_is_wanted(
    line: str, problem: str, tmp_path: Path
) -> None:
    """Which key, what it wants, and what was found."""
    assert problems_of(tmp_path, line) == (problem,)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("histroy_years = 3", "unknown setting 'histroy_years', did you mean 'history_years'?"),
        ("[ttl]\nquote = '5m'", "unknown setting 'ttl.quote', did you mean 'ttl.quotes'?"),
        ("ttl_quotes = '5m'", "unknown setting 'ttl_quotes', did you mean 'ttl.quotes'?"),
        ("colour = 'red'", "unknown setting 'colour'"),
        ("[data]\ndir = 'lake'", "unknown setting 'data', did you mean 'data_dir'?"),
        ("ttl = 5", "unknown setting 'ttl'"),
        ("origins = 'x'", "unknown setting 'origins'"),
    ],
)
def test_an_unknown_key_is_a_mistake_with_a_near_miss(line: str, problem: str, tmp_path: Path) -> None:
    """A typing error is never silently the default."""
    assert problems_of(tmp_path, line) == (problem,)


def test_a_first_day_may_come_from_every_source(tmp_path: Path) -> None:
    """As text, and in a file as a date of TOML, too."""
    assert load_settings({"since": "2015-01-02"}, environ={}, files=()).since == date(2015, 1, 2)
    assert load_settings(environ={"TTAPI_SINCE": " 1990-01-01 "}, files=()).since == date(1990, 1, 1)
    assert load_toml(tmp_path, "since = 2015-01-02").since == date(2015, 1, 2)
    assert load_toml(tmp_path, "since = '2015-01-02'").since == date(2015, 1, 2)


@pytest.mark.parametrize(
    "value",
    [
        *("'1989-12-31'", "'9999-12-31'", "'20150102'", "'2015-W01-1'", "'2015-02-29'", "'yesterday'", "''"),
        *("2015", "2015-01-02T00:00:00", "[2015-01-02]"),
    ],
)
def test_what_is_no_day_of_the_past_is_refused_as_the_first(value: str, tmp_path: Path) -> None:
    """The message says what to write."""
    (problem,) = problems_of(tmp_path, f"since = {value}")
    assert problem.startswith("since wants a day from 1990-01-01 to today, such as 2015-01-02, not ")


def test_of_a_first_day_and_years_of_history_the_stronger_source_counts(tmp_path: Path) -> None:
    """The other is as if it were not set; from one source, nobody can tell which is meant."""
    by_flag = load_settings({"history_years": "2"}, environ={"TTAPI_SINCE": "2015-01-02"}, files=())
    assert (by_flag.history_years, by_flag.since) == (2, None)
    assert by_flag.origins == {"history_years": "--history-years"}
    path = tmp_path / "ttapi.toml"
    path.write_text("history_years = 3")
    by_variable = load_settings(environ={"TTAPI_SINCE": "2015-01-02"}, files=(path,))
    assert by_variable.since == date(2015, 1, 2)
    assert by_variable.origins == {"since": "TTAPI_SINCE"}
    (problem,) = problems_of(tmp_path, "history_years = 3\nsince = 2015-01-02")
    assert problem == "history_years and since exclude each other"
    with pytest.raises(ConfigError, match="--since: since and history_years exclude each other"):
        load_settings({"since": "2015-01-02", "history_years": "3"}, environ={}, files=())


def test_every_problem_of_every_source_is_listed(tmp_path: Path) -> None:
    """One error names them all, each with its source; a broken file does not hide the others."""
    broken, wrong, absent = (tmp_path / name for name in ("broken.toml", "wrong.toml", "absent.toml"))
    broken.write_text("history_years =")
    wrong.write_text("max_in_flight = 0\n[ttl]\nquotes = 'soon'")
    with pytest.raises(ConfigError) as raised:
        load_settings(
            {"history_years": "many", "colour": "red"},
            environ={"TTAPI_REFRESH_TOKEN": CANARY, "TTAPI_UNIVERS": "x"},
            files=(broken, absent, wrong),
        )
    problems = [each if str(broken) not in each else "broken" for each in raised.value.problems]
    assert problems == [
        "--history-years: history_years wants a whole number from 1 to 40, not 'many'",
        "--colour: unknown setting 'colour'",
        "TTAPI_UNIVERS: unknown setting 'univers', did you mean 'universe'?",
        "broken",
        f"{wrong}: max_in_flight wants a whole number from 1 to 1000, not 0",
        f"{wrong}: ttl.quotes wants a span such as 90s, 5m, 1h or 7d, not 'soon'",
        "client_secret is not set: client_secret and refresh_token go together",
    ]
    assert raised.value.hint is not None
    assert all(problem in str(raised.value) for problem in raised.value.problems)


@pytest.mark.parametrize(
    "content",
    [
        b"history_years = 3\nhistory_years = 4",
        b"history_years = ",
        b"[ttl",
        b"\xff\xfe",
        b'universe = "\xc3"',
        b"PK\x03\x04",
        b"universe = " + b"[" * 5000,
        b"history_years = " + b"9" * 5000,
    ],
)
def test_a_file_that_is_no_toml_is_one_problem(content: bytes, tmp_path: Path) -> None:
    """Damage of any kind is reported with the file's path, and is no traceback."""
    (problem,) = problems_of(tmp_path, content)
    assert problem
    assert "\n" not in problem


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    """A folder in its place, or a path through a file."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError) as raised:
        load_settings(environ={}, files=(tmp_path, tmp_path / "file" / "ttapi.toml"))
    assert [problem.split(":")[0] for problem in raised.value.problems] == [
        str(tmp_path),
        str(tmp_path / "file" / "ttapi.toml"),
    ]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one."""
    assert load_toml(tmp_path, b"\xef\xbb\xbfhistory_years = 3").history_years == 3


def test_a_number_too_large_for_a_float_is_a_problem(tmp_path: Path) -> None:
    """And its 400 digits do not fill the screen."""
    (problem,) = problems_of(tmp_path, "timeout_seconds = 1" + "0" * 400)
    assert problem.startswith("timeout_seconds wants a number from 0.001 to 3600, not 1000")
    assert len(problem) < 200


@pytest.mark.parametrize(
    "content",
    [
        f'client_secret = "{CANARY}"',
        f'client_secret = ["{CANARY}"]\nrefresh_token = {{ text = "{CANARY}" }}',
        f'[client_secret]\nvalue = "{CANARY}"',
        f'client_secert = "{CANARY}"',
        f'[credentials]\nclient_secret = "{CANARY}"',
        f'[ttl]\nclient_secret = "{CANARY}"',
        f'client_secret = "{CANARY}',
        f"client_secret = {CANARY}",
        f'client_secret = "{CANARY}" "x"',
        f'client_secret = "{CANARY}\\q"',
        f'client_secret = "{CANARY}"\nclient_secret = "{CANARY}"',
        f'client_secret = "{CANARY}\xff"'.encode("latin-1"),
    ],
)
def test_no_message_shows_a_secret(content: str | bytes, tmp_path: Path) -> None:
    """Not in the text, the repr, the traceback, nor in an exception kept behind it (R27)."""
    with pytest.raises(ConfigError) as raised:
        load_toml(tmp_path, content)
    error = raised.value
    shown = [str(error), repr(error), repr(error.problems), *traceback.format_exception(error)]
    assert [text for text in shown if CANARY in text] == []
    assert (error.__cause__, error.__context__) == (None, None)


def test_settings_with_secrets_do_not_show_them() -> None:
    """Neither the settings nor the list of origins."""
    settings = load_settings({"client_secret": CANARY}, environ={"TTAPI_REFRESH_TOKEN": CANARY}, files=())
    assert CANARY not in repr(settings)
    assert settings.origins == {"client_secret": "--client-secret", "refresh_token": "TTAPI_REFRESH_TOKEN"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("90s", 90), ("5m", 300), ("1.5h", 5400), (" 7 d ", 604_800), ("3660d", 316_224_000)],
)
def test_durations_have_a_unit(text: str, seconds: float) -> None:
    """Seconds, minutes, hours or days."""
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "m",
        "-5m",
        "5 minutes",
        "5M",
        "1h30m",
        "1e3s",
        ".5h",
        "\u0665m",
        "5m\x00",
        "3661d",
        "9" * 400 + "d",
    ],
)
def test_other_durations_are_refused(text: str) -> None:
    """Nothing is guessed, and nothing longer than ten years is meant."""
    with pytest.raises(ValueError, match="a span such as"):
        parse_duration(text)


def test_the_desktops_place_for_data_is_weaker_than_every_setting(tmp_path: Path) -> None:
    """XDG_DATA_HOME moves the lake unless something of ours says where it lies."""
    desktop = {"XDG_DATA_HOME": str(tmp_path)}
    assert load_settings(environ=desktop, files=()).data_dir == tmp_path / "ttapi"
    assert load_settings(environ=desktop, files=()).origins["data_dir"] == "XDG_DATA_HOME"
    ours = desktop | {"TTAPI_DATA_DIR": "mine"}
    assert load_settings(environ=ours, files=()).data_dir == Path("mine")
