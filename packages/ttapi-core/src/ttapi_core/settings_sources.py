# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where settings come from: flags, environment variables and TOML files, with the origin of every value."""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import ConfigError
from ttapi_core.object_paths import parse_data_dir
from ttapi_core.settings import Environment, Secret, Settings, TtlConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ttapi_core.object_paths import DataPath

ENVIRONMENT_PREFIX: Final = "TTAPI_"
PROJECT_FILE: Final = Path("ttapi.toml")
EARLIEST_SINCE: Final = date(1990, 1, 1)

_PRECEDENCE: Final = "set it where it is named; a flag beats a TTAPI_ variable, which beats ttapi.toml"

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)", re.ASCII)
_DURATION_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SECONDS: Final = 3660 * 86400
_LONGEST_SHOWN: Final = 80  # characters of a value in a message


def parse_duration(text: str) -> timedelta:
    """
    A span such as ``90s``, ``5m``, ``1h`` or ``7d``, zero included, ten years at the most.

    Raises
    ------
    ValueError
        For any other text.

    Examples
    --------
    >>> parse_duration("5m").total_seconds()
    300.0
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or (seconds := float(found[1]) * _DURATION_UNITS[found[2]]) > _LONGEST_SECONDS:
        message = "a span such as 90s, 5m, 1h or 7d"
        raise ValueError(message)
    return timedelta(seconds=seconds)


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own settings file: ``ttapi/ttapi.toml`` below ``XDG_CONFIG_HOME`` or ``~/.config``."""
    home = environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "ttapi" / PROJECT_FILE


def load_settings(
    flags: Mapping[str, str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    files: tuple[Path, ...] | None = None,
) -> Settings:
    """
    Settings from all sources; a flag beats an environment variable, then the files in their order.

    Keys are the names of ``Settings``; a time to live is ``ttl.quotes``, in the environment
    ``TTAPI_TTL_QUOTES``. Without credentials the environment is the sandbox, with them production. Of
    ``since`` and ``history_years`` the one from the stronger source holds, and the other is as if not set.

    Parameters
    ----------
    flags
        Values from the command line, as text.
    environ
        Environment variables; the process's own by default.
    files
        TOML files that need not exist, the strongest first; by default ``ttapi.toml`` here and the user's.

    Raises
    ------
    ConfigError
        Listing every unknown key and every value that does not fit, with its source.

    Examples
    --------
    >>> settings = load_settings({"history_years": "2"}, environ={"TTAPI_TTL_QUOTES": "1m"}, files=())
    >>> settings.history_years, settings.ttl.quotes.total_seconds(), settings.origins["ttl.quotes"]
    (2, 60.0, 'TTAPI_TTL_QUOTES')
    """
    variables = os.environ if environ is None else environ
    paths = (PROJECT_FILE, user_file(variables)) if files is None else files
    problems: list[str] = []
    found: dict[str, tuple[object, str]] = {}
    for origin, key, value in _all_sources(flags or {}, variables, paths, problems):
        if key not in _PARSERS:
            problems.append(f"{origin}: unknown setting {key!r}{_nearest(key)}")
        elif key not in found:
            try:
                found[key] = (_PARSERS[key](value), origin)
            except ValueError as error:
                shown = "a value" if _may_hold_secret(key, value) else repr(value)[:_LONGEST_SHOWN]
                problems.append(f"{origin}: {key} wants {error}, not {shown}")
    if len(_SECRETS & found.keys()) == 1:
        missing = next(iter(_SECRETS - found.keys()))
        problems.append(f"{missing} is not set: client_secret and refresh_token go together")
    problems.extend(_settle_first_day(found))
    if problems:
        raise ConfigError(problems, hint=_PRECEDENCE)
    return _build(found)


def _settle_first_day(found: dict[str, tuple[object, str]]) -> Iterator[str]:
    """Leave one of the settings that tell the first day of candles; a problem where none is stronger."""
    both = [key for key in found if key in _FIRST_DAY]
    if len(both) < len(_FIRST_DAY):
        return
    (stronger, origin), (weaker, other_origin) = ((key, found[key][1]) for key in both)
    if _source(origin) == _source(other_origin):
        yield f"{origin}: {stronger} and {weaker} exclude each other"
    else:
        del found[weaker]


def _source(origin: str) -> str:
    """What flags have in common, and what variables have; else the file itself."""
    return next((prefix for prefix in ("--", ENVIRONMENT_PREFIX) if origin.startswith(prefix)), origin)


def _build(found: Mapping[str, tuple[object, str]]) -> Settings:
    values = {key: value for key, (value, _) in found.items()}
    if "environment" not in values:
        values["environment"] = Environment.PRODUCTION if values.keys() >= _SECRETS else Environment.SANDBOX
    ttl = {key.removeprefix("ttl."): value for key, value in values.items() if key.startswith("ttl.")}
    plain = {key: value for key, value in values.items() if not key.startswith("ttl.")}
    # The parsers have given every value the type of its field.
    settings = replace(Settings(), **plain, ttl=replace(TtlConfig(), **ttl))  # type: ignore[arg-type]
    return replace(settings, origins={key: origin for key, (_, origin) in found.items()})


def _all_sources(
    flags: Mapping[str, str], environ: Mapping[str, str], files: tuple[Path, ...], problems: list[str]
) -> Iterator[tuple[str, str, object]]:
    """Every value with its origin and key, the strongest source first."""
    for key, text in flags.items():
        yield f"--{key.replace('_', '-').replace('.', '-')}", key, text
    for name, text in environ.items():
        if name.startswith(ENVIRONMENT_PREFIX) and text:
            yield name, _key_of_variable(name), text
    for path in files:
        for key, value in _file_values(path, problems):
            yield str(path), key, value
    # The desktop's own place for data, where one is set; else the default below the home holds.
    if home := environ.get("XDG_DATA_HOME"):
        yield "XDG_DATA_HOME", "data_dir", str(Path(home) / "ttapi")


def _key_of_variable(name: str) -> str:
    key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
    return f"ttl.{key.removeprefix('ttl_')}" if key.startswith("ttl_") else key


def _file_values(path: Path, problems: list[str]) -> Iterator[tuple[str, object]]:
    try:
        # Some editors begin a UTF-8 file with a byte order mark, which TOML does not know.
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError) as error:
        problems.append(f"{path}: {error}")
        return
    for key, value in document.items():
        if key == "ttl" and isinstance(value, dict):
            yield from ((f"ttl.{name}", span) for name, span in value.items())  # pyright: ignore[reportUnknownVariableType]
        else:
            yield key, value


def _may_hold_secret(key: str, value: object) -> bool:
    """Whether a value is one, or is an address with one in it: before its host, or in its query."""
    text = str(value)
    return key in _SECRETS or ("://" in text and ("@" in text or "?" in text))


def _nearest(key: str) -> str:
    near = difflib.get_close_matches(key, _PARSERS, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        message = "a text"
        raise ValueError(message)
    return value.strip()


def _secret(value: object) -> Secret:
    return Secret(_text(value))


def _data_path(value: object) -> DataPath:
    text = _text(value)
    path = parse_data_dir(text)
    try:
        path = path.expanduser() if isinstance(path, Path) else path
        is_known = "\0" not in text
    except RuntimeError:  # the home of a user whom nobody knows
        is_known = False
    if not is_known:
        message = "a path"
        raise ValueError(message)
    return path


def _environment(value: object) -> Environment:
    try:
        return Environment(_text(value).lower())
    except ValueError:
        message = f"one of {', '.join(Environment)}"
        raise ValueError(message) from None


def _span(value: object) -> timedelta:
    return parse_duration(value if isinstance(value, str) else "")


def _past_day(value: object) -> date:
    # Imported here because it brings asyncio, which no other setting needs.
    from ttapi_core.clock import SystemClock  # noqa: PLC0415

    day = _day(value)
    if day is None or not EARLIEST_SINCE <= day <= SystemClock().now().date():
        message = f"a day from {EARLIEST_SINCE} to today, such as 2015-01-02"
        raise ValueError(message)
    return day


def _day(value: object) -> date | None:
    match value:
        case datetime():  # which is a date to Python, and a time besides to TOML
            return None
        case date():
            return value
        case str():
            with suppress(ValueError):
                day = date.fromisoformat(text := value.strip())
                # Weeks and days without dashes are ISO dates, too: whoever wrote one may have meant a number.
                return day if day.isoformat() == text else None
        case _:
            pass
    return None


def _whole(low: int, high: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        try:
            number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else low - 1
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            message = f"a whole number from {low} to {high}"
            raise ValueError(message)
        return number

    return parse


def _number(low: float, high: float) -> Callable[[object], float]:
    def parse(value: object) -> float:
        try:
            number = (
                float(value)
                if isinstance(value, str | int | float) and not isinstance(value, bool)
                else math.nan
            )
        except (ValueError, OverflowError):
            number = math.nan
        if not low <= number <= high:
            message = f"a number from {low:g} to {high:g}"
            raise ValueError(message)
        return number

    return parse


_FIRST_DAY: Final = frozenset({"history_years", "since"})
_SECRETS: Final = frozenset({"client_secret", "refresh_token"})
_PARSERS: Final[Mapping[str, Callable[[object], object]]] = {
    "environment": _environment,
    "data_dir": _data_path,
    "client_secret": _secret,
    "refresh_token": _secret,
    "api_url": _text,
    "universe": _text,
    "history_years": _whole(1, 40),
    "since": _past_day,
    "max_missing_ratio": _number(0.0, 1.0),
    "lock_wait_seconds": _number(0.0, 86_400.0),
    "max_in_flight": _whole(1, 1000),
    "requests_per_second": _whole(1, 100_000),
    "timeout_seconds": _number(0.001, 3600.0),
    "retry_attempts": _whole(1, 10),
    **{f"ttl.{span.name}": _span for span in fields(TtlConfig)},
}
