# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The wizard: one question after the other, and a plan of what the answers come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from ttapi_core.clock import SystemClock
from ttapi_core.errors import AuthError, ConfigError, TTError
from ttapi_core.object_paths import parse_data_dir
from ttapi_core.settings import Environment
from ttapi_onboarding import logging_in, options
from ttapi_onboarding.credentials import with_stored_credentials
from ttapi_onboarding.figures import counted
from ttapi_onboarding.questions import has_terminal
from ttapi_onboarding.setup import symbol_lists
from ttapi_onboarding.setup.file_changes import FileChange
from ttapi_onboarding.setup.settings_file import defaults, settings_text, values_in
from ttapi_onboarding.terminal import note, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from ttapi_core.object_paths import DataPath
    from ttapi_core.settings import Settings
    from ttapi_onboarding.credentials import Credentials
    from ttapi_onboarding.questions import Questions
    from ttapi_onboarding.setup.symbol_lists import SymbolList

T = TypeVar("T")

DEFAULT: Final = "default"
POSITIONS: Final = "positions"
WATCHLIST: Final = "watchlist"
_FILE: Final = "file"
_AS_IT_IS: Final = "as it is"
_UNIVERSE_FILE: Final = "universe.txt"
_MOST_TRIES: Final = 3  # of credentials: the service blocks an address that logs in wrongly too often
_ENVIRONMENTS: Final = {
    "sandbox": "simulated data on this machine, without an account",
    "certification": "the service's own test system, with users and accounts of its own",
    "production": "your real account and real prices",
}
_UNIVERSES: Final = {
    DEFAULT: "507 liquid US shares and funds",
    _FILE: "a file of yours with a symbol a line",
    WATCHLIST: "the symbols of one of your watchlists, as it is now",
    POSITIONS: "the symbols of what you hold now",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line has answered already, and where the settings are to be written."""

    file: Path
    is_project_file: bool  # one for the directory that it lies in
    environment: str | None
    universe: str | None  # default, positions, watchlist:NAME or a file
    data_dir: str | None
    history_years: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be written and stored; nothing of it is yet."""

    settings: Settings  # as they will be, credentials included
    credentials: Credentials | None  # to be stored
    changes: tuple[FileChange, ...]  # of files, in the order of writing


class Wizard:
    """
    Asks what the wishes leave open.

    Parameters
    ----------
    wishes
        Of the command line.
    questions
        Asks them, or takes the defaults: what the settings file says already, or else the program's.

    Raises
    ------
    ConfigError
        For a settings file that is none, or that holds credentials.
    """

    def __init__(self, wishes: Wishes, questions: Questions) -> None:
        self._wishes = wishes
        self._questions = questions
        self._present = values_in(wishes.file)
        self._defaults = defaults()

    def plan(self) -> Plan:
        """
        Ask, and say what the answers come to.

        Raises
        ------
        UsageError
            For a wish that cannot be, or a question that needs an answer where nobody can be asked.
        TTError
            When the service refuses the credentials, or cannot be asked.
        """
        settings, credentials = self._logged_in(self._environment())
        settings = replace(settings, data_dir=self._data_dir())
        universe, symbols = self._universe(settings)
        values = {**self._present, "environment": settings.environment}
        self._set(values, "data_dir", settings.data_dir)
        self._set(values, "universe", universe)
        if (years := self._history_years()) is not None:
            values.pop("since", None)
            self._set(values, "history_years", years)
            settings = replace(settings, history_years=years, since=None)
        changes = [FileChange.of(self._wishes.file, settings_text(values))]
        if symbols is not None:
            # First, because the settings name it.
            changes.insert(0, FileChange.of(self._universe_path(), symbols.text(SystemClock().now())))
        return Plan(
            settings=replace(settings, universe=universe), credentials=credentials, changes=tuple(changes)
        )

    def _environment(self) -> Environment:
        if self._wishes.environment is not None:
            return Environment(self._wishes.environment)
        present = str(self._present.get("environment", self._defaults.environment))
        default = present if present in _ENVIRONMENTS else Environment.SANDBOX.value
        return Environment(
            self._questions.one_of("Where should the data come from", _ENVIRONMENTS, default=default)
        )

    def _logged_in(self, environment: Environment) -> tuple[Settings, Credentials | None]:
        """Settings whose credentials have been tried, if they need any; and those that are to be stored."""
        settings = with_stored_credentials(options.settings_from(environment=environment.value))
        if environment.is_local:
            return settings, None
        if settings.client_secret is not None:
            origin = settings.origins["client_secret"]
            if self._questions.is_agreed(f"Use the credentials that are there, from {origin}?", default=True):
                self._say_access(settings)
                return settings, None
        if not has_terminal():
            raise click.UsageError(
                f"environment {environment.value} needs credentials, and there is no terminal to ask for them"
                f" at: `ttapi auth login --environment {environment.value} --stdin` stores them."
            )
        return self._typed_in(settings)

    def _typed_in(self, settings: Settings) -> tuple[Settings, Credentials]:
        environment = settings.environment
        for line in (f"{environment.value} needs credentials:", *logging_in.explanation(environment)):
            note(line)
        for tries_left in reversed(range(_MOST_TRIES)):
            credentials = logging_in.asked_for()
            new = logging_in.with_credentials(settings, credentials)
            try:
                self._say_access(new)
            except AuthError as error:
                if not tries_left:
                    raise
                note(f"error: {one_line(error.message)}")
                if not self._questions.is_agreed("Try others?", default=self._questions.is_asking):
                    raise
            else:
                return new, credentials
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _say_access(self, settings: Settings) -> None:
        note("trying them …")
        access = logging_in.tried(settings)
        note(f"{settings.environment.value} lets you in: {counted(access.accounts, 'account')} can be seen")

    def _data_dir(self) -> DataPath:
        if self._wishes.data_dir is not None:
            return _flag("--data-dir", _directory, self._wishes.data_dir)
        default = str(self._present.get("data_dir", self._defaults.data_dir))
        return self._questions.value("Where should it be stored", _directory, default=default)

    def _history_years(self) -> int | None:
        """None to leave the first day that the file names."""
        if self._wishes.history_years is not None:
            return self._wishes.history_years
        if "since" in self._present:
            return None
        default = str(self._present.get("history_years", self._defaults.history_years))
        return self._questions.value("How many years of daily candles", _years, default=default)

    def _universe(self, settings: Settings) -> tuple[str, SymbolList | None]:
        """The value of the setting, and the symbols that are to be written into the file of that name."""
        wish = self._wishes.universe
        if wish is None:
            return self._asked_universe(settings)
        kind, _, name = wish.partition(":")
        if wish == POSITIONS:
            return self._of_list(symbol_lists.of_positions(settings))
        if kind == WATCHLIST and name:
            return self._of_list(symbol_lists.of_watchlist(symbol_lists.watchlists(settings), name))
        return (wish if wish == DEFAULT else _flag("--universe", self._file_name, wish)), None

    def _asked_universe(self, settings: Settings) -> tuple[str, SymbolList | None]:
        present = str(self._present.get("universe", DEFAULT))
        choices = _UNIVERSES if present == DEFAULT else {_AS_IT_IS: present, **_UNIVERSES}
        while True:
            kind = self._questions.one_of(
                "Which symbols should be collected", choices, default=next(iter(choices))
            )
            try:
                match kind:
                    case "file":
                        name = self._questions.value("Which file", self._file_name, default=_UNIVERSE_FILE)
                        return name, None
                    case "watchlist":
                        return self._of_list(self._asked_watchlist(settings))
                    case "positions":
                        return self._of_list(symbol_lists.of_positions(settings))
                    case _:
                        return (present if kind == _AS_IT_IS else DEFAULT), None
            except TTError as error:
                # Some lists are not to be had now; the other answers are good all the same.
                note(f"error: {one_line(error.message)}")
                if error.hint is not None:
                    note(f"hint: {one_line(error.hint)}")

    def _asked_watchlist(self, settings: Settings) -> SymbolList:
        found = symbol_lists.watchlists(settings)
        # By number, because names may be anything, and the same twice.
        names = {
            str(number): f"{symbol_lists.shown_name(each.name)}, {counted(each.entry_count, 'symbol')}"
            for number, each in enumerate(found, start=1)
        }
        if not found:
            return symbol_lists.of_watchlist(found, "")
        number = self._questions.one_of("Which watchlist", names, default="1")
        chosen = found[int(number) - 1]
        return symbol_lists.of_watchlist([chosen], chosen.name)

    def _of_list(self, symbols: SymbolList) -> tuple[str, SymbolList]:
        left_out = f", {counted(symbols.left_out, 'other instrument')} left out" if symbols.left_out else ""
        note(f"{counted(len(symbols.symbols), 'symbol')} of {symbols.origin}{left_out}")
        path = self._universe_path()
        return (path.name if self._wishes.is_project_file else str(path)), symbols

    def _universe_path(self) -> Path:
        return self._wishes.file.absolute().with_name(_UNIVERSE_FILE)

    def _file_name(self, text: str) -> str:
        # Imported here because it brings frames with it, and the first question is to come at once.
        from ttapi_platform.universe import load_universe

        try:
            path = Path(text).expanduser()
            number = len(load_universe(str(path)).symbols or ())
        except (ConfigError, RuntimeError, ValueError) as error:
            raise ValueError(str(error)) from None
        note(f"{counted(number, 'symbol')} in {one_line(str(path))}")
        # The project's file is read from its own directory alone, the user's from everywhere.
        return str(path) if self._wishes.is_project_file else str(path.absolute())

    def _set(self, values: dict[str, object], name: str, value: object) -> None:
        """Put a value in; one that is the default is left to the default."""
        values.pop(name, None)
        if value != getattr(self._defaults, name):
            values[name] = value


def _flag(name: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise click.UsageError(f"{name}: {one_line(str(error))}") from None


def _directory(text: str) -> DataPath:
    try:
        path = parse_data_dir(text)
    except ValueError as error:
        raise ValueError(f"it wants {error}") from None
    if not isinstance(path, Path):
        return path
    try:
        path = path.expanduser().absolute()
        is_file = path.is_file()
    except (OSError, RuntimeError, ValueError):
        raise ValueError(f"{text!r} is no path") from None
    if is_file:
        raise ValueError(f"{path} is a file, and a directory is needed")
    return path


def _years(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= options.LONGEST_HISTORY_YEARS):
        raise ValueError(f"answer with a whole number from 1 to {options.LONGEST_HISTORY_YEARS}")
    return int(text)
