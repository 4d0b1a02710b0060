# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A few recorded candles, as files in a folder of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "date,open,high,low,close,volume"
# A few real days of two indexes (public quotation service, as in the sample data of the package arch, NCSA
# licence): digits a float just keeps, the half day after Thanksgiving, and a closure no rule foresees.
SPX = """\
2012-10-25,1409.73999,1421.119995,1405.140015,1412.969971,3512640000
2012-10-26,1412.969971,1417.089966,1403.280029,1411.939941,3284910000
2012-10-31,1410.98999,1418.76001,1405.949951,1412.160034,3577110000
2012-11-21,1387.790039,1391.25,1386.390015,1391.030029,2667090000
2012-11-23,1391.030029,1409.160034,1391.030029,1409.150024,1504960000
"""
COMP = """\
2012-10-31,2986.850098,2989.699951,2964.939941,2977.22998,1806780000
2012-11-01,2987.540039,3021.939941,2984.219971,3020.060059,1880140000
2012-11-23,2943.620117,2967.189941,2940.679932,2966.850098,792750000
"""


def write_recording(folder: Path, **files: str) -> Path:
    """The folder with one file for each name; BRK_B becomes BRK%2FB.csv."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        path = folder / f"{name.replace('_', '%2F')}.csv"
        path.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    return folder


def two_indexes(folder: Path) -> Path:
    """The usual recording."""
    return write_recording(folder, SPX=SPX, COMP=COMP)


def columns(rows: str) -> list[list[str]]:
    """The cells of a file's rows, row by row."""
    return [line.split(",") for line in rows.splitlines()]
