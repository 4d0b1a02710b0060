# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Runs Pants where only the package index is reached: installs it and the pex it drives, then hands over.

``python3 .build-support/run_pants.py lint check test package ::``; what it makes lies in .build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build"
PANTS, PEX = "2.17.1", "2.77.0"  # the newest Pants on the index; the one pex that serves it and Python 3.13
PEX_FILE = FOLDER / f"pex-v{PEX}.pex"


def main() -> None:
    """Run Pants with the arguments of this command."""
    pants = prepared()
    os.chdir(ROOT)
    os.execv(pants, [str(pants), *sys.argv[1:]])


def prepared() -> Path:
    """Install what is missing and set the variables that Pants needs; gives its path."""
    pants = installed("pants", f"pantsbuild.pants=={PANTS}")
    if not PEX_FILE.exists():
        make_pex_file()
    os.environ.update(variables())
    return pants


def installed(command: str, requirement: str) -> Path:
    """Give the path of a command that lives in an environment of its own, which is made when missing."""
    environment = FOLDER / command
    if not (environment / "bin" / command).exists():
        print(f"Installing {requirement} into {environment.relative_to(ROOT)}", flush=True)
        subprocess.run([old_python(), "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", requirement], check=True)
    return environment / "bin" / command


def old_python() -> str:
    """Give a Python that Pants itself can run on; our code and tests run on a newer one all the same."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in ("3.9", "3.8", "3.7"):
        for candidate in (f"python{version}", *map(str, pyenv.glob(f"versions/{version}.*/bin/python"))):
            probe = [candidate, "-c", "import venv, ensurepip"]
            if (
                shutil.which(candidate)
                and not subprocess.run(probe, capture_output=True, check=False).returncode
            ):
                return candidate
    message = f"Pants {PANTS} runs on Python 3.7 to 3.9, and none is here: add one (pyenv install 3.9)."
    print(message, file=sys.stderr)
    sys.exit(os.EX_UNAVAILABLE)


def make_pex_file() -> None:
    """Build the one-file pex that Pants would else download from its maker."""
    pex = installed("pex", f"pex=={PEX}")
    options = [
        "--no-strip-pex-env",
        "--include-tools",
        "--no-compile",
        "--no-use-system-time",
        "--disable-cache",
    ]
    shebang = "--python-shebang=/usr/bin/env python"
    partial = PEX_FILE.with_suffix(".partial")
    subprocess.run([pex, f"pex=={PEX}", "-c", "pex", *options, shebang, "-o", partial], check=True)
    partial.rename(PEX_FILE)


def variables() -> dict[str, str]:
    """Say to Pants where its pex is, and what else this machine needs."""
    content = PEX_FILE.read_bytes()
    identity = f"{hashlib.sha256(content).hexdigest()}|{len(content)}"
    platforms = ("linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64")
    settings = {
        "NO_SCIE_WARNING": "1",
        "PANTS_PANTSD": "false",
        # Else every run leaves an empty folder in the temporary directory.
        "PANTS_LOCAL_EXECUTION_ROOT_DIR": str(FOLDER),
        "PANTS_PEX_CLI_URL_TEMPLATE": f"file://{FOLDER}/pex-{{version}}.pex",
        "PANTS_PEX_CLI_KNOWN_VERSIONS": str([f"v{PEX}|{platform}|{identity}" for platform in platforms]),
        # The interpreter of this command first: it is known to be one that our code runs on.
        "PANTS_PYTHON_BOOTSTRAP_SEARCH_PATH": str([f"{sys.base_prefix}/bin", "<PYENV>", "<PATH>"]),
    }
    if "PIP_CERT" in os.environ:
        settings["PANTS_CA_CERTS_PATH"] = os.environ["PIP_CERT"]
    return settings


if __name__ == "__main__":
    main()
