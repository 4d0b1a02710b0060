# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Signatures as lines of Python: what a snapshot of the public API says of a class, function or constant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator

    Annotation = str | griffe.Expr | None

_ATTRS: Final = ("attrs.frozen", "attrs.define", "attrs.mutable")
_FIELDS: Final = ("attrs.field", "attr.ib")
# How a class does what it is asked for by other means.
_SILENT: Final = {
    "__all__",
    "__attrs_post_init__",
    "__dir__",
    "__getattr__",
    "__post_init__",
    "__repr__",
    "__slots__",
}
_LONG: Final = 400  # characters of a value that the snapshot still shows
_DOTTED: Final = re.compile(r"""'[^']*'|"[^"]*"|(?:\w+\.)+(\w+)""")
_MARKS: Final = {
    griffe.ParameterKind.var_positional: "*",
    griffe.ParameterKind.var_keyword: "**",
}


@dataclass(slots=True)
class Signature:
    """Lines of Python, and the full paths of all that their annotations name."""

    lines: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def add_indented(self, other: Signature) -> None:
        """Add the signature of a member."""
        self.lines += [f"    {line}" for line in other.lines]
        self.named |= other.named


def is_offered(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether the name is for others, by its underscores and by ``__all__``."""
    return bool(member.is_public) and member.name not in _SILENT and not is_type_variable(member)


def is_type_variable(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether the name is one for types that only other signatures of its module need."""
    return isinstance(member, griffe.Attribute) and str(member.value).startswith(("TypeVar(", "ParamSpec("))


def signature(found: griffe.Object, *, is_made: bool = True) -> Signature:
    """Write down a function, a constant, or a class with its members, without constructor if none is made."""
    match found:
        case griffe.Class():
            return _of_class(found, is_made=is_made)
        case griffe.Function():
            return _of_function(found)
        case griffe.Attribute():
            return _of_attribute(found)
        case _:
            raise TypeError(f"{found.path}: a {found.kind.value} has no signature")


def _of_class(found: griffe.Class, *, is_made: bool) -> Signature:
    bases = list(_offered_bases(found))
    head = f"class {found.name}({', '.join(map(_text, bases))}):" if bases else f"class {found.name}:"
    written = Signature([head], set().union(*map(_named, bases)))
    members = _offered_members(found)
    if "__init__" not in members and (constructor := _generated_constructor(found)) is not None:
        members["__init__"] = constructor
    if not is_made:
        members.pop("__init__", None)
    for _, member in sorted(members.items()):
        written.add_indented(signature(member))
    if len(written.lines) == 1:
        written.lines[0] += " ..."
    return written


def _offered_bases(found: griffe.Class) -> Iterator[str | griffe.Expr]:
    """Give the bases, and in place of one that is for the package alone, those of that."""
    for base in found.bases:
        path = base if isinstance(base, str) else base.canonical_path
        private = next(
            (each for each in found.mro() if each.path == path and each.name.startswith("_")), None
        )
        if private is None:
            yield base
        else:
            yield from _offered_bases(private)


def _offered_members(found: griffe.Class) -> dict[str, griffe.Object]:
    """Give its own members and those of its private bases: where others stand is no matter to a user."""
    classes = [found, *(each for each in found.mro() if each.name.startswith("_"))]
    return {
        name: member
        for each in reversed(classes)
        for name, member in each.members.items()
        if is_offered(member) and isinstance(member, griffe.Object)
    }


def _generated_constructor(found: griffe.Class) -> griffe.Function | None:
    """Give what attrs or NamedTuple will make; griffe itself does so for dataclasses."""
    fields: dict[str, griffe.Parameter] = {}
    for each in reversed([found, *found.mro()]):
        decorators = [one.value for one in each.decorators if isinstance(one.value, griffe.Expr)]
        of_attrs = next((one for one in decorators if one.canonical_path in _ATTRS), None)
        if of_attrs is not None or "NamedTuple" in map(str, each.bases):
            kind = griffe.ParameterKind.positional_or_keyword
            if of_attrs is not None and _arguments(of_attrs).get("kw_only") == "True":
                kind = griffe.ParameterKind.keyword_only
            fields |= {parameter.name: parameter for parameter in _field_parameters(each, kind)}
    if not fields:
        return None
    # Those by keyword come last, wherever their fields stand.
    ordered = sorted(fields.values(), key=lambda each: each.kind is griffe.ParameterKind.keyword_only)
    own = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parameters=griffe.Parameters(own, *ordered), returns="None")


def _field_parameters(found: griffe.Class, kind: griffe.ParameterKind) -> Iterator[griffe.Parameter]:
    for member in found.members.values():
        if not isinstance(member, griffe.Attribute) or member.annotation is None:
            continue
        if "property" in member.labels or "instance-attribute" not in member.labels:
            continue  # computed, or a ClassVar
        default, own_kind = member.value, kind
        if isinstance(default, griffe.ExprCall) and default.canonical_path in _FIELDS:
            given = _arguments(default)
            if given.get("init") == "False":
                continue
            if given.get("kw_only") == "True":
                own_kind = griffe.ParameterKind.keyword_only
            default = given.get("default", "..." if "factory" in given else None)
        yield griffe.Parameter(
            member.name.lstrip("_"), annotation=member.annotation, kind=own_kind, default=default
        )


def _arguments(call: griffe.Expr) -> dict[str, str]:
    if not isinstance(call, griffe.ExprCall):
        return {}
    return {each.name: str(each.value) for each in call.arguments if isinstance(each, griffe.ExprKeyword)}


def _of_function(found: griffe.Function) -> Signature:
    written = Signature()
    for overload in found.overloads or []:
        written.lines.append("@overload")
        _add_function(written, overload)
    _add_function(written, found)
    return written


def _add_function(written: Signature, found: griffe.Function) -> None:
    written.lines += [f"@{label}" for label in ("classmethod", "staticmethod") if label in found.labels]
    returns = "" if found.returns is None else f" -> {_text(found.returns)}"
    start = "async def" if "async" in found.labels else "def"
    written.lines.append(f"{start} {found.name}({', '.join(_parameter_texts(found))}){returns}: ...")
    written.named |= _named(found.returns).union(*(_named(each.annotation) for each in found.parameters))


def _parameter_texts(found: griffe.Function) -> Iterator[str]:
    kinds = griffe.ParameterKind
    before = None
    for parameter in found.parameters:
        if before is kinds.positional_only and parameter.kind is not before:
            yield "/"
        if parameter.kind is kinds.keyword_only and before not in {kinds.keyword_only, kinds.var_positional}:
            yield "*"
        before = parameter.kind
        text = f"{_MARKS.get(parameter.kind, '')}{parameter.name}"
        if parameter.annotation is not None:
            text += f": {_text(parameter.annotation)}"
        # Griffe gives *args and **kwargs a default.
        yield (
            text
            if parameter.required or parameter.kind in _MARKS
            else f"{text} = {_value(parameter.default)}"
        )
    if before is kinds.positional_only:
        yield "/"


def _of_attribute(found: griffe.Attribute) -> Signature:
    if found.name == "__version__":
        return Signature(["__version__: str"])
    annotation = found.annotation or _assigned_type(found)
    if annotation is not None and str(annotation) != "TypeAlias":
        return Signature([f"{found.name}: {_text(annotation)}"], _named(annotation))
    if isinstance(found.parent, griffe.Class) and "class-attribute" not in found.labels:
        return Signature([f"{found.name} = ..."])
    return Signature([f"{found.name} = {_text(_value(found.value))}"], _named(found.value))


def _assigned_type(found: griffe.Attribute) -> Annotation:
    """Give the type of what a constructor assigns: mostly a parameter, or an object made there and then."""
    if not isinstance(found.parent, griffe.Class):
        return None
    constructor = found.parent.members.get("__init__")
    if isinstance(found.value, griffe.ExprName) and isinstance(constructor, griffe.Function):
        parameters = {parameter.name: parameter for parameter in constructor.parameters}
        return parameters[found.value.name].annotation if found.value.name in parameters else None
    made = found.value.function if isinstance(found.value, griffe.ExprCall) else None
    return made if isinstance(made, griffe.Expr) and _is_class(found.parent, made.canonical_path) else None


def _is_class(scope: griffe.Object, path: str) -> bool:
    try:
        return bool(scope.modules_collection[path].is_class)
    except (KeyError, griffe.GriffeError):
        return False


def _value(value: Annotation) -> str:
    text = str(value)
    return text if len(text) <= _LONG and "\n" not in text else "..."


def _text(annotation: str | griffe.Expr) -> str:
    """Write ``polars.Expr`` and ``pl.Expr`` as ``Expr``: how a module imports a name is its own affair."""
    return _DOTTED.sub(lambda found: found[1] or found[0], str(annotation))


def _named(annotation: Annotation) -> set[str]:
    if not isinstance(annotation, griffe.Expr):
        return set()
    names = (each for each in annotation.iterate(flat=True) if isinstance(each, griffe.Expr))
    paths = {each.canonical_path for each in names if isinstance(each, griffe.ExprName)}
    return {path for path in paths if "(" not in path}  # a parameter is named as function(parameter)
