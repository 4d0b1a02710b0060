# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the shared options and the settings they lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ttapi_core.errors import ConfigError
from ttapi_core.object_paths import ObjectPath
from ttapi_core.settings import Environment
from ttapi_onboarding import options
from ttapi_onboarding.cli import ttapi

CONTEXT = click.Context(click.Command("collect"))
PARAMETER = click.Option(["--symbols"])


def test_values_may_be_repeated_and_separated_by_commas() -> None:
    """Blank parts do not count."""
    texts = options.split_texts(CONTEXT, PARAMETER, ("a,b", " c ,", ""))
    assert texts == ("a", "b", "c")


def test_symbols_come_out_as_the_service_spells_them() -> None:
    """Trimmed and in upper case, share classes included."""
    assert options.split_symbols(CONTEXT, PARAMETER, ("aapl, brk/b", "SPY")) == ("AAPL", "BRK/B", "SPY")
    assert options.split_symbols(CONTEXT, PARAMETER, ()) == ()


def test_every_text_that_cannot_be_a_symbol_is_told_with_a_hint() -> None:
    """All of them at once."""
    with pytest.raises(click.BadParameter) as caught:
        options.split_symbols(CONTEXT, PARAMETER, ("BRK.B,AAPL,é!",))
    for part in ("BRK.B", "write BRK/B", "é!", "cannot be a symbol"):
        assert part in caught.value.message


@pytest.mark.parametrize(
    "text", ["tomorrow", "2015-13-01", "20150102", "2015-W01-1", "2015-01-02T00:00:00", ""]
)
@pytest.mark.parametrize(
    "command", [["collect", "--since"], ["ranks", "--until"], ["chain", "SPY", "--expiration"]]
)
def test_a_day_is_one_with_dashes(command: list[str], text: str) -> None:
    """Else the command is misused, wherever a day is named, and is shown how to write one."""
    refused = CliRunner().invoke(ttapi, [*command, text])
    assert refused.exit_code == 2
    assert f"write a day such as 2026-01-02, not {text!r}." in refused.stderr


def test_an_option_without_a_symbol_is_refused() -> None:
    """A comma alone must not mean the whole universe."""
    with pytest.raises(click.BadParameter, match="no symbol"):
        options.split_symbols(CONTEXT, PARAMETER, (",",))


def test_what_is_written_out_for_speed_agrees_with_the_settings() -> None:
    """The environments, and how far back history may reach."""
    assert tuple(Environment) == options.ENVIRONMENTS
    longest = options.LONGEST_HISTORY_YEARS
    assert options.settings_from(history_years=longest).history_years == longest
    with pytest.raises(ConfigError, match="history_years"):
        options.settings_from(history_years=longest + 1)


def test_only_flags_that_were_given_count() -> None:
    """Others leave the environment and the defaults in force."""
    settings = options.settings_from(data_dir="lakes", environment=None)
    assert settings.data_dir == Path("lakes")
    assert settings.origins == {"data_dir": "--data-dir"}


def test_a_data_directory_may_be_an_address() -> None:
    """No file of that name is looked for, and no store is asked."""
    settings = options.settings_from(data_dir="s3://market/lakes")
    assert settings.data_dir == ObjectPath("s3", "market", "lakes")


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """Reading from it would look like an empty lake."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="is a file") as caught:
        options.settings_from(data_dir=tmp_path / "file")
    assert "--data-dir" in (caught.value.hint or "")


def test_slack_makes_every_dataset_stale_earlier() -> None:
    """Never earlier than at once; without it the settings hold as they are."""
    request = options.Request(flags={}, replay=None, as_json=False)
    ttl = replace(request, slack=timedelta(hours=12)).settings().ttl
    assert (ttl.eod_data, ttl.trading_days) == (timedelta(hours=12), timedelta(days=6.5))
    assert (ttl.quotes, ttl.accounts) == (timedelta(0), timedelta(0))
    assert request.settings() == options.settings_from()


@pytest.mark.parametrize("text", ["59s", "0.9m", "1", "daily", "", "-1d"])
def test_a_repeating_span_is_a_minute_at_least(text: str) -> None:
    """And a span."""
    with pytest.raises(click.BadParameter, match=r"15m|7d"):
        options.repeating_span(CONTEXT, PARAMETER, text)
    assert options.repeating_span(CONTEXT, PARAMETER, "1m") == timedelta(minutes=1)
    assert options.repeating_span(CONTEXT, PARAMETER, None) is None


@pytest.mark.parametrize("environment", ["sandbox", "certification", "production"])
def test_a_replay_does_not_go_with_another_environment(environment: str) -> None:
    """Replayed rows must not land beside others."""
    with pytest.raises(click.UsageError, match=environment):
        options.check_replay(Path("candles"), environment=environment)


@pytest.mark.parametrize(
    ("replay", "environment"), [(Path("candles"), None), (Path("candles"), "replay"), (None, "production")]
)
def test_what_goes_together_is_let_through(replay: Path | None, environment: str | None) -> None:
    """A replay in its own environment, or none at all."""
    options.check_replay(replay, environment=environment)
