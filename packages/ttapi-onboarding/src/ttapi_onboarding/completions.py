# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a shell completes behind an option or argument: datasets, symbols, files; no service is asked."""

from __future__ import annotations

import re
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Offer: TypeAlias = "Callable[[click.Context, str], Iterable[str]]"

# Written out, because importing the platform would take longer than anybody waits for a completion.
DATASETS: Final = ("accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series")

_SYMBOL: Final = re.compile(r"[A-Z0-9][A-Z0-9./^]*")  # what no shell takes for anything but a word
_LAKE_FLAGS: Final = ("data_dir", "environment", "universe")
_LONGEST_LIST: Final = 4_000_000  # bytes of a file that is still read at a press of a key


class Offered(click.types.StringParamType):
    """A text, or several with commas between them, each of which begins like one that is offered."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """The values that the last text may become, behind those that are complete."""
        before, comma, last = incomplete.rpartition(",")
        there = set(before.split(","))
        found = (value for value in self._offer(ctx, last) if value not in there)
        return [CompletionItem(f"{before}{comma}{value}") for value in found]


def equipped(command: click.Command) -> click.Command:
    """The command, and all below it, with parameters that complete what their names and metavars say."""
    command = copy(command)
    command.params = [_equipped(parameter) for parameter in command.params]
    if isinstance(command, click.Group):
        command.commands = {name: equipped(below) for name, below in command.commands.items()}
    return command


def datasets(_context: click.Context, beginning: str) -> Iterator[str]:
    """Names of datasets."""
    return (name for name in DATASETS if name.startswith(beginning))


def symbols(context: click.Context, beginning: str) -> Iterator[str]:
    """
    Symbols of the universe; where none of them begins so, those that the lake lists.

    The settings say which universe and which lake; whatever cannot be read has none.
    """
    from ttapi_core.errors import ConfigError
    from ttapi_core.settings_sources import load_settings

    flags = {name: str(value) for name in _LAKE_FLAGS if (value := context.params.get(name)) is not None}
    try:
        settings = load_settings(flags)
    except ConfigError:
        return
    lake = settings.lake_dir
    # A store in the network is not asked for what a key at the terminal is to be answered at once with.
    listed = _lines(lake / "symbols.csv") if isinstance(lake, Path) else ()
    for names in (_of_universe(settings.universe), (line.partition(",")[0] for line in listed)):
        found = [name for name in names if name.startswith(beginning.upper()) and _SYMBOL.fullmatch(name)]
        yield from found
        if found:
            return


def _equipped(parameter: click.Parameter) -> click.Parameter:
    parameter = copy(parameter)
    parameter.type = _kind_of(parameter) or parameter.type
    return parameter


def _kind_of(parameter: click.Parameter) -> click.ParamType[object] | None:
    """What is to complete it, or None for what click knows by itself."""
    match parameter.name, parameter.metavar:
        case "dataset" | "datasets" | "only", _:
            return Offered(datasets)
        case "symbol" | "symbols" | "benchmark", _:
            return Offered(symbols)
        case _, "DIR":
            return click.Path(file_okay=False)
        case _, "FILE" | "PATH":
            return click.Path()
        case _:
            return None


def _of_universe(name: str) -> Iterator[str]:
    path = _default_universe() if name == "default" else Path(name).expanduser()
    return (line.partition("#")[0].strip() for line in _lines(path))


def _default_universe() -> Path:
    from importlib.util import find_spec

    # Finds the package without importing it.
    spec = find_spec("ttapi_platform")
    folders = (spec.submodule_search_locations if spec is not None else None) or ["."]
    return Path(folders[0], "universes", "default.txt")


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _LONGEST_LIST:
            return []
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
