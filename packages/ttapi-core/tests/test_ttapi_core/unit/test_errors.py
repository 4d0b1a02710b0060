# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The error tree: what each error says, carries and is caught by."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import pytest

from ttapi_core import errors
from ttapi_core.errors import TTError

FILE = Path("lake", "quotes.parquet")
EXAMPLES: list[TTError] = [
    TTError("something went wrong", hint="try again", request_id="r-1"),
    errors.ConfigError(["no data_dir", "history_years is -1"], hint="see the README"),
    errors.ApiError("the service is odd", request_id="r-2"),
    errors.HttpError("refused", status=418, server_code="teapot", hint="tea", request_id="r-3"),
    errors.NotFoundError("no symbol 'NOPE'", status=404),
    errors.RejectedError("no such field", status=422, server_code="validation_error"),
    errors.ServerError("bad gateway", status=502),
    errors.AuthError("the refresh token was refused", hint="log in again"),
    errors.RateLimitError("too many requests", retry_after_seconds=1.5),
    errors.TransportError("connection refused", sent=False),
    errors.TransportTimeoutError("no answer in 30 s"),
    errors.CircuitOpenError("market-data is resting", retry_in_seconds=12.0, hint="wait"),
    errors.DecodeError(path="data.items[0].bid", expected="a decimal", found="'x'", request_id="r-4"),
    errors.DataError("the data is odd"),
    errors.SchemaError("quotes", ["column 'bid' is missing", "2 nulls in 'symbol'"]),
    errors.IncompleteDataError("history stops in 2019"),
    errors.UnknownDatasetError("no dataset 'qoutes'", hint="did you mean 'quotes'?"),
    errors.UnknownSymbolError("'???' cannot be a symbol"),
    errors.StorageError("disk trouble", path=FILE),
    errors.WriteError("disk full", path=FILE, hint="free some space"),
    errors.CorruptFileError("no footer", path=FILE),
    errors.LockedError("another process is writing", path=FILE),
    errors.ClusterError("no scheduler answers", hint="ask without a cluster"),
]
every_error = pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)


def family(parent: type[TTError]) -> set[type[TTError]]:
    """The class and all classes of ``ttapi_core.errors`` below it."""
    below = [family(child) for child in parent.__subclasses__() if child.__module__ == errors.__name__]
    return {parent}.union(*below)


def test_every_class_of_the_tree_has_an_example_here() -> None:
    """A new error is tested by all tests below, or this one fails."""
    assert {type(error) for error in EXAMPLES} == family(TTError)


def test_codes_are_unique_words() -> None:
    """A program can tell errors apart by ``code``."""
    codes = [kind.code for kind in family(TTError)]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in codes)


@every_error
def test_an_error_reads_as_its_message(error: TTError) -> None:
    """No quotes as of KeyError, no errno as of OSError, one line."""
    assert str(error) == error.message
    assert error.message
    assert "\n" not in error.message


@every_error
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling(error: TTError, protocol: int) -> None:
    """A worker process can hand its failure on: type, message and every field."""
    restored = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
    assert type(restored) is type(error)
    assert str(restored) == str(error)
    assert restored.args == error.args
    assert vars(restored) == vars(error)


@every_error
def test_an_error_can_be_copied(error: TTError) -> None:
    """A copy says the same, and what is noted on it stays off the original."""
    copied = copy.copy(error)
    copied.hint = "something else"
    copied.add_note("seen twice")
    assert copied.message == error.message
    assert error.hint != "something else"
    assert not hasattr(error, "__notes__")


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (errors.NotFoundError, (errors.HttpError, errors.ApiError, KeyError)),
        (errors.RejectedError, (errors.HttpError,)),
        (errors.ServerError, (errors.HttpError,)),
        (errors.TransportTimeoutError, (errors.TransportError, errors.ApiError, TimeoutError, OSError)),
        (errors.UnknownDatasetError, (errors.DataError, KeyError, LookupError)),
        (errors.UnknownSymbolError, (errors.DataError, KeyError)),
        (errors.StorageError, (TTError, OSError)),
        (errors.WriteError, (errors.StorageError, OSError)),
        (errors.CorruptFileError, (errors.StorageError,)),
        (errors.LockedError, (errors.StorageError,)),
    ],
)
def test_an_error_is_caught_by_its_families(kind: type[TTError], parents: tuple[type, ...]) -> None:
    """Callers who know only the built-in word for the trouble catch it too."""
    assert [parent for parent in parents if not issubclass(kind, parent)] == []


def test_only_what_may_go_well_later_is_retryable() -> None:
    """A retry reads ``retryable`` and never the text."""
    retryable = {type(error).__name__ for error in EXAMPLES if error.retryable}
    assert retryable == {
        "ServerError",
        "RateLimitError",
        "TransportError",
        "TransportTimeoutError",
        "CircuitOpenError",
        "IncompleteDataError",
        "LockedError",
        "ClusterError",
    }


@pytest.mark.parametrize("retryable", [True, False])
def test_whoever_raises_may_know_better_whether_to_retry(retryable: bool) -> None:
    """The class decides only where nothing is said."""
    assert errors.IncompleteDataError("cut short", retryable=retryable).retryable is retryable
    assert errors.DataError("odd", retryable=retryable).retryable is retryable


def test_problems_are_listed_in_full() -> None:
    """Every problem is in the message and in ``problems``."""
    config = errors.ConfigError(["no data_dir", "history_years is -1"])
    schema = errors.SchemaError("quotes", ["column 'bid' is missing", "2 nulls in 'symbol'"])
    assert (str(config), config.problems) == (
        "no data_dir; history_years is -1",
        ("no data_dir", "history_years is -1"),
    )
    assert str(schema) == "quotes: column 'bid' is missing; 2 nulls in 'symbol'"
    assert (schema.subject, len(schema.problems)) == ("quotes", 2)


def test_fields_beside_the_message_are_kept() -> None:
    """What a caller decides by is a field, not a part of the text."""
    http = errors.HttpError("refused", status=418, server_code="teapot")
    assert (http.status, http.server_code, http.hint, http.request_id) == (418, "teapot", None, None)
    assert errors.RateLimitError("slow down").retry_after_seconds is None
    assert errors.CircuitOpenError("resting", retry_in_seconds=12.0).retry_in_seconds == 12.0
    assert errors.TransportError("refused", sent=False).sent is False
    assert errors.TransportTimeoutError("no answer").sent is True
    assert errors.WriteError("disk full", path=FILE).path == FILE
    decode = errors.DecodeError(path="data.bid", expected="a decimal", found="'x'")
    assert (decode.path, decode.expected, decode.found) == ("data.bid", "a decimal", "'x'")
    assert decode.sample is None


def test_a_sample_is_kept_and_not_shown() -> None:
    """Who mends a decoder looks at it; no message, repr or log has it, and it survives pickling."""
    error = errors.DecodeError(path="data.bid", expected="a decimal", found="'x'", sample='{"bid": "x"}')
    assert "sample" not in repr(error)
    assert '{"bid"' not in f"{error} {error!r} {error.args}"
    assert pickle.loads(pickle.dumps(error)).sample == '{"bid": "x"}'  # noqa: S301 - our own bytes
