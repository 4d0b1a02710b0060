# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
What a release changes in the tree: the version, the changelog, the ranges of the siblings, the API snapshots.

Everything is computed before anything is written. Files are edited line by line, not parsed and written anew:
what changes is a line or two of each, and every other byte stays as people wrote it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from api_breaks import breaks, may_break
from check_distributions import PACKAGES
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from public_api import released_path, released_text, released_version, snapshot_path, snapshots

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

_NEVER: Final = "0.0.0"
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_SECTION: Final = re.compile(r"^## (?P<name>.+)\n", re.MULTILINE)
_UNRELEASED: Final = re.compile(r"(?:\d+\.\d+\.\d+ \(unreleased\)|Unreleased)")


class ReleaseError(Exception):
    """Why there can be no release like this, and what to do instead."""


@dataclass(slots=True, kw_only=True)
class Plan:
    """A release that may be: what the files of the tree will hold."""

    package: str
    version: str
    texts: dict[Path, str] = field(default_factory=dict)
    siblings: list[str] = field(default_factory=list)  # that need a release of their own
    notes: list[str] = field(default_factory=list)

    def edit(self, path: Path, change: Callable[[str], str]) -> bool:
        """Change what a file will hold; tell whether that makes a difference."""
        text = self.texts.get(path) or path.read_text(encoding="utf-8")
        changed = change(text)
        if changed != text:
            self.texts[path] = changed
        return changed != text


def release(root: Path, package: str, step: str, day: date) -> Plan:
    """
    Plan a release of the package as it is in the tree.

    Raises
    ------
    ReleaseError
        For an unknown package or version, one that goes backwards, an API that broke without a version that
        says so, a changelog without news, or siblings that are not released as far as the package needs them.
    """
    plan = _new_version(root, package, step)
    changelog = root / "packages" / package / "CHANGELOG.md"
    heading = f"{plan.version} ({day.isoformat()})"
    plan.edit(changelog, partial(_closed, package=package, heading=heading))
    _check_siblings(root, plan)
    if _minor_line(last_release(root / "packages" / package)) != _minor_line(plan.version):
        needs = {sibling: dict(_needed_siblings(root / "packages" / sibling)) for sibling in PACKAGES}
        plan.siblings = [sibling for sibling in PACKAGES if package in needs[sibling]]
    text = snapshots(root, package)[package]
    _check_api(root, plan, text)
    for path, content in (
        (snapshot_path(root, package), text),
        (released_path(root, package), released_text(text, plan.version)),
    ):
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            plan.texts[path] = content
    return plan


def opening(root: Path, package: str, step: str) -> Plan:
    """Plan the version that comes next: a change that breaks the API needs one that says so."""
    plan = _new_version(root, package, step)
    changelog = root / "packages" / package / "CHANGELOG.md"
    plan.edit(changelog, partial(_headed, heading=f"{plan.version} (unreleased)"))
    return plan


def _new_version(root: Path, package: str, step: str) -> Plan:
    """Plan what says the version, in the package and in its siblings."""
    if package not in PACKAGES:
        near = difflib.get_close_matches(package, PACKAGES, n=1, cutoff=0.4)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise ReleaseError(f"There is no package {package!r}: there are {', '.join(PACKAGES)}.{meant}")
    folder = root / "packages" / package
    now, last = tree_version(folder), last_release(folder)
    version = _stepped(last, step)
    if Version(version) <= Version(last) or Version(version) < Version(now):
        raise ReleaseError(
            f"{package} {version} would go backwards: the last release is {last}, and the tree is at {now}."
        )
    plan = Plan(package=package, version=version)
    plan.edit(folder / "pyproject.toml", partial(_with_version, variable="version", version=version))
    for source in sorted(folder.glob("src/*/*.py")):
        if "\n__version__ = " in source.read_text(encoding="utf-8"):
            plan.edit(source, partial(_with_version, variable="__version__", version=version))
    for sibling in PACKAGES:
        other = root / "packages" / sibling
        if plan.edit(other / "pyproject.toml", partial(_with_range, package=package, version=version)):
            line = f"- Takes `{package}` {_minor_line(version)}.\n"
            plan.edit(other / "CHANGELOG.md", partial(_with_news, line=line))
    return plan


def _check_siblings(root: Path, plan: Plan) -> None:
    """Refuse what could not be installed, and note what may be wanted."""
    for sibling, range_ in _needed_siblings(root / "packages" / plan.package):
        folder = root / "packages" / sibling
        last = last_release(folder)
        if not SpecifierSet(range_).contains(last):
            was = "it was never released" if last == _NEVER else f"its last release is {last}"
            raise ReleaseError(f"{plan.package} needs {sibling}{range_}, and {was}: release {sibling} first.")
        if _news((folder / "CHANGELOG.md").read_text(encoding="utf-8")):
            plan.notes.append(
                f"{sibling} has news since {last}: where {plan.package} needs it, release that first."
            )


def _check_api(root: Path, plan: Plan, text: str) -> None:
    path = released_path(root, plan.package)
    if not path.exists():
        return
    released = path.read_text(encoding="utf-8")
    before = released_version(released)
    if not may_break(before, plan.version) and (found := breaks(released, text)):
        wanted = "minor" if Version(before).major == 0 else "major"
        lines = "".join(f"\n  {line}" for line in found)
        raise ReleaseError(
            f"{plan.package} {plan.version} would break what {before} offered; "
            f"that takes a {wanted} version:{lines}"
        )


def tree_version(folder: Path) -> str:
    """Give the version that a package of the tree is built as."""
    return str(_project(folder)["version"])


def last_release(folder: Path) -> str:
    """Give the last version that a package's changelog has closed, or 0.0.0 where there is none."""
    for section in _SECTION.finditer((folder / "CHANGELOG.md").read_text(encoding="utf-8")):
        if not _UNRELEASED.fullmatch(section["name"]):
            return section["name"].split()[0]
    return _NEVER


def _project(folder: Path) -> dict[str, Any]:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return cast("dict[str, Any]", project)


def _needed_siblings(folder: Path) -> list[tuple[str, str]]:
    found = (re.fullmatch(r"(ttapi-\w+)(.*)", line) for line in _project(folder)["dependencies"])
    return [(each[1], each[2]) for each in found if each is not None]


def _stepped(last: str, step: str) -> str:
    if _VERSION.fullmatch(step):
        return step
    major, minor, patch = map(int, last.split("."))
    match step:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case "patch":
            return f"{major}.{minor}.{patch + 1}"
        case _:
            raise ReleaseError(f"{step!r} is no step: major, minor, patch, or a version such as 1.2.3.")


def _minor_line(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _with_version(text: str, *, variable: str, version: str) -> str:
    changed, count = re.subn(
        rf'^{variable} = "[^"]+"$', f'{variable} = "{version}"', text, flags=re.MULTILINE
    )
    if count != 1:
        raise ReleaseError(f"{count} lines say {variable} where one should: {text[:200]!r}")
    return changed


def _with_range(text: str, *, package: str, version: str) -> str:
    """Let dependencies on the package, with or without extras, take its minor line and no later one."""
    major, minor, _ = map(int, version.split("."))
    return re.sub(
        rf'"({package}(?:\[[^\]]*\])?)>=[^"]*"', rf'"\1>={major}.{minor},<{major}.{minor + 1}"', text
    )


def _first_section(text: str) -> re.Match[str]:
    section = _SECTION.search(text)
    if section is None:
        raise ReleaseError(f"A changelog without a section: {text[:200]!r}")
    return section


def _news(text: str) -> str:
    """Give the part of a changelog that is not released; nothing where there is none, or it is empty."""
    first = _first_section(text)
    if not _UNRELEASED.fullmatch(first["name"]):
        return ""
    following = _SECTION.search(text, first.end())
    return text[first.end() : following.start() if following else len(text)].strip()


def _closed(text: str, *, package: str, heading: str) -> str:
    """Give the unreleased part its version and its day."""
    if not _news(text):
        raise ReleaseError(
            f"The changelog of {package} has no news: what changed for users belongs under '## Unreleased'."
        )
    return _headed(text, heading=heading)


def _headed(text: str, *, heading: str) -> str:
    """Head the unreleased part, which is made where there is none."""
    first = _first_section(text)
    if _UNRELEASED.fullmatch(first["name"]):
        return f"{text[: first.start()]}## {heading}\n{text[first.end() :]}"
    return f"{text[: first.start()]}## {heading}\n\n{text[first.start() :]}"


def _with_news(text: str, *, line: str) -> str:
    """Add a line at the end of the unreleased part."""
    if not _UNRELEASED.fullmatch(_first_section(text)["name"]):
        text = _headed(text, heading="Unreleased")
    first = _first_section(text)
    following = _SECTION.search(text, first.end())
    older = f"\n{text[following.start() :]}" if following else ""
    lines = f"{_news(text)}\n{line}".lstrip("\n")
    return f"{text[: first.end()]}\n{lines}{older}"
