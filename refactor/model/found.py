"""What scanning yields: literals, addresses, findings."""

from __future__ import annotations

from typing import Literal as OneOf

from refactor.model.base import Reason, Value
from refactor.text.view import Span, View


class Document(Value, frozen=True):
    """The Kubernetes object (or the like) a literal stands in.

    Attributes:
        kind: its `kind`, "" where it has none (a values file).
        api_version: its `apiVersion`.
        name: `metadata.name`.
        namespace: `metadata.namespace`; "" where it does not say.
        host_network: its pods share the node's network.
        dns_policy: its pods' `dnsPolicy`, "" for the default (ClusterFirst).
    """

    kind: str = ""
    api_version: str = ""
    name: str = ""
    namespace: str = ""
    host_network: bool = False
    dns_policy: str = ""


class Dial(Value, frozen=True):
    """One place of a program where a host is used with a port.

    Attributes:
        ports: where the port may be written; none where it is only known at run time.
        scheme: what implies the port, where none is written.
    """

    ports: tuple[Literal, ...] = ()
    scheme: str = ""


class Literal(Value, frozen=True):
    """A stretch of source text that could hold addresses, as a scanner found it.

    Attributes:
        view: its text with the way back to the source.
        key: the nearest name it goes under (`DB_HOST`, `host`, `--redis-host`); "" for none.
        path: all names from the document's or module's root down, `key` last; list items by
            index as "0", "1", ... For env-like items ({name: X, value: Y}) X stands in place of
            the index and of `value`.
        scope: siblings (same mapping, list, call, tuple, class body, module, dict) share this
            number; it means nothing outside its file.
        kind: "text"; "number" (bare, such as a YAML or Python int); "key" (a mapping's key).
        tags: what a rule may want to know of its place: "compare", "pattern", "default",
            "call:<dotted name>" (an argument of that call), "item" (of a list or tuple, in order),
            "embedded" (inside a document inside a string), "field" (plain scalar of YAML), ...
        document: the object it stands in, where there is one.
        dials: of a host in a program: the ports that it is used with, place by place.
        exports: what other modules of a program may call it.
    """

    view: View
    key: str = ""
    path: tuple[str, ...] = ()
    scope: int = 0
    kind: OneOf["text", "number", "key"] = "text"
    tags: frozenset[str] = frozenset()
    document: Document | None = None
    dials: tuple[Dial, ...] = ()
    exports: tuple[tuple[str, ...], ...] = ()


class Note(Value, frozen=True):
    """Something a report must say about a file as a whole.

    Attributes:
        file: relative path.
        reason: from the closed set, or a rule's name ("huge", "binary", ...) for files passed over.
        message: one line for people.
        line: from 1; 0 where it is about the whole file.
    """

    file: str
    reason: str
    message: str
    line: int = 0


class Scanned(Value, frozen=True):
    """What a scanner saw in one text.

    Attributes:
        literals: in source order.
        unparsable: why the text could not be read as its kind ("" when it could); the literals
            then come from reading it as plain text.
        line: where that happened, from 1.
    """

    literals: tuple[Literal, ...]
    unparsable: str = ""
    line: int = 0


class Address(Value, frozen=True):
    """A host with the port and the scheme that go with it, as parsed from a text.

    Attributes:
        host: as written, IPv6 without its brackets.
        host_span: what a new name replaces: brackets included. In the coordinates of the text
            that was parsed.
        port: the number as written, None where none is.
        port_span: its digits.
        scheme: lower case, the innermost (`postgresql` of `jdbc:postgresql:`); "" where none is.
        prefix_span: a gRPC `ipv4:`/`ipv6:` prefix, which becomes `dns:///`.
        form: how it is written. "bare": the text is the host and nothing else.
        open_port: a port follows that is only known at run time (`:{port}`, `:%d`, `:$PORT`).
        other_port: a second port of the same host: a peer's (`:2888:3888`), a health check's.
        bar: why it is no finding by its shape or its range ("loopback", "cidr", "version",
            "documentation", "public", ...); "" for a live one.
    """

    host: str
    host_span: Span
    port: int | None = None
    port_span: Span | None = None
    scheme: str = ""
    prefix_span: Span | None = None
    form: OneOf["bare", "pair", "url", "dsn", "flag", "embedded"] = "embedded"
    open_port: bool = False
    other_port: int | None = None
    bar: str = ""


class Finding(Value, frozen=True):
    """An address in its place.

    Attributes:
        file: relative path, forward slashes.
        line, column: of the host, from 1.
        host: as written, no brackets; `host_span` and `host_text` have them, in the source.
        port: the port that the client dials: written, from a sibling, or implied by the scheme.
        port_from: where `port` comes from; "none" with port None.
        port_span, port_text: the written port's digits, wherever they stand.
        more_port_spans: where else a program writes the same port of this host.
        other_port: as in `Address`.
        prefix_span: of a gRPC `ipv4:` prefix.
        scheme: lower case, "" where none is.
        form: as in `Address`.
        key, path: as in `Literal`.
        document: as in `Literal`.
        language: the scanner that saw it ("yaml", "template", "python", "text", ...).
        kept: why it is not to be edited whatever it resolves to, and `kept_why` in words.
        rule: the row of the rules that says so (docs/reference/rules.md), "" where none does.
        fingerprint: identity that survives line shifts: of file, path, host, port and the
            ordinal among identical findings.
        remarks: for the report ("port 8080 two lines on is not certain to be its own", ...).
    """

    file: str
    line: int
    column: int
    host: str
    host_span: Span
    host_text: str
    fingerprint: str
    port: int | None = None
    port_from: OneOf["written", "sibling", "implied", "open", "none"] = "none"
    port_span: Span | None = None
    port_text: str = ""
    more_port_spans: tuple[Span, ...] = ()
    prefix_span: Span | None = None
    scheme: str = ""
    form: str = "embedded"
    key: str = ""
    path: tuple[str, ...] = ()
    document: Document | None = None
    language: str = "text"
    kept: Reason | None = None
    kept_why: str = ""
    rule: str = ""
    remarks: tuple[str, ...] = ()
    other_port: int | None = None
