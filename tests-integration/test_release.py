# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A release changes what it must and nothing else, and what should not be released is refused."""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from check_distributions import PACKAGES, DistributionError, build_checked
from public_api import released_path, released_text, snapshot_path
from release import check_clean, write
from release_plan import ReleaseError, opening, release

ROOT: Final = Path(__file__).resolve().parent.parent
DAY: Final = date(2027, 3, 1)
GIT: Final = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what a release reads and changes."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy it once for those who are refused at once; ttapi-core 0.2.0 is released there, with news since."""
    tree = copied(tmp_path_factory.mktemp("unchanged"))
    put_released(tree, "ttapi-core", "0.2.0", news="- Something new.")
    return tree


def copied(folder: Path) -> Path:
    """Copy the packages without their tests, and the scripts."""
    ignored = shutil.ignore_patterns("__pycache__", "tests", "benchmarks", "docs", "site")
    for part in ("packages", ".build-support"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    return folder


def commit_all(tree: Path) -> None:
    """Put the tree under git."""
    (tree / ".gitignore").write_text("__pycache__/\ndist/\n", encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=All"]):
        subprocess.run([*GIT, *command], cwd=tree, check=True)


def package_of(tree: Path, package: str) -> Path:
    """Give the folder of a package."""
    return tree / "packages" / package


def changelog(tree: Path, package: str) -> Path:
    """Give the changelog of a package."""
    return package_of(tree, package) / "CHANGELOG.md"


def state_of(tree: Path) -> str:
    """List what git sees as changed."""
    command = [*GIT, "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout


def put_released(tree: Path, package: str, version: str, *, news: str = "") -> None:
    """Let a version of the package be the last release, and also that of the tree, with such news since."""
    folder = package_of(tree, package)
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        re.sub(r'^version = ".+"$', f'version = "{version}"', project, flags=re.MULTILINE), encoding="utf-8"
    )
    for source in folder.glob("src/*/*.py"):
        text = source.read_text(encoding="utf-8")
        if "\n__version__ = " in text:
            source.write_text(
                re.sub(r'(?<=\n__version__ = ").+(?=")', version, text, count=1), encoding="utf-8"
            )
    part = f"## Unreleased\n\n{news}\n\n" if news else ""
    changelog(tree, package).write_text(
        f"# Changelog of {package}\n\n{part}## {version} (2026-12-01)\n\n- All.\n", encoding="utf-8"
    )
    snapshot = snapshot_path(tree, package).read_text(encoding="utf-8")
    released_path(tree, package).write_text(released_text(snapshot, version), encoding="utf-8")


def changed_lines(before: Path, text: str) -> list[str]:
    """List the lines that go and come."""
    lines = difflib.ndiff(before.read_text(encoding="utf-8").splitlines(), text.splitlines())
    return [line for line in lines if line[:1] in "+-"]


def test_a_release_is_prepared_up_to_its_upload(tree: Path) -> None:
    """Files and dist say the version, what is left is said as commands, and nothing is committed."""
    put_released(tree, "ttapi-core", "0.1.3", news="- Something new.")
    commit_all(tree)

    command = [sys.executable, ".build-support/release.py", "ttapi-core", "patch"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert state_of(tree).splitlines() == [
        " M packages/ttapi-core/CHANGELOG.md",
        " M packages/ttapi-core/api-released.txt",
        " M packages/ttapi-core/pyproject.toml",
        " M packages/ttapi-core/src/ttapi_core/__init__.py",
    ]
    wheel, sdist = sorted((tree / "dist").iterdir())
    assert (wheel.name, sdist.name) == ("ttapi_core-0.1.4-py3-none-any.whl", "ttapi_core-0.1.4.tar.gz")
    with zipfile.ZipFile(wheel) as content:
        assert b'\n__version__ = "0.1.4"\n' in content.read("ttapi_core/__init__.py")
        assert not [name for name in content.namelist() if "api" in Path(name).name]
    assert "  git tag --annotate ttapi-core-0.1.4 --message 'ttapi-core 0.1.4'\n" in done.stdout
    assert f"-m twine upload dist/{wheel.name} dist/{sdist.name}\n" in done.stdout
    assert "release of their own" not in done.stdout  # a patch is in the range that the siblings declare


def test_a_minor_release_moves_the_ranges_of_the_siblings(tree: Path) -> None:
    """Each that depends on it takes the new minor line, says so in its changelog, and needs a release."""
    put_released(tree, "ttapi-core", "0.1.0")
    put_released(tree, "ttapi-polars", "0.2.0", news="- Something new.")

    plan = release(tree, "ttapi-polars", "minor", DAY)

    projects = [package_of(tree, package) / "pyproject.toml" for package in PACKAGES]
    changes = {
        path.parent.name: changed_lines(path, plan.texts.get(path, path.read_text("utf-8")))
        for path in projects
    }
    moved = ['-   "ttapi-polars>=0.2,<0.3",', '+   "ttapi-polars>=0.3,<0.4",']
    assert changes == {
        "ttapi-core": [],
        "ttapi-client": [],
        "ttapi-polars": ['- version = "0.2.0"', '+ version = "0.3.0"'],
        "ttapi-platform": [
            *moved,
            '- cloud = ["ttapi-polars[cloud]>=0.2,<0.3"]',
            '+ cloud = ["ttapi-polars[cloud]>=0.3,<0.4"]',
        ],
        "ttapi-onboarding": moved,
    }
    assert plan.siblings == ["ttapi-platform", "ttapi-onboarding"]
    for sibling in plan.siblings:
        path = changelog(tree, sibling)
        assert changed_lines(path, plan.texts[path]) == ["+ - Takes `ttapi-polars` 0.3."]
    path = changelog(tree, "ttapi-polars")
    assert changed_lines(path, plan.texts[path]) == ["- ## Unreleased", "+ ## 0.3.0 (2027-03-01)"]


def test_a_version_can_be_opened_without_a_release(tree: Path) -> None:
    """A change that breaks the API says with its own commit which version comes next."""
    put_released(tree, "ttapi-core", "0.1.0")

    plan = opening(tree, "ttapi-core", "minor")

    assert plan.version == "0.2.0"
    path = changelog(tree, "ttapi-core")
    assert sorted(changed_lines(path, plan.texts[path])) == ["+ ", "+ ## 0.2.0 (unreleased)"]
    assert released_path(tree, "ttapi-core") not in plan.texts
    assert sum(path.name == "pyproject.toml" for path in plan.texts) == 5


def test_a_release_without_the_version_that_a_break_needs_is_refused(tree: Path) -> None:
    """The break is named, and the next minor version may have it."""
    put_released(tree, "ttapi-core", "0.1.0", news="- Something else.")
    money = package_of(tree, "ttapi-core") / "src" / "ttapi_core" / "money.py"
    money.write_text(money.read_text("utf-8").replace("def signed(amount:", "def signed(value:"), "utf-8")

    with pytest.raises(ReleaseError, match=r"takes a minor version:\n  ttapi_core\.money\.signed\(amount\)"):
        release(tree, "ttapi-core", "patch", DAY)

    assert release(tree, "ttapi-core", "minor", DAY).version == "0.2.0"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("0.2.0", "0.2.0 would go backwards"),
        ("0.1.9", "0.1.9 would go backwards"),
        ("next", "'next' is no step"),
        ("0.3", "'0.3' is no step"),
    ],
)
def test_a_version_must_move_on(unchanged: Path, step: str, words: str) -> None:
    """A version that was released, an earlier one, and what is none are refused."""
    with pytest.raises(ReleaseError, match=re.escape(words)):
        release(unchanged, "ttapi-core", step, DAY)


def test_a_version_before_that_of_the_tree_is_refused(tree: Path) -> None:
    """Who opened a minor version cannot release a patch."""
    put_released(tree, "ttapi-core", "0.2.0")
    write(opening(tree, "ttapi-core", "minor").texts)

    with pytest.raises(ReleaseError, match=r"0\.2\.1 would go backwards.*the tree is at 0\.3\.0"):
        release(tree, "ttapi-core", "patch", DAY)


@pytest.mark.parametrize("part", ["", "## Unreleased\n\n", "## 0.3.0 (unreleased)\n\n"])
def test_a_release_without_news_is_refused(tree: Path, part: str) -> None:
    """What users should know of the release must stand in the changelog."""
    put_released(tree, "ttapi-core", "0.2.0")
    text = changelog(tree, "ttapi-core").read_text("utf-8")
    changelog(tree, "ttapi-core").write_text(text.replace("## 0.2.0", f"{part}## 0.2.0"), "utf-8")

    with pytest.raises(ReleaseError, match="The changelog of ttapi-core has no news"):
        release(tree, "ttapi-core", "minor", DAY)


def test_an_unknown_package_is_refused(unchanged: Path) -> None:
    """The nearest name is offered."""
    with pytest.raises(ReleaseError, match="Did you mean ttapi-polars"):
        release(unchanged, "ttapi-polar", "minor", DAY)


def test_a_sibling_that_is_needed_must_be_released_before(unchanged: Path) -> None:
    """A wheel that cannot be installed beside released ones is no release."""
    with pytest.raises(ReleaseError, match=r"needs ttapi-core>=0\.1,<0\.2, and its last release is 0\.2\.0"):
        release(unchanged, "ttapi-client", "minor", DAY)


def test_a_tree_with_changes_is_refused(tree: Path) -> None:
    """A release is what a commit says: the change is named."""
    commit_all(tree)
    check_clean(tree)
    (tree / "packages" / "stray.txt").write_text("x", "utf-8")

    with pytest.raises(ReleaseError, match=r"not committed:\n\?\? packages/stray\.txt"):
        check_clean(tree)


def test_a_write_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    """Nothing is half-written: what was there is there again, and what was new is gone."""
    (tmp_path / "old").write_text("as it was", "utf-8")
    (tmp_path / "refuses").mkdir()

    with pytest.raises(IsADirectoryError):
        write({tmp_path / "old": "changed", tmp_path / "new": "new"} | {tmp_path / "refuses": "never"})

    assert (tmp_path / "old").read_text("utf-8") == "as it was"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (
            '[tool.hatch.build.targets.wheel]\nexclude = ["clock.py"]',
            r"differs from .*'ttapi_core/clock\.py'",
        ),
        ("[tool.hatch.build]\nreproducible = false\n[tool.hatch.build.targets.wheel]", "different bytes"),
    ],
    ids=["not-the-tree", "not-the-same-bytes"],
)
def test_a_distribution_that_is_not_what_it_should_be_is_refused(
    tree: Path, setting: str, words: str
) -> None:
    """What lacks a file, or differs from one build to the next, is not left in dist."""
    project = package_of(tree, "ttapi-core") / "pyproject.toml"
    text = project.read_text("utf-8")
    project.write_text(text.replace("[tool.hatch.build.targets.wheel]", setting), "utf-8")

    with pytest.raises(DistributionError, match=words):
        build_checked(tree, ["ttapi-core"], tree / "dist")

    assert not (tree / "dist").exists()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_changelog_begins_with_the_version_of_the_tree(package: str) -> None:
    """Its first part is that version, released or not, or one without a number that comes after it."""
    folder = package_of(ROOT, package)
    version = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", changelog(ROOT, package).read_text("utf-8"), re.MULTILINE)

    numbered = [heading for heading in headings if heading != "Unreleased"]

    assert numbered[0].split()[0] == version
    assert headings.index(numbered[0]) <= 1
