# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The third-party packages are declared once per wheel and once for Pants, and both say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = {
    path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("packages/*/pyproject.toml"))
}


def requirement_lines(name: str) -> list[str]:
    """List the requirements or pins of a file in .build-support, without its comments."""
    lines = (ROOT / ".build-support" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def project_name(line: str) -> str:
    """Name the project that a requirement is about, in the form of the lock files."""
    return re.split(r"[^\w-]", line)[0].replace("_", "-").lower()


def test_wheels_and_pants_declare_the_same_bounds() -> None:
    """Every bound of a wheel stands in libraries.txt as it is, so two wheels cannot disagree either."""
    declared = {
        line
        for project in PROJECTS.values()
        for lines in [
            project["project"]["dependencies"],
            *project["project"].get("optional-dependencies", {}).values(),
        ]
        for line in lines
        if project_name(line) not in PROJECTS
    }

    assert declared - set(requirement_lines("libraries.txt")) == set()


def test_what_the_tests_need_is_declared_for_pants_too() -> None:
    """The packages' test groups name nothing that Pants would not install."""
    wanted = {line for project in PROJECTS.values() for line in project["dependency-groups"]["tests"]}

    assert wanted - {*requirement_lines("libraries.txt"), *requirement_lines("gates.txt")} == set()


def test_every_direct_requirement_is_pinned() -> None:
    """A lock file that was not made anew after a change of its requirements is noticed."""
    for name in ("libraries", "gates", "tools", "bench", "docs", "sdk"):
        wanted = {project_name(line) for line in requirement_lines(f"{name}.txt")}
        pinned = {project_name(line) for line in requirement_lines(f"{name}.lock")}
        assert wanted - pinned == set(), f"run nox -s lock: {name}.lock is older than {name}.txt"


def test_siblings_are_accepted_by_compatible_range() -> None:
    """A package takes any release of a sibling's current minor line, and no later one."""
    for project in PROJECTS.values():
        for line in project["project"]["dependencies"]:
            if project_name(line) in PROJECTS:
                major, minor, _ = PROJECTS[project_name(line)]["project"]["version"].split(".")
                assert line == f"{project_name(line)}>={major}.{minor},<{major}.{int(minor) + 1}"


def test_each_package_names_the_version_that_it_is_built_as() -> None:
    """What the sources say of themselves is what pyproject.toml says."""
    for name, project in PROJECTS.items():
        sources = (ROOT / "packages" / name / "src").glob("*/*.py")
        said = {
            version
            for source in sources
            for version in re.findall(r'^__version__ = "(.+)"$', source.read_text("utf-8"), re.MULTILINE)
        }
        assert said <= {project["project"]["version"]}
