"""Places that keep their address for the words of their name, whatever stands around those.

`KAFKA_CFG_ADVERTISED_LISTENERS`, `corsAllowedOrigins`: programs put words of their own before and
behind the one that tells.
"""

from __future__ import annotations

from refactor.kept_rules.rule import Rule, words

_LISTENS = "it is the program's own address"
_POLICY = "a policy of addresses wants IPs"
_COMPARED = "another text is another one: it is compared, not dialled"
_WHO = (
    r"(?:ips?|hosts?|addr(?:s|ess|esses)?|networks?|clients?|origins?|prox(?:y|ies)|sources?"
    r"|cidrs?|ranges?|subnets?|peers?|domains?)"
)
_B, _E = r"(?:^|[._])", r"(?:[._]|$)"

NAMED: tuple[Rule, ...] = (
    Rule(
        "listen-address",
        "kept-field",
        _LISTENS,
        named=rf"^(?!.*ldap)(?:.*[._])?(?:listen|listening|bind|advertised?){_E}|{_B}listeners$",
    ),
    Rule(
        "listen-address",
        "kept-field",
        _LISTENS,
        named=r"^(?:gf_server_)?http_addr$|^(?:management\.)?server\.address$"
        r"|^vault_(?:api|cluster)_addr$|rmi\.server\.hostname$"
        rf"|{_B}network[._](?:publish_|bind_)?host$|{_B}publish_host$|{_B}report_host$|{_B}router_id$"
        rf"|{_B}(?:wsrep_node|rpc|broadcast|broadcast_rpc|client_port)_address$",
    ),
    Rule("listen-address", "kept-field", _LISTENS, under=words("kestrel")),
    Rule(
        "listen-address", "kept-field", _LISTENS, keys=words("address"), under=words("management")
    ),
    Rule(
        "listen-address",
        "kept-field",
        _LISTENS,
        keys=words("address"),
        under=words("entrypoints"),
    ),
    Rule("listen-address", "kept-field", _LISTENS, named=r"entry_points?\..*\.address$"),
    Rule("listen-address", "kept-field", _LISTENS, keys=words("defaultendpoint")),
    Rule(
        "address-policy",
        "kept-field",
        _POLICY,
        named=rf"{_B}(?:white|black|allow|deny|block|safe)_?list(?:ed)?{_E}|{_B}(?:exempt|banned){_E}"
        rf"|{_B}(?:trusted|allow(?:ed)?|den(?:y|ied)|blocked|permitted|excluded?|ignored?)_(?:.*_)?{_WHO}$",
    ),
    Rule("address-policy", "kept-field", _POLICY, named=rf"{_B}cors{_E}"),
    Rule(
        "address-policy",
        "kept-field",
        _POLICY,
        keys=words("addressprefix validreferers"),
    ),
    Rule("address-policy", "kept-field", _POLICY, named=r"^remote_ip_"),
    Rule(
        "address-policy",
        "kept-field",
        "networks are made of IPs",
        named=rf"{_B}range_(?:start|end|from|to|begin)$|{_B}(?:start|end|first|last)_(?:ip|addr)$"
        rf"|{_B}(?:ranges?|subnets?|netmasks?|routers?(?:_ips?)?|peer_addr(?:ess)?|gateway_ips?"
        r"|gwbridge_ip|(?:net|network|default|bridge)_gateway|vip_addr(?:ess)?)$",
    ),
    Rule(
        "ip-field",
        "needs-ip",
        "a field of this name takes an IP",
        keys=words("ip ips"),
        tags=words("object"),
    ),
    Rule(
        "image",
        "kept-field",
        "the node pulls images, outside the pod network",
        under=words("registries mirrors registrymirrors registriesmirrors")
        | words("containerdregistriesmirrors"),
    ),
    Rule(
        "machine-address",
        "kept-field",
        "it is given to a machine, and tells of it",
        named=rf"{_B}(?:private|public|floating|elastic|static|reserved|virtual|instance|workload)_ips?"
        rf"(?:_addr(?:ess(?:es)?)?)?$|{_B}(?:status|publish)_address(?:es)?$",
    ),
    Rule(
        "resolver",
        "kept-field",
        "a name server is reached by IP",
        named=rf"{_B}(?:resolvers?|dns)$|(?:{_B}resolvers?|dns)_(?:servers?|ips?|addr(?:ess(?:es)?)?)$",
    ),
    Rule(
        "address-policy",
        "compared",
        "an address of clients, not one that is dialled",
        named=rf"{_B}(?:client|remote|src|source|caller|user|visitor|login|sender)_ips?$"
        rf"|{_B}(?:client|remote)_addr$",
    ),
    Rule("address-policy", "kept-field", _POLICY, under=words("cors cors()")),
    Rule(
        "no-proxy",
        "kept-field",
        "NO_PROXY lists what goes past the proxy, by address",
        named=rf"{_B}(?:no|non)_proxy(?:_hosts)?$",
    ),
    Rule(
        "label",
        "compared",
        "a label is matched, not dialled",
        under=words("labels matchlabels matchexpressions selector podselector labelselector")
        | words("commonlabels externallabels"),
    ),
    Rule("label", "compared", "a label is matched, not dialled", named=r"resource_attributes$"),
    Rule(
        "exported-status",
        "kept-field",
        "kubectl writes it",
        under=words("kubectlkubernetesio/lastappliedconfiguration"),
    ),
    Rule("pattern", "compared", "it is a pattern", named=rf"{_B}(?:regexp?|pattern)s?$"),
    Rule("pattern", "compared", "a query compares it", under=words("expr promql logql")),
    Rule(
        "pattern",
        "compared",
        "a dashboard quotes it",
        under=words("templating panels"),
    ),
    Rule(
        "header",
        "compared",
        "the other side compares a header's value",
        named=rf"{_B}(?:upstream_vhost|add_header|sub_filter)$",
    ),
    Rule(
        "node-identity",
        "compared",
        _COMPARED,
        named=rf"{_B}(?:node_?name|release_node)$",
        text=".*@.*",
    ),
    Rule(
        "node-identity",
        "compared",
        _COMPARED,
        text=r"(?:rabbit|ejabberd|emqx|VerneMQ|couchdb)@.*",
    ),
    Rule("node-identity", "compared", _COMPARED, named=r"cluster[._]initial_master_nodes$"),
    Rule(
        "image-build",
        "kept-field",
        "images are built outside the pod network",
        tags=words("build"),
    ),
    Rule(
        "sent-on",
        "kept-field",
        "clients are sent there, from wherever they are",
        keys=words("return"),
        text=r"30[1278]\s.*",
    ),
    Rule(
        "sent-on",
        "kept-field",
        "clients are sent there, from wherever they are",
        keys=words("rewrite"),
        text=r".*\s(?:redirect|permanent)",
    ),
    Rule(
        "sent-on",
        "kept-field",
        "clients are sent there, from wherever they are",
        named=rf"{_B}(?:permanent|temporal)_redirect$",
    ),
    Rule(
        "issuer",
        "compared",
        "tokens carry an issuer, or a way back, letter for letter",
        named=rf"{_B}issuer(?:_ur[il])?$|{_B}redirect_ur[il]s?$|{_B}cookie_domain$",
    ),
)
