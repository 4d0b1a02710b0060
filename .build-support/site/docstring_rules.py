# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A Sphinx extension that reads our sources as they are written: what our docstrings and signatures mean."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
from importlib import import_module  # noqa: TID251 - the modules to describe are found, not known
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from public_names import Module, modules, origin, promised, remarks
from sphinx.addnodes import pending_xref, pending_xref_condition
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring
from sphinx.util.logging import getLogger

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOGGER = getLogger(__name__)
DESCRIBED = frozenset(module.name for module in modules())
VALUES = frozenset({"attribute", "data", "property"})
REMARKS: dict[str, str] = {}
DEFINED: dict[str, list[str]] = {}
SECTIONS = cast("Any", Config(napoleon_use_rtype=False))
ABSOLUTE = re.compile(r"\|(\w[^|`]*)\|")
FOR_CHECKERS_ONLY: set[str] = set()  # names that can be imported by a type checker only


def setup(app: Sphinx) -> dict[str, bool]:
    """Import what is described, and take part where docstrings and references are read."""
    for module in modules():
        import_module(module.name)
        for name in module.defined():
            DEFINED.setdefault(name, []).append(module.name)
        # Of a value without a docstring Sphinx would tell what its type is.
        REMARKS.update({f"{module.name}.{name}": "" for name in module.values()})
        REMARKS.update({f"{module.name}.{name}": text for name, text in remarks(module).items()})
    for module in modules():
        complete(module)
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("doctree-read", name_in_full)
    app.connect("env-check-consistency", miss_nothing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def complete(module: Module) -> None:
    """Import what a module imports for type checkers only: its annotations name it."""
    for node in module.tree.body:
        match node:
            case ast.If(test=ast.Name("TYPE_CHECKING"), body=body):
                for each in body:
                    source = compile(ast.Module([each], []), module.path, "exec")
                    try:
                        exec(source, vars(sys.modules[module.name]))  # noqa: S102 - our own source
                    except (ImportError, TypeError):
                        FOR_CHECKERS_ONLY.update(
                            node.id for node in ast.walk(each) if isinstance(node, ast.Name)
                        )
                        FOR_CHECKERS_ONLY.update(
                            node.name for node in ast.walk(each) if isinstance(node, ast.alias)
                        )
            case _:
                pass


def read_docstring(  # noqa: PLR0917 - Sphinx's signature
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Read numpydoc's sections; a field without a docstring has the remark behind it."""
    if what in {"attribute", "data"} and (text := REMARKS.get(name)) is not None:
        lines[:] = [text.replace("*", r"\*")]
    if isinstance(obj, click.Command):
        lines[:] = [obj.get_short_help_str(limit=200)]
    # Of an absolute value Sphinx would make a substitution.
    lines[:] = [ABSOLUTE.sub(r"\|\1\|", line) for line in lines]
    # Of a value napoleon would take what stands before a colon for its type.
    kind = cast("Any", "object" if what in VALUES else what)
    lines[:] = NumpyDocstring(lines, SECTIONS, app, kind, name, obj, options).lines()


def name_in_full(app: Sphinx, doctree: nodes.document) -> None:  # noqa: ARG001 - Sphinx's signature
    """Let each reference to one of our names say its full name; those of others become plain text."""
    for reference in list(doctree.findall(pending_xref)):
        if reference.get("refdomain") != "py" or reference.get("reftype") == "mod":
            continue
        full = full_name(reference["reftarget"], reference.get("py:module"), reference.get("py:class"))
        if full is None:
            continue
        if is_described(full):
            reference["reftarget"], reference["refspecific"] = full, False
        else:
            reference.replace_self(shown(reference))


def is_described(full: str) -> bool:
    """Whether a name is one of ours that the reference is about."""
    home = full
    while home and home not in sys.modules:
        home = home.rpartition(".")[0]
    return home in DESCRIBED and "._" not in full


def miss_nothing(app: Sphinx, env: BuildEnvironment) -> None:  # noqa: ARG001 - Sphinx's signature
    """Warn of each public name that has no entry, and of each offered module without a page."""
    for name in sorted(promised() - DESCRIBED):
        LOGGER.warning("no page for %s, which its package's api.txt offers", name, location="reference/index")
    described = env.domains.python_domain.objects
    for module in modules():
        names = [f"{module.name}.{name}" for name in module.defined()]
        for name in [*names, *(origin(module, name) for name in module.offered())]:
            if name not in described:
                LOGGER.warning("no entry for %s", name, location=f"reference/{module.name}")


def shown(reference: pending_xref) -> list[nodes.Node]:
    """What a reference shows where it leads nowhere."""
    short = [each for each in reference.children if isinstance(each, pending_xref_condition)]
    return list(short[0].children if short else reference.children)


def full_name(name: str, module: str | None, owner: str | None) -> str | None:
    """Where a name that a module uses is defined; ``None`` where it means nothing there."""
    name, here = name.partition("[")[0], sys.modules.get(module or "")
    scopes = [found(here, owner)] if owner else []
    places = [(scope, name) for scope in (*scopes, here, builtins)]
    parents = [".".join(name.split(".")[:depth]) for depth in range(name.count("."), 0, -1)]
    places += [(sys.modules.get(parent), name.removeprefix(f"{parent}.")) for parent in parents]
    # What a called function raises need not be imported where that is said.
    places += [(sys.modules[home], name) for home in homes(name, module or "")]
    thing = next((thing for scope, path in places if (thing := found(scope, path)) is not None), None)
    if thing is None:
        return name if name in FOR_CHECKERS_ONLY else None
    if inspect.ismodule(thing) or isinstance(thing, TypeVar):
        return thing.__name__
    home, qualified = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    return f"{home}.{qualified}" if isinstance(home, str) and qualified else name


def homes(name: str, module: str) -> list[str]:
    """The modules outside of one that define a name: of its own package, the errors, and click's."""
    package = module.partition(".")[0]
    mates = [each for each in DEFINED.get(name, ()) if each.partition(".")[0] == package]
    return [*(mates if len(mates) == 1 else []), "ttapi_core.errors", "click"]


def found(scope: object, name: str) -> object:
    """What a dotted name leads to from a scope."""
    for part in name.split("."):
        scope = getattr(scope, part, None)
    return scope
