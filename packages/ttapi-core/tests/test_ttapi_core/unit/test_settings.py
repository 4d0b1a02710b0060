# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Settings and secrets: the values that hold by default, and what is never shown."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from ttapi_core.settings import Environment, Secret, Settings, TtlConfig

CANARY = "canary-5ecret"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(CANARY)),
        str(Secret(CANARY)),
        f"{Secret(CANARY)}",
        f"{Secret(CANARY)!r:>40}",
        "%s %r" % (Secret(CANARY), Secret(CANARY)),  # noqa: UP031 - the logging module formats so
        repr([Secret(CANARY), {"token": Secret(CANARY)}]),
        repr(Settings(client_secret=Secret(CANARY), refresh_token=Secret(CANARY))),
        logging.makeLogRecord({"msg": "token %s", "args": (Secret(CANARY),)}).getMessage(),
        "".join(traceback.format_exception(ValueError(Secret(CANARY)))),
    ],
)
def test_a_secret_is_never_shown(shown: str) -> None:
    """Whatever prints it prints three stars."""
    assert CANARY not in shown
    assert "***" in shown


def test_a_secret_is_revealed_on_request_alone() -> None:
    """One place has to send it."""
    assert Secret(CANARY).reveal() == CANARY


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol: int) -> None:
    """A pickle would carry it in the open, and so would a deep copy through ``asdict``."""
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(CANARY), protocol)
    with pytest.raises(TypeError, match="not pickled"):
        copy.deepcopy(Secret(CANARY))
    with pytest.raises(TypeError, match="not pickled"):
        asdict(Settings(client_secret=Secret(CANARY)))


def test_secrets_compare_by_their_text() -> None:
    """Equal texts are equal secrets and equal keys; a text itself is no secret."""
    assert Secret(CANARY) == Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY
    assert len({Secret(CANARY), Secret(CANARY)}) == 1


def test_defaults_suit_somebody_without_an_account() -> None:
    """Nothing set means the sandbox, with the limits of the design."""
    settings = Settings()
    assert settings.environment is Environment.SANDBOX
    assert (settings.client_secret, settings.refresh_token, settings.api_url) == (None, None, None)
    assert (settings.universe, settings.history_years, settings.max_missing_ratio) == ("default", 10, 0.2)
    assert (settings.max_in_flight, settings.requests_per_second) == (100, None)
    assert (settings.timeout_seconds, settings.retry_attempts) == (30.0, 3)
    assert isinstance(settings.data_dir, Path)
    assert settings.data_dir.is_relative_to(Path.home())


def test_times_to_live_are_those_of_the_design() -> None:
    """One hour, a day, a week, five minutes, a day, a week."""
    assert asdict(TtlConfig()) == {
        "accounts": timedelta(hours=1),
        "symbols": timedelta(hours=24),
        "trading_days": timedelta(days=7),
        "quotes": timedelta(minutes=5),
        "eod_data": timedelta(days=1),
        "expiration_series": timedelta(days=7),
    }


@pytest.mark.parametrize(
    ("environment", "is_local"),
    [("sandbox", True), ("replay", True), ("certification", False), ("production", False)],
)
def test_each_environment_has_a_lake_of_its_own(environment: str, is_local: bool) -> None:
    """Simulated rows never meet real ones; two of the four are served on this machine."""
    settings = Settings(environment=Environment(environment), data_dir=Path("lake"))
    assert settings.lake_dir == Path("lake", environment)
    assert settings.environment.is_local is is_local


def test_settings_are_values_whatever_their_origin() -> None:
    """Equal settings are equal wherever they were set; they are keys, and never change."""
    settings = Settings(data_dir=Path("lake"))
    elsewhere = replace(settings, origins={"data_dir": "TTAPI_DATA_DIR"})
    assert settings == elsewhere
    assert len({settings, elsewhere}) == 1
    with pytest.raises(FrozenInstanceError):
        settings.universe = "mine.txt"  # type: ignore[misc]
