# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for any bytes that a terminal may send, and for scrolling to anywhere."""

from __future__ import annotations

from hypothesis import given, strategies as st

from ttapi_onboarding.watching.keys import Key, KeyReader, scrolled

SENT = {
    b"q": Key.QUIT,
    b"\x1b[A": Key.UP,
    b"\x1bOB": Key.DOWN,
    b"\x1b[5~": Key.PAGE_UP,
    b"\x1b[6~": Key.PAGE_DOWN,
    b"\x1b[H": Key.HOME,
    b"\x1b[F": Key.END,
    b"\x1b[1;5C": None,  # ctrl and an arrow: nothing here
    b"x": None,
    "é".encode(): None,
}


@given(st.lists(st.sampled_from(list(SENT))), st.data())
def test_keys_are_found_however_their_bytes_are_cut(pressed: list[bytes], data: st.DataObject) -> None:
    """A slow line may bring the bytes of one key one by one."""
    whole = b"".join(pressed)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)))))
    reader = KeyReader()
    pieces = [whole[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    found = [key for piece in pieces for key in reader.read(piece)]
    assert found == [key for each in pressed if (key := SENT[each]) is not None]


@given(st.lists(st.binary()), st.integers(0, 3))
def test_no_bytes_keep_q_from_being_heard(noise: list[bytes], extra: int) -> None:
    """Whatever came before, at the latest the second q ends it."""
    reader = KeyReader()
    for piece in noise:
        reader.read(piece)
    assert Key.QUIT in [*reader.read(b"q" * (2 + extra))]


@given(
    st.integers(-5, 500),
    st.lists(st.sampled_from(list(Key)), min_size=1),
    st.integers(0, 300),
    st.integers(0, 60),
)
def test_scrolling_stays_within_the_rows(top: int, keys: list[Key], rows: int, page: int) -> None:
    """The last page is full, and the first begins with the first row."""
    for key in keys:
        top = scrolled(top, key, rows=rows, page=page)
        assert 0 <= top <= max(0, rows - page)
