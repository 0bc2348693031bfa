"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from refactor.cli import complete
from refactor.cli.arguments import Arguments, Sources

_F = TypeVar("_F", bound=Callable[..., Any])

_FORMS = ("short", "qualified", "fqdn")
_IN_CHARTS = ("template", "literal")
_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_OPTIONS = (
    click.option(
        "-i",
        "--inventory",
        "inventories",
        multiple=True,
        metavar="FILE|-",
        shell_complete=complete.files,
        help="kubectl's output as JSON or YAML, or a directory of manifests; - reads standard"
        " input. Repeatable; replaces the settings' own.",
    ),
    click.option(
        "--context",
        default="",
        metavar="NAME",
        shell_complete=complete.contexts,
        help="Read this cluster of the kubeconfig, live, for all files.",
    ),
    click.option(
        "--live",
        is_flag=True,
        help="Read the clusters live: each environment's `context`, else the current one.",
    ),
    click.option(
        "--kubeconfig",
        default="",
        metavar="FILE",
        shell_complete=complete.files,
        help="Default: as for kubectl.",
    ),
    click.option(
        "--history",
        "histories",
        multiple=True,
        metavar="FILE",
        shell_complete=complete.files,
        help="An earlier inventory, for addresses that are no longer in use. Repeatable.",
    ),
    click.option(
        "--inventory-index/--no-inventory-index",
        default=None,
        help="Keep what was read from a large inventory in your cache, for the next run.",
    ),
    click.option(
        "-n",
        "--namespace",
        default="",
        metavar="NAME",
        shell_complete=complete.namespaces,
        help="Namespace of the programs that connect, where their manifest does not say.",
    ),
    click.option(
        "--cluster-domain", default=None, metavar="DOMAIN", help="Default: cluster.local."
    ),
    click.option(
        "--names",
        type=click.Choice(["auto", *_FORMS, *_IN_CHARTS]),
        multiple=True,
        help="auto: short in the consumer's own namespace, else the full name. template, literal:"
        " how charts call Services of their own release. Repeatable.",
    ),
    click.option(
        "--python",
        "python_style",
        type=click.Choice(["literal", "env"]),
        default=None,
        help="env: move Python literals to the environment.",
    ),
    click.option(
        "--public/--no-public",
        default=None,
        help="Report public addresses outside the inventory.",
    ),
    click.option(
        "--ingress/--no-ingress",
        default=None,
        help="Resolve ingress hosts to their backend Service.",
    ),
    click.option(
        "--daemonsets/--no-daemonsets",
        default=None,
        help="Rewrite addresses of DaemonSet pods.",
    ),
    click.option(
        "--wrap-tpl",
        is_flag=True,
        default=None,
        help="Change templates to pass values through tpl, so that names follow the release.",
    ),
    click.option(
        "--assume-services",
        is_flag=True,
        default=None,
        help="Count on Services that this repository cannot make.",
    ),
    click.option(
        "--services-dir",
        default="",
        metavar="DIR",
        shell_complete=complete.directories,
        help="Where manifests go of Services whose workload is not in this repository.",
    ),
    click.option("--tests/--no-tests", default=None, help="Look at Python test files too."),
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Source files of other languages that may be edited.",
    ),
    click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="Settings file. Default: .refactor.yaml or pyproject.toml at the root.",
    ),
)


_PLANNING = frozenset({"python_style", "wrap_tpl", "assume_services", "services_dir"})
"""Options that say how a change is made: shown only by commands that make one."""


def shared(function: _F) -> _F:
    """Add the shared options to a command that plans; it receives them as one `asked`."""
    return _with_options(function, hidden=frozenset())


def looking(function: _F) -> _F:
    """Add the same to a command that plans nothing: what makes no difference is not in its help."""
    return _with_options(function, hidden=_PLANNING)


def _with_options(function: _F, hidden: frozenset[str]) -> _F:

    def wrapped(**given: Any) -> Any:
        asked = Arguments(
            paths=given.pop("paths"),
            inventories=given.pop("inventories"),
            sources=_sources(given),
            namespace=given.pop("namespace"),
            config=given.pop("config"),
            overrides=_overrides(given),
        )
        return function(asked=asked, **given)

    wrapped.__doc__ = function.__doc__
    wrapped.__name__ = function.__name__
    command: Any = _PATHS(wrapped)
    for option in reversed(_OPTIONS):
        command = option(command)
    for parameter in command.__click_params__:
        if isinstance(parameter, click.Option) and parameter.name in hidden:
            parameter.hidden = True
    if hasattr(function, "__click_params__"):
        command.__click_params__ = function.__click_params__ + command.__click_params__
    typed: _F = command
    return typed


def _sources(given: dict[str, Any]) -> Sources:
    context, kubeconfig = given.pop("context"), given.pop("kubeconfig")
    live = given.pop("live") or bool(context)
    return Sources(context, live, kubeconfig, given.pop("histories"))


def _overrides(given: dict[str, Any]) -> dict[str, Any]:
    """Take the options that stand for settings out of what was given."""
    names = {"cluster_domain": "cluster_domain", "python_style": "python"}
    names |= {name: name for name in ("public", "ingress", "daemonsets", "tests", "include")}
    names |= {
        name: name for name in ("inventory_index", "assume_services", "services_dir", "wrap_tpl")
    }
    taken = {setting: given.pop(option) for option, setting in names.items()}
    for word in given.pop("names"):
        taken["chart_names" if word in _IN_CHARTS else "names"] = word
    domain = taken.pop("cluster_domain")
    given_ones = {name: value for name, value in taken.items() if value not in (None, "", ())}
    return given_ones | ({} if domain is None else {"cluster_domain": domain})
