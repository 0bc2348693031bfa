"""SEMANTICS.md section 1: fields that need an IP, or are read outside the pod network."""

from __future__ import annotations

import pytest

from refactor.kept import kept
from refactor.kept_rules import RULES
from refactor.model import Document, Literal
from refactor.view import View

ROWS: list[tuple[str, str | None, tuple[str, ...], str, set[str]]] = [
    # name of the rule, document kind, path, literal kind, tags
    ("cluster-ip", "Service", ("spec", "clusterIP"), "text", set()),
    ("cluster-ip", "Service", ("spec", "clusterIPs", "0"), "text", {"item"}),
    ("external-ip", "Service", ("spec", "externalIPs", "0"), "text", {"item"}),
    ("load-balancer-ip", "Service", ("spec", "loadBalancerIP"), "text", set()),
    ("load-balancer-ip", None, ("controller", "service", "loadBalancerIP"), "text", set()),
    ("load-balancer-ip", "Service", ("spec", "loadBalancerSourceRanges", "0"), "text", {"item"}),
    ("exported-status", "Pod", ("status", "message"), "text", set()),
    ("exported-status", "Pod", ("status", "podIP"), "text", set()),
    ("endpoints", "Endpoints", ("subsets", "0", "addresses", "0", "ip"), "text", set()),
    ("endpoints", "EndpointSlice", ("endpoints", "0", "addresses", "0"), "text", {"item"}),
    ("host-alias", "Deployment", ("spec", "hostAliases", "0", "ip"), "text", set()),
    ("hosts-entry", None, (), "text", {"hosts-entry"}),
    ("resolver", "Pod", ("spec", "dnsConfig", "nameservers", "0"), "text", {"item"}),
    ("resolver", None, ("resolver",), "text", set()),
    ("resolver", None, ("nameserver",), "text", set()),
    ("address-policy", "NetworkPolicy", ("spec", "egress", "0", "to", "0", "ipBlock", "cidr"), "text", set()),
    ("address-policy", "IPAddressPool", ("spec", "addresses", "0"), "text", {"item"}),
    ("address-policy", None, ("trustedProxies", "0"), "text", {"item"}),
    ("address-policy", None, ("ALLOWED_HOSTS", "0"), "text", {"item"}),
    ("address-policy", "Ingress", ("metadata", "annotations", "nginx.ingress.kubernetes.io/whitelist-source-range"), "text", set()),
    ("mesh-address", "ServiceEntry", ("spec", "addresses", "0"), "text", {"item"}),
    ("external-name", "Service", ("spec", "externalName"), "text", set()),
    ("routed-host", "Ingress", ("spec", "rules", "0", "host"), "text", set()),
    ("image", "Deployment", ("spec", "containers", "0", "image"), "text", set()),
    ("image", None, ("image", "repository"), "text", set()),
    ("image", None, ("global", "imageRegistry"), "text", set()),
    ("image", "Kustomization", ("images", "0", "newName"), "text", set()),
    ("image", None, ("FROM",), "text", set()),
    ("node-volume", "PersistentVolume", ("spec", "nfs", "server"), "text", set()),
    ("node-volume", "Pod", ("spec", "volumes", "0", "iscsi", "targetPortal"), "text", set()),
    ("probe-host", "Pod", ("spec", "containers", "0", "livenessProbe", "httpGet", "host"), "text", set()),
    ("webhook-url", "ValidatingWebhookConfiguration", ("webhooks", "0", "clientConfig", "url"), "text", set()),
    ("no-proxy", None, ("NO_PROXY",), "text", set()),
    ("no-proxy", None, ("no_proxy",), "text", set()),
    ("listen-address", None, ("bind",), "text", set()),
    ("listen-address", None, ("advertised.listeners",), "text", set()),
    ("node-placement", "Pod", ("spec", "nodeName"), "text", set()),
    ("node-placement", "Pod", ("spec", "nodeSelector", "kubernetes.io/hostname"), "text", set()),
    ("published-port", None, ("services", "web", "ports", "0"), "text", {"item"}),
    ("ip-typed-code", None, ("x",), "text", {"call:ipaddress.ip_address"}),
    ("ip-typed-code", None, ("x",), "text", {"call:socket.inet_aton"}),
    ("bound-socket", None, ("x",), "text", {"call:sock.bind"}),
    ("page", None, ("x",), "text", {"page"}),
    ("framed-message", None, ("x",), "text", {"framed"}),
    ("compared", None, ("x",), "text", {"compare"}),
    ("pattern", None, ("x",), "text", {"pattern"}),
    ("prose", None, ("x",), "text", {"help"}),
    ("locked-file", None, ("x",), "text", {"locked"}),
    ("encoded-secret", None, ("data", "url"), "text", {"base64"}),
    ("generated-file", None, ("x",), "text", {"generated"}),
    ("schema", None, ("x",), "text", {"schema"}),
    ("schema", None, ("properties", "ip", "example"), "text", set()),
    ("address-policy", None, ("default_ipv4", "broadcast"), "text", set()),
    ("key", None, ("10.0.0.1",), "key", set()),
    ("load-balancer-ip", "Service", ("metadata", "annotations", "metallb.universe.tf/loadBalancerIPs"), "text", set()),
    ("load-balancer-ip", "Service", ("metadata", "annotations", "lbipam.cilium.io/ips"), "text", set()),
    ("load-balancer-ip", "Service", ("metadata", "annotations", "acme.example/any"), "text", set()),
    ("load-balancer-ip", None, ("service", "annotations", "kube-vip.io/loadbalancerIPs"), "text", set()),
    ("load-balancer-ip", None, ("annotations", "networking.gke.io/load-balancer-ip-addresses"), "text", set()),
    ("load-balancer-ip", None, ("annotations", "external-dns.alpha.kubernetes.io/target"), "text", set()),
    ("load-balancer-ip", "CiliumEgressGatewayPolicy", ("spec", "egressGateway", "egressIP"), "text", set()),
    ("pod-network", "Pod", ("metadata", "annotations", "k8s.v1.cni.cncf.io/networks", "0", "ips", "0"), "text", {"item"}),
    ("pod-network", "Pod", ("metadata", "annotations", "k8s.v1.cni.cncf.io/network-status", "0", "ips", "0"), "text", {"item"}),
    ("host-address", None, ("PGHOSTADDR",), "text", set()),
    ("host-address", None, ("connect()", "hostaddr"), "text", {"call:psycopg.connect"}),
    ("mesh-address", None, ("clusters", "0", "socket_address", "address"), "text", {"static"}),
    ("listen-address", None, ("static_resources", "listeners", "0", "socket_address", "address"), "text", set()),
    ("listen-address", None, ("cluster-announce-ip",), "text", set()),
    ("listen-address", None, ("source_ip",), "text", set()),
    ("listen-address", None, ("MY_IP",), "text", set()),
    ("listen-address", None, ("local_addr",), "text", set()),
    ("listen-address", None, ("backend", "source"), "text", {"directive"}),
    ("listen-address", None, ("server", "proxy_bind"), "text", {"directive"}),
    ("routed-host", None, ("server", "server_name"), "text", set()),
    ("routed-host", "Certificate", ("spec", "ipAddresses", "0"), "text", {"item"}),
    ("routed-host", "ClusterConfiguration", ("apiServer", "certSANs", "0"), "text", {"item"}),
    ("routed-host", None, ("alt_names", "IP.1"), "text", set()),
    ("control-plane", "ClusterConfiguration", ("controlPlaneEndpoint",), "text", set()),
    ("control-plane", "Config", ("clusters", "0", "cluster", "server"), "text", set()),
    ("control-plane", "Application", ("spec", "destination", "server"), "text", set()),
    ("control-plane", None, ("KUBERNETES_SERVICE_HOST",), "text", set()),
    ("address-policy", None, ("FORWARDED_ALLOW_IPS",), "text", set()),
    ("address-policy", None, ("trusted",), "text", set()),
    ("address-policy", None, ("ADMIN_IPS", "0"), "text", {"item"}),
    ("address-policy", None, ("http", "geo"), "text", {"line"}),
    ("address-policy", None, ("frontend", "src"), "text", {"directive"}),
    ("resolver", None, ("X_NAMESERVER",), "text", set()),
    ("resolver", None, ("forward",), "text", {"directive"}),
    ("header", None, ("get()", "headers", "X-Forwarded-For"), "text", set()),
    ("header", None, ("get()", "headers", "Host"), "text", set()),
    ("looked-up", None, ("d",), "text", {"lookup"}),
    ("image", None, ("REG",), "text", {"image"}),
    ("image", None, ("variables", "REGISTRY"), "text", set()),
    ("node-volume", "PersistentVolume", ("spec", "csi", "volumeAttributes", "server"), "text", set()),
    ("node-volume", "StorageClass", ("parameters", "server"), "text", set()),
    ("node-volume", "StorageClass", ("mountOptions", "0"), "text", {"item"}),
    ("published-port", None, ("ports",), "text", set()),
    ("label", "Deployment", ("metadata", "labels", "redis"), "text", set()),
    ("label", None, ("static_configs", "0", "labels", "instance"), "text", set()),
    ("node-identity", None, ("cluster.initial_master_nodes", "0"), "text", {"item"}),
    ("machine-address", None, ("private_ip",), "text", set()),
    ("listen-address", "GlobalConfiguration", ("spec", "listeners", "0", "ipv4"), "text", set()),
    ("ip-field", "CephObjectStore", ("spec", "gateway", "endpoints", "0", "ip"), "text", set()),
    ("image", None, ("mirrors", "docker.io", "endpoint", "0"), "text", {"item"}),
    ("issuer", None, ("OIDC_ISSUER_URL",), "text", set()),
    ("sent-on", "Ingress", ("metadata", "annotations", "nginx.ingress.kubernetes.io/permanent-redirect"), "text", set()),
    ("image-build", None, ("PIP_INDEX",), "text", {"build"}),
    ("bound-socket", None, ("HTTPServer()", "0"), "text", {"item"}),
    ("bound-socket", None, ("run()", "host"), "text", {"call:app.run"}),
]  # fmt: skip

FREE: list[tuple[str | None, tuple[str, ...], set[str]]] = [
    (None, ("redis", "host"), set()),
    (None, ("redis", "ip"), set()),
    ("ConfigMap", ("data", "ip"), set()),
    ("HelmRelease", ("spec", "values", "redis", "ip"), set()),
    (None, ("ORDERS_URL",), set()),
    ("Deployment", ("spec", "template", "spec", "containers", "0", "env", "ORDERS_URL"), set()),
    ("Deployment", ("spec", "template", "spec", "containers", "0", "args", "0"), {"item"}),
    ("ConfigMap", ("data", "app.yml", "status", "url"), {"embedded"}),
    (None, ("status", "url"), set()),
    (None, ("images", "cdn", "url"), set()),
    (None, ("proxy_pass",), set()),
    (None, ("targets", "0"), {"item"}),
    (None, ("client",), {"call:redis.StrictRedis"}),
    (None, ("client",), {"call:bindings.connect"}),
    (None, ("HTTP_PROXY",), set()),
    ("ConfigMap", ("metadata", "annotations", "orders-url"), set()),
    (None, ("bindings", "url"), set()),
    (None, ("listener", "url"), set()),
    (None, ("support", "url"), set()),
    (None, ("gateways", "url"), set()),
    (None, ("clusters", "0", "socket_address", "address"), set()),
    (None, ("rsync", "source"), set()),
    (None, ("map", "url"), set()),
    (None, ("services", "orders"), set()),
    (None, ("schema_registry_url",), set()),
    (None, ("destination",), set()),
    (None, ("server",), set()),
    (None, ("get()", "base"), {"call:requests.get"}),
    (None, ("run()",), {"call:subprocess.run"}),
    ("Deployment", ("spec", "template", "metadata", "annotations", "acme.example/any"), set()),
    (None, ("redis_addr",), set()),
    (None, ("ORDERS_IP",), set()),
]


def literal(
    kind: str | None, path: tuple[str, ...], tags: set[str], shape: str = "text"
) -> Literal:
    key = next((name for name in reversed(path) if not name.isdigit()), "")
    document = Document(kind=kind, api_version="v1") if kind else None
    return Literal(
        View.plain("10.0.0.1"), key=key, path=path, tags=frozenset(tags), kind=shape, document=document
    )  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "path", "shape", "tags"), ROWS, ids=lambda v: str(v)[:60])
def test_kept(
    rule: str, kind: str | None, path: tuple[str, ...], shape: str, tags: set[str]
) -> None:
    found = kept(literal(kind, path, tags, shape))

    assert found is not None
    assert found.name == rule


@pytest.mark.parametrize(("kind", "path", "tags"), FREE, ids=lambda v: str(v)[:60])
def test_free(kind: str | None, path: tuple[str, ...], tags: set[str]) -> None:
    assert kept(literal(kind, path, tags)) is None


def test_every_rule_has_a_row() -> None:
    assert {rule.name for rule in RULES} <= {row[0] for row in ROWS}
