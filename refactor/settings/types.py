"""The settings of a repository: `.refactor.yaml`, or `[tool.refactor]` in pyproject.toml.

Names are written in kebab-case. What is unknown or ill-typed is refused with its line. A settings
file comes with the repository, so it can name no file outside of it.
"""

from __future__ import annotations

from typing import Literal as OneOf

import msgspec

from refactor.rules.row import PlaceSetting


class Environment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One cluster that files of this repository are for; the first that claims a file has it.

    Attributes:
        name: how reports call it; no two environments share one.
        files: globs, as in `.gitignore` and relative to the root, of the files that are for it.
            Default: all.
        inventories: paths, relative to the root, of what `kubectl get ... -o json` gave for this
            cluster. Default: those of the whole repository.
        namespace: of the programs that read these files, where a manifest does not say. Default:
            that of the whole repository.
        release: the name Helm installs charts under there. Default: not known.
        values: paths, relative to the root, of the values files laid over a chart's own, the last
            one winning. Default: none.
        context: the kubeconfig's name for this cluster, for `--live` and `refactor inventory
            --environments`, which use it only where `--config` names this file. Default: that of
            the whole repository.
    """

    name: str
    files: tuple[str, ...] = ("**",)
    inventories: tuple[str, ...] = ()
    namespace: str = ""
    release: str = ""
    values: tuple[str, ...] = ()
    context: str = ""


class MappingSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What one address stands for, whatever the inventory says.

    Attributes:
        address: an IP address or a host name, with or without `:port`.
        service: the Service it stands for, as `namespace/name`.
        port: the Service's port, 1 to 65535. Default: through the targetPort for a pod that the
            Service selects, else as dialled.
        pod: the pod's name where one pod of a StatefulSet is meant. Default: none.
    """

    address: str
    service: str
    port: int | None = None
    pod: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Everything a repository can say about how it is to be read and changed.

    Attributes:
        inventories: paths, relative to the root, of what `kubectl get ... -o json` gave. Default:
            none; the command line names them.
        context: the kubeconfig's name for the cluster, for `--live` and `refactor inventory
            --environments`, which use it only where `--config` names this file. Default: the
            kubeconfig's own current one.
        inventory_max_age: hours after which a snapshot of `refactor inventory` is called old; 0
            for never. Default: 24.
        inventory_index: whether what was read from a file of 5 MB or more is kept in the user's own
            cache, so that the next run reads it in a tenth of the time. Default: yes.
        namespace: of the programs that read the files, where a manifest does not say. Default: not
            known, and Services are called by their full names.
        cluster_domain: the cluster's DNS domain. Default: `cluster.local`.
        names: how Services are called: `short` (`orders`), `qualified` (`orders.shop.svc`),
            `fqdn` (`orders.shop.svc.cluster.local`). Default: `auto`, short within the
            consumer's namespace and in full elsewhere.
        default_ports: whether a URL keeps a port that is its scheme's own: `keep`
            (`http://orders:80`), `omit` (`http://orders`). Default: `keep`.
        python: where a Python program gets the new name from: `literal` edits it in place, `env`
            moves it to the environment. Default: `literal`.
        environments: clusters that parts of the repository are for, in order. Default: one for all.
        mappings: addresses whose Service is decided here. Default: none.
        places: rows that say what places of your own are for; they outrank the program's own rows.
            Default: none.
        ignore: globs, as in `.gitignore` and relative to the root, of files that are not looked
            into. Default: none.
        ignore_addresses: addresses, or blocks of them as CIDR, that are left as they are. Default:
            none.
        include: globs of files that may be edited, not only reported: source files in other
            languages, and pipelines that run within the cluster. Default: none.
        tests: whether Python test files are looked into. Default: no.
        public: whether public addresses that no inventory knows are reported. Default: no.
        ingress: whether hosts of an Ingress are rewritten to what they lead to. Default: no.
        daemonsets: whether pods of a DaemonSet, each of which stands for its node, are rewritten.
            Default: no.
        chart_names: how a chart's files call a Service of the same release: `template`, by the
            expression that follows the release, `literal`, by its name. Default: `auto`, a
            template wherever one is evaluated.
        assume_services: whether a Service is taken as made although its workload's manifest is not
            in this repository. Default: no.
        services_dir: a directory, relative to the root, for manifests of Services whose workload's
            own is not in this repository. Default: they are only reported.
        wrap_tpl: whether a chart's templates are changed to pass a value through `tpl`, where that
            lets the name of a Service of the same release follow it. Default: no.
    """

    inventories: tuple[str, ...] = ()
    context: str = ""
    inventory_max_age: int = 24
    inventory_index: bool = True
    namespace: str = ""
    cluster_domain: str = "cluster.local"
    names: OneOf["auto", "short", "qualified", "fqdn"] = "auto"
    default_ports: OneOf["keep", "omit"] = "keep"
    python: OneOf["literal", "env"] = "literal"
    environments: tuple[Environment, ...] = ()
    mappings: tuple[MappingSetting, ...] = ()
    places: tuple[PlaceSetting, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_addresses: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    tests: bool = False
    public: bool = False
    ingress: bool = False
    daemonsets: bool = False
    chart_names: OneOf["auto", "template", "literal"] = "auto"
    assume_services: bool = False
    services_dir: str = ""
    wrap_tpl: bool = False
