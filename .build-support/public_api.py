# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the five packages offer to others, as the text of their snapshots: ``packages/*/api.txt``.

The sources are read, not imported, so that every version of Python gives the same text; the command alone is
asked for its options.
"""

from __future__ import annotations

import collections
import fnmatch
import re
import tomllib
from typing import TYPE_CHECKING, Final

import griffe
from api_signatures import is_offered, is_type_variable, signature
from command_signatures import command_lines

if TYPE_CHECKING:
    from pathlib import Path

# The modules whose names are for others, a star for one level of them. Of other modules, what these import
# into their `__all__`, and the classes that their signatures name.
OFFERED: Final = {
    "ttapi-core": ["ttapi_core", "ttapi_core.*"],
    "ttapi-client": [
        "ttapi_client",
        "ttapi_client.account_streamer",
        "ttapi_client.auth.private_file",
        "ttapi_client.dxlink.live",
        "ttapi_client.dxlink.policy",
        "ttapi_client.logs",
        "ttapi_client.policies",
        "ttapi_client.sandbox",
        "ttapi_client.sandbox.announcement",
        "ttapi_client.sandbox.market_instant",
        "ttapi_client.sandbox.process",
        "ttapi_client.sandbox.served_world",
        "ttapi_client.sandbox.server",
        "ttapi_client.sandbox.world",
        "ttapi_client.testing",
    ],
    "ttapi-polars": ["ttapi_polars", "ttapi_polars.*"],
    "ttapi-platform": ["ttapi_platform", "ttapi_platform.*", "ttapi_platform.object_store.*"],
    "ttapi-onboarding": ["ttapi_onboarding", "ttapi_onboarding.schemas"],
}
# Types from below here are named, but not followed: a market that is simulated may change inside.
_NOT_FOLLOWED: Final = "ttapi_client.sandbox.world."
_HEADING: Final = "## "
REACHED: Final = "types that these give and take"  # wherever they are defined; nobody outside makes them
COMMAND: Final = "the command line"
DISTRIBUTION: Final = "the distribution"


def snapshot_path(root: Path, package: str) -> Path:
    """Where the API of the tree is written down."""
    return root / "packages" / package / "api.txt"


def released_path(root: Path, package: str) -> Path:
    """Where the API of the last release is written down, by the release alone; before the first, nowhere."""
    return root / "packages" / package / "api-released.txt"


def released_text(text: str, version: str) -> str:
    """Make the snapshot of the tree that of a release."""
    return text.replace("\n", f"\n# This is what version {version} offered: nox -s release moves it on.\n", 1)


def released_version(text: str) -> str:
    """Read of which release a snapshot is."""
    found = re.search(r"^# This is what version (\S+) offered", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"No version is named in the first lines of the snapshot: {text[:200]!r}")
    return found[1]


def snapshots(root: Path, *packages: str) -> dict[str, str]:
    """Write down the API of packages of a tree, of all where none is named."""
    wanted = packages or tuple(OFFERED)
    # Each with those that it builds upon, whose names it may give to others.
    read = list(OFFERED)[: 1 + max(map(list(OFFERED).index, wanted))]
    sources = [root / "packages" / package / "src" for package in read]
    loader = griffe.GriffeLoader(search_paths=sources, allow_inspection=False)
    for package in read:
        loader.load(package.replace("-", "_"))
    loader.resolve_aliases(implicit=True, external=False)
    texts = {package: _Snapshot(loader.modules_collection, package).text() for package in wanted}
    if "ttapi-onboarding" in wanted:
        texts["ttapi-onboarding"] += _chapter(COMMAND, command_lines(sources))
    return {
        package: text + _chapter(DISTRIBUTION, _distribution_lines(root / "packages" / package))
        for package, text in texts.items()
    }


def _distribution_lines(folder: Path) -> list[str]:
    """Name what installing offers beside modules: extras, commands, plugins."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    plugins = project.get("entry-points", {})
    return [
        *(f"extra_{name} = ..." for name in sorted(project.get("optional-dependencies", {}))),
        *(f"command_{name} = ..." for name in sorted(project.get("scripts", {}))),
        *(f"plugin_{group}_{name} = ..." for group in sorted(plugins) for name in sorted(plugins[group])),
    ]


class _Snapshot:
    """The API of one package, while it is written down."""

    def __init__(self, collection: griffe.ModulesCollection, package: str) -> None:
        self._collection = collection
        self._package = package
        self._root = package.replace("-", "_")
        self._written: dict[str, str] = {}  # where each object is offered, by the path of its definition
        self._to_write: dict[str, griffe.Object] = {}  # what signatures name

    def text(self) -> str:
        """Give the chapters of the modules, then that of the types they reach."""
        modules = [
            module
            for module in sorted(_modules_below(self._collection[self._root]), key=lambda each: each.path)
            if any(_matches(module.path, pattern) for pattern in OFFERED[self._package])
        ]
        # What a module defines is written there, not where others bring it in from.
        for module in modules:
            self._written |= {
                member.path: member.path
                for member in module.members.values()
                if not member.is_alias and is_offered(member)
            }
        chapters = [_chapter(module.path, self._module_lines(module)) for module in modules]
        reached: list[tuple[griffe.Object, list[str]]] = []
        while missing := [path for path in self._to_write if path not in self._written]:
            for path in missing:
                self._written[path] = path
                reached.append((self._to_write[path], self._lines(self._to_write[path], is_made=False)))
        # By name alone, so that a definition can move; those that share a name, by their modules.
        names = collections.Counter(found.name for found, _ in reached)
        headed: dict[str, list[str]] = {}
        for found, lines in sorted(reached, key=lambda each: (each[0].name, each[0].path)):
            shared = names[found.name] > 1
            headed.setdefault(f"{REACHED}, of {found.module.path}" if shared else REACHED, []).extend(lines)
        chapters += [_chapter(heading, lines) for heading, lines in sorted(headed.items())]
        return f"# What {self._package} offers to others: nox -s api -- --update\n{''.join(chapters)}"

    def _module_lines(self, module: griffe.Module) -> list[str]:
        lines: list[str] = []
        for name, member in sorted(module.members.items()):
            if not is_offered(member):
                continue
            found = member.final_target if isinstance(member, griffe.Alias) else member
            if isinstance(found, griffe.Module):
                continue  # a chapter of its own, or none
            if self._written.setdefault(found.path, f"{module.path}.{name}") != f"{module.path}.{name}":
                lines.append(f"{name} = {self._written[found.path]}")
            else:
                lines += self._lines(found)
        return lines

    def _lines(self, found: griffe.Object, *, is_made: bool = True) -> list[str]:
        written = signature(found, is_made=is_made)
        for path in written.named:
            self._reach(path)
        return written.lines

    def _reach(self, path: str) -> None:
        """Remember a class of this package, or a name for a union of some, that a signature names."""
        if not path.startswith(f"{self._root}.") or path.rpartition(".")[2].startswith("_"):
            return
        found = self._collection[path]
        if isinstance(found, griffe.Alias):
            found = found.final_target
        if found.path.startswith(_NOT_FOLLOWED):
            return
        if isinstance(found, griffe.Attribute) and (
            is_type_variable(found) or isinstance(found.parent, griffe.Class)
        ):
            return  # of a class: it has the name of a type, as in "date: date"
        if isinstance(found, griffe.Class | griffe.Attribute):
            self._to_write.setdefault(found.path, found)


def _modules_below(module: griffe.Module) -> list[griffe.Module]:
    below = [each for each in module.members.values() if isinstance(each, griffe.Module)]
    return [module, *(each for child in below for each in _modules_below(child))]


def _matches(path: str, pattern: str) -> bool:
    return path.count(".") == pattern.count(".") and fnmatch.fnmatchcase(path, pattern)


def _chapter(heading: str, lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in ["", f"{_HEADING}{heading}", *lines]) if lines else ""


def chapters(text: str) -> dict[str, str]:
    """Take a snapshot apart: the lines below each heading, which are Python without its imports."""
    parts = text.split(f"\n{_HEADING}")[1:]
    return {heading: body for heading, _, body in (part.partition("\n") for part in parts)}
