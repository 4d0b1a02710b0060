# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A cluster that encrypts gives the same answer; encryption that does not fit is said to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import pytest
from dask import config
from distributed.security import Security

from test_ttapi_platform.clusters import dask_processes
from test_ttapi_platform.clusters.ragged_lake import bits
from ttapi_core.errors import ClusterError
from ttapi_platform import analyses
from ttapi_platform.clusters import DaskEngine, connection

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from ttapi_platform.lake import Lake

TLS: Final = "distributed.comm.tls"


@attrs.frozen
class Authority:
    """A certificate that vouches for itself, and its key, in files."""

    certificate: Path
    key: Path

    @classmethod
    def made_in(cls, folder: Path) -> Authority:
        """One that nobody else knows."""
        made = Security.temporary()  # type: ignore[no-untyped-call]
        found = cls(folder / "certificate.pem", folder / "key.pem")
        found.certificate.write_text(made.tls_ca_file)
        found.key.write_text(made.tls_client_key)
        return found

    def settings(self, *roles: str) -> dict[str, object]:
        """Dask's own settings for who has these roles."""
        files = {f"{TLS}.{role}.cert": str(self.certificate) for role in roles}
        keys = {f"{TLS}.{role}.key": str(self.key) for role in roles}
        return {f"{TLS}.ca-file": str(self.certificate), **files, **keys}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """That of the cluster."""
    return Authority.made_in(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def encrypted(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a scheduler with a worker, who talk with nobody without a certificate."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in authority.settings("scheduler", "worker").items():
            patched.setenv(f"DASK_{name.upper().replace('.', '__').replace('-', '_')}", str(value))
        patched.setenv("DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION", "true")
        with (
            dask_processes.scheduler(tmp_path_factory.mktemp("cluster"), protocol="tls") as (address, _),
            dask_processes.workers(address, number=1),
        ):
            patched.undo()
            yield address


def trouble(address: str, settings: Mapping[str, object]) -> ClusterError:
    """What whoever asks with these settings is told."""
    with config.set(settings), pytest.raises(ClusterError) as caught:
        DaskEngine(scheduler=address).__enter__()
    return caught.value


def test_a_cluster_that_encrypts_gives_the_same_answer(
    lake: Lake, encrypted: str, authority: Authority
) -> None:
    """To whoever has a certificate."""
    assert encrypted.startswith("tls://")
    with config.set(authority.settings("client")), DaskEngine(scheduler=encrypted) as engine:
        found = analyses.summary(lake, engine=engine)
    assert bits(found) == bits(analyses.summary(lake))


def test_without_certificates_it_is_said_which_settings_name_them(encrypted: str) -> None:
    """All of them, or but one."""
    error = trouble(encrypted, {})
    assert error.message == f"no scheduler answers at {encrypted}: Dask's configuration names no certificates"
    for setting in ("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", "__CLIENT__CERT", "__CLIENT__KEY"):
        assert setting in str(error.hint)


def test_certificates_of_another_authority_are_said_not_to_fit(encrypted: str, tmp_path: Path) -> None:
    """And which settings name them."""
    error = trouble(encrypted, Authority.made_in(tmp_path).settings("client"))
    assert "certificate verify failed" in error.message
    assert "certificates of its authority" in str(error.hint)


def test_who_asks_in_the_clear_is_told_to_encrypt(encrypted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is the scheduler that wants it, or the settings of who asks."""
    monkeypatch.setattr(connection, "CONNECTING_SECONDS", 0.5)  # the scheduler waits to be spoken to
    in_the_clear = encrypted.replace("tls://", "tcp://")
    for settings in ({}, {"distributed.comm.require-encryption": True}):
        error = trouble(in_the_clear, settings)
        assert error.message.startswith(f"no scheduler answers at {in_the_clear}: ")
        assert "one that encrypts is called tls://" in str(error.hint).lower()


def test_who_encrypts_is_told_of_a_scheduler_that_does_not(tmp_path: Path, authority: Authority) -> None:
    """Which is another address."""
    with dask_processes.scheduler(tmp_path) as (address, _):
        error = trouble(address.replace("tcp://", "tls://"), authority.settings("client"))
    assert "a scheduler that does not encrypt is called tcp://" in str(error.hint)
