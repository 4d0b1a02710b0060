# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sharing a token between processes: one of them renews it, the others find it in the token file."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from ttapi_client.auth.access_token import LONGEST_LIFETIME_SECONDS, AccessToken, Refusal
from ttapi_client.auth.moment import Moment
from ttapi_client.auth.private_file import PrivateFileError
from ttapi_client.auth.token_file import TokenRecord
from ttapi_client.logs import bound

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ttapi_client.auth.access_token import TokenSource
    from ttapi_client.auth.token_file import TokenFile
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret

REFUSED_SECONDS: Final = 900.0  # four tries an hour stay clear of the block (API facts 1.7)
_LONGEST_TURN_SECONDS: Final = 90.0  # in which a renewal has gone well or failed
_POLL_SECONDS: Final = 0.05


class SharedTokens:
    """
    Gets tokens from the token file, and what is missing there from the service; a ``TokenSource``.

    Who renews holds a lock of the kernel, which falls when a process ends, however it ends; the others wait
    for what comes out of it. Credentials that the service refused are not tried again for 15 minutes by any
    process that shares the file. The file is a comfort: one that cannot be used is logged, and each process
    gets a token of its own.

    Parameters
    ----------
    source
        Asks the service.
    file
        Where processes meet.
    credentials
        The digest of those that ``source`` uses.
    clock
        Ages what is in the file, and waits.
    """

    def __init__(self, source: TokenSource, file: TokenFile, *, credentials: str, clock: Clock) -> None:
        self._source = source
        self._file = file
        self._credentials = credentials
        self._clock = clock

    async def renew(self, *, instead_of: Secret | None) -> AccessToken | Refusal:
        """
        A token that another process got, or a new one.

        Raises
        ------
        ApiError
            When the service cannot be asked.
        """
        new: AccessToken | Refusal | None = None
        try:
            if (known := await self._known(instead_of)) is not None:
                return known
            async with self._turn():
                if (known := await self._known(instead_of)) is not None:
                    return known
                new = await self._source.renew(instead_of=instead_of)
                await self._tell(new)
        except PrivateFileError as error:
            bound(error=str(error)).warning("token file not used")
        return new or await self._source.renew(instead_of=instead_of)

    async def _known(self, instead_of: Secret | None) -> AccessToken | Refusal | None:
        """What the file says, if it is of use."""
        record = await asyncio.to_thread(self._file.read)
        if record is None or record.credentials != self._credentials:
            return None
        age = record.at.age_seconds(self._clock)
        if age is None:
            return None
        if record.token is None:
            return self._refused(REFUSED_SECONDS - age) if age < REFUSED_SECONDS else None
        found = AccessToken(
            token=record.token,
            lifetime_seconds=min(record.lifetime_seconds, LONGEST_LIFETIME_SECONDS),
            asked_at=self._clock.monotonic() - age,
        )
        is_good = found.token != instead_of and self._clock.monotonic() < found.renew_at
        return found if is_good else None

    def _refused(self, remaining_seconds: float) -> Refusal:
        minutes = math.ceil(remaining_seconds / 60)
        return Refusal(
            message="the service refused these credentials when another process tried them",
            hint=f"other credentials are tried at once, these again in {minutes} min: "
            "the service blocks an address that logs in wrongly too often",
            until=self._clock.monotonic() + remaining_seconds,
        )

    async def _tell(self, new: AccessToken | Refusal) -> None:
        """Write down what the others can use."""
        if isinstance(new, AccessToken):
            record = TokenRecord(
                credentials=self._credentials,
                at=Moment.of(self._clock, monotonic=new.asked_at),
                token=new.token,
                lifetime_seconds=new.lifetime_seconds,
            )
        elif new.until == math.inf:
            record = TokenRecord(
                credentials=self._credentials, at=Moment.of(self._clock), token=None, lifetime_seconds=0.0
            )
        else:
            return  # it may not have been the service that spoke
        await asyncio.to_thread(self._file.write, record)

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Be the only one who renews; after a time that no renewal takes, do it all the same."""
        lock = FileLock(self._file.lock_path, mode=0o600, blocking=False, thread_local=False)
        late_at = self._clock.monotonic() + _LONGEST_TURN_SECONDS
        while not _taken(lock):
            if self._clock.monotonic() >= late_at:
                bound(wait_seconds=_LONGEST_TURN_SECONDS).warning("token file locked for too long")
                break
            await self._clock.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            lock.release()


def _taken(lock: FileLock) -> bool:
    """One try, which takes some microseconds."""
    try:
        lock.acquire()
    except Timeout:
        return False
    except OSError as error:
        raise PrivateFileError(f"{lock.lock_file} cannot be locked: {error.strerror or error}") from error
    return True
