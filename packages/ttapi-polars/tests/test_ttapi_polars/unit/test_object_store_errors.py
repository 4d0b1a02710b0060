# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What stores say, as obstore and Polars hand it on, becomes one line with what to try and no secret."""

from __future__ import annotations

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError
from polars.exceptions import ComputeError

from ttapi_core.errors import CorruptFileError, StorageError, WriteError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars.object_store_errors import CREDENTIALS, refusal
from ttapi_polars.storage_errors import reading, writing

PATH = ObjectPath("s3", "market", "lakes/sandbox/quotes.csv")
SIGNED = "AWS4-HMAC-SHA256 AKIDEXAMPLE 20260701/us-east-1/s3/aws4_request 4711"

# As obstore 0.12 and Polars 2.1 word them, the bodies as S3, Google and Azure send them.
SAID = {
    "absent": FileNotFoundError(
        "Object at location a not found: Error performing GET http://store:9/market/a in 2ms - Server"
        " returned non-2xx status code: 404 Not Found: <Error><Code>NoSuchKey</Code></Error>"
    ),
    "absent, without a body": FileNotFoundError(
        "Object at location a not found: ... status code: 404 Not Found"
    ),
    "no bucket": FileNotFoundError(
        "Object at location a not found: Error performing PUT http://store:9/market/a in 2ms - Server"
        " returned non-2xx status code: 404 Not Found: <Error><Code>NoSuchBucket</Code></Error>"
    ),
    "no bucket, when listed": GenericError(
        "Generic S3 error: Error performing list request: Error performing GET http://store:9/market in 2ms"
        " - Server returned non-2xx status code: 404 Not Found: <Error><Code>NoSuchBucket</Code></Error>"
    ),
    "no container": GenericError(
        "Generic MicrosoftAzure error: Error performing PUT https://a.blob.core.windows.net/market/a in 2ms -"
        " Server returned non-2xx status code: 404 Not Found: <Error><Code>ContainerNotFound</Code></Error>"
    ),
    "denied": PermissionDeniedError(
        "The operation lacked the necessary privileges to complete for path a: Error performing GET"
        " http://store:9/market/a in 2ms - Server returned non-2xx status code: 403 Forbidden:"
        " <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    ),
    "wrong signature": OSError(
        "object-store error: Generic S3 error: Error performing GET http://store:9/market/a in 2ms - Server"
        " returned non-2xx status code: 403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code>"
        f"<StringToSign>{SIGNED}</StringToSign></Error> (path: s3://market/a)"
    ),
    "expired": GenericError(
        "Generic S3 error: Error performing GET http://store:9/market/a in 2ms - Server returned non-2xx"
        " status code: 400 Bad Request: <Error><Code>ExpiredToken</Code></Error>"
    ),
    "no credentials": GenericError(
        "Generic S3 error: Error performing PUT http://169.254.169.254/latest/api/token in 3s - HTTP error:"
        " error sending request"
    ),
    "no credentials, refused": GenericError(
        "Generic S3 error: Error performing PUT http://169.254.169.254/latest/api/token in 3ms - Server"
        " returned non-2xx status code: 403 Forbidden: denied"
    ),
    "half of the credentials": GenericError("Generic S3 error: Missing SecretAccessKey"),
    "no account": GenericError("Generic MicrosoftAzure error: Account must be specified"),
    "slow down": GenericError(
        "Generic S3 error: Error performing PUT http://store:9/market/a in 60s, after 12 retries,"
        " max_retries: 20, retry_timeout: 60s - Server returned non-2xx status code: 503 Service Unavailable:"
        " <Error><Code>SlowDown</Code></Error>"
    ),
    "refused": OSError(
        "object-store error: Generic S3 error: Error performing GET http://store:9/market/a in 251ms, after"
        " 1 retries, max_retries: 1, retry_timeout: 30s  - HTTP error: error sending request (path: s3://a/b)\n\n"
        "Caused by:\n    0: client error (Connect)\n    1: tcp connect error\n"
        "    2: Connection refused (os error 111)"
    ),
    "no way to the region": OSError(
        "error sending request for url (https://market.s3.amazonaws.com/)\n\nCaused by:\n"
        "    0: client error (Connect)\n    1: dns error\n    2: failed to lookup address information"
    ),
    "cut": GenericError(
        "Generic S3 error: HTTP error: request or response body error\n\nDebug source:\nGeneric {\n}"
    ),
    "no TLS": GenericError(
        "Generic S3 error: Error performing GET http://store:9/market/a in 140µs - HTTP error: builder"
        " error\n\nDebug source:\nsource: BadScheme"
    ),
    "too long": GenericError(
        "Generic S3 error: Error performing PUT http://store:9/market/a in 2ms - Server returned non-2xx"
        " status code: 400 Bad Request: <Error><Code>KeyTooLongError</Code></Error>"
    ),
    "odd": GenericError("Generic S3 error: something new\nand more of it"),
}
REASONS = {
    "absent": "there is no such object",
    "absent, without a body": "there is no such object",
    "no bucket": "there is no bucket market",
    "no bucket, when listed": "there is no bucket market",
    "no container": "there is no bucket market",
    "denied": "the store refuses access (403 AccessDenied)",
    "wrong signature": "the store refuses access (403 SignatureDoesNotMatch)",
    "expired": "the store refuses access (400 ExpiredToken)",
    "no credentials": "the store wants credentials, and finds none",
    "no credentials, refused": "the store wants credentials, and finds none",
    "half of the credentials": "the store wants credentials, and finds none",
    "no account": "the store wants credentials, and finds none",
    "slow down": "the store cannot be reached now (503 SlowDown)",
    "refused": "the store cannot be reached now (Connection refused)",
    "no way to the region": "the store cannot be reached now (failed to lookup address information)",
    "cut": "the store cannot be reached now (request or response body error)",
    "no TLS": "its address begins with http://, which is not permitted",
    "too long": "the store refuses (400 KeyTooLongError)",
    "odd": "the store refuses: Generic S3 error: something new",
}
LATER = {"slow down", "refused", "no way to the region", "cut"}


@pytest.mark.parametrize("case", SAID)
def test_trouble_with_reading_is_told_in_a_line(case: str) -> None:
    """With the address, and whether it may go well later."""
    with pytest.raises(StorageError) as caught, reading(PATH):
        raise SAID[case]
    assert caught.value.message == f"cannot read {PATH}: {REASONS[case]}"
    assert caught.value.retryable is (case in LATER)
    assert caught.value.path == PATH
    assert not isinstance(caught.value, WriteError | CorruptFileError)
    assert "4711" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("case", SAID)
def test_trouble_with_writing_is_told_in_the_same_way(case: str) -> None:
    """As an error of writing."""
    with pytest.raises(WriteError) as caught, writing(PATH):
        raise SAID[case]
    assert caught.value.message == f"cannot write {PATH}: {REASONS[case]}"
    assert caught.value.retryable is (case in LATER)


@pytest.mark.parametrize("scheme", CREDENTIALS)
def test_what_is_about_credentials_names_the_variables_and_keeps_the_rest_to_itself(scheme: str) -> None:
    """Not even a traceback shows what was signed."""
    path = ObjectPath(scheme, "market", "a")
    with pytest.raises(StorageError) as caught, reading(path):
        raise SAID["wrong signature"]
    assert CREDENTIALS[scheme] in str(caught.value.hint)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("scheme", "is_told"), [("s3", True), ("gs", False), ("az", False)])
def test_where_a_store_of_another_provider_is_named_is_told_where_it_can_be(
    scheme: str, is_told: bool
) -> None:
    """With the language of S3, that is."""
    found = refusal(SAID["slow down"], ObjectPath(scheme, "market", "a"))
    assert found is not None
    assert found.hint.startswith("try again later")
    assert ("AWS_ENDPOINT_URL" in found.hint) is is_told


def test_the_cause_of_other_trouble_is_kept() -> None:
    """For whoever looks for it."""
    with pytest.raises(StorageError) as caught, reading(PATH):
        raise SAID["cut"]
    assert caught.value.__cause__ is SAID["cut"]


def test_an_object_that_is_no_parquet_file_is_damaged() -> None:
    """That is not the store's trouble."""
    error = ComputeError("parquet: File out of specification: the file does not end with PAR1")
    assert refusal(error, PATH) is None
    with pytest.raises(CorruptFileError, match="the file does not end with PAR1"), reading(PATH):
        raise error


def test_an_error_of_ours_is_left_as_it_is() -> None:
    """One that a block within has told already."""
    told = WriteError("cannot write it: the store cannot be reached now", path=PATH, retryable=True)
    with pytest.raises(WriteError) as caught, writing(PATH), reading(PATH):
        raise told
    assert caught.value is told
