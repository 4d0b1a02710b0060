# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what the doctor says of an installation, with metadata as pip writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ttapi_onboarding.doctor.findings import Status
from ttapi_onboarding.doctor.installation import Installation, libraries, packages, python
from ttapi_onboarding.doctor.requirements import Requirement, is_met, parse_requirement

if TYPE_CHECKING:
    from pathlib import Path

FITTING = {
    "ttapi-onboarding": ("0.1.0", ["ttapi-core<0.2,>=0.1", "click>=8.2"]),
    "ttapi-core": ("0.1.5", []),
    "click": ("8.4.1", []),
}


def install(folder: Path, distributions: dict[str, tuple[str, list[str]]], *, python: str = ">=3.11") -> None:
    """Metadata of distributions, as an installer leaves it."""
    for name, (version, requirements) in distributions.items():
        info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        lines = [
            "Metadata-Version: 2.4",
            f"Name: {name}",
            f"Version: {version}",
            f"Requires-Python: {python}",
        ]
        lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
        (info / "METADATA").write_text("\n".join([*lines, "", ""]), encoding="utf-8")


@pytest.mark.parametrize(
    ("version", "specifier", "is_good"),
    [
        ("1.4.2", "", True),
        ("1.4.2", ">=1.4,<2", True),
        ("1.10", ">=1.9", True),  # by number, not by letter
        ("2", ">=2.0.0", True),
        ("1.3.9", ">=1.4", False),
        ("2.0", "<2", False),
        ("2.0rc1", "<2", False),  # a trial of 2.0 is no 1.x
        ("2.0rc1", ">=2", False),
        ("2.0.post1", ">=2", True),
        ("2.0+local", "==2.0", True),
        ("2.0", "!=2", False),
        ("2.0", "<=2,>1", True),
        ("2.0", ">2", False),
        ("nonsense", ">=0.1", False),
        ("1.0", "~=2.0", True),  # a clause that none of ours has is left to pip
    ],
)
def test_a_version_is_held_against_a_specifier(version: str, specifier: str, is_good: bool) -> None:
    """As packaging tools do."""
    assert is_met(version, specifier) is is_good


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("Polars", Requirement("polars", "")),
        ("my_lib[fast] (>=1)", Requirement("my-lib", ">=1")),
        ("colorama; sys_platform == 'win32'", None),
        ("not a requirement!", None),
    ],
)
def test_a_requirement_is_taken_apart(text: str, requirement: Requirement | None) -> None:
    """What holds only for an extra or another system is none."""
    assert parse_requirement(text) == requirement


def test_packages_and_libraries_that_fit_are_told_with_their_versions(tmp_path: Path) -> None:
    """One line each."""
    install(tmp_path, FITTING)
    there = Installation.found([str(tmp_path)])
    (of_packages,) = packages(there)
    assert of_packages.status is Status.OK
    assert of_packages.detail == "ttapi-core 0.1.5, ttapi-onboarding 0.1.0 fit each other"
    (of_libraries,) = libraries(there)
    assert (of_libraries.status, of_libraries.detail.split()[0]) == (Status.OK, "1")
    assert [finding.status for finding in python(there)] == [Status.OK]


def test_packages_of_different_times_are_a_problem(tmp_path: Path) -> None:
    """With both versions, and the command that brings them together."""
    install(tmp_path, {**FITTING, "ttapi-core": ("0.2.0", [])})
    (found,) = packages(Installation.found([str(tmp_path)]))
    assert found.status is Status.PROBLEM
    assert found.detail == "ttapi-onboarding 0.1.0 wants ttapi-core<0.2,>=0.1, and 0.2.0 is installed"
    assert found.fix == "`pip install --upgrade ttapi-onboarding`"


def test_a_library_too_old_or_not_there_is_a_problem(tmp_path: Path) -> None:
    """Of whatever package wants it, also one that is wanted by another one."""
    install(
        tmp_path,
        {
            **FITTING,
            "ttapi-core": ("0.1.5", ["polars>=2.0,<3", "hypothesis>=6; extra == 'testing'"]),
            "click": ("8.1.8", []),
        },
    )
    found = list(libraries(Installation.found([str(tmp_path)])))
    assert {finding.status for finding in found} == {Status.PROBLEM}
    assert [finding.detail for finding in found] == [
        "ttapi-onboarding 0.1.0 wants click>=8.2, and 8.1.8 is installed",
        "ttapi-core 0.1.5 wants polars>=2.0,<3, which is not installed",
    ]
    assert [finding.fix for finding in found] == [
        "`pip install 'click>=8.2'`",
        "`pip install 'polars>=2.0,<3'`",
    ]


def test_a_python_that_a_package_does_not_work_with_is_a_problem(tmp_path: Path) -> None:
    """Named with what it wants."""
    install(tmp_path, FITTING, python=">=99.1")
    (found,) = python(Installation.found([str(tmp_path)]))
    assert found.status is Status.PROBLEM
    assert "wants Python >=99.1" in found.detail


def test_no_packages_at_all_are_a_problem(tmp_path: Path) -> None:
    """As after a copy of the sources without an installation."""
    (found,) = packages(Installation.found([str(tmp_path)]))
    assert (found.status, found.fix) == (Status.PROBLEM, "`pip install ttapi-onboarding`")


def test_what_runs_these_tests_fits() -> None:
    """All five packages, by their own metadata."""
    there = Installation.found()
    assert len(there.packages) == 5
    for check in (python, packages, libraries):
        assert {finding.status for finding in check(there)} == {Status.OK}
