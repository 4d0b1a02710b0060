# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What importing the package brings along, and what it must not."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ttapi_polars


def imported_by(statement: str) -> set[str]:
    """Top-level names in a fresh interpreter after this import."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import ttapi_polars", "import ttapi_polars.footers"])
def test_status_needs_no_heavy_package(statement: str) -> None:
    """A footer is read without pyarrow; test tools and the layers beside and above stay out."""
    names = imported_by(statement)
    assert "polars" in names
    assert not names & {"pyarrow", "numpy", "pandas", "hypothesis", "attrs", "ttapi_client", "ttapi_platform"}


def test_importing_registers_the_namespace_without_a_warning() -> None:
    """As the package's first line says."""
    code = "import polars, ttapi_polars; print(polars.col('close').tt.simple_return().meta.output_name())"
    command = [sys.executable, "-W", "error", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "close"


def test_public_names_are_there_and_sorted() -> None:
    """Sorted as the linter sorts: constants, classes, functions and modules."""
    assert all(hasattr(ttapi_polars, name) for name in ttapi_polars.__all__)
    assert ttapi_polars.__all__ == sorted(
        ttapi_polars.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
