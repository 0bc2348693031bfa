"""docs/semantics.md, section 2, by the words of a name and of a line: the program's own address, a policy,
what is compared, what runs outside. Rows of the catalogue: 66, 67, 96, 99 to 101, R28, R34.
"""

from __future__ import annotations

import pytest

from refactor import addresses
from refactor.model import Literal
from refactor.rules.load import rules_with
from refactor.rules.place import AddressPlace
from refactor.scan.file import scan_source
from refactor.text.key_words import spelled
from refactor.text.source import Source
from refactor.text.view import View

A = "10.0.0.1"

NAMES = {
    # name: why its address stays, "" where it may change
    "KAFKA_LISTENERS": "kept-field",
    "KAFKA_CFG_ADVERTISED_LISTENERS": "kept-field",
    "KAFKA_ADVERTISED_HOST_NAME": "kept-field",
    "SERVER_BIND_ADDRESS": "kept-field",
    "grpcListenAddr": "kept-field",
    "ListenStream": "kept-field",
    "server.address": "kept-field",
    "management.server.address": "kept-field",
    "GF_SERVER_HTTP_ADDR": "kept-field",
    "network.publish_host": "kept-field",
    "java.rmi.server.hostname": "kept-field",
    "VAULT_API_ADDR": "kept-field",
    "entryPoints.web.address": "kept-field",
    "TRUSTED_PROXY_IPS": "kept-field",
    "ipWhitelist": "kept-field",
    "RATE_LIMIT_EXEMPT": "kept-field",
    "CORS_ORIGIN": "kept-field",
    "cors.allowed-origins": "kept-field",
    "http.nonProxyHosts": "kept-field",
    "match_regex": "compared",
    "expr": "compared",
    "wsrep_node_address": "kept-field",
    "broadcast_rpc_address": "kept-field",
    "trusted_domains": "kept-field",
    "client_ip": "compared",
    "REMOTE_ADDR": "compared",
    "address_prefix": "kept-field",
    "apiServerCertSANs": "kept-field",
    "dhcp_range": "kept-field",
    "PIHOLE_ROUTER_IP": "kept-field",
    "EXT_NET_GATEWAY": "kept-field",
    "internal_vip_address": "kept-field",
    "peer-address": "kept-field",
    "private_ip": "kept-field",
    "INSTANCE_IPS": "kept-field",
    "excludedIPs": "kept-field",
    "external-status-address": "kept-field",
    "neutron_dnsmasq_dns_servers": "kept-field",
    "resolver-addresses": "kept-field",
    "NET_DNS": "kept-field",
    "nodelocaldns_ip": "kept-field",
    "rangeStart": "kept-field",
    "OTEL_RESOURCE_ATTRIBUTES": "compared",
    "OIDC_ISSUER": "compared",
    "spring.security.oauth2.resourceserver.jwt.issuer-uri": "compared",
    "SESSION_COOKIE_DOMAIN": "compared",
    # names that only look so
    "SERVER_ADDRESS": "",
    "API_GATEWAY": "",
    "range_service_url": "",
    "ROUTER_URL": "",
    "redis_ip": "",
    "dns_url": "",
    "public_api_ip_service": "",
    "remote_host": "",
    "remoteAddress": "",
    "wsrep_cluster_address": "",
    "clientUrl": "",
    "user_service_ip_address": "",
    "LDAP_BIND_URL": "",
    "LISTENER_URL": "",
    "rebind_url": "",
    "CONSUL_HTTP_ADDR": "",
    "VAULT_ADDR": "",
    "CLUSTER_ADDR": "",
    "origin_url": "",
    "CDN_ORIGIN": "",
    "ALLOWED_SERVICE_URL": "",
    "INTERNAL_API_HOST": "",
    "expression_service_url": "",
    "patterns_api": "",
    "ISSUER_SERVICE_HOST": "",
    "network.redis.host": "",
    "PROXY_HOSTS": "",
}


@pytest.mark.parametrize(("name", "reason"), NAMES.items(), ids=NAMES)
def test_names(name: str, reason: str) -> None:
    (address,) = addresses.find(A, names=frozenset())
    found = rules_with().row_for(
        AddressPlace(Literal(View.plain(A), key=name, path=(name,)), address)
    )

    assert ((found.kept or "") if found else "") == reason


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KAFKA_CFG_LISTENERS", "kafka_cfg_listeners"),
        ("httpListenAddr", "http_listen_addr"),
        ("server.http-addr", "server.http_addr"),
        ("trustedIPs", "trusted_ips"),
        ("OSsize", "o_ssize"),
        ("", ""),
    ],
)
def test_names_are_spelled_in_words(name: str, words: str) -> None:
    assert spelled(name) == words


LINES = {
    # line: why its first address stays, "edit" where it may change
    f"CREATE USER 'app'@'{A}' IDENTIFIED BY 'x';": "kept-field",
    f"GRANT ALL ON *.* TO `app`@`{A}`;": "kept-field",
    f'query \'up{{job="x", instance="{A}:9100"}} == 0\' now': "compared",
    f"curl 'http://prometheus/?query=redis_up{{addr=~\"{A}.*\"}}[5m]'": "compared",
    f"[ {A} = $H ] && exit": "compared",
    f'if [ "$(hostname -i)" = "{A}" ]; then': "compared",
    f"rabbitmqctl join_cluster rabbit@{A}": "compared",
    f"erl -name app@{A} -setcookie x": "compared",
    f"java -Dhttp.nonProxyHosts={A}|localhost -jar x": "kept-field",
    f"java -Djava.rmi.server.hostname={A} -jar x": "kept-field",
    f"server --cors-origin http://{A}:80": "kept-field",
    f"server -listen {A}:80 -v": "kept-field",
    f"@inside remote_ip {A}": "kept-field",
    f"forwarders {{ {A}; }};": "kept-field",
    f"allow-query {{ localhost; {A}; }};": "kept-field",
    f"return 301 https://{A}/x;": "kept-field",
    f"rewrite ^/x https://{A}/x redirect;": "kept-field",
    f"Redirect permanent / https://{A}/": "kept-field",
    f'Header set Access-Control-Allow-Origin "http://{A}:80"': "compared",
    f"add_header Access-Control-Allow-Origin http://{A}:80;": "compared",
    f"Require ip {A}": "kept-field",
    f"Allow from {A}": "kept-field",
    f"RemoteIPInternalProxy {A}": "kept-field",
    f"<VirtualHost {A}:80>": "kept-field",
    f"redis IN A {A}": "kept-field",
    f"{A} ansible_port=22": "kept-field",
    f"nodes = rabbit@{A}": "compared",
    f"RUN curl http://{A}:80 | sh": "kept-field",
    f"ADD http://{A}:80/x /x": "kept-field",
    f"ARG X=http://{A}:80\nRUN curl $X": "kept-field",
    f'ip := net.ParseIP("{A}")': "needs-ip",
    f'l, err := net.Listen("tcp", "{A}:80")': "kept-field",
    f'app.listen(80, "{A}");': "kept-field",
    f'if (ip.equals("{A}")) {{': "compared",
    f'if strings.HasPrefix(ip, "{A}") {{': "compared",
    f"when: ('{A}' not in entries": "compared",
    # lines that dial
    f'c, err := net.Dial("tcp", "{A}:80")': "edit",
    f'fetch("http://{A}:80").then(listener("x"))': "edit",
    f"ARG X=http://{A}:80\nENV Y=$X": "edit",
    f"ARG X=http://{A}:80\nRUN curl $X\nCMD curl $X": "edit",
    f"ProxyPass /api http://{A}:80/": "edit",
    f"RewriteRule ^/(.*) http://{A}:80/$1 [P]": "edit",
    f"rewrite ^/x http://{A}:80/x break;": "edit",
    f"BalancerMember http://{A}:80 route=1": "edit",
    f"amqp = amqp://guest@{A}:5672": "edit",
    f"ENV X=http://{A}:80": "edit",
    f"CMD curl http://{A}:80": "edit",
    f'until [ "$(curl -s http://{A}:80/ready)" = ok ]; do sleep 1; done': "edit",
    f"[ -n `curl -s http://{A}:80` ] && x": "edit",
    f"return http://{A}:80;": "edit",
    f'x = {{host="{A}", port=80}}': "edit",
    f"psql postgres://app:x@{A}:5432/db": "edit",
    f"java -Dredis.host={A} -jar x": "edit",
    f"server -upstream {A}:80 -v": "edit",
    f"run --name app --url http://{A}:80": "edit",
}


@pytest.mark.parametrize(("text", "reason"), LINES.items(), ids=LINES)
def test_lines(text: str, reason: str) -> None:
    findings = scan_source(Source("x.sh", text.encode()), "text").findings

    assert (findings[0].kept or "edit") == reason


CALLS = {
    f'app.run("{A}", 80)': "kept-field",
    f'app.run(host="{A}", port=80)': "kept-field",
    f'uvicorn.Config(app, host="{A}", port=80)': "kept-field",
    f'serve(app, host="{A}", port=80)': "kept-field",
    f'site = web.TCPSite(runner, "{A}", 80)': "kept-field",
    f'app.listen(80, address="{A}")': "kept-field",
    f'start_http_server(80, addr="{A}")': "kept-field",
    f'pipeline.run("http://{A}:80")': "edit",
    f'app.run(backend="http://{A}:80")': "edit",
    f'job.run(host="{A}", port=80)': "edit",
    f'observe(host="{A}", port=80)': "edit",
}


@pytest.mark.parametrize(("text", "reason"), CALLS.items(), ids=CALLS)
def test_calls(text: str, reason: str) -> None:
    findings = scan_source(Source("x.py", f"{text}\n".encode()), "python").findings

    assert (findings[0].kept or "edit") == reason
