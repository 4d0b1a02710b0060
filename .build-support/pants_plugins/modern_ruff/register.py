# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs ruff of our lock file: `ruff check` in lint and fix, `ruff format` in lint and fmt."""

from __future__ import annotations

from pants.backend.python.lint.ruff import skip_field, subsystem
from pants.backend.python.lint.ruff.subsystem import Ruff, RuffFieldSet
from pants.backend.python.util_rules import pex
from pants.backend.python.util_rules.pex import PexRequest, VenvPex, VenvPexProcess
from pants.core.goals.fix import FixResult, FixTargetsRequest
from pants.core.goals.fmt import FmtResult, FmtTargetsRequest
from pants.core.goals.lint import LintResult, LintTargetsRequest
from pants.core.util_rules.config_files import ConfigFiles, ConfigFilesRequest
from pants.core.util_rules.partitions import PartitionerType
from pants.core.util_rules.source_files import SourceFiles, SourceFilesRequest
from pants.engine.fs import Digest, MergeDigests, Snapshot
from pants.engine.process import FallibleProcessResult, ProcessResult
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.meta import classproperty

# A batch may lack the __init__.py of its neighbours, and then every file seems to lie outside a package.
CHECK = ("check", "--no-cache", "--ignore=INP001")
FORMAT = ("format", "--no-cache")


class CheckRequest(LintTargetsRequest):
    """Look for findings."""

    field_set_type = RuffFieldSet
    tool_subsystem = Ruff
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION

    @classproperty
    def tool_name(cls) -> str:  # noqa: N805 - a property of the class
        """Name the tool in the summary."""
        return "ruff check"


class FixRequest(FixTargetsRequest):
    """Repair findings that ruff knows how to repair."""

    field_set_type = RuffFieldSet
    tool_subsystem = Ruff
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION

    @classproperty
    def tool_name(cls) -> str:  # noqa: N805 - a property of the class
        """Name the tool in the summary."""
        return "ruff check --fix"


class FormatRequest(FmtTargetsRequest):
    """Bring into form."""

    field_set_type = RuffFieldSet
    tool_subsystem = Ruff
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION

    @classproperty
    def tool_name(cls) -> str:  # noqa: N805 - a property of the class
        """Name the tool in the summary."""
        return "ruff format"


async def ruff_process(ruff: Ruff, files: Snapshot, *arguments: str) -> VenvPexProcess:
    """Bring together ruff, its settings and the files."""
    ruff_pex, config = await MultiGet(
        Get(VenvPex, PexRequest, ruff.to_pex_request()),
        Get(ConfigFiles, ConfigFilesRequest, ruff.config_request(files.dirs)),
    )
    everything = await Get(Digest, MergeDigests((files.digest, config.snapshot.digest)))
    return VenvPexProcess(
        ruff_pex,
        argv=(*arguments, f"--config={ruff.config}", *ruff.args, *files.files),
        input_digest=everything,
        output_files=files.files,
        description=f"Run ruff {' '.join(arguments)} on {len(files.files)} files",
    )


@rule(desc="Check with ruff")
async def check(request: CheckRequest.Batch, ruff: Ruff) -> LintResult:
    """Report what ruff finds."""
    sources = await Get(SourceFiles, SourceFilesRequest(field_set.source for field_set in request.elements))
    process = await ruff_process(ruff, sources.snapshot, *CHECK)
    result = await Get(FallibleProcessResult, VenvPexProcess, process)
    return LintResult.create(request, result)


@rule(desc="Fix with ruff")
async def fix(request: FixRequest.Batch, ruff: Ruff) -> FixResult:
    """Repair; what cannot be repaired is left to the check, so it does not fail here."""
    process = await ruff_process(ruff, request.snapshot, *CHECK, "--fix", "--exit-zero")
    result = await Get(ProcessResult, VenvPexProcess, process)
    return await FixResult.create(request, result)


@rule(desc="Format with ruff")
async def format_files(request: FormatRequest.Batch, ruff: Ruff) -> FmtResult:
    """Rewrite in the house's form; a file that cannot be parsed fails here."""
    process = await ruff_process(ruff, request.snapshot, *FORMAT)
    result = await Get(ProcessResult, VenvPexProcess, process)
    return await FmtResult.create(request, result)


def rules():  # noqa: ANN201 - Pants' own types are not installed where this is checked
    """Register the three requests and the options of the built-in subsystem."""
    return [
        *collect_rules(),
        *CheckRequest.rules(),
        *FixRequest.rules(),
        *FormatRequest.rules(),
        *pex.rules(),
        *subsystem.rules(),
        *skip_field.rules(),
    ]
