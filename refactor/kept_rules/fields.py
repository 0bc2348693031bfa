"""Fields of Kubernetes and its like that take IPs, or names of their own."""

from __future__ import annotations

from refactor.kept_rules.rule import OBJECTS, Rule, words

FIELDS: tuple[Rule, ...] = (
    Rule(
        "cluster-ip",
        "kept-field",
        "clusterIP takes an IP, and changing it makes the Service anew",
        keys=words("clusterip clusterips"),
    ),
    Rule(
        "cluster-ip", "kept-field", "clusterIPs takes IPs", under=words("clusterips"), kinds=OBJECTS
    ),
    Rule(
        "external-ip", "kept-field", "externalIPs takes IPs", keys=words("externalips externalip")
    ),
    Rule(
        "load-balancer-ip",
        "kept-field",
        "the load balancer's own address",
        keys=words("loadbalancerip loadbalancerips loadbalancersourceranges"),
    ),
    Rule(
        "exported-status",
        "kept-field",
        "status is written by the cluster",
        top=words("status"),
        kinds=OBJECTS,
    ),
    Rule(
        "exported-status",
        "kept-field",
        "the cluster writes it",
        keys=words("hostip podip podips hostips"),
    ),
    Rule(
        "endpoints",
        "kept-field",
        "Endpoints hold IPs by definition",
        kinds=words("Endpoints EndpointSlice"),
    ),
    Rule(
        "host-alias",
        "kept-field",
        "hostAliases map a name to an IP",
        under=words("hostaliases extrahosts"),
    ),
    Rule(
        "hosts-entry",
        "kept-field",
        "it maps names to an IP",
        tags=words("hosts-entry"),
    ),
    Rule(
        "resolver",
        "kept-field",
        "a name server is reached by IP",
        keys=words("nameserver nameservers resolver dns dnsserver dnsservers clusterdns"),
    ),
    Rule("resolver", "kept-field", "a name server is reached by IP", under=words("dnsconfig")),
    Rule(
        "address-policy",
        "kept-field",
        "a policy of addresses wants IPs",
        keys=words(
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
        kinds=words(
            "NetworkPolicy CiliumNetworkPolicy CiliumClusterwideNetworkPolicy GlobalNetworkPolicy"
            " IPAddressPool AddressPool IPPool BGPPeer AuthorizationPolicy HostEndpoint NetworkSet"
            " GlobalNetworkSet L2Advertisement CiliumLoadBalancerIPPool AdminNetworkPolicy"
        ),
    ),
    Rule(
        "mesh-address",
        "kept-field",
        "a mesh entry's addresses are IPs",
        under=words("addresses"),
        kinds=words("ServiceEntry WorkloadEntry Gateway"),
    ),
    Rule(
        "mesh-address",
        "kept-field",
        "a workload entry's address is an IP",
        keys=words("address"),
        kinds=words("WorkloadEntry"),
    ),
    Rule(
        "external-name",
        "kept-field",
        "externalName takes DNS names: an IP there never worked",
        keys=words("externalname"),
    ),
    Rule(
        "routed-host",
        "kept-field",
        "it is the name that a route answers to",
        under=words("hosts host hostname hostnames dnsnames tls commonname"),
        kinds=words(
            "Ingress HTTPRoute GRPCRoute TLSRoute VirtualService Gateway Certificate Route"
            " DestinationRule ServiceEntry"
        ),
    ),
)
