# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Everything that is run on the tree: the demo, the tests, the gates, the build.

``python3 noxfile.py -s demo`` needs Python 3.11, pip and git, nothing else; where nox is installed,
``nox -s demo`` does the same. ``python3 noxfile.py -l`` lists the sessions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
LOCKS = [f".build-support/{name}.lock" for name in ("libraries", "gates", "tools")]
SDK_LOCK = ".build-support/sdk.lock"  # of an environment of its own, which tests-integration makes
BENCH_LOCK = ".build-support/bench.lock"  # of the benchmarks: what runs them, what they time us against
DOCS_LOCK = ".build-support/docs.lock"  # of the documentation site alone
LOWEST_LOCK = ".build-support/lowest.lock"  # the oldest versions that the packages say they work with
# The tests of one file stay together: some files make once what is slow to make. Which file comes when is
# left to a plugin: xdist would keep the files of few tests, which are the dear ones, for the end.
SIDE_BY_SIDE = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-p", "dear_first"]
PROMISES = ["-p", "promises"]  # a plugin that ends a run with the figures of the reliability promises
# Measuring begins before pytest does. SlipCover has a plugin, too, which measures no child processes.
MEASURED = ["-p", "measuring", "-p", "no:slipcover"]
MEASURED += ["-W", "ignore:Module already imported so cannot be rewritten; slipcover"]
# Where the plugins are; and child processes, of which there are hundreds, need not compile our sources anew.
PLUGINS = {"PYTHONPATH": str(ROOT / ".build-support"), "PYTHONDONTWRITEBYTECODE": ""}
COMPILED = {"UV_COMPILE_BYTECODE": "true"}  # as pip does: where it is run by hand, or timed
BUILDERS = ["build", "check-wheel-contents", "hatchling", "packaging", "twine", "validate-pyproject"]
CLUSTERS = ["check-jsonschema", "kubernetes-validate", "pyyaml"]  # schemas of the files that set one up
# For tests-integration; with uv it makes the environment of the SDK.
OF_THE_WHOLE = ["griffelib", "import-linter", "markdown-it-py", "uv", *CLUSTERS, *BUILDERS]
PACKAGES = ["ttapi-core", "ttapi-client", "ttapi-polars", "ttapi-platform", "ttapi-onboarding"]


def run_with_nox() -> None:
    """Run this file with nox; where nox is not installed, from an environment of its own in .nox/launcher."""
    if sys.version_info < (3, 11):  # noqa: UP036 - to say it better than a syntax error
        sys.exit(f"TTAPI needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}.")
    python = sys.executable if find_spec("nox") else launcher()
    os.execv(python, [python, "-m", "nox", "--noxfile", __file__, *sys.argv[1:]])


def launcher() -> str:
    """Give the interpreter of the launcher environment, made on first use."""
    folder = ROOT / ".nox" / "launcher"
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    probe = [python, "-c", "import nox"]
    if not folder.exists() or subprocess.run(probe, capture_output=True, check=False).returncode:
        print("First run: installing nox into .nox/launcher", flush=True)
        # Without a pip inside, which some systems' venv cannot provide: the pip of this Python serves it.
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
        install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "nox", "uv"]
        install += [f"--constraint={ROOT / lock}" for lock in LOCKS]
        if subprocess.run(install, check=False).returncode:
            shutil.rmtree(folder)
            sys.exit("Could not install nox: pip says why above.")
    return python


if __name__ == "__main__":
    run_with_nox()

import nox  # noqa: E402 - only now is it sure to be there

nox.needs_version = ">=2025.2"
nox.options.sessions = ["lint", "types", "imports", "tests"]
# uv takes a fifth of pip's time, and fetches once what two sessions need; a nox without uv takes pip.
nox.options.default_venv_backend = "uv|virtualenv"
os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # as pip does: trust whom the system trusts
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False  # `unit` runs on those that are present


@nox.session
def demo(session: nox.Session) -> None:
    """Install the five packages and run the main job on simulated data: ttapi collect [-- options]."""
    session.env.update(COMPILED)
    install(
        session, *(f"./packages/{package}" for package in PACKAGES[:-1]), f"./packages/{PACKAGES[-1]}[report]"
    )
    session.run("ttapi", "collect", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests and doctests with branch coverage over the five packages [-- pytest options]."""
    install_editable(session)
    install(session, "pytest-xdist", "slipcover", *requirements_of_tests(*PACKAGES), *OF_THE_WHOLE)
    reached = ROOT / ".build" / "reached"
    shutil.rmtree(reached, ignore_errors=True)
    reached.mkdir(parents=True)
    env = {**PLUGINS, "MEASURE_INTO": str(reached), "MEASURE_PACKAGES": " ".join(PACKAGES)}
    env["PYTHONPATH"] += f"{os.pathsep}{ROOT / '.build-support' / 'measured'}"
    session.run("pytest", *SIDE_BY_SIDE, *PROMISES, *MEASURED, *session.posargs, env=env)
    part = ["--part"] if session.posargs else []
    session.run("python", ".build-support/coverage_floors.py", str(reached), *part)


@nox.session(default=False)
def reliability(session: nox.Session) -> None:
    """Show the reliability promises in their long form, which takes minutes [-- pytest options]."""
    long_form(session, "promise or hypothesis")


@nox.session(default=False)
def crash(session: nox.Session) -> None:
    """Kill writers in mid-commit, and refuse them system calls, a thousand times [-- pytest options]."""
    long_form(session, "crash")


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Change the code that decides, one thing at a time: its tests have to notice [-- names of modules]."""
    install_editable(session)
    install(session, "mutmut", *requirements_of_tests("ttapi-core", "ttapi-client", "ttapi-platform"))
    session.run("python", ".build-support/mutation.py", *session.posargs)


@nox.session(venv_backend="virtualenv", reuse_venv=False, python=["3.11", "3.12", "3.13"])
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def unit(session: nox.Session, package: str) -> None:
    """Run one package's tests on its wheel, beside nothing but what it declares [-- pytest options]."""
    install(session, *own_wheels(session, package))
    session.run("pip", "check")
    if package == "ttapi-core":
        foreign = str(session.run("pip", "freeze", "--exclude=ttapi-core", silent=True)).strip()
        if foreign:
            session.error(f"ttapi-core must stand alone, but brought: {foreign}")
    install(session, *requirements_of_tests(package))
    session.run("pytest", f"packages/{package}/tests", *session.posargs)


@nox.session(venv_backend="virtualenv", reuse_venv=False, python="3.11", default=False)
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def lowest(session: nox.Session, package: str) -> None:
    """As unit, with the lowest versions that the package says it works with [-- pytest options]."""
    wanted = [*own_wheels(session, package), *requirements_of_tests(package)]
    session.install(f"--constraint={LOWEST_LOCK}", f"--constraint={LOCKS[1]}", *wanted)
    session.run("pytest", f"packages/{package}/tests", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format with ruff, all rules, exceptions explained in .ruff.toml; find dead code."""
    install(session, "ruff", "vulture")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("python", ".build-support/dead_code.py")


@nox.session
def types(session: nox.Session) -> None:
    """Check types: mypy strict over sources and tests, pyright strict over sources."""
    install_editable(session)
    # pyright runs on Node.js; where there is none, the index has it too.
    pyright = "pyright" if shutil.which("node") else "pyright[nodejs]"
    of_scripts = ["nox", "slipcover", "vulture", *OF_THE_WHOLE]
    install(session, "mypy", pyright, *requirements_of_tests(*PACKAGES), *of_scripts)
    # Each script once: what it imports is checked with it.
    names = ["bench", "check_api", "check_site", "command_reference", "coverage_floors", "dead_code"]
    names += ["dear_first", "import_contracts", "interrupts", "leaks", "mutation", "planted_imports"]
    names += ["promises", "release", "scale", "site/public_names"]
    scripts = [f".build-support/{name}.py" for name in names]
    session.run("mypy", "--python-version=3.11", "packages", "tests-integration", "noxfile.py", *scripts)
    session.run("pyright", "--project", ".pyrightconfig.json")


@nox.session
def imports(session: nox.Session) -> None:
    """Check the import contracts: layers, third-party packages, a sandbox that stands alone."""
    install(session, "import-linter")
    sources = [str(ROOT / "packages" / package / "src") for package in PACKAGES]
    session.run("lint-imports", env={"PYTHONPATH": os.pathsep.join([*sources, str(ROOT / ".build-support")])})


@nox.session
def api(session: nox.Session) -> None:
    """Hold names and signatures of the packages against their snapshots [-- --update]."""
    install_editable(session)
    install(session, "griffelib", "packaging")
    session.run("python", ".build-support/check_api.py", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist of the five packages into dist/, twice, and check them [-- packages]."""
    install(session, *BUILDERS)
    session.run("python", ".build-support/check_distributions.py", *session.posargs)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare a release up to its upload [-- package, then major, minor, patch or a version; --open]."""
    install_editable(session)
    install(session, "griffelib", *BUILDERS)
    session.run("python", ".build-support/release.py", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation site into .build/site, the page of the commands anew, and look at it."""
    install_editable(session)
    install(session, "hypothesis", "pytest")  # which the modules for others' tests import
    session.install(f"--constraint={DOCS_LOCK}", f"--requirement={DOCS_LOCK.replace('lock', 'txt')}")
    for script in ("command_reference.py", "build_site.py", "check_site.py"):
        session.run("python", f".build-support/{script}")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Run the benchmarks: one table beside peers, floors and last results [-- --quick, parts of names]."""
    session.env.update(COMPILED)
    install(session, *(f"./packages/{package}" for package in PACKAGES))
    session.install(f"--constraint={BENCH_LOCK}", f"--requirement={BENCH_LOCK.replace('lock', 'txt')}")
    session.run("python", ".build-support/bench.py", *session.posargs)


@nox.session(venv_backend="none")
def pants(session: nox.Session) -> None:
    """Run Pants, set up from the package index alone [-- goals and targets]."""
    goals = ["tailor", "--check", "update-build-files", "--check", "lint", "check", "test", "package", "::"]
    session.run(sys.executable, ".build-support/run_pants.py", *(session.posargs or goals), external=True)
    if not session.posargs:
        session.run(sys.executable, ".build-support/planted_imports.py", external=True)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Resolve .build-support/*.txt into the lock files [-- options of uv pip compile, such as --upgrade]."""
    install(session, "uv")
    options = [
        "--universal",
        "--python-version=3.11",
        "--no-annotate",
        "--custom-compile-command=nox -s lock",
    ]
    for number, locked in enumerate([*LOCKS, BENCH_LOCK, SDK_LOCK]):
        agreed = [f"--constraints={earlier}" for earlier in LOCKS[:number] if locked != SDK_LOCK]
        wanted = locked.replace(".lock", ".txt")
        session.run("uv", "pip", "compile", "-q", *options, *agreed, *session.posargs, wanted, "-o", locked)
    # Not with the tools: one of them wants a newer docutils than Sphinx takes on Python 3.11.
    agreed = [f"--constraints={earlier}" for earlier in LOCKS[:2]]
    wanted = DOCS_LOCK.replace(".lock", ".txt")
    session.run("uv", "pip", "compile", "-q", *options, *agreed, *session.posargs, wanted, "-o", DOCS_LOCK)
    declared = Path(session.create_tmp(), "declared.txt")
    declared.write_text("\n".join(sorted({line for package in PACKAGES for line in third_parties(package)})))
    lowest = ["--resolution=lowest-direct", f"--constraints={LOCKS[1]}", str(declared)]
    session.run("uv", "pip", "compile", "-q", *options, *lowest, "-o", LOWEST_LOCK)


def long_form(session: nox.Session, marker: str) -> None:
    """Run the tests of that marker with more of everything."""
    install_editable(session)
    install(session, "pytest-xdist", *requirements_of_tests(*PACKAGES), *OF_THE_WHOLE)
    env = {**PLUGINS, "TTAPI_TEST_SCALE": "long"}
    session.run("pytest", "-m", marker, *SIDE_BY_SIDE, *PROMISES, *session.posargs, env=env)


def install(session: nox.Session, *packages: str) -> None:
    """Install what the lock files pin, and our own packages as they are now."""
    options = [*(f"--constraint={lock}" for lock in LOCKS), f"--build-constraint={LOCKS[-1]}"]
    if session.venv_backend == "uv":  # which takes a folder for unchanged while its pyproject.toml is
        options += [f"--reinstall-package={package}" for package in PACKAGES]
    session.install(*options, *packages)


def install_editable(session: nox.Session) -> None:
    """Install the five packages as links to their sources, so that what is checked is the tree."""
    install(session, *(f"--editable=./packages/{package}" for package in PACKAGES))


def project(package: str) -> dict[str, Any]:
    """Give the content of a package's pyproject.toml."""
    return nox.project.load_toml(f"packages/{package}/pyproject.toml")


def siblings(package: str) -> set[str]:
    """Name the other packages that a package needs, directly or not."""
    declared = {line.split(">")[0] for line in project(package)["project"]["dependencies"]}.intersection(
        PACKAGES
    )
    return declared.union(*map(siblings, declared))


def third_parties(package: str) -> list[str]:
    """List what a package declares beside its siblings, extras included."""
    declared = project(package)["project"]
    optional = declared.get("optional-dependencies", {}).values()
    lines = [*declared["dependencies"], *(line for extra in optional for line in extra)]
    return [line for line in lines if not line.startswith("ttapi-")]


def own_wheels(session: nox.Session, package: str) -> list[str]:
    """Build the wheels of a package and of the siblings it needs; gives their paths."""
    folder = Path(session.create_tmp(), "wheels")
    shutil.rmtree(folder, ignore_errors=True)
    sources = [f"./packages/{name}" for name in sorted({package, *siblings(package)})]
    options = ["--no-deps", "--quiet", f"--build-constraint={LOCKS[-1]}", f"--wheel-dir={folder}"]
    session.run("pip", "wheel", *options, *sources)
    return [str(wheel) for wheel in sorted(folder.iterdir())]


def requirements_of_tests(*packages: str) -> list[str]:
    """List what the tests of the packages need beside the packages."""
    return sorted({line for package in packages for line in project(package)["dependency-groups"]["tests"]})
