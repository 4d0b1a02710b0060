# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The installation: whether Python, the packages of TTAPI and the libraries below them fit each other."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution
from typing import TYPE_CHECKING, Final, Self

from ttapi_onboarding.doctor.findings import ok, problem
from ttapi_onboarding.doctor.requirements import Requirement, is_met, parse_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ttapi_onboarding.doctor.findings import Finding

TOP: Final = "ttapi-onboarding"
_FAMILY: Final = "ttapi-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One of our distributions, as its metadata tells."""

    version: str
    python: str  # the specifier of the versions of Python that it works with
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """Our packages by name, and where everything else is looked for."""

    packages: Mapping[str, Package]
    path: Sequence[str]

    @classmethod
    def found(cls, path: Sequence[str] | None = None) -> Self:
        """What is installed along a path, that of the imports by default."""
        path = sys.path if path is None else path
        packages: dict[str, Package] = {}
        wanted = [TOP]
        for name in wanted:
            distribution = _distribution(name, path)
            if distribution is None:
                continue
            packages[name] = package = _package(distribution)
            wanted.extend(
                each.name
                for each in package.requirements
                if each.name.startswith(_FAMILY) and each.name not in wanted
            )
        return cls(packages, path)

    def version(self, name: str) -> str | None:
        """The version that is there of a distribution, ours or another."""
        if name in self.packages:
            return self.packages[name].version
        distribution = _distribution(name, self.path)
        return None if distribution is None else distribution.version


def python(installation: Installation) -> Iterator[Finding]:
    """Whether the packages work with this Python."""
    version = platform.python_version()
    for name, package in installation.packages.items():
        if not is_met(version, package.python):
            yield problem(
                "python",
                f"{name} {package.version} wants Python {package.python}, and this is {version}",
                fix=f"install {name} with a Python that it works with",
            )
            return
    yield ok("python", f"Python {version}")


def packages(installation: Installation) -> Iterator[Finding]:
    """Whether the packages of TTAPI are there, in versions that fit each other."""
    if not installation.packages:
        yield problem("packages", f"{TOP} is not installed", fix=f"`pip install {TOP}`")
        return
    unmet = [
        problem("packages", words, fix=f"`pip install --upgrade {TOP}`")
        for requirement, words in _unmet(installation)
        if requirement.name.startswith(_FAMILY)
    ]
    there = ", ".join(f"{name} {package.version}" for name, package in sorted(installation.packages.items()))
    yield from unmet or [ok("packages", f"{there} fit each other")]


def libraries(installation: Installation) -> Iterator[Finding]:
    """Whether what others wrote is there, in versions that our packages declare."""
    unmet = [
        problem("libraries", words, fix=f"`pip install '{requirement}'`")
        for requirement, words in _unmet(installation)
        if not requirement.name.startswith(_FAMILY)
    ]
    names = {
        requirement.name
        for package in installation.packages.values()
        for requirement in package.requirements
        if not requirement.name.startswith(_FAMILY)
    }
    yield from unmet or [ok("libraries", f"{len(names)} libraries are there in versions that are declared")]


def _unmet(installation: Installation) -> Iterator[tuple[Requirement, str]]:
    """Each requirement that is not met, with what is there instead."""
    for name, package in installation.packages.items():
        for requirement in package.requirements:
            version = installation.version(requirement.name)
            if version is None:
                yield requirement, f"{name} {package.version} wants {requirement}, which is not installed"
            elif not is_met(version, requirement.specifier):
                yield requirement, f"{name} {package.version} wants {requirement}, and {version} is installed"


def _distribution(name: str, path: Sequence[str]) -> Distribution | None:
    return next(iter(Distribution.discover(name=name, path=list(path))), None)


def _package(distribution: Distribution) -> Package:
    metadata = distribution.metadata
    parsed = (parse_requirement(text) for text in distribution.requires or ())
    return Package(
        version=distribution.version,
        python=metadata["Requires-Python"],
        requirements=tuple(requirement for requirement in parsed if requirement is not None),
    )
