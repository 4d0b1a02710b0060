# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an object store says when it does not do what it was asked for: in one line, and without secrets."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ttapi_core.object_paths import ObjectPath

CREDENTIALS: Final = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
    "gs": "GOOGLE_SERVICE_ACCOUNT or GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
"""By scheme, the environment variables that say who asks."""

_WHERE: Final = {"s3": "; AWS_ENDPOINT_URL says which one it is, where it is not Amazon's own"}

# How obstore and Polars word what the same library below them reports; the last is how Polars says that the
# region of a bucket cannot be found out.
_OF_A_STORE: Final = re.compile(
    r"object-store error|Generic \w+ error:|Error performing [A-Z]+ |Error getting credentials"
    r"|^error sending request for url"
)
_STATUS: Final = re.compile(r"status code: (\d{3})")
# The code alone: the message beside it may repeat what was signed.
_CODE: Final = re.compile(r"<Code>(\w+)</Code>|\"status\": ?\"([A-Z_]+)\"")
_NO_BUCKET: Final = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist|InvalidBucketName")
_REFUSED: Final = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|InvalidSecurity|AuthorizationHeader"
    r"|AuthenticationFailed|RequestTimeTooSkewed|MissingSecurityHeader"
)
# Without credentials, the service is asked that gives some to machines in the cloud.
_NO_CREDENTIALS: Final = re.compile(
    r"/latest/api/token|/latest/meta-data|169\.254\.|metadata\.google|/metadata/identity"
    r"|Error getting credentials|missing credentials|Missing SecretAccessKey|Missing AccessKeyId"
    r"|Account must be specified"
)
_REFUSING: Final = frozenset({401, 403})
_LATER: Final = frozenset({408, 429})
_SERVER_TROUBLE: Final = 500
_NETWORK: Final = re.compile(
    r"error sending request|error decoding response body|request or response body|HTTP error|timed out"
    r"|connection|end of file|after \d+ retries",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a store did not do what it was asked for."""

    reason: str
    hint: str
    is_retryable: bool = False
    is_about_credentials: bool = False


def store_errors() -> tuple[type[BaseException], ...]:
    """The errors of obstore, which share no base with others; none while nobody has imported it."""
    module = sys.modules.get("obstore.exceptions")
    return () if module is None else (module.BaseError,)


def is_of_bucket(error: FileNotFoundError) -> bool:
    """Whether it is the bucket that is not there, and not the object alone."""
    return _NO_BUCKET.search(str(error)) is not None


def has_no_credentials(error: BaseException) -> bool:
    """Whether nothing on this machine says who asks."""
    return _NO_CREDENTIALS.search(str(error)) is not None


def refusal(error: BaseException, path: ObjectPath) -> Refusal | None:
    """What an error says about a store; ``None`` for one that is not about a store."""
    said = str(error)
    if not (isinstance(error, (*store_errors(), FileNotFoundError)) or _OF_A_STORE.search(said)):
        return None
    status = int(found[1]) if (found := _STATUS.search(said)) else None
    if status in _REFUSING or _REFUSED.search(said) or has_no_credentials(error):
        return _of_credentials(said, status, path)
    wrong = _of_address(error, said, path)
    if wrong is not None:
        return wrong
    if (status or 0) >= _SERVER_TROUBLE or status in _LATER or _NETWORK.search(said):
        return Refusal(
            reason=f"the store cannot be reached now{_in_brackets(said, status) or _network_words(said)}",
            hint=f"try again later{_WHERE.get(path.scheme, '')}",
            is_retryable=True,
        )
    first = next(iter(said.splitlines()), type(error).__name__)
    told = _in_brackets(said, status) or f": {first}"
    return Refusal(reason=f"the store refuses{told}", hint="check the address")


def _of_address(error: BaseException, said: str, path: ObjectPath) -> Refusal | None:
    if _NO_BUCKET.search(said):
        hint = "make the bucket, or name another one with --data-dir; is it of another region or endpoint?"
        return Refusal(reason=f"there is no bucket {path.bucket}", hint=hint)
    if "BadScheme" in said:
        hint = "AWS_ALLOW_HTTP=true permits it, for a store on a network of your own"
        return Refusal(reason="its address begins with http://, which is not permitted", hint=hint)
    if isinstance(error, FileNotFoundError) or "status code: 404" in said:
        return Refusal(reason="there is no such object", hint="check the address")
    return None


def _of_credentials(said: str, status: int | None, path: ObjectPath) -> Refusal:
    has_none = _NO_CREDENTIALS.search(said)
    told = "wants credentials, and finds none" if has_none else f"refuses access{_in_brackets(said, status)}"
    return Refusal(
        reason=f"the store {told}",
        hint=f"set {CREDENTIALS[path.scheme]} for somebody who may read and write there",
        is_about_credentials=True,
    )


def _in_brackets(said: str, status: int | None) -> str:
    code = next(filter(None, found.groups()), "") if (found := _CODE.search(said)) else ""
    words = " ".join(filter(None, ["" if status is None else str(status), code]))
    return f" ({words})" if words else ""


def _network_words(said: str) -> str:
    causes = re.findall(r"(?:^\s*\d+: |HTTP error: )(.+)$", said, re.MULTILINE)
    return f" ({causes[-1].split(' (os error')[0].strip()})" if causes else ""
