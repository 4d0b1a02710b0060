# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A contract for import-linter: a package imports what its pyproject.toml declares, and nothing else."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph

_IMPORTED_AS = {"vl_convert_python": "vl_convert"}


class DeclaredDependencies(Contract):
    """Import only the standard library and the declared dependencies, so that the wheel works alone."""

    package = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - their signature
        """Compare what the modules of the package import with what its distribution declares."""
        package = str(self.package)
        allowed = {package, *declared_imports(package), *sys.stdlib_module_names}
        undeclared = [
            (module, imported)
            for module in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported.split(".")[0] not in allowed
        ]
        return ContractCheck(kept=not undeclared, metadata={"undeclared": undeclared})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which module imports what."""
        for module, imported in check.metadata["undeclared"]:
            output.print_error(f"{module} imports {imported}, which its pyproject.toml does not declare")


def declared_imports(package: str) -> set[str]:
    """Name the top-level modules of the declared dependencies: most are called like their distribution."""
    project = tomllib.loads(Path("packages", package.replace("_", "-"), "pyproject.toml").read_text("utf-8"))
    extras = project["project"].get("optional-dependencies", {})
    declared = [*project["project"]["dependencies"], *(line for extra in extras.values() for line in extra)]
    names = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in declared}
    return {_IMPORTED_AS.get(name, name) for name in names}
