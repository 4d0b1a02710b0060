# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tokens shared by processes: asked for once, found by the others, and never in doubt."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

import attrs
import pytest
from filelock import FileLock
from loguru import logger

from ttapi_client.auth import AccessToken, Refusal, SharedTokens, TokenFile
from ttapi_client.auth.moment import Moment
from ttapi_client.auth.token_file import TokenRecord
from ttapi_core.clock import ManualClock
from ttapi_core.errors import ServerError
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS, THEIRS = "00" * 32, "ff" * 32
REFUSED = Refusal(message="the service refused the credentials", hint="set them")


@attrs.define
class Service:
    """Gives out numbered tokens to all processes."""

    clock: ManualClock
    lifetime_seconds: float = 900.0
    asked: int = 0
    answer: Refusal | Exception | None = None
    may_answer: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def renew(self, *, instead_of: Secret | None) -> AccessToken | Refusal:
        """The next token."""
        self.asked += 1
        found = AccessToken(
            token=Secret(f"token-{self.asked}"),
            lifetime_seconds=self.lifetime_seconds,
            asked_at=self.clock.monotonic(),
        )
        await self.may_answer.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or found


@pytest.fixture
def clock() -> ManualClock:
    """That of the machine, which all processes have in common; it has been up for a day."""
    clock = ManualClock()
    clock.advance(86_400)
    return clock


@pytest.fixture
def service(clock: ManualClock) -> Service:
    """It answers at once."""
    service = Service(clock)
    service.may_answer.set()
    return service


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the token file."""
    return tmp_path / "private" / "token"


@pytest.fixture
def process(service: Service, path: Path, clock: ManualClock) -> SharedTokens:
    """One process that shares the file."""
    return SharedTokens(service, TokenFile(path), credentials=OURS, clock=clock)


@pytest.fixture
def other(service: Service, path: Path, clock: ManualClock) -> SharedTokens:
    """Another one, with the same credentials."""
    return SharedTokens(service, TokenFile(path), credentials=OURS, clock=clock)


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    """What is warned of."""
    lines: list[str] = []
    logger.enable("ttapi_client")
    sink = logger.add(lines.append, level="WARNING", format="{message} {extra}")
    yield lines
    logger.remove(sink)
    logger.disable("ttapi_client")


async def token_of(process: SharedTokens, instead_of: str | None = None) -> str:
    """The text of the token that it gets."""
    found = await process.renew(instead_of=None if instead_of is None else Secret(instead_of))
    assert isinstance(found, AccessToken)
    return found.token.reveal()


async def until_asleep_or_done(clock: ManualClock, call: asyncio.Task[str]) -> None:
    """Let threads work until the clock has to move on."""
    while not clock.sleepers and not call.done():  # noqa: ASYNC110
        await asyncio.sleep(0.001)  # noqa: TID251


async def test_the_second_process_finds_the_token_of_the_first(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock
) -> None:
    """As old as it is."""
    first = await process.renew(instead_of=None)
    clock.advance(100)
    assert await other.renew(instead_of=None) == first
    assert service.asked == 1


async def test_who_waits_for_the_lock_takes_what_comes_out(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock
) -> None:
    """One renewal, however many processes want one at the same time."""
    service.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(token_of(process))]
        while not service.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # noqa: TID251
        calls += [group.create_task(token_of(other)) for _ in range(3)]
        while clock.sleepers < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # noqa: TID251
        service.may_answer.set()
        await asyncio.wait(calls[:1])
        clock.advance(0.05)
        while clock.sleepers or not all(call.done() for call in calls):
            await asyncio.sleep(0.001)  # noqa: TID251
            clock.advance(0.05)
    assert {call.result() for call in calls} == {"token-1"}
    assert service.asked == 1


async def test_a_token_that_the_service_refused_is_not_taken_again(
    process: SharedTokens, other: SharedTokens, service: Service
) -> None:
    """The next process with the same trouble finds the new one."""
    refused = await token_of(process)
    assert await token_of(other) == refused
    assert await token_of(process, instead_of=refused) == "token-2"
    assert await token_of(other, instead_of=refused) == "token-2"
    assert service.asked == 2


@pytest.mark.parametrize(("lifetime", "good_for"), [(900.0, 840.0), (120.0, 60.0), (60.0, 30.0)])
async def test_a_token_is_found_until_its_end_minus_the_margin(
    process: SharedTokens,
    other: SharedTokens,
    service: Service,
    clock: ManualClock,
    lifetime: float,
    good_for: float,
) -> None:
    """60 seconds, or half its life."""
    service.lifetime_seconds = lifetime
    await process.renew(instead_of=None)
    clock.advance(good_for - 0.001)
    assert await token_of(other) == "token-1"
    clock.advance(0.001)
    assert await token_of(other) == "token-2"


@pytest.mark.parametrize("step", [-86_400, -3_600, -60, -6, 6, 60, 3_600, 86_400])
async def test_a_token_from_before_a_step_of_the_wall_clock_is_not_taken(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock, step: int
) -> None:
    """The clocks do not agree on its age; a new one costs one request, once."""
    await process.renew(instead_of=None)
    clock.step_wall(step)
    assert await token_of(other) == "token-2"
    assert await token_of(process) == "token-2"
    assert service.asked == 2


@pytest.mark.parametrize("trim", [-2.0, 2.0])
async def test_a_clock_that_is_trimmed_a_little_makes_no_difference(
    process: SharedTokens, other: SharedTokens, clock: ManualClock, trim: float
) -> None:
    """Time servers do so all day; what they add comes off the life of the token."""
    await process.renew(instead_of=None)
    clock.step_wall(trim)
    assert await token_of(other) == "token-1"
    clock.advance(840 - max(trim, 0.0))
    assert await token_of(other) == "token-2"


@pytest.mark.parametrize(
    ("up_for", "off_for"), [(10.0, 0.0), (86_430.0, 0.0), (86_430.0, 7_200.0), (200_000.0, 7_200.0)]
)
async def test_a_token_from_before_a_restart_of_the_machine_is_not_taken(
    process: SharedTokens, service: Service, path: Path, clock: ManualClock, up_for: float, off_for: float
) -> None:
    """Monotonic time has begun anew: before the token's, near it, or beyond it."""
    await process.renew(instead_of=None)
    restarted = ManualClock(clock.now())
    restarted.step_wall(off_for + 20.0 - up_for)
    restarted.advance(up_for)
    service.clock = restarted
    after = SharedTokens(service, TokenFile(path), credentials=OURS, clock=restarted)
    assert await token_of(after) == "token-2"
    assert service.asked == 2


@pytest.mark.parametrize(
    ("wall_ahead", "monotonic_ahead", "lifetime"),
    [
        (3_600.0, 3_600.0, 900.0),
        (0.0, 10.0, 900.0),
        (10.0, 0.0, 900.0),
        (0.0, 0.0, 0.0),
        (-86_390.0, -86_390.0, 1e15),
    ],
)
async def test_a_token_of_the_future_or_of_nonsense_is_not_taken(
    process: SharedTokens,
    path: Path,
    clock: ManualClock,
    wall_ahead: float,
    monotonic_ahead: float,
    lifetime: float,
) -> None:
    """Nobody can say how long it holds."""
    moment = Moment.of(clock)
    later = attrs.evolve(moment, monotonic=moment.monotonic + monotonic_ahead)
    stepped = ManualClock(clock.now())
    stepped.step_wall(wall_ahead)
    at = attrs.evolve(later, wall=stepped.now())
    TokenFile(path).write(
        TokenRecord(credentials=OURS, at=at, token=Secret("doubtful"), lifetime_seconds=lifetime)
    )
    assert await token_of(process) == "token-1"


async def test_other_credentials_never_use_it(
    process: SharedTokens, service: Service, path: Path, clock: ManualClock
) -> None:
    """Neither the token nor the refusal; each has its own."""
    stranger = SharedTokens(service, TokenFile(path), credentials=THEIRS, clock=clock)
    assert await token_of(process) == "token-1"
    assert await token_of(stranger) == "token-2"
    service.answer = REFUSED
    assert isinstance(await process.renew(instead_of=None), Refusal)
    service.answer = None
    assert await token_of(stranger) == "token-4"


async def test_refused_credentials_rest_for_a_quarter_of_an_hour(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock
) -> None:
    """In every process; the hint says how long, and who was refused itself knows for good."""
    service.answer = REFUSED
    assert await process.renew(instead_of=None) == REFUSED
    assert REFUSED.until == math.inf
    clock.advance(125)
    found = await other.renew(instead_of=Secret("token-0"))
    assert isinstance(found, Refusal)
    assert "another process" in found.message
    assert "these again in 13 min" in found.hint
    assert found.until == clock.monotonic() + 775
    clock.advance(774.9)
    assert isinstance(await other.renew(instead_of=None), Refusal)
    assert service.asked == 1
    clock.advance(0.1)
    service.answer = None
    assert await token_of(other) == "token-2"
    assert await token_of(process) == "token-2"


async def test_a_refusal_that_nobody_can_place_is_tried_once_more(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock
) -> None:
    """And then rests again."""
    service.answer = REFUSED
    await process.renew(instead_of=None)
    clock.step_wall(86_400)
    for _ in range(10):
        await other.renew(instead_of=None)
    assert service.asked == 2


async def test_a_doubtful_refusal_is_kept_to_oneself(
    process: SharedTokens, other: SharedTokens, service: Service, clock: ManualClock
) -> None:
    """It may have been a gateway on this process's way."""
    service.answer = attrs.evolve(REFUSED, until=clock.monotonic() + 60)
    assert await process.renew(instead_of=None) == service.answer
    service.answer = None
    assert await token_of(other) == "token-2"


async def test_trouble_of_the_service_leaves_the_lock_free_and_the_file_as_it_was(
    process: SharedTokens, other: SharedTokens, service: Service, path: Path
) -> None:
    """The next one tries for itself."""
    service.answer = ServerError("down", status=503)
    with pytest.raises(ServerError):
        await process.renew(instead_of=None)
    assert TokenFile(path).read() is None
    service.answer = None
    assert await token_of(other) == "token-2"


async def test_a_renewal_that_is_cancelled_leaves_the_lock_free(
    process: SharedTokens, other: SharedTokens, service: Service
) -> None:
    """As when the client is closed meanwhile."""
    service.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        call = group.create_task(token_of(process))
        while not service.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # noqa: TID251
        call.cancel()
    service.may_answer.set()
    assert await token_of(other) == "token-2"


async def test_a_lock_that_is_never_given_back_does_not_stop_anybody(
    process: SharedTokens, service: Service, path: Path, clock: ManualClock, warnings: list[str]
) -> None:
    """A stopped process may hold it: after 90 seconds the others renew all the same, and say so."""
    path.parent.mkdir(mode=0o700)
    began = clock.monotonic()
    with FileLock(path.with_name("token.lock"), thread_local=False):
        async with asyncio.TaskGroup() as group:
            call = group.create_task(token_of(process))
            while not call.done():
                await until_asleep_or_done(clock, call)
                clock.advance(1.0 if clock.sleepers else 0.0)
    assert call.result() == "token-1"
    assert 90 <= clock.monotonic() - began <= 92
    assert len(warnings) == 1
    assert warnings[0].startswith("token file locked for too long")


@pytest.mark.parametrize("name", ["token", "token.lock"])
async def test_a_file_that_cannot_be_used_is_said_once_a_renewal_and_left_alone(
    process: SharedTokens, service: Service, path: Path, warnings: list[str], name: str
) -> None:
    """Each process then gets a token of its own."""
    path.parent.mkdir(mode=0o700)
    victim = path.with_name("victim")
    victim.write_text("untouched")
    path.with_name(name).symlink_to(victim)
    assert await token_of(process) == "token-1"
    assert await token_of(process) == "token-2"
    assert victim.read_text() == "untouched"
    assert path.with_name(name).is_symlink()
    assert len(warnings) == 2
    assert all(each.startswith("token file not used") and str(path) in each for each in warnings)


async def test_a_disk_that_is_full_costs_only_the_sharing(
    process: SharedTokens, path: Path, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token that was got is used, not asked for again."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    assert await token_of(process) == "token-1"
    assert TokenFile(path).read() is None
    assert "No space left on device" in warnings[0]
