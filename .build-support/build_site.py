# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds the site into .build/site: the pages of the packages, and a reference from their docstrings."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SITE: Final = ROOT / ".build-support" / "site"
SOURCE: Final = ROOT / ".build" / "site-source"
DOCTREES: Final = ROOT / ".build" / "site-doctrees"
OUTPUT: Final = ROOT / ".build" / "site"
_DOCS: Final = "packages/*/docs"
PAGES: Final = ("packages/*/README.md", "packages/*/CHANGELOG.md", f"{_DOCS}/*.*", f"{_DOCS}/*/*")

sys.path.insert(0, str(SITE))

from public_names import PACKAGES, Module, modules, origin  # noqa: E402 - of the folder that is now on the path


def build() -> int:
    """Put the pages together, as they lie in the repository, so that their links hold, and run Sphinx."""
    for folder in (SOURCE, DOCTREES, OUTPUT):
        shutil.rmtree(folder, ignore_errors=True)
    for page in (path for pattern in PAGES for path in sorted(ROOT.glob(pattern))):
        copied = SOURCE / page.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, copied)
    for page in (SITE / "index.md", ROOT / ".github" / "report.png"):
        shutil.copyfile(page, SOURCE / page.name)
    write_reference(SOURCE / "reference")
    options = ["-b", "html", "-j", "auto", "-q", "-W", "--keep-going", "-d", str(DOCTREES)]
    sphinx = [sys.executable, "-m", "sphinx", "-c", str(SITE), *options, str(SOURCE), str(OUTPUT)]
    return subprocess.run(sphinx, check=False).returncode


def write_reference(folder: Path) -> None:
    """One page for each module; those of the packages lead to the others."""
    folder.mkdir()
    listed = "".join(f"   {package.replace('-', '_')}\n" for package in PACKAGES)
    (folder / "index.rst").write_text(f"{heading('Python reference', '=')}.. toctree::\n\n{listed}", "utf-8")
    for module in modules():
        is_package = module.name == module.package
        parts = [
            "" if is_package else ":orphan:\n\n",  # in no menu: nobody reads one of three hundred lines
            heading(f"``{module.name}``", "="),
            "" if is_package else f"Part of :py:mod:`{module.package}`.\n\n",
            f".. automodule:: {module.name}\n\n",
            *(f".. autodata:: {module.name}.{name}\n\n" for name in module.values()),
            offers(module),
            contents_of_package(module) if is_package else "",
        ]
        (folder / f"{module.name}.rst").write_text("".join(parts), "utf-8")


def offers(module: Module) -> str:
    """The list of names that a module gives under its own name."""
    elsewhere = [(name, origin(module, name)) for name in module.offered()]
    known = {each.name for each in modules()}
    lines = [
        f"- :py:{'mod' if place in known else 'obj'}:`{name} <{place}>`\n"
        for name, place in elsewhere
        if place != f"{module.name}.{name}"
    ]
    return "".join([heading("Imported from here", "-"), *lines, "\n"]) if lines else ""


def contents_of_package(package: Module) -> str:
    """Lists of the modules of a package, folder by folder, with what each is home to."""
    inside = [module for module in modules() if module.package == package.name and module != package]
    folders: dict[str, list[Module]] = {}
    for module in inside:
        folders.setdefault(module.folder, []).append(module)
    parts: list[str] = []
    for folder, members in sorted(folders.items()):
        parts.append(heading("Modules" if folder == package.name else f"``{folder}``", "-"))
        parts += [f"- :py:mod:`{module.name}`: {module.sentence}\n" for module in members]
        parts.append("\n")
    return "".join(parts)


def heading(text: str, line: str) -> str:
    """A heading, underlined."""
    return f"{text}\n{line * len(text)}\n\n"


if __name__ == "__main__":
    sys.exit(build())
