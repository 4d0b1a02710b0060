# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The options that several commands share, and the settings that they lead to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace as changed
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from ttapi_onboarding.day_options import parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from ttapi_core.settings import Settings
    from ttapi_platform.runtime import Platform

Decorated = TypeVar("Decorated", bound="Callable[..., None]")

# Written out, because importing the settings would take as long as everything else that --help needs.
ENVIRONMENTS: Final = ("sandbox", "replay", "certification", "production")
LONGEST_HISTORY_YEARS: Final = 40
LONGEST_WAIT_SECONDS: Final = 86_400


@dataclass(frozen=True, kw_only=True)
class Request:
    """Which lake a command is about, what is to be in it, and how the command is to answer."""

    flags: Mapping[str, object]  # by the name of the setting; those that were not given are None
    replay: Path | None
    as_json: bool
    symbols: tuple[str, ...] = ()  # instead of the universe
    slack: timedelta = timedelta(0)  # by so much every dataset counts as stale earlier

    def settings(self) -> Settings:
        """
        The settings, as `settings_from` gives them.

        Raises
        ------
        ConfigError
            When they cannot work.
        """
        settings = settings_from(**self.flags)
        ttl = {name: max(span - self.slack, timedelta(0)) for name, span in asdict(settings.ttl).items()}
        return changed(settings, ttl=changed(settings.ttl, **ttl))

    def platform(self) -> Platform:
        """
        The lake and the means to fill it.

        Raises
        ------
        ConfigError
            When the settings, the universe or the folder to replay cannot work.
        """
        return self._platform(self.settings())

    def connected(self) -> Platform:
        """
        The same, with the stored credentials of the environment where the settings have none.

        Raises
        ------
        ConfigError
            As ``platform``; or when what is stored cannot be used.
        """
        from ttapi_onboarding.credentials import with_stored_credentials

        settings = self.settings()
        return self._platform(settings if self.replay is not None else with_stored_credentials(settings))

    def _platform(self, settings: Settings) -> Platform:
        from ttapi_platform.runtime import Platform

        return Platform(settings, symbols=self.symbols, replay=self.replay)


def for_a_lake(work: Callable[..., None]) -> Callable[..., None]:
    """Give a command a `Request` as its first argument, from ``lake_options`` and ``report_options``."""

    @wraps(work)
    def command(
        *,
        data_dir: str | None,
        environment: str | None,
        replay: Path | None,
        as_json: bool,
        verbose: int,
        log_file: Path | None,
        **others: object,
    ) -> None:
        check_replay(replay, environment=environment)
        start_logs(verbose, log_file)
        flags = {"data_dir": data_dir, "environment": environment}
        work(Request(flags=flags, replay=replay, as_json=as_json), **others)

    return lake_options(report_options(command))


def for_collecting(work: Callable[..., None]) -> Callable[..., None]:
    """The same for a command that fills a lake, with ``collecting_options`` in the request, too."""

    @wraps(work)
    def command(
        request: Request,
        *,
        symbols: tuple[str, ...],
        universe: str | None,
        since: date | None,
        history_years: int | None,
        lock_wait_seconds: float | None,
        **others: object,
    ) -> None:
        if symbols and universe is not None:
            raise click.UsageError("--symbols and --universe exclude each other.")
        if since is not None and history_years is not None:
            raise click.UsageError("--since and --history-years exclude each other.")
        further = {
            "universe": universe,
            "since": since,
            "history_years": history_years,
            "lock_wait_seconds": lock_wait_seconds,
        }
        work(changed(request, symbols=symbols, flags={**request.flags, **further}), **others)

    return collecting_options(for_a_lake(command))


def collecting_options(command: Decorated) -> Decorated:
    """What is collected: ``--symbols``, ``--universe``, ``--since``, ``--history-years``; and ``--wait``."""
    for option in (
        click.option(
            "--wait",
            "lock_wait_seconds",
            type=click.FloatRange(0, LONGEST_WAIT_SECONDS),
            metavar="SECONDS",
            help="How long to wait for another ttapi process that is writing to the lake. [default: 60]",
        ),
        click.option(
            "--history-years",
            type=click.IntRange(1, LONGEST_HISTORY_YEARS),
            help="Years of daily candles. [default: 10]",
        ),
        click.option(
            "--since",
            callback=parse_day,
            metavar="DATE",
            help="The first day of daily candles, such as 2015-01-02, instead of --history-years.",
        ),
        click.option(
            "--universe",
            metavar="FILE",
            help="A file with a symbol a line, or 'default'. [default: 507 of them]",
        ),
        click.option(
            "--symbols",
            multiple=True,
            callback=split_symbols,
            metavar="A,B,...",
            help="Only these symbols, instead of the universe; may be repeated.",
        ),
    ):
        command = option(command)
    return command


def lake_options(command: Decorated) -> Decorated:
    """Which lake: ``--data-dir``, ``--environment``, ``--replay``."""
    for option in (
        click.option(
            "--replay",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="A collected lake, or a folder of daily candles, served as if it were the service.",
        ),
        click.option(
            "--environment",
            type=click.Choice(ENVIRONMENTS),
            help="Where the data comes from. [default: production with credentials, else sandbox]",
        ),
        click.option(
            "--data-dir",
            metavar="DIR",
            help="Where the lakes lie, one for each environment: a directory, or as s3://bucket/prefix.",
        ),
    ):
        command = option(command)
    return command


def report_options(command: Decorated) -> Decorated:
    """What is told, and how: ``--json``, ``--verbose``, ``--log-file``."""
    for option in (
        click.option(
            "--log-file",
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="Add all log records to this file, a JSON object a line.",
        ),
        click.option("-v", "--verbose", count=True, help="Log records on stderr; -vv for all of them."),
        click.option("--json", "as_json", is_flag=True, help="JSON on stdout, errors included."),
    ):
        command = option(command)
    return command


def start_logs(verbose: int, log_file: Path | None) -> None:
    """Record logs from here to the end of the command, the report of its errors included."""
    from ttapi_onboarding import logs

    click.get_current_context().find_root().with_resource(logs.recording(verbose, log_file))


def settings_from(**flags: object) -> Settings:
    """
    The settings, with those flags on top that were given.

    Raises
    ------
    ConfigError
        Listing every value that does not fit, with its source; or for a data directory that is a file.
    """
    from ttapi_core.errors import ConfigError
    from ttapi_core.settings_sources import load_settings

    settings = load_settings({name: str(value) for name, value in flags.items() if value is not None})
    if isinstance(settings.data_dir, Path) and settings.data_dir.is_file():
        problem = f"data directory {settings.data_dir} is a file"
        raise ConfigError([problem], hint="name a directory with --data-dir or TTAPI_DATA_DIR")
    return settings


def check_replay(replay: Path | None, *, environment: str | None) -> None:
    """
    Refuse a folder to replay together with another environment.

    Raises
    ------
    UsageError
        As rows of different origin must not meet in one lake.
    """
    if replay is not None and environment not in {None, "replay"}:
        raise click.UsageError(f"--replay and --environment {environment} exclude each other.")


def repeating_span(
    _context: click.Context, _parameter: click.Parameter, text: str | None
) -> timedelta | None:
    """
    A span after which something is done again, such as ``1d``.

    Raises
    ------
    BadParameter
        For what is no span, or one of less than a minute.
    """
    if text is None:
        return None
    from ttapi_core.settings_sources import parse_duration

    try:
        span = parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(f"write {error}, not {text!r}.") from error
    if span < timedelta(minutes=1):
        raise click.BadParameter(f"{text} is less than a minute; write a span such as 15m, 6h or 1d.")
    return span


def split_texts(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Values of an option that may be repeated and may hold several, with commas between them."""
    return tuple(text.strip() for each in texts for text in each.split(",") if text.strip())


def split_symbols(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """
    As `split_texts`, for symbols in the service's spelling.

    Raises
    ------
    BadParameter
        Listing every text that cannot be a symbol; or for an option without any symbol.
    """
    if not texts:
        return ()
    from ttapi_core.errors import UnknownSymbolError
    from ttapi_core.symbols import parse_symbol

    symbols: list[str] = []
    problems: list[str] = []
    for text in split_texts(context, parameter, texts):
        try:
            symbols.append(parse_symbol(text))
        except UnknownSymbolError as error:
            problems.append(f"{error.message} ({error.hint})")
    if problems:
        raise click.BadParameter("; ".join(problems))
    if not symbols:
        raise click.BadParameter("no symbol in it; write symbols such as AAPL,BRK/B")
    return tuple(symbols)
