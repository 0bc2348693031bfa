"""Credentials for a cluster's API, as kubectl finds them: kubeconfig, or the pod's own account."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from refactor.errors import RefactorError, extra_remedy
from refactor.secret.mask import mask

_DEFAULT = "~/.kube/config"
# What the client lets out for an invalid kubeconfig, besides its own errors.
_REFUSALS = (OSError, LookupError, TypeError, AttributeError, ValueError)


class Login(NamedTuple):
    """The way into a cluster.

    Attributes:
        context: the kubeconfig's name for it; "" inside the cluster.
    """

    configuration: Any
    context: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def log_in(context: str = "", kubeconfig: str = "") -> Login:
    """Return the way into a cluster.

    Args:
        context: of the kubeconfig; "" for its current one, or, where there is no kubeconfig, the
            cluster that this program runs in.
        kubeconfig: a file; "" for those of KUBECONFIG, else `~/.kube/config`.

    Raises:
        RefactorError: there is no such context, its credentials cannot be had, or the extra that
            brings the client is not installed.
    """
    try:
        from kubernetes.client import Configuration
        from kubernetes.config import ConfigException
        from yaml import YAMLError  # type: ignore[import-untyped]
    except ImportError as error:
        message = "the client for live clusters is not installed"
        raise RefactorError(message, remedy=extra_remedy("live")) from error
    files = kubeconfig or os.environ.get("KUBECONFIG", "") or _DEFAULT
    try:
        with _complaints() as told:
            login = _read(Configuration(), context, files, explicit=bool(kubeconfig))
    except (ConfigException, YAMLError, *_REFUSALS) as error:
        problem = mask(" ".join(str(error).split())) or type(error).__name__
        message = f"the kubeconfig cannot be used ({problem})"
        raise RefactorError(message, where=context or files) from error
    if told:
        message = f"the credentials cannot be obtained ({mask(' '.join(told[0].split()))})"
        raise RefactorError(message, where=context or files, remedy="log in again")
    return login


def _read(configuration: Any, context: str, files: str, *, explicit: bool) -> Login:
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    merger = KubeConfigMerger(files)
    if merger.config is None:
        return _inside(configuration, files, asked=explicit or bool(context))
    name = context or _current(merger.config_files.values())
    contexts, users = (_by_name(merger, part) for part in ("contexts", "users"))
    if name not in contexts:
        message = f"the kubeconfig has no context `{name}`" if name else "no context is current"
        remedy = f"it has {', '.join(contexts) or 'none'}"
        raise RefactorError(message, where=files, remedy=remedy)
    user = users.get(contexts[name]["context"].get("user"), {}).get("user") or {}
    with _verified_issuer(user):
        loader = KubeConfigLoader(merger.config, name, config_persister=merger.save_changes)
        loader.load_and_set(configuration)
    _proxy_password(configuration)
    return Login(configuration, name, tuple(_impersonated(user)))


def _inside(configuration: Any, files: str, *, asked: bool) -> Login:
    """Use the service account of the pod that this runs in."""
    from kubernetes.config import load_incluster_config

    if asked or "KUBERNETES_SERVICE_HOST" not in os.environ:
        message = "no kubeconfig was found, and this does not run inside a cluster"
        raise RefactorError(message, where=files, remedy="pass --kubeconfig, or set KUBECONFIG")
    load_incluster_config(configuration)
    return Login(configuration)


def _current(configs: Any) -> str:
    """The first file that says it wins, as for kubectl; the client takes the last."""
    told = (config.get("current-context") for config in configs)
    return next((str(name) for name in told if name), "")


def _by_name(merger: Any, part: str) -> dict[str, dict[str, Any]]:
    """Return what a kubeconfig's list holds; of two of one name the first counts."""
    found: dict[str, dict[str, Any]] = {}
    for node in merger.config.value[part]:
        found.setdefault(node.value["name"], node.value)
    return found


def _impersonated(user: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if user.get("as"):
        yield "Impersonate-User", str(user["as"])
    for group in user.get("as-groups") or ():
        yield "Impersonate-Group", str(group)


@contextmanager
def _verified_issuer(user: dict[str, Any]) -> Iterator[None]:
    """Have an OIDC issuer's certificate checked: without a CA of its own the client checks none."""
    provider = user.get("auth-provider") or {}
    config = provider.get("config") or {}
    key = "idp-certificate-authority"
    if provider.get("name") != "oidc" or key in config or f"{key}-data" in config:
        yield
        return
    import certifi

    config[key] = os.environ.get("SSL_CERT_FILE") or certifi.where()
    try:
        yield
    finally:
        del config[key]


def _proxy_password(configuration: Any) -> None:
    """Send the user and password that a proxy's URL holds; the client leaves them out."""
    from urllib3.util import make_headers, parse_url

    auth = parse_url(configuration.proxy).auth if configuration.proxy else None
    if auth:
        configuration.proxy_headers = make_headers(proxy_basic_auth=auth)


class _Collector(logging.Handler):
    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        self._take(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the client logs: it tells a plugin's failure to the log, and goes on without."""
    told: list[str] = []
    handler = _Collector(told.append)
    logging.getLogger().addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(handler)
