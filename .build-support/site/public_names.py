# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the reference is about: the modules of the five packages and their public names."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
# How the sandbox and the command work inside is for who changes them, and is read in the sources.
INSIDE: Final = (
    *(f"ttapi_client.sandbox.{part}" for part in ("account_streamer", "dxlink", "replay", "rest", "world")),
    "ttapi_onboarding",
)
OPEN: Final = frozenset(
    {
        "ttapi_client.sandbox.replay",
        "ttapi_client.sandbox.replay.replay_market",
        "ttapi_client.sandbox.replay.replay_world",
        "ttapi_client.sandbox.world",
        "ttapi_client.sandbox.world.market",
        "ttapi_client.sandbox.world.world",
        "ttapi_onboarding",
        "ttapi_onboarding.exit_codes",
        "ttapi_onboarding.schemas",
    }
)
PACKAGES: Final = ("ttapi-core", "ttapi-client", "ttapi-polars", "ttapi-platform", "ttapi-onboarding")


@dataclass(frozen=True)
class Module:
    """A module that is for others: without an underscore in its name, and not inside of what is closed."""

    name: str
    path: Path

    @property
    def package(self) -> str:
        """The import name of its distribution."""
        return self.name.partition(".")[0]

    @property
    def folder(self) -> str:
        """The package that it lies in; a package lies in itself."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @property
    def tree(self) -> ast.Module:
        """Its source, parsed."""
        return _parsed(self.path)

    @property
    def sentence(self) -> str:
        """What it is home to: the first paragraph of its docstring, on one line."""
        text = ast.get_docstring(self.tree) or ""
        return " ".join(text.partition("\n\n")[0].split())

    def offered(self) -> list[str]:
        """Names in its ``__all__``, wherever they are defined; none without one."""
        for node in self.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name("__all__")], value=names):
                    return [name for name in ast.literal_eval(names) if not name.startswith("_")]
                case _:
                    pass
        return []

    def defined(self) -> list[str]:
        """Names without an underscore that it defines itself: functions, classes, values."""
        return [name for node in self.tree.body for name in _names(node) if not name.startswith("_")]

    def values(self) -> list[str]:
        """Those of them that are neither functions nor classes, and have no docstring below them."""
        below = [*self.tree.body[1:], None]
        return [
            name
            for node, following in zip(self.tree.body, below, strict=True)
            if _is_value(node) and not _is_docstring(following)
            for name in _names(node)
            if not name.startswith("_")
        ]


def origin(module: Module, name: str) -> str:
    """
    Where a name that a module offers is defined, as a dotted name.

    Examples
    --------
    >>> [module] = [each for each in modules() if each.name == "ttapi_core"]
    >>> origin(module, "Ok"), origin(module, "load_settings")
    ('ttapi_core.outcome.Ok', 'ttapi_core.settings_sources.load_settings')
    """
    if name in module.defined():
        return f"{module.name}.{name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    source = {each.name: each for each in modules()}
                    whole = f"{node.module}.{alias.name}"
                    home = source.get(str(node.module))
                    return whole if whole in source or home is None else origin(home, alias.name)
    return f"{module.name}.{name}"


@cache
def modules() -> tuple[Module, ...]:
    """The modules of the five packages, package by package, in the order of their names."""
    all_found: list[Module] = []
    for package in PACKAGES:
        source = ROOT / "packages" / package / "src"
        top = package.replace("-", "_")
        found = (
            Module(".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__"), path)
            for path in (source / top).rglob("*.py")
        )
        all_found += sorted(filter(_is_for_others, found), key=lambda one: one.name)
    return tuple(all_found)


def promised() -> set[str]:
    """The modules that the snapshots of the API name as offered."""
    texts = (path.read_text("utf-8") for path in sorted(ROOT.glob("packages/*/api.txt")))
    return {name for text in texts for name in re.findall(r"^## (ttapi_\S+)$", text, re.MULTILINE)}


def remarks(module: Module) -> dict[str, str]:
    """What the sources say beside a value or field, or above a value, by its name in the module."""
    lines = module.path.read_text("utf-8").splitlines()
    found = {name: _remark(lines, node) or _above(lines, node) for name, node in _values(module.tree.body)}
    for owner in module.tree.body:
        if isinstance(owner, ast.ClassDef):
            found |= {f"{owner.name}.{name}": _remark(lines, node) for name, node in _values(owner.body)}
    return {name: text for name, text in found.items() if text}


def _is_for_others(module: Module) -> bool:
    is_inside = any(f"{module.name}.".startswith(f"{closed}.") for closed in INSIDE)
    return "._" not in module.name and (module.name in OPEN or not is_inside)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _is_value(node: ast.stmt) -> bool:
    # A function that click makes a command of is no function any more.
    if isinstance(node, ast.FunctionDef):
        made = (
            each.func.attr
            for each in node.decorator_list
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)
        )
        return not {"command", "group"}.isdisjoint(made)
    return isinstance(node, ast.Assign | ast.AnnAssign)


def _is_docstring(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(value=ast.Call(func=ast.Name("TypeVar" | "ParamSpec"))):
            return []  # a word of the annotations only
        case ast.AnnAssign(target=ast.Name(name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []


def _values(body: list[ast.stmt]) -> list[tuple[str, ast.stmt]]:
    return [
        (name, node) for node in body if isinstance(node, ast.Assign | ast.AnnAssign) for name in _names(node)
    ]


def _remark(lines: list[str], node: ast.stmt) -> str:
    behind = lines[(node.end_lineno or 0) - 1].encode()[node.end_col_offset :].decode()
    return _sentence(behind.partition("#")[2])


def _above(lines: list[str], node: ast.stmt) -> str:
    comment: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        if not line.startswith("# "):
            break
        comment.insert(0, line.removeprefix("# "))
    return _sentence(" ".join(comment))


def _sentence(text: str) -> str:
    text = text.strip()
    if not text or text.startswith(("noqa", "type:", "pyright:")):
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
