"""Builds the control plane's programs from their sources, once, into a cache folder.

    python -m tests.e2e.build && pytest -n 0 tests/e2e

Needs Go (see go.mod for its version) and its module proxy; on two cores it takes a quarter of an
hour, Helm and Kustomize alone (`python -m tests.e2e.build helm kustomize`) four minutes. The folder is $REFACTOR_E2E_BIN, else
`refactor-e2e/bin` in the user's cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "coredns": "github.com/coredns/coredns",
    "helm": "helm.sh/helm/v4/cmd/helm",
    "kustomize": "sigs.k8s.io/kustomize/kustomize/v5",
}


def folder() -> Path:
    """Where the programs are."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("REFACTOR_E2E_BIN") or Path(cache, "refactor-e2e/bin"))


def missing() -> list[str]:
    """The programs that are not built yet."""
    return [name for name in PROGRAMS if not os.access(folder() / name, os.X_OK)]


def build(*names: str) -> None:
    """Build what is missing, of these programs or of all."""
    folder().mkdir(parents=True, exist_ok=True)
    for name in missing():
        if names and name not in names:
            continue
        print(f"building {name}", flush=True)
        argv = ["go", "build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w"]
        subprocess.run([*argv, "-o", folder() / name, PROGRAMS[name]], cwd=HERE, check=True)


if __name__ == "__main__":
    build(*sys.argv[1:])
