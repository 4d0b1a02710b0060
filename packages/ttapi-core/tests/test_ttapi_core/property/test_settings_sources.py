# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Precedence over random sources: the strongest that says anything wins, for each key by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from ttapi_core import Settings, TtlConfig, load_settings
from ttapi_core.errors import ConfigError

if TYPE_CHECKING:
    import pytest

KEYS = ["history_years", "max_in_flight", "retry_attempts", "requests_per_second", "ttl.quotes"]
TTL_KEYS = {f"ttl.{name}" for name in TtlConfig.__dataclass_fields__}
KNOWN = [
    *("environment", "data_dir", "api_url", "universe", "history_years", "max_missing_ratio"),
    *("timeout_seconds", "ttl.quotes"),
]
SOURCES = st.lists(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 10)), min_size=4, max_size=4)


def as_toml(values: dict[str, int]) -> str:
    """One settings file; a time to live goes into its table."""
    plain = [f"{key} = {value}" for key, value in values.items() if key != "ttl.quotes"]
    ttl = [f'[ttl]\nquotes = "{value}m"' for key, value in values.items() if key == "ttl.quotes"]
    return "\n".join(plain + ttl)


def as_text(values: dict[str, int]) -> dict[str, str]:
    """One source whose values are text."""
    return {key: f"{value}m" if key == "ttl.quotes" else str(value) for key, value in values.items()}


def effective(settings: Settings) -> dict[str, int]:
    """What holds for the keys that some source has set."""
    values = {key: getattr(settings, key) for key in KEYS[:-1]}
    values["ttl.quotes"] = round(settings.ttl.quotes.total_seconds() / 60)
    return {key: values[key] for key in settings.origins}


def load_or_refuse(flags: dict[str, str]) -> Settings | ConfigError:
    """The settings, or the one kind of error that may come instead."""
    try:
        return load_settings(flags, environ={}, files=())
    except ConfigError as error:
        return error


@given(SOURCES)
def test_the_strongest_source_wins_for_each_key(
    tmp_path_factory: pytest.TempPathFactory, sources: list[dict[str, int]]
) -> None:
    """Flag, then variable, then the first file, then the second; the origin names the winner."""
    flags, variables, project, user = sources
    folder = tmp_path_factory.mktemp("sources")
    for name, values in [("project.toml", project), ("user.toml", user)]:
        (folder / name).write_text(as_toml(values))
    named = {f"TTAPI_{key.upper().replace('.', '_')}": text for key, text in as_text(variables).items()}
    files = (folder / "project.toml", folder / "user.toml")
    settings = load_settings(as_text(flags), environ=named, files=files)

    assert effective(settings) == {**user, **project, **variables, **flags}
    for key, origin in settings.origins.items():
        expected = next(
            name
            for name, values in zip(["--", "TTAPI_", str(files[0]), str(files[1])], sources, strict=True)
            if key in values
        )
        assert origin.startswith(expected)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=5))
def test_random_flags_load_or_are_a_config_error(flags: dict[str, str]) -> None:
    """Nothing else leaves the loader, and each unknown key is named."""
    loaded = load_or_refuse(flags)
    if isinstance(loaded, Settings):
        assert set(loaded.origins) == set(flags)
    else:
        unknown = flags.keys() - Settings.__dataclass_fields__.keys() - TTL_KEYS
        assert len(loaded.problems) >= len(unknown)
        assert all(any(repr(key) in problem for problem in loaded.problems) for key in unknown)


@given(st.sampled_from(KNOWN), st.text(max_size=30))
def test_random_values_load_or_are_a_config_error(key: str, text: str) -> None:
    """A known key with any text at all: a value of the right kind, or one problem."""
    loaded = load_or_refuse({key: text})
    if isinstance(loaded, Settings):
        assert set(loaded.origins) == {key}
        assert 1 <= loaded.history_years <= 40
        assert 0 <= loaded.max_missing_ratio <= 1
        assert 0 < loaded.timeout_seconds <= 3600
    else:
        assert len(loaded.problems) == 1
