# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Samples: what may be kept of an answer that could not be decoded."""

from __future__ import annotations

import pytest

from ttapi_client.samples import sample_of_object, sample_of_text, shown_text


def test_the_shape_of_a_body_is_kept_and_its_words_are_not() -> None:
    """Keys, tags and JSON's own words are nobody's secret; values are."""
    body = b'{"account-number": "5WX00001", "owner" : "Ada Lovelace", "x": [1.5e-3, NaN, true'
    shown = '{"account-number": "0xx00000", "owner" : "xxx xxxxxxxx", "x": [0.0x-0, NaN, true'
    assert sample_of_text(body, path="GET /x") == shown
    page = b"<html><h1>502 Bad Gateway</h1>"
    assert sample_of_text(page, path="GET /x") == "<html><x0>000 xxx xxxxxxx</x0>"


@pytest.mark.parametrize("key", ["5WX00001", "Secret", "a1", "ключ", "k" * 41])
def test_a_key_that_may_be_a_value_is_hidden(key: str) -> None:
    """The service writes keys in small letters; an account number as a key is still one."""
    assert key not in str(sample_of_object({key: 1}, path="x"))
    assert key not in str(sample_of_text(f'{{"{key}": 1'.encode(), path="GET /x"))


def test_what_is_below_an_object_is_left_out() -> None:
    """An error is about the object that it names."""
    values = {"a": {"b": "canary"}, "c": ["canary"], "d": "5.00", "e": None, "f": False, "g": -1.5, "h": 7}
    shown = '{"a": {...}, "c": [...], "d": "0.00", "e": null, "f": false, "g": -0.0, "h": 0}'
    assert sample_of_object(values, path="x") == shown


def test_a_value_that_looks_like_a_key_is_hidden() -> None:
    """Within an object, values and keys are told apart."""
    assert sample_of_object({"a": '"secret":'}, path="x") == '{"a": ""xxxxxx":"}'


def test_no_sample_is_taken_where_tokens_are() -> None:
    """Not even how long one is."""
    assert sample_of_text(b'{"access_token": "canary', path="POST /oauth/token") is None
    assert sample_of_text(b'{"data": {"tok', path="GET /api-quote-tokens") is None
    assert sample_of_object({"access_token": "canary", "expires_in": "soon"}, path="x") is None
    assert sample_of_object({"data": "canary"}, path="/oauth/token") is None


def test_a_sample_is_short() -> None:
    """Whatever the size of the body."""
    assert len(str(sample_of_text(b"\xff" * 10_000, path="GET /x"))) == 500
    assert len(str(sample_of_object({"k" * each: "x" * 1000 for each in range(1, 30)}, path="x"))) == 500


def test_a_sample_steers_no_terminal() -> None:
    """Nor does it break the line that it is printed on."""
    assert sample_of_text(b"<p>\r\n\x1b[31m", path="GET /x") == "<p>   [00x"
    assert sample_of_object({"a": "\x1b[2J\u202e"}, path="x") == '{"a": " [0x "}'


@pytest.mark.parametrize("text", ["", "soon", "1.5", "-7", "2026-02-30", "no items", "Buy to Open"])
def test_a_word_or_a_number_is_shown_as_it_is(text: str) -> None:
    """It is what one has to see, and says nothing of anybody."""
    assert shown_text(text) == text


@pytest.mark.parametrize(
    "text", ["5WX00001", "c4nary", "eyJ0eXAi", "a" * 21, "Ada Lovelace of London", "1" * 21]
)
def test_what_may_be_private_is_not_shown(text: str) -> None:
    """Letters among digits, or more than a word."""
    assert len(shown_text(text)) == len(text)
    assert set(shown_text(text)) <= set("x0 ")
