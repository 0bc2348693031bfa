"""What single programs and objects want an IP for, or read outside the pod network."""

from __future__ import annotations

from refactor.kept_rules.rule import IMAGE, IPS, PAIR, PLAIN, Rule, words

_POLICY = "a policy of addresses wants IPs"
_PULLED = "the node pulls images, outside the pod network"
_OUTSIDE = "it is read outside the pod network"
_MOUNTED = "the node mounts it, outside the pod network"
_LISTENS = "it is the address listened on"
_NAMES = "a name server is reached by IP"
_DIRECTIVE = words("directive")

PROGRAMS: tuple[Rule, ...] = (
    Rule(
        "load-balancer-ip",
        "kept-field",
        "the load balancer's own address",
        keys=words("azureloadbalanceripv4 azureloadbalanceripv6 loadbalanceripaddresses lbipamips")
        | words("lbipamciliumio/ips externaldnsalphakubernetesio/target egressip egressips"),
    ),
    Rule(
        "load-balancer-ip",
        "kept-field",
        "an address of the Service itself",
        under=words("annotations"),
        kinds=words("Service"),
        text=IPS,
    ),
    Rule(
        "pod-network",
        "kept-field",
        "an address of the pod's own",
        under=words("k8sv1cnicncfio/networks k8sv1cnicncfio/networkstatus")
        | words("cniprojectcalicoorg/ipaddrs"),
    ),
    Rule("host-address", "needs-ip", "hostaddr takes an IP", ends=("hostaddr",)),
    Rule(
        "mesh-address",
        "needs-ip",
        "a static endpoint takes an IP",
        keys=words("address"),
        tags=words("static"),
    ),
    Rule(
        "listen-address",
        "kept-field",
        _LISTENS,
        keys=words("address ipv4 ipv6"),
        under=words("listeners"),
    ),
    Rule(
        "listen-address",
        "kept-field",
        "it is the program's own address",
        keys=words("clusterannounceip replicaannounceip slaveannounceip announceip myip selfip")
        | words("ownip localip localaddr localaddress sourceip srcip sourceaddress sourceaddr")
        | words("outboundip proxybind fastcgibind memcachedbind grpcbind uwsgibind scgibind"),
    ),
    Rule("listen-address", "kept-field", _LISTENS, keys=words("source"), tags=_DIRECTIVE),
    Rule(
        "routed-host",
        "kept-field",
        "it is the name that is answered to, or asked for",
        keys=words("servername serveralias serveraliases subjectaltname subjectaltnames"),
    ),
    Rule("routed-host", "kept-field", "a certificate's name", under=words("altnames")),
    Rule(
        "routed-host",
        "kept-field",
        "a certificate's name",
        keys=words("ipaddresses"),
        kinds=words("Certificate"),
    ),
    Rule("routed-host", "kept-field", "a certificate's name", ends=("certsans",)),
    Rule("routed-host", "kept-field", "a certificate's name", keys=words("sans")),
    Rule(
        "control-plane",
        "kept-field",
        _OUTSIDE,
        keys=words("controlplaneendpoint kubernetesservicehost ansiblehost ansiblesshhost"),
    ),
    Rule(
        "control-plane",
        "kept-field",
        _OUTSIDE,
        keys=words("server"),
        kinds=words("Config Application ApplicationSet AppProject"),
    ),
    Rule(
        "address-policy",
        "kept-field",
        _POLICY,
        keys=words("forwardedallowips trusted trustedhosts adminips adminip allowed blocked")
        | words("blockedips bannedips denyips allowips trustedip peerip"),
    ),
    Rule(
        "address-policy",
        "kept-field",
        _POLICY,
        kinds=words("BGPConfiguration CiliumEgressGatewayPolicy"),
    ),
    Rule(
        "address-policy",
        "compared",
        "an address of clients, not one that is dialled",
        under=words("geo map"),
        tags=words("line"),
    ),
    Rule(
        "address-policy",
        "compared",
        "an address of clients, not one that is dialled",
        keys=words("acl src dst"),
        tags=_DIRECTIVE,
    ),
    Rule("resolver", "kept-field", _NAMES, ends=("nameserver", "nameservers")),
    Rule("resolver", "kept-field", _NAMES, keys=words("forward"), tags=_DIRECTIVE),
    Rule(
        "header",
        "compared",
        "the other side compares a header's value",
        keys=words("xforwardedfor xrealip xforwardedhost proxysetheader"),
    ),
    Rule(
        "header",
        "compared",
        "the other side compares a header's value",
        keys=words("host origin referer forwarded"),
        under=words("headers header extraheaders defaultheaders httpheaders"),
    ),
    Rule("looked-up", "compared", "it is looked up by", tags=words("lookup"), text=PAIR),
    Rule("image", "kept-field", _PULLED, tags=words("image")),
    Rule(
        "image",
        "kept-field",
        _PULLED,
        keys=words("registry ciregistry dockerregistry containerregistry registryhost")
        | words("insecureregistry insecureregistries registrymirror registrymirrors"),
        text=PLAIN,
    ),
    Rule("image", "kept-field", _PULLED, keys=words("destination"), text=IMAGE),
    Rule(
        "image",
        "kept-field",
        _PULLED,
        under=words("services"),
        keys=words("name services"),
        text=IMAGE,
    ),
    Rule("node-volume", "kept-field", _MOUNTED, under=words("volumeattributes mountoptions")),
    Rule("node-volume", "kept-field", _MOUNTED, kinds=words("StorageClass")),
    Rule(
        "published-port",
        "kept-field",
        "it is the address a port is published on",
        keys=words("ports"),
    ),
)
