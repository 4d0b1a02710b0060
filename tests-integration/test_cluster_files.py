# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The compose file, the Kubernetes objects and the Dockerfile of a cluster are valid, and fit together."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import dask.config
import pytest

from cluster_files import COMPOSE, DOCKERFILE, FOLDER, KUBERNETES, ClusterFiles, read
from cluster_mistakes import mistakes
from documented_pages import ROOT, page
from typed_commands import type_dask, type_ttapi, words_of

if TYPE_CHECKING:
    from pathlib import Path

FILES: Final = read()
PAGE: Final = FOLDER.parent / "from-laptop-to-cluster.md"
# Of compose there is one specification; of Kubernetes, an old version and the newest.
VALIDATORS: Final = {
    COMPOSE: ["check_jsonschema", "--builtin-schema=vendor.compose-spec"],
    KUBERNETES: [
        "kubernetes_validate",
        "--strict",
        *(f"-k{version}" for version in ("1.32", "1.37")),
    ],
}

# A mistake in each file that its schema finds, with a word of what is said about it.
INVALID: Final = {
    "a service has an unknown key": (COMPOSE, "restart: unless-stopped", "restrat: always", "restrat"),
    "a health check has no time": (COMPOSE, "interval: 10s", "interval: [10]", "interval"),
    "a volume is a list": (COMPOSE, "  lake:\n", "  lake: [a]\n", "lake"),
    "a deployment has an unknown key": (KUBERNETES, "replicas: 4", "replica: 4", "replica"),
    "a port is a text": (KUBERNETES, "containerPort: 8788", 'containerPort: "8788"', "8788"),
    "a job lacks its template": (KUBERNETES, "ttlSecondsAfterFinished: 86400\n  template:", "x:", "template"),
    "a kind is none": (KUBERNETES, "kind: NetworkPolicy", "kind: NetworkPolitics", "NetworkPolitics"),
}
# Mistakes that no schema finds, with the check that has to.
UNFIT: Final = {
    "an older image": (
        COMPOSE,
        "image: registry.example/ttapi:",
        "image: registry.example/ttapi:0.",
        "is not",
    ),
    "another image": (
        KUBERNETES,
        "image: registry.example/ttapi:",
        "image: registry.example/dask:",
        "is not",
    ),
    "a worker that is called otherwise": (COMPOSE, "--nthreads=1", "--threads=1", "No such option"),
    "a command that is not there": (
        KUBERNETES,
        "[ttapi, volatility,",
        "[ttapi, volatilities,",
        "volatilities",
    ),
    "an option that is not there": (KUBERNETES, "--csv]", "--tsv]", "--tsv"),
    "workers of two kinds": (KUBERNETES, "--death-timeout=60", "--death-timeout=90", "the workers differ"),
    "a setting that TTAPI has not": (KUBERNETES, "TTAPI_ENVIRONMENT:", "TTAPI_ENVIROMENT:", "enviroment"),
    "a setting with a wrong value": (KUBERNETES, ": production", ": live", "live"),
    "a setting that Dask has not": (
        COMPOSE,
        "SCHEDULER__HTTP__ROUTES",
        "SCHEDULER__HTTP__PAGES",
        "no setting",
    ),
    "a variable of nobody": (KUBERNETES, "AWS_REGION:", "AWS_REGON:", "what is AWS_REGON"),
    "a key in compose": (
        COMPOSE,
        "AWS_SECRET_ACCESS_KEY:\n",
        "AWS_SECRET_ACCESS_KEY: AbC\n",
        "is written down",
    ),
    "a key in the map": (
        KUBERNETES,
        "AWS_REGION: ",
        "AWS_ACCESS_KEY_ID: AKIA\n  AWS_REGION: ",
        "is written down",
    ),
    "a secret in the file": (KUBERNETES, "kind: ConfigMap", "kind: Secret", "is written down"),
    "a key in the image": (DOCKERFILE, "ENV PATH", "ENV AWS_SECRET_ACCESS_KEY=AbC PATH", "is written down"),
    "a container of root": (KUBERNETES, "runAsUser: 10001", "runAsUser: 0", "runs as 0:10001"),
    "an image of root": (DOCKERFILE, "USER 10001:10001", "USER 0:0", "not as 0:0"),
    "a root file system to write to": (COMPOSE, "read_only: true", "read_only: false", "more rights"),
    "a capability": (KUBERNETES, "drop: [ALL]", "drop: [KILL]", "more rights"),
    "a lake to write to": (COMPOSE, ":/lake:ro", ":/lake", "may write to the lake"),
    "a published port": (COMPOSE, "restart: unless-stopped", 'ports: ["8786:8786"]', "reached from outside"),
    "service links": (
        KUBERNETES,
        "enableServiceLinks: false",
        "enableServiceLinks: true",
        "told about the cluster",
    ),
    "no bound of memory": (KUBERNETES, "limits: {memory: 1Gi}", "limits: {cpu: 1}", "all memory"),
    "a service that waits in vain": (
        COMPOSE,
        "      scheduler:\n        condition",
        "      worker:\n        condition",
        "nobody checks",
    ),
    "a volume that is not there": (COMPOSE, "${LAKE:-lake}", "${LAKE:-pond}", "is no volume"),
    "a service that finds nothing": (
        KUBERNETES,
        "component: scheduler",
        "component: planner",
        "selects nothing",
    ),
    "pods that are not its own": (
        KUBERNETES,
        "      labels:\n        app.kubernetes.io/name: ttapi",
        "      labels:\n        app.kubernetes.io/name: tt",
        "own pods",
    ),
    "a policy for nobody": (KUBERNETES, "values: [worker, command]", "values: [workers]", "selects nothing"),
    "another namespace": (KUBERNETES, "namespace: ttapi", "namespace: default", "is not in ttapi"),
    "a map that is not there": (
        KUBERNETES,
        "configMapRef:\n                name: lake",
        "configMapRef:\n                name: pond",
        "no configMapRef pond",
    ),
    "a secret that nobody makes": (
        KUBERNETES,
        "secretRef:\n                name: lake-",
        "secretRef:\n                name: pond-",
        "no secretRef pond-",
    ),
    "a mount of nothing": (
        KUBERNETES,
        "- name: scratch\n              mountPath",
        "- name: tmp\n              mountPath",
        "no volume tmp",
    ),
    "a quantity of nobody": (KUBERNETES, "$(WORKER_MEMORY)", "$(MEMORY)", "no variable MEMORY"),
    "a scheduler elsewhere": (
        COMPOSE,
        'command: [dask, scheduler, --port, "8786"',
        'command: [dask, scheduler, --port, "8785"',
        "listens on 8785",
    ),
    "health that nobody asks": (COMPOSE, '"127.0.0.1:8787"', '"127.0.0.1:8789"', "where nobody asks"),
    "a service port that is none": (
        KUBERNETES,
        "port: 8786\n      targetPort",
        "port: 8787\n      targetPort",
        "no port of scheduler",
    ),
    "a worker that listens elsewhere": (
        KUBERNETES,
        "containerPort: 8788",
        "containerPort: 8790",
        "listens on 8788",
    ),
    "a probe of no port": (
        KUBERNETES,
        "port: health\n            periodSeconds: 10",
        "port: pulse\n            periodSeconds: 10",
        "is no port",
    ),
    "a policy for no port": (
        KUBERNETES,
        "- port: 8788\n          protocol",
        "- port: 8789\n          protocol",
        "nobody listens",
    ),
    "workers that may not call": (
        KUBERNETES,
        "        - port: 8786\n          protocol: TCP\n    - to:",
        "        - port: 443\n          protocol: TCP\n    - to:",
        "may not call scheduler",
    ),
    "a Python of any day": (DOCKERFILE, "FROM python:", "FROM python:3-slim-", "one pinned Python"),
    "a Python that is too new": (DOCKERFILE, "FROM python:3.", "FROM python:3.9", "one pinned Python"),
    "a package that is not there": (
        DOCKERFILE,
        "./packages/ttapi-polars",
        "./packages/ttapi-pandas",
        "there is no ./packages/ttapi-pandas",
    ),
    "an extra that is not there": (DOCKERFILE, "[dask,cloud]", "[dusk,cloud]", "needs the extras"),
}


def refusal(name: str, text: str, folder: Path) -> str:
    """What the validator of that file says against a text; nothing, if it is valid."""
    path = folder / name
    path.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *VALIDATORS[name], path], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    # A kind without a schema makes for a warning only, and is a mistake here.
    return said if done.returncode or "WARN" in said else ""


@pytest.mark.parametrize("name", VALIDATORS)
def test_a_file_is_valid_by_its_schema(name: str, tmp_path: Path) -> None:
    """Of the compose specification, and of two versions of Kubernetes, where an unknown key is a mistake."""
    assert refusal(name, FILES.texts[name], tmp_path) == ""


@pytest.mark.parametrize(("name", "old", "new", "said"), INVALID.values(), ids=INVALID)
def test_a_schema_refuses_a_mistake(name: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    """And names it."""
    assert said in refusal(name, FILES.with_mistake(name, old, new).texts[name], tmp_path)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"LAKE": "/srv/lake", "WORKER_CPUS": "4", "WORKER_MEMORY": "8g", "LAKE_ENVIRONMENT": "production"},
        {"LAKE_ADDRESS": "s3://bucket/lake", "LAKE_ENVIRONMENT": "replay"},
    ],
    ids=["as it is", "a directory", "an object store"],
)
def test_the_files_fit_together(variables: dict[str, str]) -> None:
    """With each other, with what compose is told, and with the commands that they run."""
    assert mistakes(ClusterFiles(FILES.texts, variables)) == []


@pytest.mark.parametrize(("name", "old", "new", "said"), UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_is_found(name: str, old: str, new: str, said: str) -> None:
    """Each mistake of these, in one place."""
    assert said in "\n".join(mistakes(FILES.with_mistake(name, old, new)))


def test_an_image_of_any_day_is_found() -> None:
    """Also where all are of it."""
    texts = {name: re.sub(r"(/ttapi):[\w.]+", r"\1:latest", text) for name, text in FILES.texts.items()}
    assert mistakes(ClusterFiles(texts)) == ["registry.example/ttapi:latest may be another image tomorrow"]


def test_what_compose_can_be_told_is_listed_in_it() -> None:
    """Every variable of the shell is one of those at its head; the page sets none but these and AWS's."""
    used = set(re.findall(r"\$\{(\w+)", FILES.texts[COMPOSE]))
    assert used == set(re.findall(r"^#   ([A-Z_]+)  ", FILES.texts[COMPOSE], re.MULTILINE))
    shown = "".join(block.text for block in page(PAGE).blocks if block.language == "ini")
    passed_on = {name for name, value in FILES.of_compose()["worker"].environment.items() if value is None}
    assert set(re.findall(r"^(\w+)=", shown, re.MULTILINE)) <= used | passed_on


def command_lines() -> list[str]:
    """The commands of the page and at the heads of the files that nothing runs."""
    shown = [block.text for block in page(PAGE).blocks if block.language in {"text", "sh"}]
    heads = ["\n".join(re.findall(r"^#   (.+)", text, re.MULTILINE)) for text in FILES.texts.values()]
    lines = "\n".join(shown + heads).splitlines()
    return list(
        dict.fromkeys(line for line in lines if line.startswith(("docker ", "kubectl ", "dask ", "ttapi ")))
    )


@pytest.mark.parametrize("line", command_lines())
def test_a_line_that_is_shown_can_be_typed(line: str) -> None:
    """It names files, services, objects and options that there are."""
    program, *words = words_of(line)
    match program, words:
        case (("dask" | "ttapi"), _):
            (type_dask if program == "dask" else type_ttapi)(words)
        case "docker", ["compose", "run", "--rm", service, *rest]:
            container = FILES.of_compose()[service]
            assert container.words[0] == "ttapi"
            type_ttapi(rest)
        case "docker", ["compose", ("build" | "down"), *rest]:
            assert rest == []
        case "docker", ["compose", "up", "--detach", "--scale", scaled]:
            assert scaled.partition("=")[0] in FILES.compose["services"]
        case "docker", ["build", "--file", path, "--tag", tag, "."]:
            assert (ROOT / path).samefile(FOLDER / DOCKERFILE)
            assert tag == FILES.of_compose()["worker"].image
        case "kubectl", ["create", "namespace", name]:
            assert name == FILES.of_kind("Namespace")[0]["metadata"]["name"]
        case "kubectl", ["apply", "--filename", name]:
            assert name == KUBERNETES
        case "kubectl", ["--namespace", namespace, "create", "secret", "generic", name, "--from-env-file", _]:
            assert namespace == FILES.of_kind("Namespace")[0]["metadata"]["name"]
            assert f"name: {name}\n" in FILES.texts[KUBERNETES]
        case "kubectl", ["--namespace", _, ("wait" | "logs" | "scale" | "delete"), *rest]:
            [(kind, name)] = [word.split("/") for word in rest if "/" in word]
            assert name in {one["metadata"]["name"] for one in FILES.of_kind(kind.title())}
        case _:
            pytest.fail(f"what is {line}?")


def test_the_settings_of_dask_that_the_page_names_exist() -> None:
    """Under the name in Dask's own files, and under the one in the environment."""
    named = re.findall(r"`(distributed\.[\w.-]+)`", PAGE.read_text("utf-8"))
    assert named
    for name in named:
        dask.config.get(name)  # a KeyError where there is none
    for variable in re.findall(r"`DASK_(DISTRIBUTED\w+)`", PAGE.read_text("utf-8")):
        assert variable.lower().replace("__", ".").replace("_", "-") in named
