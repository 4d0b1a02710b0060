# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How users call ttapi-core: type-checked, never run; an ignored error proves that the checker sees it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, assert_never, assert_type

from ttapi_core import (
    Environment,
    Err,
    Ok,
    Outcome,
    Secret,
    Settings,
    TTError,
    TtlConfig,
    load_settings,
)
from ttapi_core.candles import DAILY, CandleInterval, CandleSymbol, CandleUnit
from ttapi_core.clock import Clock, ManualClock, SystemClock
from ttapi_core.context import bind_request_id, current_request_id
from ttapi_core.errors import (
    AuthError,
    HttpError,
    NotFoundError,
    RateLimitError,
    SchemaError,
    StorageError,
    TransportTimeoutError,
    UnknownSymbolError,
)
from ttapi_core.instruments import InstrumentType
from ttapi_core.market_calendar import half_days, holidays, is_trading_day, trading_dates
from ttapi_core.money import parse_decimal, signed
from ttapi_core.quotes import Quote
from ttapi_core.symbols import OptionSymbol, filename_to_symbol, parse_symbol, symbol_to_filename
from ttapi_core.tasks import TaskRegistry
from ttapi_core.trading_day import TradingDay, trading_day

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence


def both_cases(outcome: Outcome[Quote]) -> Decimal | None:
    """Looking at both cases is complete."""
    match outcome:
        case Ok(quote):
            assert_type(quote, Quote)
            return quote.last
        case Err(error):
            assert_type(error, TTError)
            return None
        case _:
            assert_never(outcome)


def forgotten_failure(outcome: Outcome[Quote]) -> str:
    """Forgetting the failures is an error."""
    match outcome:  # type: ignore[exhaustive-match]
        case Ok(quote):
            return quote.symbol
    return "?"


def forgotten_look(outcome: Outcome[Quote]) -> Quote:
    """Using an outcome as if it had gone well is an error."""
    return outcome.value  # type: ignore[union-attr]


def narrowed_by_class(outcome: Outcome[Quote]) -> TTError:
    """``isinstance`` tells the two apart as well."""
    if isinstance(outcome, Ok):
        assert_type(outcome.value, Quote)
        return TTError("fine")
    return outcome.error


def narrower_outcomes(failed: Err[AuthError], fine: Ok[bool]) -> Sequence[Outcome[int]]:
    """An Err of one error is an Err of any, and an Ok of a kind of int one of int."""
    outcomes: list[Outcome[int]] = [failed, fine, Ok(3), Err(NotFoundError("no", status=404))]
    return outcomes


def no_error_in_err() -> None:
    """An Err holds an error of ours, nothing else."""
    Err(ValueError("x"))  # type: ignore[type-var]


def outcomes_are_frozen(outcome: Ok[int]) -> None:
    """A result cannot be changed."""
    outcome.value = 4  # type: ignore[misc]


def errors_and_their_families() -> None:
    """Errors are caught by ours and by the built-in word; their fields are typed."""
    try:
        parse_symbol("?")
    except UnknownSymbolError as error:
        assert_type(error.hint, str | None)
        assert_type(error.retryable, bool)
    http: HttpError = NotFoundError("no symbol", status=404)
    assert_type(http.status, int)
    assert_type(RateLimitError("slow").retry_after_seconds, float | None)
    timeout: TimeoutError = TransportTimeoutError("no answer", sent=True)
    disk: OSError = StorageError("full", path=Path("lake"))
    assert_type(SchemaError("quotes", ["no bid"]).problems, tuple[str, ...])
    HttpError("no status")  # type: ignore[call-arg]
    TTError("message", "hint")  # type: ignore[call-arg]
    lookup: KeyError = UnknownSymbolError("no symbol")
    del timeout, disk, lookup


def settings_and_secrets() -> None:
    """Settings by keyword, durations as spans, secrets not as text."""
    settings = load_settings({"history_years": "2"}, environ={}, files=(Path("ttapi.toml"),))
    assert_type(settings, Settings)
    assert_type(settings.environment, Environment)
    assert_type(settings.ttl.quotes, timedelta)
    assert_type(settings.client_secret, Secret | None)
    Settings(ttl=TtlConfig(quotes=timedelta(seconds=1)), client_secret=Secret("x"))
    Settings(client_secret="x")  # type: ignore[arg-type]
    Settings(Environment.SANDBOX)  # type: ignore[call-arg]
    settings.universe = "mine"  # type: ignore[misc]


def every_environment(environment: Environment) -> str:
    """All four are handled."""
    match environment:
        case Environment.SANDBOX | Environment.REPLAY:
            return "here"
        case Environment.CERTIFICATION | Environment.PRODUCTION:
            return "there"
        case _:
            assert_never(environment)


async def clocks(clock: Clock) -> None:
    """Both clocks fit the seam; only the manual one can be moved."""
    seams: list[Clock] = [SystemClock(), ManualClock()]
    assert_type(clock.now(), datetime)
    assert_type(clock.monotonic(), float)
    await clock.sleep(1)
    ManualClock().advance(1.5)
    clock.advance(1)  # type: ignore[attr-defined]
    clock.sleep(1)  # type: ignore[unused-coroutine]
    del seams


async def tasks(work: Callable[[], Coroutine[object, object, int]]) -> int:
    """A spawned task keeps the type of its result."""

    def report(name: str, error: BaseException) -> None:
        del name, error

    async with TaskRegistry(on_failure=report) as registry:
        assert_type(registry, TaskRegistry)
        return await registry.spawn("work", work())


def request_ids() -> str | None:
    """A bound id is a text, a current one may be absent."""
    with bind_request_id() as bound:
        assert_type(bound, str)
    return current_request_id()


def symbols_and_amounts() -> None:
    """Text in, values out."""
    assert_type(parse_symbol("AAPL"), str)
    assert_type(filename_to_symbol(symbol_to_filename("BRK/B")), str)
    option = OptionSymbol.parse("AAPL  261218C00200000")
    assert_type(option.option_type, Literal["C", "P"])
    assert_type(option.strike, Decimal)
    OptionSymbol(root="A", expiration_date=date(2026, 12, 18), option_type="X", strike=Decimal(1))  # type: ignore[arg-type]
    for value in ("1.5", 1, 1.5, Decimal(1)):
        assert_type(signed(parse_decimal(value, path="data.bid"), "Debit"), Decimal)
    parse_decimal(None)  # type: ignore[arg-type]
    assert_type(InstrumentType("Equity"), InstrumentType)


def candle_symbols() -> None:
    """An interval is a unit and a count."""
    five_minutes = CandleInterval(unit=CandleUnit.MINUTE, count=5)
    asked = CandleSymbol(symbol="AAPL", interval=five_minutes, attributes={"tho": "true"})
    assert_type(CandleSymbol.parse(str(asked)).interval, CandleInterval)
    CandleSymbol(symbol="AAPL", interval="d")  # type: ignore[arg-type]
    CandleSymbol("AAPL", DAILY)  # type: ignore[call-arg]


def calendar() -> None:
    """Dates in, dates and instants out."""
    assert_type(trading_dates(date(2026, 1, 1), date(2026, 12, 31)), list[date])
    assert_type(holidays(2026) | half_days(2026), dict[date, str])
    assert_type(is_trading_day(date(2026, 7, 1)), bool)
    day = trading_day(date(2026, 7, 1))
    assert_type(day, TradingDay)
    assert_type(day.close_at - day.open_at, timedelta)
