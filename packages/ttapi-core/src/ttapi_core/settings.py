# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Settings: what can be set, and the values that hold when nobody sets anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ttapi_core.object_paths import DataPath

SANDBOX_CLIENT_SECRET: Final = "sandbox-secret"  # noqa: S105 - published, and good for the sandbox alone
SANDBOX_REFRESH_TOKEN: Final = "sandbox-refresh"  # noqa: S105


class Environment(StrEnum):
    """Where the data comes from; each has a lake of its own: simulated rows never mix with real ones."""

    SANDBOX = "sandbox"
    REPLAY = "replay"
    CERTIFICATION = "certification"
    PRODUCTION = "production"

    @property
    def is_local(self) -> bool:
        """Whether the server is our own sandbox on this machine."""
        return self in {Environment.SANDBOX, Environment.REPLAY}


class Secret:
    """
    A text that no log, error or ``repr`` shows.

    Examples
    --------
    >>> Secret("hunter2"), f"{Secret('hunter2')}", Secret("hunter2").reveal()
    (Secret('***'), '***', 'hunter2')
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself, for the one place that has to send it."""
        return self._value

    def __repr__(self) -> str:
        """The name of the class and three stars."""
        return "Secret('***')"

    def __str__(self) -> str:
        """Three stars."""
        return "***"

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same text."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        """The text's hash."""
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        """Refuse to be pickled: a pickle would show the text."""
        message = "a Secret is not pickled"
        raise TypeError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TtlConfig:
    """How long each dataset counts as fresh after it was collected."""

    accounts: timedelta = timedelta(hours=1)
    symbols: timedelta = timedelta(hours=24)
    trading_days: timedelta = timedelta(days=7)
    quotes: timedelta = timedelta(minutes=5)
    eod_data: timedelta = timedelta(days=1)
    expiration_series: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    Everything that can be set; ``load_settings`` fills it and ``origins`` says from where.

    Examples
    --------
    >>> settings = Settings(data_dir=Path("lake"))
    >>> settings.environment.value, str(settings.lake_dir), settings.ttl.quotes.total_seconds()
    ('sandbox', 'lake/sandbox', 300.0)
    """

    environment: Environment = Environment.SANDBOX
    data_dir: DataPath = field(default_factory=lambda: Path.home() / ".local" / "share" / "ttapi")
    client_secret: Secret | None = None
    refresh_token: Secret | None = None
    api_url: str | None = None  # None: the address that belongs to the environment
    universe: str = "default"  # the list that ships with TTAPI, or a file with a symbol a line
    history_years: int = 10  # of daily candles, where no first day is set
    since: date | None = None  # the first day of daily candles
    max_missing_ratio: float = 0.2  # of symbols; above it a run fails
    lock_wait_seconds: float = 60.0  # while another process is writing to the lake
    max_in_flight: int = 100  # requests at once
    requests_per_second: int | None = None  # None: what suits the environment
    timeout_seconds: float = 30.0  # for one answer
    retry_attempts: int = 3  # sends of one request, the first included
    ttl: TtlConfig = field(default_factory=TtlConfig)
    origins: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)

    @property
    def lake_dir(self) -> DataPath:
        """Where this environment's datasets lie."""
        return self.data_dir / self.environment.value

    def history_start(self, today: date) -> date:
        """
        The first day of daily candles, as it is wanted on a day.

        Examples
        --------
        >>> from datetime import date
        >>> leap_day = date(2028, 2, 29)
        >>> str(Settings(history_years=1).history_start(leap_day))
        '2027-02-28'
        >>> str(Settings(since=date(2015, 1, 2)).history_start(leap_day))
        '2015-01-02'
        """
        if self.since is not None:
            return self.since
        day = 28 if (today.month, today.day) == (2, 29) else today.day
        return today.replace(year=today.year - self.history_years, day=day)
