# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The way to a cluster: one that is there already, or processes of our own for as long as they are needed."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import warnings
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypedDict, TypeVar, cast
from urllib.parse import urlsplit

from ttapi_core.errors import ClusterError, ConfigError
from ttapi_platform.clusters.plain_errors import keep_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from ssl import SSLContext
    from urllib.parse import SplitResult

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

CONNECTING_SECONDS: Final = 10
"""How long a scheduler may take to answer; Dask itself asks again and again for 30."""

_CLOSING_SECONDS: Final = 10
_HINT: Final = '`pip install "ttapi-onboarding[dask]"`'
_NOBODY: Final = "check the address, such as tcp://10.0.0.7:8786, and that `dask scheduler` runs there"
# By how it was called: somebody is there, who does not talk with us.
_NO_TALK: Final = {
    "tcp": "is it a `dask scheduler`? One that encrypts is called tls://, and wants certificates",
    "tls": "name certificates of its authority in DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and"
    " …__CLIENT__KEY; a scheduler that does not encrypt is called tcp://",
}
# With levels of their own; all others of Dask's have that of the first.
_LOGGERS: Final = ("distributed", "distributed.client", "distributed.gc")
# Set in this process for those that are started.
_VARIABLES: Final = frozenset({"PYTHONHASHSEED", "__DASK_PARENT_PID"})
_CONFIG: Final[Mapping[str, object]] = {
    "distributed.comm.timeouts.connect": f"{CONNECTING_SECONDS}s",
    # Dask would set them in this process, too, where they change what numpy works out.
    "distributed.nanny.pre-spawn-environ": {},
    # It opens ports for pages on how it is doing, whoever looks; these are none that anyone asked for.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


class Future(Protocol[R_co]):
    """What we need of ``distributed.Future``, which brings few types of its own."""

    def exception(self, *, timeout: float) -> Exception | None:
        """Wait for the end of the work: what it raised, if anything; raises TimeoutError if it goes on."""
        ...

    def release(self) -> None:
        """Let the cluster forget it, and give up what has not begun."""
        ...


class Client(Protocol):
    """What we need of ``distributed.Client``."""

    def map(self, work: Callable[[T], R], items: Sequence[T], *, pure: bool) -> list[Future[R]]:
        """Send each item to a worker."""
        ...

    def gather(self, futures: Sequence[Future[R]]) -> list[R]:
        """Fetch what they gave, in order."""
        ...

    def nthreads(self) -> Mapping[str, int]:
        """Threads of each worker, by its address."""
        ...

    def wait_for_workers(self, n_workers: int, *, timeout: float) -> None:
        """Return when there are so many; raises TimeoutError when there are not."""
        ...

    def get_versions(self, *, packages: Collection[str]) -> _Everywhere:
        """What is installed here and there."""
        ...

    def close(self, *, timeout: float) -> None:
        """Leave the cluster."""
        ...


class _Encryption(TypedDict):
    ssl_context: SSLContext | None  # none without certificates
    require_encryption: bool


class _Security(Protocol):
    def get_connection_args(self, role: str) -> _Encryption: ...


class _LocalCluster(Protocol):
    scheduler_address: str

    def close(self, *, timeout: float) -> None: ...


class _Installed(TypedDict):
    packages: dict[str, str | None]


class _Everywhere(TypedDict):
    client: _Installed
    workers: dict[str, _Installed]


@contextmanager
def connected(scheduler: str | None, *, workers: int | None = None) -> Generator[Client]:
    """
    Be a client of a scheduler; what Dask logs is not shown in the meantime.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.0.0.7:8786``. Without one a cluster of processes is started on this
        machine, one thread each, and ended again.
    workers
        How many processes; as many as there are processors without it.

    Raises
    ------
    ConfigError
        When the package ``distributed`` is not installed.
    ClusterError
        When the scheduler does not answer, or the processes do not start.
    """
    dask = _imported()
    with _quiet(), dask.settings(_CONFIG):
        if scheduler is not None:
            with _client_of(scheduler, dask) as client:
                yield client
            return
        number = workers or dask.processors
        threads = max(1, dask.processors // number)
        with (
            _local_cluster(number, dask, threads=threads) as address,
            _client_of(address, dask) as client,
        ):
            yield client


class _Dask(NamedTuple):
    """What we use of the packages, with types."""

    client: Callable[..., Client]
    security: Callable[[], _Security]
    local_cluster: Callable[..., _LocalCluster]
    settings: Callable[[Mapping[str, object]], AbstractContextManager[object]]
    processors: int


def _imported() -> _Dask:
    try:
        # An extra, and it takes half a second.
        import distributed  # noqa: PLC0415
        from dask import config, system  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(["dask.distributed is not installed"], hint=_HINT) from error
    keep_plain()
    return _Dask(
        client=cast("Callable[..., Client]", distributed.Client),
        security=cast("Callable[[], _Security]", distributed.Security),
        local_cluster=cast("Callable[..., _LocalCluster]", distributed.LocalCluster),
        settings=config.set,
        processors=system.CPU_COUNT,
    )


@contextmanager
def _local_cluster(workers: int, dask: _Dask, *, threads: int) -> Generator[str]:
    with ExitStack() as stack:
        stack.enter_context(_variables_kept())
        with _undisturbed():
            try:
                cluster = dask.local_cluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                    silence_logs=logging.CRITICAL + 1,
                    # A process has one piece of work at a time, and Polars streams through it.
                    memory_limit=None,
                    # Else each of them would start as many threads of Polars as there are processors.
                    env={"POLARS_MAX_THREADS": str(threads)},
                )
            except (OSError, RuntimeError) as error:
                message = f"no cluster can be started on this machine: {_reason(error)}"
                raise ClusterError(message, hint="try again with fewer --workers") from error
            # Before a signal that has waited is heard of.
            stack.callback(cluster.close, timeout=_CLOSING_SECONDS)
        yield cluster.scheduler_address


@contextmanager
def _client_of(address: str, dask: _Dask) -> Generator[Client]:
    place = urlsplit(address if "://" in address else f"tcp://{address}")
    hint = _NOBODY
    try:
        if place.scheme in _NO_TALK:
            with _knock(place) as plain:
                hint = _NO_TALK[place.scheme]
                _hear(plain, place, dask.security().get_connection_args("client"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions that differ, of which we say more
            client = dask.client(address, timeout=CONNECTING_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler answers at {address}: {_reason(error)}", hint=hint) from error
    try:
        yield client
    finally:
        client.close(timeout=_CLOSING_SECONDS)


def _knock(place: SplitResult) -> socket.socket:
    """
    Connect, to have that refused at once: Dask would go on to ask, and leave a thread when it gives up.

    Raises
    ------
    OSError
        When nobody is there.
    ValueError
        When it is no address of a port.
    """
    if place.port is None:
        raise ValueError("there is no port in it")
    return socket.create_connection((place.hostname, place.port), timeout=CONNECTING_SECONDS)


def _hear(plain: socket.socket, place: SplitResult, ours: _Encryption) -> None:
    """
    Hear the first word of a scheduler: where encryption does not fit, Dask would leave a thread behind.

    Raises
    ------
    OSError
        When it says nothing, does not encrypt, or has a certificate of another authority.
    ValueError
        When Dask's own configuration does not allow this.
    """
    if place.scheme == "tls":
        if ours["ssl_context"] is None:
            raise ValueError("Dask's configuration names no certificates")
        ours["ssl_context"].wrap_socket(plain).close()
    elif ours["require_encryption"]:
        raise ValueError("Dask's configuration requires encryption")
    elif not plain.recv(1):  # one that encrypts waits until it is spoken to
        raise ConnectionError("it has nothing to say")


@contextmanager
def _variables_kept() -> Generator[None]:
    """What Dask sets in the environment for its processes is gone with them."""
    before = set(os.environ)
    try:
        yield
    finally:
        for name in _VARIABLES.difference(before):
            os.environ.pop(name, None)


@contextmanager
def _undisturbed() -> Generator[None]:
    """
    Let signals wait, so that no cluster is left half started, and keep ctrl-C from its processes.

    A terminal sends that to all of them, and a worker that hears of it ends with a traceback. What a thread
    has blocked when it starts another, or a process, is blocked there for good.
    """
    # Started with the first process, it would have what is blocked no longer so.
    resource_tracker.ensure_running()
    with _delayed((signal.SIGINT, signal.SIGTERM)), _blocked({signal.SIGINT}):
        yield


@contextmanager
def _delayed(signals: Sequence[signal.Signals]) -> Generator[None]:
    """Raise what these raise at the end of the block, wherever the system has them arrive."""
    if threading.current_thread() is not threading.main_thread():  # they raise nothing anywhere else
        yield
        return
    received: list[int] = []
    handlers = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        signal.signal(number, lambda number, _frame: received.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for first in received[:1]:
            signal.raise_signal(first)


@contextmanager
def _blocked(signals: Collection[signal.Signals]) -> Generator[None]:
    """Block these in this thread, and in whatever it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _quiet() -> Generator[None]:
    """Dask's loggers, which have handlers of their own for stderr, as good as silent."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _reason(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
