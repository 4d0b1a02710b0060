# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what somebody may have meant: commands, options, choices and datasets."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ttapi_onboarding.cli import ttapi


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["statsu"], "No such command 'statsu'.", "did you mean `ttapi status`"),
        (["verify"], "No such command 'verify'.", "did you mean `ttapi data verify`?"),
        (["login"], "No such command 'login'.", "did you mean `ttapi auth login`?"),
        (["data", "verifi"], "No such command 'verifi'.", "did you mean `ttapi data verify`?"),
        (["collect", "--symbls", "A"], "No such option '--symbls'.", "did you mean `--symbols`?"),
        (["--vershun"], "No such option '--vershun'.", "did you mean `--version`?"),
        (["status", "--environment", "Prodction"], "'Prodction' is not one of", "did you mean `production`?"),
        (["data", "export", "quotes", "q", "--format", "cvs"], "'cvs' is not one of", "did you mean `csv`?"),
        (["completion", "fisch"], "'fisch' is not one of", "did you mean `fish`?"),
        (["cache", "explain", "quots"], "no dataset is called 'quots'", "did you mean 'quotes'?"),
        (["collect", "--only", "quote"], "no dataset is called 'quote'", "did you mean 'quotes'?"),
    ],
)
def test_a_near_miss_is_named_in_the_hint(arguments: list[str], message: str, hint: str) -> None:
    """In words, and with --json in the error object alike."""
    shown = CliRunner().invoke(ttapi, arguments, prog_name="ttapi")
    assert shown.exit_code == 2
    said, tried = shown.stderr.splitlines()[-2:]
    assert said.startswith("error: ")
    assert message in said
    assert "Did you mean" not in said
    assert tried.startswith(f"hint: {hint}")
    error = json.loads(CliRunner().invoke(ttapi, [*arguments, "--json"], prog_name="ttapi").stdout)["error"]
    assert (f"error: {error['message']}", f"hint: {error['hint']}") == (said, tried)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["zzz"], "hint: `ttapi --help` shows what there is"),
        (["status", "--zzz"], "hint: `ttapi status --help` shows what there is"),
        (["status", "--environment", "zzz"], "hint: `ttapi status --help` shows what there is"),
    ],
)
def test_where_nothing_is_near_nothing_is_guessed(arguments: list[str], hint: str) -> None:
    """The help is named all the same."""
    shown = CliRunner().invoke(ttapi, arguments, prog_name="ttapi")
    assert shown.stderr.splitlines()[-1] == hint


def test_only_a_value_that_had_to_be_one_of_several_is_compared_with_them() -> None:
    """A number is not."""
    shown = CliRunner().invoke(ttapi, ["sandbox", "--port", "production"], prog_name="ttapi")
    assert "did you mean" not in shown.stderr
