# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Market analytics, frames and lake files on Polars; importing it registers the ``.tt`` namespaces.

The functions that most need are imported at once; the others, and what has to do with files, when one of them
is first asked for.
"""
# To import a module here is what makes it an attribute.
# pyright: reportUnusedImport=false

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_polars import (
    drawdowns,
    indicators,
    liquidity,
    per_symbol,
    returns,
    risk,
    rolling,
    tails,
    volatility,
)
from ttapi_polars.namespaces import tt

if TYPE_CHECKING:
    from ttapi_polars import (
        adjustments,
        candle_frames,
        correlations,
        coverage,
        frames,
        implied_volatility,
        lake_files,
        option_chains,
        options,
        overlaps,
        resampling,
        schemas,
        summaries,
        volatility_cones,
    )
    from ttapi_polars.fingerprints import fingerprint
    from ttapi_polars.footers import FileFooter, read_footer
    from ttapi_polars.lake_files import load, verify, write_pair
    from ttapi_polars.lakes import scan
    from ttapi_polars.schemas import SCHEMAS, ColumnSpec, DatasetSchema
    from ttapi_polars.validation import validate

__all__ = [
    "SCHEMAS",
    "ColumnSpec",
    "DatasetSchema",
    "FileFooter",
    "adjustments",
    "candle_frames",
    "correlations",
    "coverage",
    "drawdowns",
    "fingerprint",
    "frames",
    "implied_volatility",
    "indicators",
    "lake_files",
    "liquidity",
    "load",
    "option_chains",
    "options",
    "overlaps",
    "per_symbol",
    "read_footer",
    "resampling",
    "returns",
    "risk",
    "rolling",
    "scan",
    "schemas",
    "summaries",
    "tails",
    "tt",
    "validate",
    "verify",
    "volatility",
    "volatility_cones",
    "write_pair",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    # This late on purpose, see above; and as whole modules, because "from" would ask here for them again.
    import ttapi_polars.adjustments
    import ttapi_polars.candle_frames
    import ttapi_polars.correlations
    import ttapi_polars.coverage
    import ttapi_polars.fingerprints
    import ttapi_polars.footers
    import ttapi_polars.frames
    import ttapi_polars.implied_volatility
    import ttapi_polars.lake_files
    import ttapi_polars.lakes
    import ttapi_polars.option_chains
    import ttapi_polars.options
    import ttapi_polars.overlaps
    import ttapi_polars.resampling
    import ttapi_polars.schemas
    import ttapi_polars.summaries
    import ttapi_polars.validation
    import ttapi_polars.volatility_cones

    here = ttapi_polars
    for module in (
        here.fingerprints,
        here.footers,
        here.lake_files,
        here.lakes,
        here.schemas,
        here.validation,
    ):
        globals().update({each: value for each, value in vars(module).items() if each in __all__})
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
