# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
What of the API that was released would no longer work: ``packages/*/api-released.txt`` held against the tree.

Griffe compares names, parameters and defaults; types, bases and kinds of functions are compared here.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import griffe
from packaging.version import Version
from public_api import REACHED, chapters, released_path, released_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    Annotation = str | griffe.Expr | None

_UNTYPED: Final = {"Any", "object"}
# Who gives the one, gives the other too; who takes the other, takes the one too.
_WIDER: Final = {
    "bool": {"int", "float"},
    "int": {"float"},
    "dict": {"Mapping"},
    "list": {"Sequence", "Collection", "Iterable"},
    "set": {"Collection", "Iterable"},
    "frozenset": {"Collection", "Iterable"},
    "Sequence": {"Collection", "Iterable"},
    "Collection": {"Iterable"},
    "Iterator": {"Iterable"},
}
_KINDS: Final = ("async", "classmethod", "staticmethod")


def unannounced_breaks(root: Path, texts: dict[str, str]) -> list[str]:
    """List the breaks of those packages of a tree whose version does not say that there are some."""
    lines: list[str] = []
    for package, text in texts.items():
        path = released_path(root, package)
        if path.exists():
            released = path.read_text(encoding="utf-8")
            project = tomllib.loads(
                (root / "packages" / package / "pyproject.toml").read_text(encoding="utf-8")
            )
            if not may_break(released_version(released), project["project"]["version"]):
                lines += [f"{package}: {line}" for line in breaks(released, text)]
    return lines


def may_break(released: str, version: str) -> bool:
    """Tell whether a version may lack what the released one has: a major one may, before 1.0 a minor one."""
    before, after = Version(released), Version(version)
    return after.major > before.major or (before.major == 0 and after.minor > before.minor)


def breaks(released: str, now: str) -> list[str]:
    """List, one line each, what a user of the released API could trip over."""
    old, new = _modules(released), _modules(now)
    classes = _classes(new)
    ancestors = {name: set(_ancestors(each, classes)) for name, each in classes.items()}
    found = [f"{heading}: is no longer offered" for heading in old if heading not in new]
    for heading, module in old.items():
        if heading in new:
            found += _by_griffe(module, new[heading])
            found += _changed_types(module, new[heading], ancestors)
    return sorted(set(found))


def _modules(text: str) -> dict[str, griffe.Module]:
    """Read a snapshot; what classes inherit within it becomes their own, so that it may move up to a base."""
    modules = {
        heading: griffe.visit(heading, filepath=Path("api.txt"), code=f"from typing import overload\n{body}")
        for heading, body in chapters(text).items()
    }
    classes = _classes(modules)
    for module in modules.values():
        _mark_public(module)
    for each in classes.values():
        for name in _ancestors(each, classes):
            if name in classes:
                each.members = {**classes[name].members, **each.members}
    return modules


def _classes(modules: dict[str, griffe.Module]) -> dict[str, griffe.Class]:
    members = (each for module in modules.values() for each in module.members.values())
    return {each.name: each for each in members if isinstance(each, griffe.Class)}


def _ancestors(found: griffe.Class, classes: dict[str, griffe.Class]) -> Iterator[str]:
    """Name the bases and theirs, the nearest first."""
    for name in map(str, found.bases):
        yield name
        if name in classes and classes[name] is not found:
            yield from _ancestors(classes[name], classes)


def _mark_public(found: griffe.Object) -> None:
    for member in found.members.values():
        if isinstance(member, griffe.Object):
            member.public = True
            _mark_public(member)


def _by_griffe(old: griffe.Module, new: griffe.Module) -> Iterator[str]:
    for breakage in griffe.find_breaking_changes(old, new):
        values = breakage.old_value, breakage.new_value
        parameter = next((each.name for each in values if isinstance(each, griffe.Parameter)), None)
        what = _place(breakage.obj) + (f"({parameter})" if parameter else "")
        yield f"{what}: {breakage.kind.value.lower()}"


def _place(found: griffe.Object | griffe.Alias) -> str:
    return found.path.removeprefix(f"{REACHED}.")


def _changed_types(old: griffe.Object, new: griffe.Object, ancestors: dict[str, set[str]]) -> Iterator[str]:
    """Compare what griffe leaves out, member by member."""
    for name, was in old.members.items():
        match was, new.members.get(name):
            case griffe.Class(), griffe.Class() as now:
                yield from _changed_bases(was, now, ancestors.get(name, set(map(str, now.bases))))
                yield from _changed_types(was, now, ancestors)
            case griffe.Function(), griffe.Function() as now:
                yield from _changed_function(was, now)
            case griffe.Attribute(), griffe.Attribute() as now:
                if not _takes(was.annotation, now.annotation):
                    yield f"{_place(now)}: was {was.annotation} and is {now.annotation}"
                if was.annotation is None is now.annotation and _is_other_value(was, now):
                    yield f"{_place(now)}: was {was.value} and is {now.value}"
            case _:
                pass  # gone, or another kind of thing: griffe says so


def _changed_bases(was: griffe.Class, now: griffe.Class, ancestors: set[str]) -> Iterator[str]:
    lost = set(map(str, was.bases)) - ancestors
    if lost:
        yield f"{_place(now)}: is no longer a {', '.join(sorted(lost))}"
    if any(re.match(r"Protocol\b", str(base)) for base in was.bases):
        for name in sorted(now.members.keys() - was.members.keys()):
            yield f"{_place(now)}.{name}: is new, and those who wrote their own {now.name} have none"


def _changed_function(was: griffe.Function, now: griffe.Function) -> Iterator[str]:
    for kind in _KINDS:
        if (kind in was.labels) != (kind in now.labels):
            yield f"{_place(now)}: is {'no longer' if kind in was.labels else 'now'} {kind}"
    if not _takes(was.returns, now.returns):
        yield f"{_place(now)}: returned {was.returns}, and returns {now.returns}"
    overloads = {_overload_text(each) for each in now.overloads or []}
    if lost := [each for each in was.overloads or [] if _overload_text(each) not in overloads]:
        yield f"{_place(now)}: no longer has the overload {', '.join(map(_overload_text, lost))}"
    parameters = {parameter.name: parameter for parameter in now.parameters}
    for parameter in was.parameters:
        if parameter.name in parameters:
            taken = parameters[parameter.name].annotation
            if not _takes(taken, parameter.annotation):
                yield f"{_place(now)}({parameter.name}): took {parameter.annotation}, and takes {taken}"


def _overload_text(found: griffe.Function) -> str:
    parameters = ", ".join(f"{parameter.name}: {parameter.annotation}" for parameter in found.parameters)
    return f"({parameters}) -> {found.returns}"


def _is_other_value(was: griffe.Attribute, now: griffe.Attribute) -> bool:
    """Compare members of an enumeration and names for types; where a name is defined is no matter."""
    return str(was.value) != str(now.value) and not str(was.value).startswith("ttapi_")


def _takes(wide: Annotation, narrow: Annotation) -> bool:
    """Tell whether each type of the one is among those of the other; what says nothing takes everything."""
    if wide is None:
        return True
    if narrow is None:
        return False
    taken = _alternatives(wide)
    return bool(taken & _UNTYPED) or all(
        each in taken or _wider(each) & taken for each in _alternatives(narrow)
    )


def _alternatives(annotation: str | griffe.Expr) -> set[str]:
    match annotation:
        case griffe.ExprBinOp(left=left, operator="|", right=right):
            return _alternatives(left) | _alternatives(right)
        case griffe.ExprSubscript(left=griffe.ExprName(name="Literal"), slice=griffe.ExprTuple() as values):
            return {f"Literal[{value}]" for value in values.elements}
        case _:
            return {str(annotation)}


def _wider(alternative: str) -> set[str]:
    name, bracket, rest = alternative.partition("[")
    return {f"{each}{bracket}{rest}" for each in _WIDER.get(name, ())}
