"""Places that keep their address for what the text is, or for what the code does with it."""

from __future__ import annotations

from refactor.kept_rules.rule import PAIR, Rule, fold, words

_LISTENS = "it is the address listened on"
_SERVERS = (
    "HTTPServer",
    "ThreadingHTTPServer",
    "TCPServer",
    "UDPServer",
    "make_server",
    "start_server",
    "create_server",
    "run_app",
    "run_simple",
    "add_insecure_port",
    "add_secure_port",
    "SourceAddressAdapter",
    "TCPSite",
    "WSGIServer",
    "start_http_server",
)
_SENT = "clients are sent there, from wherever they are"
_LETTERS = "tokens carry it, letter for letter"
_REDIRECTS = (
    "redirect",
    "RedirectResponse",
    "HttpResponseRedirect",
    "HttpResponsePermanentRedirect",
    "HTTPFound",
    "HTTPSeeOther",
    "HTTPMovedPermanently",
    "HTTPTemporaryRedirect",
    "HTTPPermanentRedirect",
)
_PACKETS = ("IP(dst)", "IP(src)", "IPv6(dst)", "IPv6(src)", "ARP(pdst)", "ARP(psrc)")
_RUNS = ("app.run", "application.run", "server.run", "uvicorn.run")
_STARTS = (*_RUNS, "uvicorn.Config", "serve", "listen")

CODE: tuple[Rule, ...] = (
    Rule(
        "locked-file",
        "locked",
        "encrypted or signed: a changed byte breaks it",
        tags=words("locked"),
    ),
    Rule("encoded-secret", "escaped", "base64 in a Secret", tags=words("base64")),
    Rule(
        "generated-file",
        "read-only-source",
        "generated: change what makes it",
        tags=words("generated"),
    ),
    Rule("framed-message", "escaped", "a message that holds its own lengths", tags=words("framed")),
    Rule(
        "header",
        "compared",
        "the other side compares a header's value",
        keys=words("host origin referer xforwardedfor xforwardedhost"),
        tags=words("request"),
    ),
    Rule("page", "kept-field", "a browser reads it, outside the pod network", tags=words("page")),
    Rule("bound-socket", "kept-field", _LISTENS, tags=words("listens"), text=PAIR),
    Rule("sent-on", "kept-field", _SENT, calls=_REDIRECTS),
    Rule("sent-on", "kept-field", _SENT, keys=words("location"), text=".*://.*"),
    Rule("sent-on", "kept-field", _SENT, keys=words("url"), under=words("servers")),
    Rule("label", "compared", "a label is matched, not dialled", keys=words("serviceinstanceid")),
    Rule("issuer", "compared", _LETTERS, keys=words("iss aud audience issuer")),
    Rule(
        "ip-typed-code",
        "needs-ip",
        "the code that takes it wants an IP",
        keys=words("dst src pdst psrc"),
        calls=("IP", "IPv6", "ARP"),
    ),
    Rule("ip-typed-code", "needs-ip", "the code that takes it wants an IP", calls=_PACKETS),
    Rule("schema", "shape", "documentation of a schema", tags=words("schema")),
    Rule("schema", "shape", "an example in a schema", keys=words("example examples")),
    Rule(
        "compared",
        "compared",
        "it is compared: another text changes the logic",
        tags=words("compare"),
    ),
    Rule("pattern", "compared", "it is a pattern", tags=words("pattern")),
    Rule("prose", "read-only-source", "text for people", tags=words("prose help log")),
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
    Rule(
        "bound-socket",
        "kept-field",
        _LISTENS,
        calls=("bind", *_SERVERS, *(f"{name}(host)" for name in _RUNS)),
    ),
    Rule(
        "bound-socket",
        "kept-field",
        _LISTENS,
        under=words("bind()") | {f"{fold(name)}()" for name in _SERVERS},
    ),
    Rule(
        "bound-socket",
        "kept-field",
        _LISTENS,
        keys=words("host address"),
        calls=_STARTS,
    ),
    Rule("bound-socket", "kept-field", _LISTENS, calls=_STARTS, text=PAIR),
)
