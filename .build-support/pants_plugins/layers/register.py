# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Applies the dependency rules of the BUILD files in `pants lint`, which alone asks for no dependencies."""

from __future__ import annotations

from dataclasses import dataclass

from pants.backend.python.dependency_inference.rules import UnownedDependencyError
from pants.core.goals.lint import LintResult, LintTargetsRequest
from pants.core.util_rules.partitions import PartitionerType
from pants.engine.addresses import Addresses
from pants.engine.internals.dep_rules import DependencyRulesError
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.target import Dependencies, DependenciesRequest, FieldSet
from pants.option.option_types import SkipOption
from pants.option.subsystem import Subsystem


class Layers(Subsystem):
    """The options of this linter."""

    name = options_scope = "layers"
    help = "Checks that every target keeps the dependency rules."
    skip = SkipOption("lint")


@dataclass(frozen=True)
class LayersFieldSet(FieldSet):
    """Every target that has dependencies."""

    required_fields = (Dependencies,)

    dependencies: Dependencies


class LayersRequest(LintTargetsRequest):
    """All such targets, checked together."""

    field_set_type = LayersFieldSet
    tool_subsystem = Layers
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION


@rule
async def check_layers(request: LayersRequest.Batch) -> LintResult:
    """Resolve each target's dependencies: that alone makes Pants apply the rules."""
    violations = []
    for field_set in request.elements:
        try:
            await Get(Addresses, DependenciesRequest(field_set.dependencies))
        except (DependencyRulesError, UnownedDependencyError) as error:
            violations.append(str(error))
    return LintResult(
        exit_code=1 if violations else 0,
        stdout="\n".join(violations),
        stderr="",
        linter_name=request.tool_name,
    )


def rules():  # noqa: ANN201 - Pants' own types are not installed where this is checked
    """Register the linter."""
    return [*collect_rules(), *LayersRequest.rules()]
