# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of credentials at rest: where they are kept, who may read them, and what a bad keyring comes to."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import chainer

from test_ttapi_onboarding import keyrings
from test_ttapi_onboarding.keyrings import (
    ForgetfulKeyring,
    LockedKeyring,
    MemoryKeyring,
    PlainKeyring,
    SilentKeyring,
    TalkativeKeyring,
)
from ttapi_core.errors import ConfigError
from ttapi_core.settings import Environment, Secret, Settings
from ttapi_core.settings_sources import load_settings
from ttapi_onboarding.credentials import (
    KEYRING,
    Credentials,
    CredentialStore,
    parse_secret,
    with_stored_credentials,
)
from ttapi_onboarding.credentials.keyring_store import KeyringStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from keyring.backend import KeyringBackend

PRODUCTION, CERTIFICATION = Environment.PRODUCTION, Environment.CERTIFICATION
PAIR = Credentials(Secret("canary-client"), Secret("canary-refresh"))
OTHER = Credentials(Secret("other-client"), Secret("other-refresh"))
NOBODY = 65534


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[KeyringBackend], None]:
    """Lets a keyring be that of the system."""
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    return keyring.set_keyring


@pytest.fixture
def memory(use: Callable[[KeyringBackend], None]) -> MemoryKeyring:
    """A good keyring."""
    use(backend := MemoryKeyring())
    return backend


@pytest.fixture
def no_keyring(use: Callable[[KeyringBackend], None]) -> None:
    """None at all, as on a server."""
    use(keyrings.none())


@pytest.fixture
def store(tmp_path: Path) -> CredentialStore:
    """That of a user with a directory of settings to come."""
    return CredentialStore(tmp_path / "config" / "ttapi", KeyringStore(longest_seconds=10))


def path_of(tmp_path: Path, environment: Environment) -> Path:
    """The file of an environment."""
    return tmp_path / "config" / "ttapi" / "private" / f"{environment}-credentials.json"


def test_a_keyring_keeps_one_pair_an_environment(
    store: CredentialStore, memory: MemoryKeyring, tmp_path: Path
) -> None:
    """And no file is made."""
    assert store.save(CERTIFICATION, PAIR).place == KEYRING
    assert store.load(PRODUCTION) is None
    store.save(PRODUCTION, OTHER)
    found = [store.load(environment) for environment in (CERTIFICATION, PRODUCTION)]
    assert [each and (each.credentials, each.place) for each in found] == [(PAIR, KEYRING), (OTHER, KEYRING)]
    assert list(memory.entries) == ["ttapi/certification", "ttapi/production"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.promise("R26")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_without_a_keyring_a_file_of_its_owner_alone_keeps_them(
    store: CredentialStore,
    no_keyring: None,
    tmp_path: Path,
    umask: int,
    record_property: Callable[[str, object], None],
) -> None:
    """Whatever the umask; the reason is told, and nothing is left beside it."""
    before = os.umask(umask)
    try:
        saved = store.save(PRODUCTION, PAIR)
    finally:
        os.umask(before)
    path = path_of(tmp_path, PRODUCTION)
    assert (saved.place, saved.why_no_keyring) == (
        str(path),
        "this system has no keyring that keeps secrets encrypted",
    )
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]
    found = store.load(PRODUCTION)
    assert found is not None
    assert (found.credentials, found.place) == (PAIR, str(path))
    assert store.load(CERTIFICATION) is None
    record_property("promise", f"R26: umask {umask:03o}: credentials 0600 in 0700 in 0700")


def widen_file(path: Path) -> None:
    """Others may read it."""
    path.chmod(0o644)


def widen_directory(path: Path) -> None:
    """Others may look into the directory."""
    path.parent.chmod(0o755)


def link_file(path: Path) -> None:
    """It lies elsewhere."""
    path.rename(elsewhere := path.with_name("elsewhere"))
    path.symlink_to(elsewhere)


def give_away(path: Path) -> None:
    """It is somebody else's."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(path, NOBODY, NOBODY)


def put_a_directory(path: Path) -> None:
    """It is no file."""
    path.unlink()
    path.mkdir(0o700)


@pytest.mark.promise("R26")
@pytest.mark.parametrize("spoil", [widen_file, widen_directory, link_file, give_away, put_a_directory])
def test_a_file_that_others_may_have_had_is_neither_read_nor_replaced(
    store: CredentialStore,
    no_keyring: None,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    record_property: Callable[[str, object], None],
) -> None:
    """A typed error that says which and what to do, and shows no secret."""
    store.save(PRODUCTION, PAIR)
    path = path_of(tmp_path, PRODUCTION)
    spoil(path)
    with pytest.raises(ConfigError, match="cannot be used") as read:
        store.load(PRODUCTION)
    with pytest.raises(ConfigError, match="cannot be stored") as written:
        store.save(PRODUCTION, OTHER)
    for error in (read.value, written.value):
        assert str(path) in error.message
        assert error.hint is not None
        assert "canary" not in repr(error) + str(error) + error.hint
    if path.is_file():
        assert "canary-client" in path.read_text()
    record_property("promise", f"R26: {spoil.__name__}: neither read nor replaced")


@pytest.mark.promise("R28")
@pytest.mark.parametrize("kept_in", ["keyring", "file"])
def test_a_pair_of_one_environment_is_none_of_another(
    store: CredentialStore, use: Callable[[KeyringBackend], None], tmp_path: Path, kept_in: str
) -> None:
    """Even where somebody has copied the entry or renamed the file."""
    use(backend := MemoryKeyring() if kept_in == "keyring" else keyrings.none())
    store.save(PRODUCTION, PAIR)
    if isinstance(backend, MemoryKeyring):
        backend.entries["ttapi/certification"] = backend.entries["ttapi/production"]
    else:
        path_of(tmp_path, PRODUCTION).rename(path_of(tmp_path, CERTIFICATION))
    with pytest.raises(ConfigError, match="not of environment certification"):
        store.load(CERTIFICATION)


@pytest.mark.promise("R28")
def test_a_sandbox_and_a_replay_are_given_nothing(store: CredentialStore, memory: MemoryKeyring) -> None:
    """Nor can anything be stored for them."""
    store.save(PRODUCTION, PAIR)
    store.save(CERTIFICATION, PAIR)
    for environment in (Environment.SANDBOX, Environment.REPLAY):
        settings = Settings(environment=environment)
        assert with_stored_credentials(settings, store) is settings
        with pytest.raises(ValueError, match="no credentials of anybody"):
            store.save(environment, PAIR)


def test_what_is_stored_fills_in_for_what_is_not_set(
    store: CredentialStore, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its origin; what is set comes first, and nothing stored chooses an environment."""
    store.save(CERTIFICATION, PAIR)
    assert with_stored_credentials(load_settings(), store).environment is Environment.SANDBOX
    chosen = load_settings({"environment": "certification"})
    filled = with_stored_credentials(chosen, store)
    assert (filled.client_secret, filled.refresh_token) == (PAIR.client_secret, PAIR.refresh_token)
    assert (filled.origins["client_secret"], filled.origins["refresh_token"]) == (KEYRING, KEYRING)
    production = load_settings({"environment": "production"})
    assert with_stored_credentials(production, store).client_secret is None
    monkeypatch.setenv("TTAPI_CLIENT_SECRET", "set")
    monkeypatch.setenv("TTAPI_REFRESH_TOKEN", "set")
    settings = load_settings({"environment": "certification"})
    assert with_stored_credentials(settings, store) is settings


def test_a_keyring_that_refuses_leaves_them_to_the_file(
    store: CredentialStore, use: Callable[[KeyringBackend], None], tmp_path: Path
) -> None:
    """The reason is told; when it is unlocked later, an older pair of its own does not come first."""
    use(memory := MemoryKeyring())
    store.save(PRODUCTION, OTHER)
    use(LockedKeyring())
    saved = store.save(PRODUCTION, PAIR)
    assert saved.place == str(path_of(tmp_path, PRODUCTION))
    assert saved.why_no_keyring == "the keyring failed with KeyringLocked"
    use(memory)
    found = store.load(PRODUCTION)
    assert found is not None
    assert found.credentials == PAIR
    assert store.save(PRODUCTION, OTHER).place == KEYRING
    assert not path_of(tmp_path, PRODUCTION).exists()


def test_a_locked_keyring_is_a_typed_error_with_a_hint(
    store: CredentialStore, use: Callable[[KeyringBackend], None]
) -> None:
    """When reading and when removing."""
    use(LockedKeyring())
    for action in (store.load, store.delete):
        with pytest.raises(ConfigError, match="Failed to unlock the collection!") as caught:
            action(PRODUCTION)
        assert "unlock the keyring" in str(caught.value.hint)


def test_a_silent_keyring_is_left_behind(tmp_path: Path, use: Callable[[KeyringBackend], None]) -> None:
    """After a while, with the file instead when it is about storing."""
    use(silent := SilentKeyring())
    store = CredentialStore(tmp_path / "ttapi", KeyringStore(longest_seconds=0.05))
    with pytest.raises(ConfigError, match=r"did not answer in 0\.05 s"):
        store.load(PRODUCTION)
    assert store.save(PRODUCTION, PAIR).why_no_keyring == "the keyring did not answer in 0.05 s"
    silent.end.set()


@pytest.mark.parametrize("backend", [PlainKeyring, keyrings.nothing, keyrings.none, keyrings.chain])
def test_a_keyring_that_keeps_nothing_or_plain_text_is_none(
    store: CredentialStore,
    use: Callable[[KeyringBackend], None],
    backend: Callable[[], KeyringBackend],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A chain of such ones as well, whatever rank the chain has."""
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [PlainKeyring(), keyrings.nothing()])
    use(backend())
    saved = store.save(PRODUCTION, PAIR)
    assert saved.place != KEYRING
    assert store.delete(PRODUCTION) == [saved.place]


def test_of_a_chain_the_first_good_one_is_used(
    store: CredentialStore, use: Callable[[KeyringBackend], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain text before it is passed over."""
    good = MemoryKeyring()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [PlainKeyring(), good])
    use(keyrings.chain())
    assert store.save(PRODUCTION, PAIR).place == KEYRING
    assert list(good.entries) == ["ttapi/production"]


def test_a_keyring_that_forgets_is_found_out(
    store: CredentialStore, use: Callable[[KeyringBackend], None]
) -> None:
    """What was stored is read again."""
    use(ForgetfulKeyring())
    assert store.save(PRODUCTION, PAIR).why_no_keyring == "the keyring did not keep them"


@pytest.mark.promise("R27")
def test_a_keyring_that_repeats_secrets_in_its_errors_is_not_quoted(
    store: CredentialStore, use: Callable[[KeyringBackend], None], tmp_path: Path
) -> None:
    """Neither as the reason nor behind the error that follows from it."""
    use(TalkativeKeyring())
    saved = store.save(PRODUCTION, PAIR)
    assert saved.why_no_keyring == "the keyring failed with PasswordSetError"
    path_of(tmp_path, PRODUCTION).chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        store.save(PRODUCTION, PAIR)
    chain = repr(caught.value) + repr(caught.value.__cause__) + str(caught.value.hint)
    assert "canary" not in chain
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format": "other"}', "[" * 60_000, '{"format": "ttapi credentials 1"}']
)
def test_a_damaged_entry_is_a_typed_error(
    store: CredentialStore, memory: MemoryKeyring, no_keyring: None, tmp_path: Path, text: str
) -> None:
    """Without a word of what it holds."""
    store.save(PRODUCTION, PAIR)
    path = path_of(tmp_path, PRODUCTION)
    path.write_text(text)
    with pytest.raises(ConfigError, match="stored there is"):
        store.load(PRODUCTION)


def test_a_record_without_one_of_the_two_is_damaged(store: CredentialStore, memory: MemoryKeyring) -> None:
    """In the keyring as well."""
    store.save(PRODUCTION, PAIR)
    record = json.loads(memory.entries["ttapi/production"])
    del record["refresh_token"]
    memory.entries["ttapi/production"] = json.dumps(record)
    with pytest.raises(ConfigError, match="damaged") as caught:
        store.load(PRODUCTION)
    assert "canary" not in str(caught.value)


def test_all_places_are_emptied(
    store: CredentialStore, use: Callable[[KeyringBackend], None], tmp_path: Path
) -> None:
    """Of that environment, and named."""
    use(memory := MemoryKeyring())
    store.save(PRODUCTION, PAIR)
    store.save(CERTIFICATION, PAIR)
    use(keyrings.none())
    store.save(PRODUCTION, PAIR)
    use(memory)
    assert store.delete(PRODUCTION) == [str(path_of(tmp_path, PRODUCTION)), KEYRING]
    assert store.delete(PRODUCTION) == []
    assert store.load(PRODUCTION) is None
    assert store.load(CERTIFICATION) is not None


@pytest.mark.parametrize("text", ["", "  ", "a b", "caf\u00e9", "a\x1b[2Jb", "x" * 8193, None, 5])
def test_what_cannot_be_a_secret_is_refused_and_not_shown(text: object) -> None:
    """Such as a paste that a terminal has put control characters around."""
    with pytest.raises(ValueError, match=r"^it ") as caught:
        parse_secret(text)
    assert str(text).strip() == "" or str(text) not in str(caught.value)
