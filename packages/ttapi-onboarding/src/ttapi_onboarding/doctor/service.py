# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The service: whether it answers, lets us in and keeps up with us, and how far its clock is from ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ttapi_onboarding.doctor.findings import of_error, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client import TTClient
    from ttapi_core.errors import RateLimitError
    from ttapi_core.settings import Settings
    from ttapi_onboarding.doctor.findings import Finding
    from ttapi_onboarding.doctor.subject import Subject

SKEW_WARNING_SECONDS: Final = 30.0
SKEW_PROBLEM_SECONDS: Final = 300.0
_PATIENCE_SECONDS: Final = 10.0
_NETWORK: Final = "check the network and the address of the service"
_TIME_SERVER: Final = "let a time server set this machine's clock: `timedatectl set-ntp true` on Linux"


def service(subject: Subject) -> Iterator[Finding]:
    """Whether it can be reached, the clocks, the rate, and the login; one request, and a login if need be."""
    from ttapi_core.settings import Environment
    from ttapi_onboarding import signals

    settings = _with_credentials(subject.settings)
    if settings.environment is Environment.REPLAY and settings.api_url is None and subject.replay is None:
        yield ok("service", "a replay without a folder has none; --replay DIR names one")
    elif not settings.environment.is_local and settings.client_secret is None:
        yield warning("service", "not asked, as there are no credentials", fix="see credentials")
    else:
        yield from signals.run(_asked(subject, settings))


def clock(skew_seconds: float) -> Finding:
    """
    How far the clocks are apart.

    Parameters
    ----------
    skew_seconds
        How far the service's clock is ahead of this machine's.
    """
    apart = abs(skew_seconds)
    span = _span(apart)
    if apart <= SKEW_WARNING_SECONDS:
        return ok("clock", f"{span} from the service's clock")
    side = "behind" if skew_seconds > 0 else "ahead of"
    detail = f"this machine's clock is {span} {side} the service's"
    say = warning if apart <= SKEW_PROBLEM_SECONDS else problem
    return say("clock", detail, fix=_TIME_SERVER)


def rate(refusal: RateLimitError | None, *, starts: int) -> Finding:
    """
    Whether the service held a request back because there were too many.

    Parameters
    ----------
    starts
        Requests that may start in a second.
    """
    limit = f"at most {starts:,} start in a second, the setting requests_per_second"
    if refusal is None:
        return ok("rate", f"no request was held back; {limit}")
    wait = refusal.retry_after_seconds
    span = "some minutes" if wait is None else _span(max(wait, 1))
    detail = f"it is asked too often, by this machine or another, and the login is not known; {limit}"
    return warning("rate", detail, fix=f"`ttapi doctor` again in {span}; if it stays, allow fewer a second")


def _with_credentials(settings: Settings) -> Settings:
    from ttapi_core.errors import ConfigError
    from ttapi_onboarding.credentials import with_stored_credentials

    try:
        return with_stored_credentials(settings)
    except ConfigError:  # the check of the credentials tells
        return settings


async def _asked(subject: Subject, settings: Settings) -> list[Finding]:
    from ttapi_core.errors import TTError
    from ttapi_platform.recordings import Recording
    from ttapi_platform.service import Service

    # One try, and not for long: this is to tell how it is now.
    settings = replace(
        settings,
        retry_attempts=1,
        timeout_seconds=min(settings.timeout_seconds, _PATIENCE_SECONDS),
    )
    replay, own_lake = subject.replay, subject.lake.root
    recording = None if replay is None else Recording.at(replay, own_lake=own_lake)
    async with Service(settings, recording=recording, clock=subject.clock) as service:
        try:
            connection = await service.connect()
        except TTError as error:
            return [of_error("service", error, fix=_NETWORK)]
        return await _answers(connection.client, settings)


def _name(settings: Settings) -> str:
    if settings.api_url is not None:
        return f"environment {settings.environment.value} at {settings.api_url}"
    if settings.environment.is_local:
        return "a sandbox started for this"
    return f"environment {settings.environment.value}"


async def _answers(client: TTClient, settings: Settings) -> list[Finding]:
    """What is learned from asking who is logged in."""
    from ttapi_client.policies import Policies
    from ttapi_core.errors import AuthError, NotFoundError, RateLimitError, RejectedError, TTError

    where, refusal = _name(settings), None
    try:
        await client.accounts.customer()
    except (AuthError, RateLimitError, RejectedError, NotFoundError) as error:
        refusal = error
    except TTError as error:
        return [of_error("service", error, fix=_NETWORK)]
    skew_seconds = client.server_time.skew_seconds
    # Without the time of an answer nothing was sent: the refusal is one that another process got.
    reached = [] if skew_seconds is None else [ok("service", f"{where} answers"), clock(skew_seconds)]
    starts = Policies.of(settings).rate_limit.starts
    if isinstance(refusal, RateLimitError):
        return [*reached, rate(refusal, starts=starts)]
    kept_up = [rate(None, starts=starts)] if reached else []
    if refusal is None:
        return [*reached, *kept_up, ok("login", f"{where} lets us in")]
    fix = "`ttapi doctor` again in a minute; if it stays, report it"
    return [*reached, *kept_up, of_error("login", refusal, fix=fix)]


def _span(seconds: float) -> str:
    from ttapi_platform.freshness import format_span

    return format_span(timedelta(seconds=round(seconds)))
