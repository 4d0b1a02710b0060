# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the commands as a whole: the list, the helps, and examples that can be typed."""

from __future__ import annotations

import re
import shlex
from itertools import takewhile
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.every_command import APART, LINES, every_command, with_json
from ttapi_onboarding import command_list
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = dict(every_command())
LONGEST_SENTENCE = 66  # characters: what fits beside the names on a terminal of 80 columns


def examples(text: str) -> list[list[str]]:
    """The lines of a help that begin with the program's name, split as a shell does."""
    lines = (line.strip() for line in text.splitlines())
    commands = (shlex.split(line, comments=True) for line in lines if line.startswith("ttapi "))
    return [list(takewhile(lambda word: word not in {"|", "<", ">"}, words))[1:] for words in commands]


def help_of(command: click.Command) -> str:
    """Without what click adds to it."""
    return f"{command.help or ''}\n\n{command.epilog or ''}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_leads_with_examples(name: str) -> None:
    """Right after its first sentence, and at least one of them of the command itself."""
    first, second, *_ = [*re.split(r"\n\s*\n", (COMMANDS[name].help or "").strip()), "", ""]
    assert "\n" not in first.strip()
    assert first.endswith(".")
    shown = examples(second)
    assert any(words[: len(name.split())] == name.split() for words in shown), f"{name}: {second!r}"


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_example_can_be_typed(name: str, tmp_path: Path) -> None:
    """Each line of the help is understood by the command that it names."""
    for example in examples(help_of(COMMANDS[name] if name else ttapi)):
        context, words = click.Context(ttapi, **ttapi.context_settings), example
        while isinstance(context.command, click.Group) and words:
            _, command, words = context.command.resolve_command(context, words)
            assert command is not None
            if isinstance(command, click.Group):
                context = click.Context(command, parent=context)
            else:
                context = command.make_context(command.name, words, parent=context)
                break


@pytest.mark.parametrize("name", command_list.WAYS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    """The sentence is written twice, so that the list need not import the command."""
    command = COMMANDS[name]
    assert command_list.WAYS[name].__doc__ == command.get_short_help_str(1000)
    assert command.name == name


def test_every_sentence_fits_its_line() -> None:
    """And is one."""
    for way in command_list.WAYS.values():
        sentence = way.__doc__ or ""
        assert len(sentence) <= LONGEST_SENTENCE
        assert re.fullmatch(r"[A-Z][^.]*\.", sentence), sentence


def test_the_help_has_every_command_in_its_section() -> None:
    """In the order of use, and none twice."""
    shown = CliRunner().invoke(ttapi, ["--help"]).stdout
    places = [shown.index(f"\n  {name} ") for name in command_list.WAYS]
    assert places == sorted(places)
    assert [shown.index(f"\n{section}:\n") for section in command_list.SECTIONS] == sorted(
        shown.index(f"\n{section}:\n") for section in command_list.SECTIONS
    )
    assert sum(len(ways) for ways in command_list.SECTIONS.values()) == len(command_list.WAYS)


def test_every_command_has_a_line_for_the_tests() -> None:
    """A new one is not forgotten: its answer, its streams and its colours are looked at, too."""
    ends = {name for name, command in COMMANDS.items() if not isinstance(command, click.Group)}
    assert ends == LINES.keys() | APART
    assert set(with_json()) == ends
