"""What is read outside the pod network, and what a program listens on."""

from __future__ import annotations

from refactor.kept_rules.rule import Rule, words

NODES: tuple[Rule, ...] = (
    Rule(
        "image",
        "kept-field",
        "the node pulls images, outside the pod network",
        keys=words("image from imageregistry imagerepository"),
    ),
    Rule(
        "image",
        "kept-field",
        "the node pulls images, outside the pod network",
        keys=words("repository registry host name newname"),
        under=words("image images imageregistry containerregistry imagepullsecrets"),
    ),
    Rule(
        "node-volume",
        "kept-field",
        "the node mounts it, outside the pod network",
        under=words("nfs iscsi cephfs rbd glusterfs azurefile flexvolume nfsvolume"),
    ),
    Rule(
        "node-volume",
        "kept-field",
        "the node mounts it, outside the pod network",
        keys=words("targetportal portals monitors"),
    ),
    Rule(
        "probe-host",
        "kept-field",
        "the kubelet asks it from the node; leave `host` out",
        keys=words("host"),
        under=words("livenessprobe readinessprobe startupprobe lifecycle"),
    ),
    Rule(
        "webhook-url",
        "kept-field",
        "the API server calls it; use clientConfig.service",
        keys=words("url"),
        under=words("clientconfig"),
    ),
    Rule(
        "no-proxy",
        "kept-field",
        "NO_PROXY lists what goes past the proxy, by address",
        keys=words("noproxy"),
    ),
    Rule(
        "no-proxy",
        "kept-field",
        "it lists what goes past the proxy, by address",
        keys=words("no"),
        under=words("proxies"),
    ),
    Rule(
        "node-placement",
        "kept-field",
        "it says where a pod runs",
        keys=words("nodename kubernetes.io/hostname kubernetesio/hostname"),
    ),
    Rule(
        "node-placement",
        "kept-field",
        "it says where a pod runs",
        under=words("nodeselector nodeaffinity topologykey"),
    ),
    Rule(
        "published-port",
        "kept-field",
        "it is the address a port is published on",
        under=words("ports"),
        tags=words("item"),
    ),
    Rule(
        "listen-address",
        "kept-field",
        "it is the address listened on: status.podIP by the downward API is right there",
        keys=words(
            "bind listen bindaddress bindaddr bindhost bindip listenaddress listenaddr"
            " listenaddresses listenhost advertise advertiseaddr advertiseaddress"
            " advertiseip advertisehost advertisedlisteners advertisedhost"
            " advertisedhostname advertisedaddress advertiseclienturls"
            " initialadvertisepeerurls listenclienturls listenpeerurls httplistenaddr"
        ),
    ),
)
