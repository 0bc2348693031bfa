"""Fields that keep their address, as a table: SEMANTICS.md section 1, "Fields that need an IP".

A rule is data: each condition it states must hold, and the first rule that holds wins. The same
table makes the reference page and is tested row by row.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refactor.model import Reason

_NONE: frozenset[str] = frozenset()


class Rule(NamedTuple):
    """One kind of place whose address stays.

    Attributes:
        name: of the pattern, for the report and for tests.
        reason: from the closed set.
        why: one clause for people.
        keys: the nearest name, folded (see `fold`), is one of these.
        ends: the nearest name, folded, ends with one of these.
        under: some name of the path, folded, is one of these.
        kinds: the document's kind is one of these.
        tags: the literal carries one of these tags.
        calls: it is a direct argument of a call whose dotted name ends with one of these.
        top: the path's first name, folded, is one of these.
    """

    name: str
    reason: Reason
    why: str
    keys: frozenset[str] = _NONE
    ends: tuple[str, ...] = ()
    under: frozenset[str] = _NONE
    kinds: frozenset[str] = _NONE
    tags: frozenset[str] = _NONE
    calls: tuple[str, ...] = ()
    top: frozenset[str] = _NONE


def fold(name: str) -> str:
    """Return a name without case, dashes, underscores and dots: `NO_PROXY` is `noproxy`."""
    return re.sub(r"[-_.\s]", "", name).lower()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OBJECTS = _set(
    "Pod Deployment StatefulSet DaemonSet ReplicaSet Job CronJob Service Node Ingress Endpoints"
    " EndpointSlice PersistentVolume PersistentVolumeClaim Gateway HTTPRoute GRPCRoute"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "locked-file",
        "locked",
        "encrypted or signed: a changed byte breaks it",
        tags=_set("locked"),
    ),
    Rule("encoded-secret", "escaped", "base64 in a Secret", tags=_set("base64")),
    Rule(
        "generated-file",
        "read-only-source",
        "generated: change what makes it",
        tags=_set("generated"),
    ),
    Rule("schema", "shape", "documentation of a schema", tags=_set("schema")),
    Rule("schema", "shape", "an example in a schema", keys=_set("example examples")),
    Rule(
        "compared",
        "compared",
        "it is compared: another text changes the logic",
        tags=_set("compare"),
    ),
    Rule("pattern", "compared", "it is a pattern", tags=_set("pattern")),
    Rule("prose", "read-only-source", "text for people", tags=_set("prose help log")),
    Rule(
        "ip-typed-code",
        "needs-ip",
        "the code that takes it wants an IP",
        calls=(
            "ipaddress.ip_address",
            "ipaddress.ip_network",
            "ipaddress.ip_interface",
            "ipaddress.IPv4Address",
            "ipaddress.IPv6Address",
            "ipaddress.IPv4Network",
            "ipaddress.IPv6Network",
            "ip_address",
            "ip_network",
            "IPv4Address",
            "IPv6Address",
            "inet_aton",
            "inet_pton",
            "IPAddress",
            "IPNetwork",
        ),
    ),
    Rule("bound-socket", "kept-field", "it is the address listened on", calls=(".bind", "bind")),
    Rule("bound-socket", "kept-field", "it is the address listened on", under=_set("bind()")),
    Rule(
        "cluster-ip",
        "kept-field",
        "clusterIP takes an IP, and changing it makes the Service anew",
        keys=_set("clusterip clusterips"),
    ),
    Rule(
        "cluster-ip", "kept-field", "clusterIPs takes IPs", under=_set("clusterips"), kinds=_OBJECTS
    ),
    Rule("external-ip", "kept-field", "externalIPs takes IPs", keys=_set("externalips externalip")),
    Rule(
        "load-balancer-ip",
        "kept-field",
        "the load balancer's own address",
        keys=_set("loadbalancerip loadbalancerips loadbalancersourceranges"),
    ),
    Rule(
        "exported-status",
        "kept-field",
        "status is written by the cluster",
        top=_set("status"),
        kinds=_OBJECTS,
    ),
    Rule(
        "exported-status",
        "kept-field",
        "the cluster writes it",
        keys=_set("hostip podip podips hostips"),
    ),
    Rule(
        "endpoints",
        "kept-field",
        "Endpoints hold IPs by definition",
        kinds=_set("Endpoints EndpointSlice"),
    ),
    Rule(
        "host-alias",
        "kept-field",
        "hostAliases map a name to an IP",
        under=_set("hostaliases extrahosts"),
    ),
    Rule("hosts-entry", "kept-field", "it maps names to an IP", tags=_set("hosts-entry")),
    Rule(
        "resolver",
        "kept-field",
        "a name server is reached by IP",
        keys=_set("nameserver nameservers resolver dns dnsserver dnsservers clusterdns"),
    ),
    Rule("resolver", "kept-field", "a name server is reached by IP", under=_set("dnsconfig")),
    Rule(
        "address-policy",
        "kept-field",
        "a policy of addresses wants IPs",
        keys=_set(
            "cidr cidrs except iprange ipranges addresspool trustedproxies trustedips allowedips"
            " allowedhosts alloworigins corsalloworigins corsallowedorigins csrftrustedorigins"
            " corsoriginwhitelist internalips setrealipfrom allow deny subnet gateway ipv4address"
            " ipv6address whitelist allowlist denylist blacklist whitelistsourcerange"
            " internalproxies podcidr servicecidr network broadcast"
        ),
    ),
    Rule(
        "address-policy",
        "kept-field",
        "a policy of addresses wants IPs",
        ends=(
            "cidr",
            "cidrs",
            "sourceranges",
            "sourcerange",
            "trustedproxies",
            "allowedhosts",
            "allowlist",
            "whitelist",
        ),
    ),
    Rule(
        "address-policy",
        "kept-field",
        "a policy of addresses wants IPs",
        kinds=_set(
            "NetworkPolicy CiliumNetworkPolicy CiliumClusterwideNetworkPolicy GlobalNetworkPolicy"
            " IPAddressPool AddressPool IPPool BGPPeer AuthorizationPolicy HostEndpoint NetworkSet"
            " GlobalNetworkSet L2Advertisement CiliumLoadBalancerIPPool AdminNetworkPolicy"
        ),
    ),
    Rule(
        "mesh-address",
        "kept-field",
        "a mesh entry's addresses are IPs",
        under=_set("addresses"),
        kinds=_set("ServiceEntry WorkloadEntry Gateway"),
    ),
    Rule(
        "mesh-address",
        "kept-field",
        "a workload entry's address is an IP",
        keys=_set("address"),
        kinds=_set("WorkloadEntry"),
    ),
    Rule(
        "external-name",
        "kept-field",
        "externalName takes DNS names: an IP there never worked",
        keys=_set("externalname"),
    ),
    Rule(
        "routed-host",
        "kept-field",
        "it is the name that a route answers to",
        under=_set("hosts host hostname hostnames dnsnames tls commonname"),
        kinds=_set("Ingress HTTPRoute GRPCRoute TLSRoute VirtualService Gateway Certificate Route"),
    ),
    Rule(
        "image",
        "kept-field",
        "the node pulls images, outside the pod network",
        keys=_set("image from imageregistry imagerepository"),
    ),
    Rule(
        "image",
        "kept-field",
        "the node pulls images, outside the pod network",
        keys=_set("repository registry host"),
        under=_set("image images imageregistry containerregistry imagepullsecrets"),
    ),
    Rule(
        "node-volume",
        "kept-field",
        "the node mounts it, outside the pod network",
        under=_set("nfs iscsi cephfs rbd glusterfs azurefile flexvolume nfsvolume"),
    ),
    Rule(
        "node-volume",
        "kept-field",
        "the node mounts it, outside the pod network",
        keys=_set("targetportal portals monitors"),
    ),
    Rule(
        "probe-host",
        "kept-field",
        "the kubelet asks it from the node; leave `host` out",
        keys=_set("host"),
        under=_set("livenessprobe readinessprobe startupprobe lifecycle"),
    ),
    Rule(
        "webhook-url",
        "kept-field",
        "the API server calls it; use clientConfig.service",
        keys=_set("url"),
        under=_set("clientconfig"),
    ),
    Rule(
        "no-proxy",
        "kept-field",
        "NO_PROXY lists what goes past the proxy, by address",
        keys=_set("noproxy"),
    ),
    Rule(
        "node-placement",
        "kept-field",
        "it says where a pod runs",
        keys=_set("nodename kubernetes.io/hostname kubernetesio/hostname"),
    ),
    Rule(
        "node-placement",
        "kept-field",
        "it says where a pod runs",
        under=_set("nodeselector nodeaffinity topologykey"),
    ),
    Rule(
        "published-port",
        "kept-field",
        "it is the address a port is published on",
        under=_set("ports"),
        tags=_set("item"),
    ),
    Rule(
        "listen-address",
        "kept-field",
        "it is the address listened on: status.podIP by the downward API is right there",
        keys=_set(
            "bind listen bindaddress bindaddr bindhost bindip listenaddress listenaddr"
            " listenaddresses listenhost advertise advertiseaddr advertiseaddress"
            " advertiseip advertisehost advertisedlisteners advertisedhost"
            " advertisedhostname advertisedaddress advertiseclienturls"
            " initialadvertisepeerurls listenclienturls listenpeerurls httplistenaddr"
        ),
    ),
)

KEY_RULE = Rule("key", "compared", "it is a key: another text is another entry")
"""A mapping's key."""
