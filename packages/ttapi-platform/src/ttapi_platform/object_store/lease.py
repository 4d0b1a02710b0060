# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The lock of a lake in an object store: one small object that says who writes, and that expires.

It is written on the condition that nobody else has written it meanwhile, so that of several who want it one
gets it. Whoever has it renews it again and again; who has died does not, and is followed by the next one.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

import attrs
from loguru import logger

from ttapi_core.clock import SystemClock
from ttapi_core.errors import LockedError, StorageError
from ttapi_polars import object_files

if TYPE_CHECKING:
    from collections.abc import Generator

    from ttapi_core.object_paths import ObjectPath
    from ttapi_polars.object_files import StoredObject, Tag

LEASE_SECONDS: Final = 30.0
"""For so long after its last renewal a lock holds."""

_RENEWALS: Final = 3  # within that time
_SHORTEST_PAUSE_SECONDS: Final = 0.1
_PATIENCE_SECONDS: Final = 5.0  # of one renewal
_GIVING_BACK_SECONDS: Final = 2.0
_TRIES: Final = 5
_CLOCK: Final = "clock"
_HINT: Final = "wait for it to end, or name another --data-dir; of a process that has died the lock expires"


@attrs.frozen
class Holder:
    """Who has the lock, as its object says."""

    owner: str
    host: str
    pid: int
    since: datetime  # UTC, by the holder's clock, as the next one
    until: datetime
    lease_seconds: float

    @classmethod
    def of(cls, content: bytes) -> Holder | None:
        """
        What an object says; ``None`` when the lock was given back.

        Raises
        ------
        ValueError
            When it is no lock.
        """
        try:
            said = cast("dict[str, object]", json.loads(content))
            if said["owner"] is None:
                return None
            return cls(
                owner=str(said["owner"]),
                host=str(said["host"]),
                pid=int(str(said["pid"])),
                since=datetime.fromisoformat(str(said["acquired_at"])),
                until=datetime.fromisoformat(str(said["expires_at"])),
                lease_seconds=float(str(said["lease_seconds"])),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"it is no lock: {error}") from error

    def __str__(self) -> str:
        """In words, with the time at which its lock expires unless it is renewed."""
        since, until = f"{self.since:%Y-%m-%d %H:%M:%S}", f"{self.until:%H:%M:%S}"
        return f"process {self.pid} on {self.host}, since {since} UTC, until {until} UTC unless it goes on"

    def to_json(self) -> bytes:
        """The content of the object; never the same twice."""
        return _json(self.owner, self)


def holder_of(path: ObjectPath) -> Holder | None:
    """
    Who has a lock now; ``None`` when nobody has, or when it has expired.

    Raises
    ------
    StorageError
        When the store cannot be reached, or refuses.
    """
    found = object_files.read(path)
    if found is None:
        return None
    holder = _holder(*found)
    return None if holder is None or _has_expired(path, found[1], holder) else holder


@contextmanager
def held(path: ObjectPath) -> Generator[Lease]:
    """
    Have the lock; it is renewed meanwhile and given back in the end.

    Raises
    ------
    LockedError
        At once, when somebody else has it; the message says who and until when.
    WriteError, StorageError
        When the store cannot be reached, or refuses.
    """
    lease = _acquired(path)
    lease.start()
    try:
        yield lease
    finally:
        lease.give_back()


class Lease:
    """A lock that was acquired; the work of a thread is to renew it."""

    def __init__(self, path: ObjectPath, holder: Holder, tag: Tag) -> None:
        self._path = path
        self._holder = holder
        self._tag = tag
        self._is_lost = False
        self._turn = threading.Lock()  # to write the object, whose tag the next one needs
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._renew_again_and_again, name="ttapi-lease", daemon=True)

    def start(self) -> None:
        """Renew it from now on."""
        self._thread.start()

    def require(self) -> None:
        """
        Make sure that it is still ours, and will be for the time of a lease.

        Raises
        ------
        LockedError
            When somebody else has taken it over.
        WriteError
            When that cannot be found out.
        """
        with self._turn:
            self._renew()
        if self._is_lost:
            found = object_files.read(self._path)
            other = None if found is None else _holder(*found)
            who = "" if other is None else f", {other}"
            message = f"nothing was stored: the lock {self._path} was lost to another ttapi process{who}"
            raise LockedError(message, path=self._path, hint="run the same again")

    def give_back(self) -> None:
        """End the renewals, and let the next one have it at once; where that fails, it expires."""
        self._is_over.set()
        # A renewal that hangs is not waited for: what it writes expires.
        if not self._turn.acquire(timeout=_GIVING_BACK_SECONDS):
            return
        try:
            if not self._is_lost:
                self._is_lost = True
                object_files.put(
                    self._path,
                    _json(None, self._holder),
                    replacing=self._tag,
                    patience_seconds=_GIVING_BACK_SECONDS,
                )
        except StorageError as error:
            logger.bind(path=str(self._path), error=error.message).warning("lock not given back; it expires")
        finally:
            self._turn.release()
        self._thread.join(_GIVING_BACK_SECONDS)

    def _renew_again_and_again(self) -> None:
        pause = max(self._holder.lease_seconds / _RENEWALS, _SHORTEST_PAUSE_SECONDS)
        while not self._is_over.wait(pause):
            try:
                with self._turn:
                    self._renew()
            except StorageError as error:
                logger.bind(path=str(self._path), error=error.message).warning("lock not renewed yet")

    def _renew(self) -> None:
        if self._is_lost:
            return
        tag = self._put_again()
        if tag is None and (seen := self._seen_as_ours()) is not None:
            # An earlier renewal got there, and its answer was lost.
            self._tag = seen
            tag = self._put_again()
        if tag is None:
            self._is_lost = True
            logger.bind(path=str(self._path)).warning("lock lost to another process")
        else:
            self._tag = tag

    def _put_again(self) -> Tag | None:
        until = _now() + timedelta(seconds=self._holder.lease_seconds)
        self._holder = attrs.evolve(self._holder, until=until)
        return object_files.put(
            self._path, self._holder.to_json(), replacing=self._tag, patience_seconds=_PATIENCE_SECONDS
        )

    def _seen_as_ours(self) -> Tag | None:
        found = object_files.read(self._path, patience_seconds=_PATIENCE_SECONDS)
        other = None if found is None else _holder(*found)
        is_ours = other is not None and other.owner == self._holder.owner
        return found[1].tag if found is not None and is_ours else None


def _acquired(path: ObjectPath) -> Lease:
    for _ in range(_TRIES):
        found = object_files.read(path)
        other = None if found is None else _holder(*found)
        if found is not None and other is not None and not _has_expired(path, found[1], other):
            raise _locked(path, str(other))
        now = _now()
        holder = Holder(
            owner=secrets.token_hex(8),
            host=socket.gethostname(),
            pid=os.getpid(),
            since=now,
            until=now + timedelta(seconds=LEASE_SECONDS),
            lease_seconds=LEASE_SECONDS,
        )
        tag = object_files.put(path, holder.to_json(), replacing=None if found is None else found[1].tag)
        if tag is not None:
            return Lease(path, holder, tag)
    raise _locked(path, "others take the lock in turns")


def _locked(path: ObjectPath, who: str) -> LockedError:
    return LockedError(
        f"another ttapi process is writing to {path.parent.parent}: {who}", path=path, hint=_HINT
    )


def _has_expired(path: ObjectPath, seen: StoredObject, holder: Holder) -> bool:
    """By the store's clock alone, whatever the clocks of those who write say."""
    probe = path.parent / _CLOCK
    object_files.put_anyway(probe, b"")
    now = object_files.look(probe)
    return now is not None and (now.modified_at - seen.modified_at).total_seconds() >= holder.lease_seconds


def _holder(content: bytes, seen: StoredObject) -> Holder | None:
    try:
        return Holder.of(content)
    except ValueError:
        # Whatever it is, somebody has written it: it gets the time that a lock has.
        until = seen.modified_at + timedelta(seconds=LEASE_SECONDS)
        return Holder("", "a host that it does not name", 0, seen.modified_at, until, LEASE_SECONDS)


def _json(owner: str | None, holder: Holder) -> bytes:
    said = {
        "owner": owner,
        "host": holder.host,
        "pid": holder.pid,
        "acquired_at": holder.since.isoformat(),
        "expires_at": holder.until.isoformat(),
        "lease_seconds": holder.lease_seconds,
        "revision": secrets.token_hex(8),  # so that its tag tells each content from the others
    }
    return json.dumps(said, indent=1).encode()


def _now() -> datetime:
    return SystemClock().now().astimezone(UTC)
