# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The files of a cluster that the documentation gives: what each says of the containers that it starts."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml  # type: ignore[import-untyped] # it has no types of its own

from documented_pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = ROOT / "packages/ttapi-platform/docs/clusters"
COMPOSE: Final = "compose.yaml"
KUBERNETES: Final = "kubernetes.yaml"
DOCKERFILE: Final = "Dockerfile"
Object: TypeAlias = "dict[str, Any]"

_VARIABLE: Final = re.compile(r"\$\{(\w+):-([^}]*)\}")
_REFERENCE: Final = re.compile(r"\$\((\w+)\)")
_A_QUANTITY: Final = "4000000000"  # what a field of resources may be when it is asked for


@dataclass(frozen=True, kw_only=True)
class Container:
    """What is started from the image, as one of the files says."""

    where: str
    image: str
    words: list[str]
    environment: dict[str, str | None]  # None: taken from elsewhere, or absent
    user: str
    is_read_only: bool
    dropped: list[str]
    mounts: dict[str, bool]  # where, and whether it can be written to

    def option(self, name: str) -> str | None:
        """The value of an option of its command line, in either spelling."""
        for at, word in enumerate(self.words):
            if word.startswith(f"{name}="):
                return word.partition("=")[2]
            if word == name and at + 1 < len(self.words):
                return self.words[at + 1]
        return None


@dataclass(frozen=True)
class ClusterFiles:
    """The texts of the files, and what they mean."""

    texts: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)  # of the shell, for compose

    def with_mistake(self, name: str, old: str, new: str) -> ClusterFiles:
        """The same with other words in one file."""
        assert old in self.texts[name], f"{name} does not say {old!r}"
        return replace(self, texts={**self.texts, name: self.texts[name].replace(old, new, 1)})

    @cached_property
    def compose(self) -> Object:
        """The document of compose, with the shell's variables or their defaults."""
        text = _VARIABLE.sub(lambda found: self.variables.get(found[1]) or found[2], self.texts[COMPOSE])
        document: Object = yaml.safe_load(text)
        return document

    @cached_property
    def objects(self) -> list[Object]:
        """The objects of Kubernetes."""
        return [one for one in yaml.safe_load_all(self.texts[KUBERNETES]) if one is not None]

    @cached_property
    def instructions(self) -> list[tuple[str, list[str]]]:
        """What the Dockerfile tells to do, each with its words."""
        lines = [line for line in self.texts[DOCKERFILE].splitlines() if not line.startswith("#")]
        joined = "\n".join(lines).replace("\\\n", " ").splitlines()
        parts = [line.partition(" ") for line in joined if line.strip()]
        return [(name, json.loads(rest) if rest[0] == "[" else shlex.split(rest)) for name, _, rest in parts]

    def told(self, instruction: str) -> list[list[str]]:
        """The words after each instruction of that name."""
        return [words for name, words in self.instructions if name == instruction]

    def of_kind(self, *kinds: str) -> list[Object]:
        """The objects of Kubernetes of these kinds."""
        return [one for one in self.objects if one["kind"] in kinds]

    def templates(self) -> list[Object]:
        """What pods are made from."""
        return [one["spec"]["template"] for one in self.of_kind("Deployment", "Job")]

    def containers(self) -> list[Container]:
        """All containers that compose and Kubernetes start."""
        return [*self.of_compose().values(), *self.of_kubernetes().values()]

    def of_compose(self) -> dict[str, Container]:
        """The containers of compose by the name of the service."""
        return {
            name: Container(
                where=f"{COMPOSE}: {name}",
                image=service["image"],
                words=[*service.get("entrypoint", []), *service["command"]],
                environment={
                    key: None if value is None else str(value)
                    for key, value in service["environment"].items()
                },
                user=service["user"],
                is_read_only=service["read_only"],
                dropped=service["cap_drop"],
                mounts={
                    mount.split(":")[1]: not mount.endswith(":ro") for mount in service.get("volumes", [])
                },
            )
            for name, service in self.compose["services"].items()
        }

    def of_kubernetes(self) -> dict[str, Container]:
        """The containers of Kubernetes by their name."""
        return {found.where.rpartition(" ")[2]: found for found in self._of_kubernetes()}

    def _of_kubernetes(self) -> Iterator[Container]:
        for template in self.templates():
            pod = template["spec"]
            for container in pod["containers"]:
                environment = dict(self._environment(container))
                security = pod["securityContext"] | container["securityContext"]
                yield Container(
                    where=f"{KUBERNETES}: {container['name']}",
                    image=container["image"],
                    words=[_expanded(word, environment) for word in container["args"]],
                    environment=environment,
                    user=f"{security.get('runAsUser')}:{security.get('runAsGroup')}",
                    is_read_only=security.get("readOnlyRootFilesystem", False),
                    dropped=security.get("capabilities", {}).get("drop", []),
                    mounts={
                        mount["mountPath"]: not mount.get("readOnly", False)
                        for mount in container["volumeMounts"]
                    },
                )

    def _environment(self, container: Object) -> Iterator[tuple[str, str | None]]:
        maps = {one["metadata"]["name"]: one["data"] for one in self.of_kind("ConfigMap")}
        for source in container.get("envFrom", []):
            if "configMapRef" in source:
                yield from maps.get(source["configMapRef"]["name"], {}).items()
        for variable in container.get("env", []):
            comes_from = variable.get("valueFrom", {})
            yield variable["name"], _A_QUANTITY if "resourceFieldRef" in comes_from else variable.get("value")


def _expanded(word: str, environment: Mapping[str, str | None]) -> str:
    return _REFERENCE.sub(lambda found: environment.get(found[1]) or found[0], word)


def read() -> ClusterFiles:
    """The files as they lie in the repository."""
    return ClusterFiles(
        {name: (FOLDER / name).read_text("utf-8") for name in (COMPOSE, KUBERNETES, DOCKERFILE)}
    )
