# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Questions to whoever sits at the terminal; where nobody is to be asked, the defaults are the answers."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

from ttapi_onboarding.terminal import note, one_line, read_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ttapi_core.settings import Secret

T = TypeVar("T")

_YES_AND_NO = {"y": True, "yes": True, "n": False, "no": False}


def has_terminal() -> bool:
    """Whether somebody can read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks, or takes each default; ctrl-C, and the end of the input likewise, raise KeyboardInterrupt."""

    is_asking: bool

    def value(self, question: str, parse: Callable[[str], T], *, default: str, shown: str | None = None) -> T:
        """
        What was answered, as the parser gives it; asked again until it takes the answer.

        Parameters
        ----------
        shown
            What stands in brackets, where that is more than the default.

        Raises
        ------
        ValueError
            When nobody is asked and the parser does not take the default.
        """
        if not self.is_asking:
            return parse(default)
        while True:
            line = _line(f"{question} [{one_line(shown or default)}] ")
            try:
                return parse(line or default)
            except ValueError as error:
                note(f"  not that: {one_line(str(error))}")

    def one_of(self, question: str, choices: Mapping[str, str], *, default: str) -> str:
        """
        The key that was chosen, by its number or by itself.

        Parameters
        ----------
        choices
            By key, what it means.
        """
        if not self.is_asking:
            return default
        keys = list(choices)
        note(f"{question}:")
        for number, (key, meaning) in enumerate(choices.items(), start=1):
            words = [key, meaning] if key != str(number) else [meaning]
            note(f"  {number}  {one_line(': '.join(filter(None, words)))}")

        def parse(text: str) -> str:
            if text in choices:
                return text
            if text.isdecimal() and 1 <= int(text) <= len(keys):
                return keys[int(text) - 1]
            raise ValueError(f"answer with a number from 1 to {len(keys)}, or with the word behind it")

        return self.value("Which", parse, default=str(keys.index(default) + 1))

    def is_agreed(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        if not self.is_asking:
            return default

        def parse(text: str) -> bool:
            if text.lower() not in _YES_AND_NO:
                raise ValueError("answer with y or n")
            return _YES_AND_NO[text.lower()]

        default_word, shown = ("y", "Y/n") if default else ("n", "y/N")
        return self.value(question, parse, default=default_word, shown=shown)


def hidden_secret(name: str) -> Secret:
    """
    A secret that is typed or pasted at the terminal, which does not show it; asked again until it can be one.

    Raises
    ------
    UsageError
        When there is no terminal.
    KeyboardInterrupt
        On ctrl-C, and at the end of the input.
    """
    # Imported here because termios and its like have no place in --help.
    from getpass import getpass

    from ttapi_onboarding.credentials import parse_secret

    if not has_terminal():
        raise click.UsageError("there is no terminal to ask for secrets at.")
    if sys.platform != "win32":
        # Polars puts itself in front of Python's handler, and has the system go on reading after the signal.
        signal.siginterrupt(signal.SIGINT, True)  # noqa: FBT003 - it takes it by position
    while True:
        try:
            return parse_secret(getpass(f"{name} (not shown): "))
        except (EOFError, KeyboardInterrupt):
            note("")  # what is said next begins on a line of its own
            raise KeyboardInterrupt from None
        except UnicodeDecodeError:
            note("  not that: it holds characters that no secret has")
        except ValueError as error:
            note(f"  not that: {error}")


def _line(prompt: str) -> str:
    try:
        line = read_line(prompt)
    except UnicodeDecodeError:
        raise click.UsageError("the answer is no text that this terminal's encoding knows.") from None
    if not line:
        raise KeyboardInterrupt
    return line.strip()
