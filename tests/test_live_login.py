"""Credentials as kubectl finds them."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from refactor.errors import RefactorError
from refactor.inventory.live.api import Api
from refactor.inventory.live.login import log_in
from tests.live_server import Cluster, kubeconfig, serving

pytest.importorskip("kubernetes")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


def bearer(login: Any) -> str:
    return str(login.configuration.auth_settings()["BearerToken"]["value"])


def test_the_first_file_that_says_it_names_the_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    kubeconfig(first, "https://one", {"token": "one"})
    text = json.loads(Path(kubeconfig(second, "https://two", {"token": "two"})).read_text())
    second.write_text(json.dumps(text | {"current-context": "other"}))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'absent'}:{first}:{second}")

    login = log_in()

    assert (login.context, login.configuration.host) == ("stand-in", "https://one")
    assert bearer(login) == "Bearer one"


def test_what_a_cluster_says_of_its_way_is_taken(tmp_path: Path) -> None:
    said = {"proxy-url": "http://u:p%40@proxy:3128", "tls-server-name": "api.corp"}
    path = kubeconfig(
        tmp_path / "config", "https://one", **said, **{"insecure-skip-tls-verify": True}
    )

    told = log_in("", path).configuration

    assert (told.proxy, told.tls_server_name, told.verify_ssl) == (
        said["proxy-url"],
        "api.corp",
        False,
    )
    assert list(told.proxy_headers) == ["proxy-authorization"]


def test_the_proxy_is_asked(tmp_path: Path) -> None:
    cluster = Cluster([])
    with serving(cluster) as proxy:
        path = kubeconfig(tmp_path / "config", "http://api.invalid", **{"proxy-url": proxy})
        cluster.fault = lambda path, _query, _time: (200, {}, path.encode())

        assert Api("", path).get("/version") == b"/version"


def test_impersonation_is_not_lost(tmp_path: Path) -> None:
    user = {"token": "t", "as": "jane", "as-groups": ["a", "b"]}
    path = kubeconfig(tmp_path / "config", "https://one", user)

    assert log_in("", path).headers == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
    )


def test_an_oidc_token_that_holds_is_used_and_the_file_left_as_it_is(tmp_path: Path) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(time.time()) + 9999}).encode())
    token = f"aaaa.{claims.decode().rstrip('=')}.bbbb"
    config = {"id-token": token, "idp-issuer-url": "https://issuer.invalid"}
    user = {"auth-provider": {"name": "oidc", "config": config}}
    path = kubeconfig(tmp_path / "config", "https://one", user)
    before = Path(path).read_bytes()

    assert bearer(log_in("", path)) == f"Bearer {token}"
    assert Path(path).read_bytes() == before


def test_the_account_of_the_pod_that_it_runs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kubernetes.config import incluster_config

    for name, text in (("token", "account"), ("ca.crt", "ca")):
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    loader = incluster_config.InClusterConfigLoader
    files = (str(tmp_path / "token"), str(tmp_path / "ca.crt"))
    monkeypatch.setattr(incluster_config, "InClusterConfigLoader", lambda **_: loader(*files))

    login = log_in()

    assert (login.context, login.configuration.host) == ("", "https://[fd00::1]:443")
    assert bearer(login) == "bearer account"


def test_no_kubeconfig_and_no_pod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(
        RefactorError, match="no kubeconfig was found, and this does not run inside"
    ):
        log_in()
