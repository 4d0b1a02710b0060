# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Requirements of a distribution, as its metadata spells them, held against the version that is there."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_REQUIREMENT: Final = re.compile(
    r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:[<>=!~][^;()]*)?)\)?\s*(;.*)?", re.ASCII
)
_CLAUSE: Final = re.compile(r"(<=|>=|==|!=|<|>)\s*(\d[\w.+-]*)", re.ASCII)
_VERSION: Final = re.compile(r"(\d+(?:\.\d+)*)(.*)", re.ASCII)
_BEFORE_RELEASE: Final = re.compile(r"[._-]?(a|b|c|rc|alpha|beta|pre|preview|dev)", re.ASCII)

_Key = tuple[tuple[int, ...], bool]
_OPERATORS: Final[dict[str, Callable[[_Key, _Key], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    # What comes before 2.0 as a trial of it is no 1.x.
    "<": lambda version, limit: version[0] < limit[0],
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A distribution that another one needs."""

    name: str
    specifier: str  # such as ">=2.0,<3"; empty for any version

    def __str__(self) -> str:
        """As it is written for pip."""
        return f"{self.name}{self.specifier}"


def parse_requirement(text: str) -> Requirement | None:
    """
    A requirement that always holds; ``None`` for one of an extra or of other systems.

    Examples
    --------
    >>> parse_requirement("loguru<1,>=0.7.2")
    Requirement(name='loguru', specifier='<1,>=0.7.2')
    >>> parse_requirement("hypothesis>=6.150; extra == 'testing'") is None
    True
    """
    found = _REQUIREMENT.fullmatch(text)
    if found is None or found[3]:
        return None
    return Requirement(found[1].lower().replace("_", "-"), found[2].strip())


def is_met(version: str, specifier: str) -> bool:
    """
    Whether a version is one that a specifier allows; clauses that nobody here writes allow all.

    Examples
    --------
    >>> (
    ...     is_met("2.1.0", ">=2.0,<3"),
    ...     is_met("3.0rc1", ">=2.0,<3"),
    ...     is_met("2.0rc1", ">=2"),
    ...     is_met("2", "==2.0"),
    ... )
    (True, False, False, True)
    """
    clauses = filter(None, (_CLAUSE.fullmatch(clause.strip()) for clause in specifier.split(",")))
    return all(_OPERATORS[clause[1]](_key(version), _key(clause[2])) for clause in clauses)


def _key(version: str) -> _Key:
    """The numbers of the release, and whether it is out."""
    found = _VERSION.match(version)
    if found is None:
        return (), False
    numbers = [int(number) for number in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), _BEFORE_RELEASE.match(found[2]) is None
