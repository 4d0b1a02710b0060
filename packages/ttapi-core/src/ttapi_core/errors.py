# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can go wrong on outside trouble, grouped by what the caller can do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.object_paths import DataPath


class TTError(Exception):
    """
    Base of every error that TTAPI raises on outside trouble.

    Parameters
    ----------
    message
        What happened, to which thing, with which value; one line.
    hint
        What to try next, or ``None``.
    request_id
        The id under which the failed request was sent and logged, or ``None``.
    retryable
        Whether the same call may go well later; the class decides when not given.

    Examples
    --------
    >>> error = TTError("no quote for 'NOPE'", hint="check the spelling")
    >>> error.code, error.message, error.hint, error.retryable
    ('error', "no quote for 'NOPE'", 'check the spelling', False)
    """

    code: ClassVar[str] = "error"
    retryable_by_default: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        request_id: str | None = None,
        retryable: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.request_id = request_id
        self.retryable = self.retryable_by_default if retryable is None else retryable

    def __str__(self) -> str:
        # Written out because KeyError would print the repr and OSError its errno form.
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Python pickles an exception as a call with its args alone, and so without keyword-only parameters:
        # an error from a worker process would break its reader instead of reaching it.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[TTError], args: tuple[object, ...], state: dict[str, object]) -> TTError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigError(TTError):
    """
    Settings, credentials or arguments that cannot work; it lists every problem, not the first.

    Examples
    --------
    >>> str(ConfigError(["no data_dir", "history_years is -1"]))
    'no data_dir; history_years is -1'
    """

    code = "config"

    def __init__(self, problems: Sequence[str], *, hint: str | None = None) -> None:
        super().__init__("; ".join(problems), hint=hint)
        self.problems = tuple(problems)


class ApiError(TTError):
    """Trouble between us and the service."""

    code = "api"


class HttpError(ApiError):
    """The service answered, and the answer is a refusal; ``server_code`` is its own word for it."""

    code = "http"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        server_code: str | None = None,
        hint: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id)
        self.status = status
        self.server_code = server_code


class NotFoundError(HttpError, KeyError):
    """Status 404: the service knows no such route or thing."""

    code = "not_found"


class RejectedError(HttpError):
    """Another 4xx: understood and refused; sending it again changes nothing."""

    code = "rejected"


class ServerError(HttpError):
    """
    Status 408 or 5xx: the service or its gateway is in trouble; later it may go well.

    ``retry_after_seconds`` is ``None`` when it does not say how long to wait, as it seldom does.
    """

    code = "server"
    retryable_by_default = True

    def __init__(
        self,
        message: str,
        *,
        status: int,
        server_code: str | None = None,
        retry_after_seconds: float | None = None,
        hint: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, status=status, server_code=server_code, hint=hint, request_id=request_id)
        self.retry_after_seconds = retry_after_seconds


class AuthError(ApiError):
    """Credentials were refused, or a token expired and could not be renewed."""

    code = "auth"


class RateLimitError(ApiError):
    """Status 429; ``retry_after_seconds`` is ``None`` when the service does not say how long to wait."""

    code = "rate_limit"
    retryable_by_default = True

    def __init__(
        self,
        message: str,
        *,
        retry_after_seconds: float | None = None,
        hint: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id)
        self.retry_after_seconds = retry_after_seconds


class TransportError(ApiError):
    """No answer; ``sent=False`` means that nothing left this machine, so that repeating is always safe."""

    code = "transport"
    retryable_by_default = True

    def __init__(
        self,
        message: str,
        *,
        sent: bool = True,
        hint: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id)
        self.sent = sent


class TransportTimeoutError(TransportError, TimeoutError):
    """No answer within the time allowed."""

    code = "timeout"


class CircuitOpenError(ApiError):
    """Not sent: too many calls of this family failed just now; try again in ``retry_in_seconds``."""

    code = "circuit_open"
    retryable_by_default = True

    def __init__(
        self,
        message: str,
        *,
        retry_in_seconds: float,
        hint: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id)
        self.retry_in_seconds = retry_in_seconds


class DecodeError(ApiError):
    """
    An answer that is not what the service is known to send.

    ``sample`` is what it sent instead, for who mends the decoder: in part, and without anything private. It
    stands in no message; ``None`` when there is nothing that may be kept.

    Examples
    --------
    >>> str(DecodeError(path="data.items[3].strike-price", expected="a decimal", found="'abc'"))
    "data.items[3].strike-price: expected a decimal, found 'abc'"
    """

    code = "decode"

    def __init__(
        self,
        *,
        path: str,
        expected: str,
        found: str,
        request_id: str | None = None,
        sample: str | None = None,
    ) -> None:
        super().__init__(f"{path}: expected {expected}, found {found}", request_id=request_id)
        self.path = path
        self.expected = expected
        self.found = found
        self.sample = sample


class DataError(TTError):
    """The data itself is not as it has to be."""

    code = "data"


class SchemaError(DataError):
    """
    A frame or file that breaks its schema; it lists every problem, not the first.

    Examples
    --------
    >>> SchemaError("quotes", ["column 'bid' is missing", "column 'symbol' has 2 nulls"]).problems
    ("column 'bid' is missing", "column 'symbol' has 2 nulls")
    """

    code = "schema"

    def __init__(self, subject: str, problems: Sequence[str], *, hint: str | None = None) -> None:
        super().__init__(f"{subject}: {'; '.join(problems)}", hint=hint)
        self.subject = subject
        self.problems = tuple(problems)


class IncompleteDataError(DataError):
    """Data that stops short of what was asked; what came is never passed off as the whole."""

    code = "incomplete"
    retryable_by_default = True


class UnknownDatasetError(DataError, KeyError):
    """No dataset of that name."""

    code = "unknown_dataset"


class UnknownSymbolError(DataError, KeyError):
    """A symbol that cannot be one, or that the service does not know."""

    code = "unknown_symbol"


class StorageError(TTError, OSError):
    """Trouble with the disk or the object store below the lake; ``path`` says where."""

    code = "storage"

    def __init__(
        self, message: str, *, path: DataPath, hint: str | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message, hint=hint, retryable=retryable)
        self.path = path


class WriteError(StorageError):
    """A file could not be written; what was stored before is untouched."""

    code = "write"


class CorruptFileError(StorageError):
    """A file is damaged or was not written by us."""

    code = "corrupt_file"


class LockedError(StorageError):
    """Another process is writing to this lake."""

    code = "locked"
    retryable_by_default = True


class ClusterError(TTError):
    """
    A cluster of workers cannot be reached, has gone away, or does not fit; nothing stored was changed.

    The same question can be asked again, of the cluster or on this machine alone.
    """

    code = "cluster"
    retryable_by_default = True
