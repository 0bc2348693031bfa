"""Addresses that stay for the words around them, in shell lines and programs' own files.

`iptables -s 10.0.4.17`, `acl in src 10.0.4.17`, `ping -I 10.0.4.17 x`: what no key tells, the line
does. Ordinary `curl http://10.0.4.17` and `server 10.0.4.17:8080` are none of them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec.structs import replace

from refactor.kept import kept
from refactor.kept_rules import Rule
from refactor.model import Address, Literal

_REACH = 400
"""Code points to each side within the address's own line."""

# Where a command begins: the line, what parts commands, the words of a shell that go before one.
_BEGIN = (
    r"(?:^|[;|&({`!]|(?<!\S)(?:then|do|else|sudo|exec|RUN|xargs)\s)\s*"
    r"(?:-\S+\s+)*(?:[A-Za-z_]\w*=\S*\s+)*(?:[\w./-]*/)?"
)
_ARGUMENTS = r"(?:\s[^;|&]*)?\s[^;|&]*\Z"
_DOCKER = r"(?:docker|podman|nerdctl)\s"

_IP_COMMAND = Rule("ip-command", "needs-ip", "the command takes IPs")
_PARSED = Rule("ip-typed-code", "needs-ip", "the code that takes it wants an IP")
_COMPARED = Rule("compared", "compared", "it is compared: another text changes the logic")
_PATTERN = Rule("pattern", "compared", "it is a pattern")
_CLIENTS = Rule("address-policy", "kept-field", "a policy of addresses wants IPs")
_RESOLVER = Rule("resolver", "kept-field", "a name server is reached by IP")
_HOSTS = Rule("hosts-entry", "kept-field", "it maps names to an IP")
_MOUNT = Rule("node-volume", "kept-field", "the node mounts it, outside the pod network")
_IMAGE = Rule("image", "kept-field", "the node pulls images, outside the pod network")
_PUBLISHED = Rule("published-port", "kept-field", "it is the address a port is published on")
_LISTEN = Rule("listen-address", "kept-field", "it is the program's own address")
_HEADER = Rule("header", "compared", "the other side compares a header's value")
_QUERY = Rule("pattern", "compared", "a query compares it")
_NODE = Rule("node-identity", "compared", "another name is another node")
_OUTSIDE = Rule("control-plane", "kept-field", "it is read outside the pod network")
_SENT_ON = Rule("sent-on", "kept-field", "clients are sent there, from wherever they are")
_CERTIFICATE = Rule("routed-host", "kept-field", "a certificate's name")
_HOSTADDR = Rule("host-address", "needs-ip", "hostaddr takes an IP")
_SENTINEL = Rule("sentinel", "needs-ip", "Sentinel takes IPs, and compares them")


class _Context(NamedTuple):
    """What stands around an address that stays.

    Attributes:
        rule: what is told.
        before: matches what stands before it in its line, to the end.
        after: matches what stands behind it.
        line: is found somewhere in the line.
    """

    rule: Rule
    before: str = ""
    after: str = ""
    line: str = ""


_CONTEXTS = (
    _Context(
        _IP_COMMAND,
        _BEGIN
        + r"(?:ip6?tables(?:-\w+)?|nft|ipset|ufw|firewall-cmd|ipvsadm|conntrack|arp(?:ing)?"
        r"|ifconfig|route|tc|ip\s+(?:-\S+\s+)*(?:a|addr|address|r|ro|route|rule|neigh|link|tunnel))"
        + _ARGUMENTS,
    ),
    _Context(_IP_COMMAND, r"(?<!\S)--to-(?:destination|source)[=\s]\s*\Z"),
    _Context(
        _LISTEN,
        r"(?<!\S)--(?:interface|bind-address|source-ip|local-address)[=\s]\s*\Z",
    ),
    _Context(_LISTEN, r"\bping6?\s(?:[^;|&]*\s)?-I\s*\Z"),
    _Context(_LISTEN, r"\b(?:kubectl|minikube)\s[^;|&]*--address[=\s]\s*[\w.,]*\Z"),
    _Context(_RESOLVER, _BEGIN + r"(?:dig|nslookup|drill|kdig|delv)" + _ARGUMENTS),
    _Context(_RESOLVER, r"\bnameserver\s+\Z"),
    _Context(_RESOLVER, line=r"/etc/resolv\.conf\b"),
    _Context(_HOSTS, line=r"/etc/hosts\b"),
    _Context(_HOSTS, r"(?:^|\s)hosts(?:\s+[^\s={]+)?\s*\{\s*(?:[^{}\"']*\s)?\Z", r"\s+[A-Za-z]"),
    _Context(_PATTERN, _BEGIN + r"(?:[efz]?grep|rg|[gm]?awk)" + _ARGUMENTS),
    _Context(_PATTERN, r"\bsed\s.*\bs([|/#,!@%:;~+])(?:\\.|(?!\1).)*\Z"),
    _Context(_PATTERN, r"\bsed\s+(?:-\w+\s+)*[\"']?/\^?\Z"),
    _Context(_COMPARED, r"(?:^|\s)in\s(?:.*[\s;|(])?[\"']?\Z", r"[\"']?\s*(?:\|[^()]*)?\)"),
    _Context(_COMPARED, r"^\s*\(?(?:[\w.*:-]+\s*\|\s*)*\Z", r"(?:\s*\|[^()\"']*)?\)\s*(?![.;,)])"),
    _Context(_COMPARED, r"\bif\s*\(\s*\$\w+\s*!?[=~]\*?\s*[\"'^]*\Z"),
    # `[ "$(hostname -i)" = 10.0.4.17 ]`, `[ 10.0.4.17 = "$H" ]`, not `[ $(curl ...) = 1 ]`
    _Context(_COMPARED, r"(?<!\S)(?:\[\[?|test)\s(?:[^\[\]]{1,200}\s)?(?:[!=]?=|=~)\s+[\"']?\S*\Z"),
    _Context(_COMPARED, r"(?<!\S)(?:\[\[?|test)\s+[\"']?[^\s\"'$`]*\Z", r"\S*\s+[!=]?="),
    _Context(_COMPARED, after=r"[\"']\s+(?:not\s+)?in\s"),  # of Jinja
    # Go, JavaScript, Java, Rust, C#
    _Context(
        _PARSED,
        r"\b(?:Parse(?:IP|Addr|AddrPort)|isIP(?:v[46])?|forString|inet_(?:aton|pton)"
        r"|(?:IPAddress|IpAddr|Ipv[46]Addr)(?:\.Parse|::from_str))\(\s*[\"'`]\Z",
    ),
    _Context(
        _LISTEN,
        r"(?i)\b(?:listen\w*|bind|server_?socket|createServer)\s*\([^()]*[\"'`]\Z",
    ),
    _Context(
        _COMPARED,
        r"(?:\.(?:equals(?:IgnoreCase)?|startsWith|includes|indexOf|contains|matches)"
        r"|\bHas(?:Prefix|Suffix)|\bEqualFold)\s*\([^()]*[\"'`]\Z",
    ),
    # SQL: 'app'@'10.0.4.17' may log in from there.
    _Context(_CLIENTS, r"[\"'`]@[\"'`]\Z"),
    # PromQL and LogQL: up{instance="10.0.4.17:9100"}
    _Context(_QUERY, r"\w\{[^{}\n]*\w\s*(?:[!=]~|!?=)\s*\\*[\"'`][^\"'`]*\Z"),
    _Context(_SENT_ON, r"\brewrite\s[^;]*\Z", r"\S*\s+(?:redirect|permanent)\b"),
    _Context(_SENT_ON, r"^\s*Redirect(?:Match)?\s.*\Z"),
    _Context(_HEADER, r"^(?:Host|Origin|Referer|X-Forwarded-\w+|X-Real-IP):\s*(?:https?://)?\Z"),
    _Context(_HEADER, r"^\s*Header\s+(?:always\s+)?(?:set|add|append|merge)\s.*\Z"),
    _Context(
        _CLIENTS,
        r"(?i)^\s*(?:Require\s+(?:not\s+)?(?:ip|host)|(?:Allow|Deny)\s+from|RemoteIP\w+)\s.*\Z",
    ),
    _Context(_LISTEN, r"<VirtualHost\s[^>]*\Z"),
    _Context(_HOSTS, r"\bIN\s+A(?:AAA)?\s+\Z"),
    _Context(_OUTSIDE, after=r"(?::\d+)?\s+ansible_\w+="),
    _Context(_SENT_ON, r"\breturn\s+30[1278]\s+[^\s;]*\Z"),
    _Context(_NODE, r"(?<!\S)(?:-s?name|join_cluster)\s+[\w.-]+@\Z"),
    _Context(_CLIENTS, after=r"[\"']?\s+(?:netmask\s+)?255\.\d{1,3}\."),
    _Context(_CLIENTS, r"^\s*(?:local|host(?:no)?(?:ssl|gssenc)?)\s+\S+\s+\S+\s+\Z", r"[\s/]"),
    _Context(_CLIENTS, r"(?:^|[{;])\s*(?:acl\s|!?(?:src|dst)\s)[^{};]*\Z"),
    _Context(_CLIENTS, r"\{\s*!?[\w.]+\([^)]*\)\s+(?:-\w+\s+)*[^{};]*\Z"),
    _Context(_CLIENTS, r"\b(?:geo|map)\s+\$[^{}]*\{(?:[^{};]*;)*\s*\Z"),
    _Context(_CLIENTS, r"(?:^|\s)(?:remote_ip|client_ip)\s[^{}]*\Z"),
    _Context(_RESOLVER, r"\b(?:forwarders|masters|primaries)\b[^{}]*\{[^{}]*\Z"),
    _Context(
        _CLIENTS,
        r"\b(?:allow-(?:query|recursion|transfer|update)|also-notify)\b[^{}]*\{[^{}]*\Z",
    ),
    _Context(_LISTEN, r"^\s*source\s+\Z"),
    _Context(_SENTINEL, r"^\s*sentinel\s+\S+\s"),
    _Context(_MOUNT, _BEGIN + r"(?:u?mount(?:\.\w+)?|showmount)" + _ARGUMENTS),
    _Context(
        _IMAGE,
        _BEGIN
        + r"(?:docker|podman|nerdctl|buildah|skopeo|crictl|ctr|crane)\s+(?:image\s+|-\S+\s+)*"
        r"(?:pull|push|login|logout|tag|build|buildx|copy|manifest|inspect|rmi|save|load)"
        + _ARGUMENTS,
    ),
    _Context(_IMAGE, rf"\b{_DOCKER}+(?:run|create)\s(?:[^;|&]*\s)?\Z", r"(?::\d+)?/[a-z0-9]"),
    _Context(_IMAGE, r"(?:^|\s)--from=\Z"),
    _Context(
        _PUBLISHED,
        rf"\b{_DOCKER}[^;|&]*(?<!\S)(?:-p|--publish|--dns|--ip6?|--gateway|--add-host)[=\s]\s*"
        r"[\"']?(?:[\w.-]+:)?\Z",
    ),
    _Context(
        _HEADER,
        r"(?i)(?:-H|--header)[=\s]?\s*[\"'](?:host|x-forwarded-(?:for|host)|x-real-ip|forwarded"
        r"|origin|referer)\s*:\s*(?:https?://)?\Z",
    ),
    _Context(
        _CERTIFICATE,
        r"(?i)\bip(?:\.\d+)?\s*[:=]\s*\Z",
        line=r"(?i)subjectAltName|\bsan=|\bkeytool\b|-addext",
    ),
    _Context(_HOSTADDR, r"(?i)\bhostaddr\s*=\s*[\"']?[^\s\"']*\Z"),
)  # fmt: skip
# A flag, or the first word of a statement, is as good as a key.
_FLAG = re.compile(
    r"(?<!\S)[\"']?(?:-D|--?)(?P<key>[A-Za-z][\w.-]+)(?:=|\s+)[\"']?[^\s\"'=;|&]{0,200}\Z"
)
_DIRECTIVES = (
    "listen|bind|allow|deny|server_name|proxy_bind|fastcgi_bind|set_real_ip_from|resolver|nameserver"
    "|forward|proxy_set_header|cluster-announce-ip|replica-announce-ip|slave-announce-ip|announce-ip"
)
_DIRECTIVE = re.compile(rf"(?:^|[;{{}}])\s*(?P<key>{_DIRECTIVES})\s[^;{{}}]*\Z")
_BLANK = re.compile(r"[\s={]")
_BEHIND = re.compile(r"[\s)]")
_REGISTRY_SCHEMES = frozenset({"oci", "docker"})


def kept_there(literal: Literal, address: Address) -> Rule | None:
    """Return the rule by which an address stays for what stands around it in its line.

    Args:
        literal: where it stands.
        address: what was read there.
    """
    if address.scheme in _REGISTRY_SCHEMES:
        return _IMAGE
    before, after = _around(literal.view.text, address)
    if not _BLANK.search(before) and not _BEHIND.search(after):  # a value and nothing else
        return None
    line = before + address.host + after
    for context in _CONTEXTS:
        if _holds(context, before, after, line):
            return context.rule
    named = _FLAG.search(before) or _DIRECTIVE.search(before)
    if named is None:
        return None
    return kept(replace(literal, key=named["key"], tags=literal.tags | {"directive"}))


def _around(text: str, address: Address) -> tuple[str, str]:
    """Return what stands before and behind an address in its line."""
    start, end = address.host_span
    begin = max(text.rfind("\n", 0, start) + 1, start - _REACH)
    stop = text.find("\n", end, end + _REACH)
    return text[begin:start], text[end : end + _REACH if stop < 0 else stop]


def _holds(context: _Context, before: str, after: str, line: str) -> bool:
    return bool(
        (not context.before or re.search(context.before, before))
        and (not context.after or re.match(context.after, after))
        and (not context.line or re.search(context.line, line))
    )
