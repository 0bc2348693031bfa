"""The nouns of the repository model: docs/semantics.md, section 2, "The reader"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeAlias
from typing import Literal as OneOf

from refactor.helm.inline import Inline
from refactor.model import Finding, Value, WorkloadRef

Network: TypeAlias = OneOf["pod", "host", "compose", "outside"]
"""Where a program runs: among the pods, on its node's network, in a compose project, or apart."""

MOST_READERS = 1000
"""Of one text; a repository can name as many as its workloads times its overlays."""

ANYWHERE = "*"
"""A namespace that the repository states in a way that cannot be read, or several at once."""


class Reader(Value, frozen=True):
    """A program that gets a text.

    Attributes:
        workload: which one; None where none is known.
        namespace: in which it runs; "" where that is not known.
        network: where it runs.
        dns_policy: of its pods, "" for the default (ClusterFirst).
        installation: the release, overlay or environment that puts it there; "" for none.
        evidence: how that is known, in words.
    """

    workload: WorkloadRef | None = None
    namespace: str = ""
    network: Network = "pod"
    dns_policy: str = ""
    installation: str = ""
    evidence: str = ""

    def __str__(self) -> str:
        who = str(self.workload) if self.workload else "a program"
        if not self.workload and self.network in ("pod", "host"):
            who += f" in namespace {self.namespace}" if self.namespace else " in any namespace"
        told = [_NETWORKS[self.network]] if self.network != "pod" else []
        told += [f"dnsPolicy {self.dns_policy}"] * bool(self.dns_policy)
        told += [self.evidence] * bool(self.evidence)
        return f"{who} ({', '.join(told)})" if told else who


_NETWORKS: dict[Network, str] = {
    "pod": "pod network",
    "host": "host network",
    "compose": "a compose project's network",
    "outside": "outside the cluster",
}


class Install(Value, frozen=True):
    """What the repository says of one deployment of a chart or a directory.

    Attributes:
        file: where it is said.
        place: the keys, from the document's root, under which values stand inline.
        folder: the chart's or the manifests' directory in this repository, or the one manifest;
            "" for none here.
        release: its name; "" where it is not said.
        namespace: it is deployed to; "" where it is not said, `ANYWHERE` where it cannot be read.
        values: values files, relative to the root, the last one winning.
        maps: ConfigMaps and Secrets that hold values: kind and name.
        kind: of what says it: "Application", "HelmRelease", "helmfile", ...
        outranks: the namespace is put on objects that name another one, as Kustomize does it.
        stands: the namespace of what says it, where that is the deployment's too (HelmRelease).
        given: values that stand in `file` itself, each laid over those before it.
        spoken: further files that are read on the way: parameters of generators, environments.
    """

    file: str
    place: tuple[str, ...] = ()
    folder: str = ""
    release: str = ""
    namespace: str = ""
    values: tuple[str, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    outranks: bool = False
    given: tuple[Inline, ...] = ()
    stands: str = ""
    spoken: tuple[str, ...] = ()

    def holds(self, finding: Finding) -> bool:
        """Say whether a finding stands in values that `file` itself holds."""
        return any(part.covers(finding) for part in self.given)

    @property
    def gathers(self) -> bool:
        """Say whether it builds the kustomizations below a directory that has none itself."""
        return self.kind == "Flux Kustomization"

    @property
    def words(self) -> str:
        """What says it, for people."""
        return (
            f"{self.kind} {self.release} in {self.file}"
            if self.release
            else f"{self.kind} in {self.file}"
        )


class Deployed(NamedTuple):
    """An object of a manifest, where the repository deploys it.

    Attributes:
        file: where it stands.
        kind: its kind.
        name: as it is deployed, with the prefixes of kustomizations.
        namespace: "" where the repository does not say it.
        content: plain data.
    """

    file: str
    kind: str
    name: str
    namespace: str
    content: Mapping[str, Any]


def bounded(found: Iterable[Reader]) -> tuple[Reader, ...]:
    """Return readers, each once; of too many, one for whom nothing is edited."""
    listed = list(islice(found, MOST_READERS + 1))
    if len(listed) > MOST_READERS:
        return (Reader(network="outside", evidence=f"more than {MOST_READERS} programs"),)
    return tuple(dict.fromkeys(listed))
