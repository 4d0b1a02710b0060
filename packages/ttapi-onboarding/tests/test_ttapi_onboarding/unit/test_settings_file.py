# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the settings file that is written: complete, readable by its reader, and without secrets."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from ttapi_core.errors import ConfigError
from ttapi_core.settings import Environment
from ttapi_core.settings_sources import load_settings
from ttapi_onboarding.setting_values import names, value_of
from ttapi_onboarding.setup.file_changes import FileChange, diff_of, write
from ttapi_onboarding.setup.settings_file import defaults, settings_text, values_in

VALUES = {
    "environment": Environment.CERTIFICATION,
    "data_dir": Path('/a "b" \\ c/\u00e9\x7f'),
    "universe": "some\nwhere",
    "history_years": 2,
    "max_missing_ratio": 0.5,
    "ttl.quotes": timedelta(seconds=90),
    "ttl.eod_data": timedelta(days=2),
}


def test_without_values_everything_is_a_comment(tmp_path: Path) -> None:
    """The defaults hold then."""
    file = tmp_path / "ttapi.toml"
    file.write_text(settings_text({}))
    assert tomllib.loads(file.read_text()) == {"ttl": {}}
    assert load_settings(environ={}, files=(file,)) == load_settings(environ={}, files=())
    assert values_in(file) == {}


@pytest.mark.parametrize("name", [name for name in names() if name not in {"client_secret", "refresh_token"}])
def test_each_comment_is_a_setting_once_its_sign_is_taken_away(tmp_path: Path, name: str) -> None:
    """With the default as its value, where there is one."""
    section, _, own_name = name.rpartition(".")
    text = settings_text({}).replace(f"\n# {own_name} = ", f"\n{own_name} = ")
    if section:
        before, _, after = settings_text({}).partition("[ttl]")
        text = before + "[ttl]" + after.replace(f"\n# {own_name} = ", f"\n{own_name} = ")
    file = tmp_path / "ttapi.toml"
    file.write_text(text)
    settings = load_settings(environ={}, files=(file,))
    if (default := value_of(defaults(), name)) is not None:
        assert value_of(settings, name) == default
    if not section:
        # The line above says what it is.
        lines = settings_text({}).splitlines()
        above = lines[lines.index(next(line for line in lines if line.startswith(f"# {own_name} = "))) - 1]
        assert above.startswith("# ")
        assert above.endswith(".")


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    """Quotes, backslashes, line ends and all."""
    file = tmp_path / "ttapi.toml"
    file.write_text(settings_text(VALUES))
    assert values_in(file) == VALUES
    assert settings_text(values_in(file)) == file.read_text()


def test_no_secret_is_written(tmp_path: Path) -> None:
    """A file that holds some is left alone: to write it anew would lose them."""
    file = tmp_path / "ttapi.toml"
    file.write_text('client_secret = "canary"\nrefresh_token = "canary"\n')
    with pytest.raises(ConfigError, match="client_secret and refresh_token") as caught:
        values_in(file)
    assert "canary" not in str(caught.value)
    assert "ttapi auth login" in str(caught.value.hint)
    assert not {"client_secret", "refresh_token"} & {line.split()[1] for line in _comments(settings_text({}))}


def test_a_path_that_is_no_text_is_refused() -> None:
    """A settings file is UTF-8."""
    with pytest.raises(ConfigError, match="data_dir is no text"):
        settings_text({"data_dir": Path("/\udcff")})


def test_a_difference_is_safe_to_show(tmp_path: Path) -> None:
    """Nothing that a terminal acts on, no password of an address."""
    file = tmp_path / "ttapi.toml"
    file.write_text('a = "\x1b[2J"\napi_url = "http://me:canary@127.0.0.1"\n')
    shown = "\n".join(diff_of(FileChange.of(file, "new\n")))
    assert "\x1b" not in shown
    assert "canary" not in shown
    assert "-api_url" in shown
    assert "+new" in shown


def test_a_link_stays_one(tmp_path: Path) -> None:
    """As those have who keep their settings elsewhere; the directory of a new file is its owner's."""
    (tmp_path / "real.toml").write_text("old\n")
    (tmp_path / "ttapi.toml").symlink_to(tmp_path / "real.toml")
    write(FileChange.of(tmp_path / "ttapi.toml", "new\n"))
    assert (tmp_path / "ttapi.toml").is_symlink()
    assert (tmp_path / "real.toml").read_text() == "new\n"
    write(FileChange.of(tmp_path / "ttapi" / "ttapi.toml", "new\n"))
    assert (tmp_path / "ttapi").stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Whoever wrote it meant something else."""
    (tmp_path / "ttapi.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        FileChange.of(tmp_path / "ttapi.toml", "new\n")


def _comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("# ")]
