# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Prepares the release of one package, and stops before the upload: ``nox -s release -- ttapi-polars minor``.

It changes versions, changelogs, ranges and API snapshots, builds and checks. With ``--open`` it only says
which version comes next, as a break of the API demands in the change that makes it. All is computed and built
aside before the tree is touched; what git keeps, tags and sends is left to a person.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from check_distributions import DistributionError, build_checked, copied
from release_plan import Plan, ReleaseError, opening, release

ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> None:
    """Prepare a release, or say why there can be none."""
    parser = argparse.ArgumentParser(description="Prepare the release of a package, up to its upload.")
    parser.add_argument("package", help="such as ttapi-polars")
    parser.add_argument("step", help="major, minor or patch, counted from the last release, or a version")
    parser.add_argument("--open", action="store_true", help="only say that this version comes next")
    given = parser.parse_args()
    try:
        if given.open:
            plan = opening(ROOT, given.package, given.step)
            write(plan.texts)
        else:
            check_clean(ROOT)
            today = datetime.now(tz=UTC).date()  # noqa: TID251 - the day that goes into the changelog
            plan = release(ROOT, given.package, given.step, today)
            files = build(ROOT, plan)
            write(plan.texts)
            print("".join(f"Built {file.relative_to(ROOT)}\n" for file in files), end="")
    except (ReleaseError, DistributionError) as error:
        sys.exit(f"Nothing is changed. {error}")
    print(words(ROOT, plan, is_release=not given.open))


def check_clean(root: Path) -> None:
    """
    Refuse a tree with changes: a release is what a commit says, and undoing one must lose nothing.

    Raises
    ------
    ReleaseError
        With what git lists, or git's own words where it cannot.
    """
    done = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReleaseError(f"git cannot tell whether the tree is clean: {done.stderr.strip()}")
    if done.stdout:
        raise ReleaseError(f"The tree has changes that are not committed:\n{done.stdout.rstrip()}")


def build(root: Path, plan: Plan) -> list[Path]:
    """Build and check the package as the plan will have it; dist gets nothing unless all is well."""
    with tempfile.TemporaryDirectory() as made:
        folder = root / "packages" / plan.package
        copy = copied(folder, Path(made, "packages"))
        for path, text in plan.texts.items():
            if path.is_relative_to(folder):
                (copy / path.relative_to(folder)).write_text(text, encoding="utf-8")
        return build_checked(Path(made), [plan.package], root / "dist")


def write(texts: dict[Path, str]) -> None:
    """Write all files, or leave all as they were."""
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    try:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise


def words(root: Path, plan: Plan, *, is_release: bool) -> str:
    """Say what is done, what follows from it, and what is left to a person, as commands."""
    lines = [f"Changed {path.relative_to(root)}" for path in sorted(plan.texts)]
    lines += plan.notes
    if plan.siblings:
        lines.append(
            f"A range is part of a wheel, and no released one of these takes {plan.package} {plan.version}: "
            f"each needs a release of its own, in this order: {', '.join(plan.siblings)}"
        )
    name = f"{plan.package} {plan.version}"
    if not is_release:
        return "\n".join([*lines, f"{name} comes next. Commit this with the change that needs it."])
    tag = f"{plan.package}-{plan.version}"
    built = f"dist/{plan.package.replace('-', '_')}-{plan.version}"
    python = os.path.relpath(sys.executable, root)
    return "\n".join(
        [
            *lines,
            f"{name} is ready. Nothing is committed, tagged or uploaded. Look at it, and then:",
            "  git add packages",
            f"  git commit --message 'Release {name}'",
            f"  git tag --annotate {tag} --message '{name}'",
            f"  {python} -m twine upload {built}-py3-none-any.whl {built}.tar.gz",
            f"  git push origin HEAD {tag}",
            "Or, to undo it: git checkout packages && git clean --force packages",
        ]
    )


if __name__ == "__main__":
    main()
