# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Builds wheel and sdist of packages and checks them: ``nox -s build`` for the five, a release for one.

A distribution is built twice, its wheel once from the sdist and once from the tree, and both times must give
the same bytes: hatchling gives all files the time of SOURCE_DATE_EPOCH, or else one fixed day of 2020,
one of two modes, and the order of their names. What may still differ are the libraries that compress.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ["ttapi-core", "ttapi-client", "ttapi-polars", "ttapi-platform", "ttapi-onboarding"]
_BESIDE_SOURCES: Final = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}  # in an sdist
_ANOTHER_DAY: Final = 1_234_567_890  # seconds since 1970


class DistributionError(Exception):
    """What was built is not what it should be; the text says in what."""


def main() -> None:
    """Build the packages into a folder that is emptied first, and list what is there."""
    parser = argparse.ArgumentParser(description="Build distributions and check them.")
    parser.add_argument("packages", nargs="*", default=PACKAGES, help="all five by default")
    parser.add_argument("--outdir", type=Path, default=ROOT / "dist", help="dist by default; it is emptied")
    given = parser.parse_args()
    shutil.rmtree(given.outdir, ignore_errors=True)
    try:
        files = build_checked(ROOT, given.packages, given.outdir)
    except DistributionError as error:
        sys.exit(str(error))
    for file in files:
        content = file.read_bytes()
        print(f"{hashlib.sha256(content).hexdigest()}  {file.name}, {len(content):,} bytes, built twice")


def build_checked(root: Path, packages: list[str], folder: Path) -> list[Path]:
    """
    Build packages of a tree into a folder, which gets nothing unless all is well.

    Raises
    ------
    DistributionError
        When a file cannot be built, or does not pass a check.
    """
    _run("validate_pyproject", *(str(root / "packages" / package / "pyproject.toml") for package in packages))
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(max_workers=2) as executor:
        once, again = Path(made, "once"), Path(made, "again")
        for package in packages:
            # Of copies: below a .gitignore, hatchling would put that into the sdist.
            tree = copied(root / "packages" / package, Path(made, "here"))
            aged = copied(root / "packages" / package, Path(made, "elsewhere"))
            _make_another_age(aged)
            builds = [
                executor.submit(_build, tree, once, umask=0o022),  # which makes the wheel from the sdist
                executor.submit(_build, aged, again, "--sdist", "--wheel", umask=0o077),
            ]
            for each in builds:
                each.result()
        files = sorted(once.iterdir())
        _check_same_bytes(files, again)
        _run("twine", "check", "--strict", *map(str, files))
        _run("check_wheel_contents", *(str(file) for file in files if file.suffix == ".whl"))
        for file in files:
            _check_content(file, root)
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(file, folder)) for file in files]


def copied(tree: Path, folder: Path) -> Path:
    """Copy of a package what goes into a distribution; gives the copy's path below the folder."""
    unread = shutil.ignore_patterns("__pycache__", "tests", "benchmarks")
    return Path(shutil.copytree(tree, folder / tree.name, ignore=unread))


def _make_another_age(tree: Path) -> None:
    """Let it look as someone else's checkout of another day."""
    for path in tree.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.utime(path, (_ANOTHER_DAY, _ANOTHER_DAY))


def _build(tree: Path, folder: Path, *options: str, umask: int) -> None:
    _run("build", "--no-isolation", f"--outdir={folder}", *options, str(tree), umask=umask)


def _run(module: str, *arguments: str, umask: int = -1) -> None:
    """Run a tool, and tell what it says when it refuses."""
    # The time in the files is the same for everyone, whatever is set where this runs.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment,
        umask=umask,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DistributionError(f"{module} {' '.join(arguments)} says:\n{done.stdout}")


def _check_same_bytes(files: list[Path], again: Path) -> None:
    names = {file.name for file in files} ^ {file.name for file in again.iterdir()}
    if names:
        raise DistributionError(f"Only one of two builds made these files: {sorted(names)}")
    for file in files:
        if file.read_bytes() != (again / file.name).read_bytes():
            raise DistributionError(f"{file.name}: two builds gave different bytes.")


def _check_content(file: Path, root: Path) -> None:
    """Compare the files inside with those of the tree, by name and by content."""
    shipped = _wheel_content(file) if file.suffix == ".whl" else _sdist_content(file)
    source = root / "packages" / file.name.split("-")[0].replace("_", "-") / "src"
    expected = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path != source / "BUILD"
    }
    differing = {name for name in {*shipped, *expected} if shipped.get(name) != expected.get(name)}
    if differing:
        raise DistributionError(f"{file.name} differs from {source}: {sorted(differing)}")


def _wheel_content(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}


def _sdist_content(file: Path) -> dict[str, bytes]:
    """Give the sources by their names below src, and what else is there but should not be."""
    with tarfile.open(file) as sdist:
        members = {each.name.partition("/")[2]: each for each in sdist.getmembers() if each.isfile()}
        contents = {name: sdist.extractfile(each) for name, each in members.items()}
        return {
            name.removeprefix("src/"): content.read()
            for name, content in contents.items()
            if content is not None and name not in _BESIDE_SOURCES
        }


if __name__ == "__main__":
    main()
