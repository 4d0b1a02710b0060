# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What no schema sees: where the files of a cluster do not fit together, or not to what they run."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

import click
import dask.config
import distributed  # noqa: F401 - its settings are known once it is imported

from cluster_files import KUBERNETES
from documented_pages import ROOT
from ttapi_core.errors import ConfigError
from ttapi_core.settings_sources import load_settings
from typed_commands import type_dask, type_ttapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster_files import ClusterFiles, Object

_COMMANDS: Final = {"ttapi": type_ttapi, "dask": type_dask}
_SECRET: Final = re.compile(r"SECRET|TOKEN|PASSWORD|CREDENTIAL|ACCESS_KEY|PRIVATE")
_PIN: Final = re.compile(r"python:(\d+\.\d+)\.\d+-")
_TAG: Final = re.compile(r"/\w+:\d[\w.-]*$")
_SUPPORTED: Final = "Programming Language :: Python :: "
_EXTRAS: Final = {"dask", "cloud"}
# Of the object store's libraries, which keep quiet about names that they do not know; of Polars; and our own.
_OTHERS: Final = {
    *(f"AWS_{name}" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")),
    *("AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ALLOW_HTTP"),
    *("POLARS_MAX_THREADS", "WORKER_MEMORY"),
}
_OUTSIDE: Final = {53, 443}  # names and the object store, which are no pods of ours
_ABSENT: Final = object()


def mistakes(files: ClusterFiles) -> list[str]:
    """Everything that does not fit."""
    return [
        complaint
        for check in (
            images,
            commands,
            settings,
            secrets,
            rights,
            rights_of_services,
            rights_of_pods,
            compose_names,
            selectors,
            namespaces,
            references,
            addresses,
            open_ports,
            policies,
            dockerfile,
        )
        for complaint in check(files)
    ]


def images(files: ClusterFiles) -> Iterator[str]:
    """All containers are of one image, whose tag is a number and not the newest of any day."""
    first = files.containers()[0].image
    for container in files.containers():
        if container.image != first:
            yield f"{container.where}: {container.image} is not {first}"
    if _TAG.search(first) is None:
        yield f"{first} may be another image tomorrow"


def commands(files: ClusterFiles) -> Iterator[str]:
    """Every command line is understood, and a worker has the same one in both files, but for its memory."""
    for container in files.containers():
        program, *words = container.words
        try:
            _COMMANDS[program](words)
        except (KeyError, click.ClickException) as error:
            yield f"{container.where}: {program}: {error!r}"
    lines = [
        [word for word in found["worker"].words if not word.startswith("--memory-limit=")]
        for found in (files.of_compose(), files.of_kubernetes())
    ]
    if lines[0] != lines[1]:
        yield f"the workers differ: {lines[0]} and {lines[1]}"


def settings(files: ClusterFiles) -> Iterator[str]:
    """Every variable is a setting of TTAPI or of Dask, or one of a few others."""
    for container in files.containers():
        ours = {name: text or "" for name, text in container.environment.items() if name.startswith("TTAPI_")}
        try:
            load_settings(environ=ours, files=())
        except ConfigError as error:
            yield f"{container.where}: {error}"
        for name in container.environment.keys() - ours.keys() - _OTHERS:
            if not name.startswith("DASK_"):
                yield f"{container.where}: what is {name}?"
            elif not _is_known_to_dask(name):
                yield f"{container.where}: Dask has no setting {name}"


def secrets(files: ClusterFiles) -> Iterator[str]:
    """None is written down."""
    for container in files.containers():
        for name, value in container.environment.items():
            if _SECRET.search(name) and value:
                yield f"{container.where}: {name} is written down"
    for one in files.of_kind("Secret"):
        yield f"{KUBERNETES}: the secret {one['metadata']['name']} is written down"
    for words in files.told("ENV") + files.told("ARG"):
        for word in words:
            if _SECRET.search(word.partition("=")[0]):
                yield f"Dockerfile: {word.partition('=')[0]} is written down"


def rights(files: ClusterFiles) -> Iterator[str]:
    """Containers run as the image's user, write to nothing but scratch, and to the lake only to collect."""
    [[user]] = files.told("USER")
    for container in files.containers():
        if container.user != user or user.startswith("0"):
            yield f"{container.where}: runs as {container.user}, not as {user}"
        if not container.is_read_only or container.dropped != ["ALL"]:
            yield f"{container.where}: has more rights than it needs"
        if container.mounts.get("/lake") and "collect" not in container.words:
            yield f"{container.where}: may write to the lake"


def rights_of_services(files: ClusterFiles) -> Iterator[str]:
    """No service can be reached from outside, and none gains rights."""
    for name, service in files.compose["services"].items():
        if "ports" in service or "network_mode" in service:
            yield f"compose.yaml: {name} can be reached from outside"
        if "no-new-privileges:true" not in service["security_opt"]:
            yield f"compose.yaml: {name} may gain rights"


def rights_of_pods(files: ClusterFiles) -> Iterator[str]:
    """No pod knows of the cluster, gains rights, or takes the memory of others."""
    for template in files.templates():
        pod = template["spec"]
        if pod["automountServiceAccountToken"] or pod["enableServiceLinks"]:
            yield f"{KUBERNETES}: {_labels(template)} is told about the cluster"
        for container in pod["containers"]:
            gains = container["securityContext"]["allowPrivilegeEscalation"]
            if gains or not pod["securityContext"]["runAsNonRoot"]:
                yield f"{KUBERNETES}: {container['name']} may gain rights"
            if "memory" not in container["resources"]["limits"]:
                yield f"{KUBERNETES}: {container['name']} may take all memory"


def compose_names(files: ClusterFiles) -> Iterator[str]:
    """Services and volumes that compose names are there, and so is what the image is built from."""
    services = files.compose["services"]
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            if other not in services or "healthcheck" not in services[other]:
                yield f"compose.yaml: {name} waits for {other}, whose health nobody checks"
        for mount in service["volumes"]:
            source = mount.split(":")[0]
            if not source.startswith(("/", ".", "~")) and source not in files.compose["volumes"]:
                yield f"compose.yaml: {name} mounts {source}, which is no volume"


def selectors(files: ClusterFiles) -> Iterator[str]:
    """Each selector finds a template; a deployment's finds its own."""
    templates = [_labels(template) for template in files.templates()]
    for one in files.of_kind("Deployment"):
        if not _selects(one["spec"]["selector"], _labels(one["spec"]["template"])):
            yield f"{_name(one)}: its selector does not find its own pods"
    for one in files.of_kind("Service"):
        if not any(_selects({"matchLabels": one["spec"]["selector"]}, labels) for labels in templates):
            yield f"{_name(one)}: selects nothing"
    for one in files.of_kind("NetworkPolicy"):
        for selector in _pod_selectors(one["spec"]):
            if not any(_selects(selector, labels) for labels in templates):
                yield f"{_name(one)}: {selector} selects nothing"


def namespaces(files: ClusterFiles) -> Iterator[str]:
    """All is in the one that the file makes."""
    [namespace] = [one["metadata"]["name"] for one in files.of_kind("Namespace")]
    for one in files.objects:
        if one["kind"] != "Namespace" and one["metadata"].get("namespace") != namespace:
            yield f"{_name(one)}: is not in {namespace}"


def references(files: ClusterFiles) -> Iterator[str]:
    """What is named exists, or is made by a command at the head of the file."""
    known = {
        "configMapRef": {one["metadata"]["name"] for one in files.of_kind("ConfigMap")},
        "secretRef": {*re.findall(r"create secret generic (\S+)", files.texts[KUBERNETES])},
    }
    for template in files.templates():
        volumes = {volume["name"] for volume in template["spec"]["volumes"]}
        for container in template["spec"]["containers"]:
            where = f"{KUBERNETES}: {container['name']}"
            sources = [item for source in container.get("envFrom", []) for item in source.items()]
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            used = {*re.findall(r"\$\((\w+)\)", " ".join(container["args"]))}
            given = {variable["name"] for variable in container.get("env", [])}
            yield from (
                f"{where}: no {kind} {to['name']}" for kind, to in sources if to["name"] not in known[kind]
            )
            yield from (f"{where}: no volume {name}" for name in mounted - volumes)
            yield from (f"{where}: no variable {name}" for name in used - given)


def addresses(files: ClusterFiles) -> Iterator[str]:
    """Whoever calls the scheduler calls it where it listens, and its health is asked where it tells it."""
    for found in (files.of_compose(), files.of_kubernetes()):
        listens = found["scheduler"].option("--port")
        for container in found.values():
            for word in container.words:
                if word.startswith("tcp:") and word != f"tcp://scheduler:{listens}":
                    yield f"{container.where}: the scheduler listens on {listens}, not at {word}"
    tells = files.of_compose()["scheduler"].option("--dashboard-address")
    asked = files.compose["services"]["scheduler"]["healthcheck"]["test"]
    if f"http://{tells}/health" not in asked[-1]:
        yield f"compose.yaml: scheduler: tells its health at {tells}, where nobody asks"


def open_ports(files: ClusterFiles) -> Iterator[str]:
    """What Kubernetes calls a port is one that the container listens on, and so is what leads to it."""
    named = _ports(files)
    for container, port, option, shown in (
        ("scheduler", "comm", "--port", "{}"),
        ("scheduler", "health", "--dashboard-address", ":{}"),
        ("worker", "comm", "--worker-port", "{}"),
    ):
        listens = files.of_kubernetes()[container].option(option)
        if listens != shown.format(named[container][port]):
            yield f"{KUBERNETES}: {container}: listens on {listens}, not on {named[container][port]}"
    for one in files.of_kind("Service"):
        component = one["spec"]["selector"]["app.kubernetes.io/component"]
        for port in one["spec"]["ports"]:
            if named.get(component, {}).get(port["targetPort"]) != port["port"]:
                yield f"{_name(one)}: {port['port']} is no port of {component}"
    for template in files.templates():
        for container in template["spec"]["containers"]:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                how = container.get(probe, {})
                asked = {*how.get("tcpSocket", {}).values(), how.get("httpGet", {}).get("port")} - {None}
                if not asked <= {*named.get(container["name"], {})}:
                    yield f"{KUBERNETES}: {container['name']}: {probe} asks at {asked}, which is no port"


def policies(files: ClusterFiles) -> Iterator[str]:
    """Each port that a policy lets through is one where somebody listens, and what has to pass does."""
    named = _ports(files)
    listening = {number for ports in named.values() for number in ports.values()}
    allowed: set[tuple[str, str, int]] = set()
    for one in files.of_kind("NetworkPolicy"):
        own = set(_components(one["spec"]["podSelector"]))
        for way, peers in (("ingress", "from"), ("egress", "to")):
            for rule in one["spec"].get(way, []):
                others = {name for peer in rule[peers] for name in _components(peer.get("podSelector", {}))}
                for port in rule["ports"]:
                    if port["port"] not in listening | _OUTSIDE:
                        yield f"{_name(one)}: nobody listens on {port['port']}"
                    allowed |= {(way, f"{mine} {other}", port["port"]) for mine in own for other in others}
    comm = {name: ports["comm"] for name, ports in named.items()}
    for caller, called in (("worker", "scheduler"), ("command", "scheduler"), ("scheduler", "worker")):
        if ("egress", f"{caller} {called}", comm[called]) not in allowed:
            yield f"{KUBERNETES}: {caller} may not call {called}"
        if ("ingress", f"{called} {caller}", comm[called]) not in allowed:
            yield f"{KUBERNETES}: {called} may not be called by {caller}"


def dockerfile(files: ClusterFiles) -> Iterator[str]:
    """It builds from what is there, on one pinned Python that we support, with the extras of a cluster."""
    bases = {words[0] for words in files.told("FROM")}
    supported = _project("ttapi-onboarding")["classifiers"]
    for base in bases:
        pinned = _PIN.match(base)
        if len(bases) > 1 or pinned is None or f"{_SUPPORTED}{pinned[1]}" not in supported:
            yield f"Dockerfile: {base} is not one pinned Python that is supported"
    sources = [source for words in files.told("COPY") if words[0] != "--from=build" for source in words[:-1]]
    installed = [word for words in files.told("RUN") for word in words if word.startswith("./packages/")]
    for path in (*sources, *(re.sub(r"\[.*", "", name) for name in installed)):
        if not (ROOT / path).exists():
            yield f"Dockerfile: there is no {path}"
    name, _, extras = installed[-1].removeprefix("./packages/").removesuffix("]").partition("[")
    missing = {*extras.split(",")} - {*_project(name)["optional-dependencies"]}
    if missing or {*extras.split(",")} != _EXTRAS:
        yield f"Dockerfile: a cluster needs the extras {sorted(_EXTRAS)} of {name}, not {extras}"


def _ports(files: ClusterFiles) -> dict[str, dict[str, int]]:
    return {
        container["name"]: {port["name"]: port["containerPort"] for port in container["ports"]}
        for template in files.templates()
        for container in template["spec"]["containers"]
        if "ports" in container
    }


def _labels(template: Object) -> dict[str, str]:
    labels: dict[str, str] = template["metadata"]["labels"]
    return labels


def _selects(selector: Object, labels: dict[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", [])
    )


def _pod_selectors(policy: Object) -> Iterator[Object]:
    yield policy["podSelector"]
    for rule in (*policy.get("ingress", []), *policy.get("egress", [])):
        for peer in (*rule.get("from", []), *rule.get("to", [])):
            if "podSelector" in peer:
                yield peer["podSelector"]


def _components(selector: Object) -> list[str]:
    """The components that a selector names."""
    key = "app.kubernetes.io/component"
    expressions = selector.get("matchExpressions", [])
    named = [value for each in expressions if each["key"] == key for value in each["values"]]
    return [*named, *(value for name, value in selector.get("matchLabels", {}).items() if name == key)]


def _name(one: Object) -> str:
    return f"{KUBERNETES}: {one['kind']} {one['metadata']['name']}"


def _is_known_to_dask(variable: str) -> bool:
    key = variable.removeprefix("DASK_").lower().replace("__", ".").replace("_", "-")
    return dask.config.get(key, default=_ABSENT) is not _ABSENT


def _project(package: str) -> dict[str, Any]:
    document = tomllib.loads((ROOT / "packages" / package / "pyproject.toml").read_text("utf-8"))
    project: dict[str, Any] = document["project"]
    return project
