"""The nouns: small immutable values that every stage takes and gives.

Everything here encodes to JSON by `msgspec`, which is also where the plan's schema comes from.
Spans are half-open offsets in code points of a file's decoded text (see `source`).
"""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from refactor.view import Span, View

Reason: TypeAlias = OneOf[
    "ambiguous",  # several Services fit and nothing decides
    "unknown-address",  # nothing in the inventory owns it
    "port-mismatch",  # its owner is known, the port is none that owner declares
    "no-port",  # the owner is known only together with a port, and none is written
    "open-port",  # the port is only known at run time, and the name would need another one
    "stale-address",  # only finished pods, or several objects at several times, had it
    "missing-service",  # the workload has no Service (for that port) yet
    "identity",  # one pod of several is meant and has no name of its own
    "node-bound",  # a DaemonSet's pod stands for its node
    "outside",  # an address that no object of the cluster can stand for (ingress not asked for, ...)
    "kept-field",  # the field needs an IP or is read outside the pod network
    "compared",  # compared, matched or used as a key: changing it changes logic
    "needs-ip",  # the code that takes it wants an IP
    "shape",  # looks like an address of the cluster but is a version, a CIDR, part of a name, ...
    "shared-port",  # one port literal serves hosts whose new ports differ
    "escaped",  # the source does not hold it letter for letter
    "template",  # part of it is only known when the template renders
    "unparsable",  # its file does not parse, and its kind cannot be edited as text
    "undecodable",  # its bytes are no text
    "locked",  # encrypted or signed: a changed byte breaks it
    "read-only-source",  # a language or file that is reported and not edited
    "conflict",  # two findings want to change the same text
    "unproven",  # a check of the proof failed or could not be asked
    "ignored",  # a `refactor: ignore` marker, or the settings, say so
    "public",  # a public address outside the inventory
]
"""Why an address is not rewritten. The set is closed: every one is counted in every summary."""


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the nouns: immutable, compared by content, defaults left out of JSON."""


class Document(Value):
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


class Literal(Value):
    """A stretch of source text that could hold addresses, as a scanner found it.

    Attributes:
        view: its text with the way back to the source.
        key: the nearest name it goes under (`DB_HOST`, `host`, `--redis-host`); "" for none.
        path: all names from the document's or module's root down, `key` last; list items by
            index as "0", "1", ... For env-like items ({name: X, value: Y}) X stands in place of
            the index and of `value`.
        scope: siblings (same mapping, list, call, tuple, class body, module, dict) share this
            number; it means nothing outside its file.
        kind: "text"; "number" (a bare number such as a YAML or Python int); "key" (a mapping's key).
        tags: what a rule may want to know of its place: "compare", "pattern", "default",
            "call:<dotted name>" (an argument of that call), "item" (of a list or tuple, in order),
            "embedded" (inside a document inside a string), "field" (plain scalar of YAML), ...
        document: the object it stands in, where there is one.
    """

    view: View
    key: str = ""
    path: tuple[str, ...] = ()
    scope: int = 0
    kind: OneOf["text", "number", "key"] = "text"
    tags: frozenset[str] = frozenset()
    document: Document | None = None


class Note(Value):
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


class Scanned(Value):
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


class Address(Value):
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
    bar: str = ""


class Finding(Value):
    """An address in its place.

    Attributes:
        file: relative path, forward slashes.
        line, column: of the host, from 1.
        host: as written, no brackets; `host_span` and `host_text` (brackets included) in the source.
        port: the port that the client dials: written, from a sibling, or implied by the scheme.
        port_from: where `port` comes from; "none" with port None.
        port_span, port_text: the written port's digits, wherever they stand.
        prefix_span: of a gRPC `ipv4:` prefix.
        scheme: lower case, "" where none is.
        form: as in `Address`.
        key, path: as in `Literal`.
        document: as in `Literal`.
        language: the scanner that saw it ("yaml", "template", "python", "text", ...).
        kept: why it is not to be edited whatever it resolves to, and `kept_why` in words.
        fingerprint: identity that survives line shifts: of file, path, host, port and the how
            manyeth of its equals this is.
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
    prefix_span: Span | None = None
    scheme: str = ""
    form: str = "embedded"
    key: str = ""
    path: tuple[str, ...] = ()
    document: Document | None = None
    language: str = "text"
    kept: Reason | None = None
    kept_why: str = ""
    remarks: tuple[str, ...] = ()


class ServiceRef(Value):
    """A Service's identity in one cluster."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class WorkloadRef(Value):
    """A workload's identity in one cluster (kind as the API spells it)."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


class Target(Value, tag="target"):
    """The address stands for this Service.

    Attributes:
        service: the Service.
        port: what to dial at the new name; None where no port was known and none is needed.
        pod: the pod's name where its identity is kept (`<pod>.<service>...`); "" otherwise.
        headless: its name answers with pod addresses, and ports are not mapped.
        chain: the evidence, a line a step, for `explain` and the reports.
        warnings: what a human should know although the edit is made.
    """

    service: ServiceRef
    port: int | None = None
    pod: str = ""
    headless: bool = False
    chain: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Ambiguous(Value, tag="ambiguous"):
    """Several Services fit.

    Attributes:
        candidates: the Services that are tied.
        remedy: the settings line that would decide.
        chain: the evidence.
    """

    candidates: tuple[ServiceRef, ...]
    remedy: str = ""
    chain: tuple[str, ...] = ()


class Unresolved(Value, tag="unresolved"):
    """Nothing can be said, and why.

    Attributes:
        reason: from the closed set.
        why: the reason in words, with the objects it is about.
        hint: what a person can do about it.
        chain: the evidence so far.
    """

    reason: Reason
    why: str
    hint: str = ""
    chain: tuple[str, ...] = ()


class MissingService(Value, tag="missing-service"):
    """A workload is known and no Service leads to it (or not on that port).

    Attributes:
        workload: the pod's owner, through its ReplicaSet or Job.
        port: the container port that is dialled; None where it is not known.
        protocol: "TCP", "UDP" or "SCTP".
        extend: the Service that selects the pod and lacks the port; None to make a new one.
        pod: the pod the address named.
        chain: the evidence.
    """

    workload: WorkloadRef
    port: int | None = None
    protocol: str = "TCP"
    extend: ServiceRef | None = None
    pod: str = ""
    chain: tuple[str, ...] = ()


Resolution: TypeAlias = Target | Ambiguous | Unresolved | MissingService


class Edit(Value):
    """One replacement in one file.

    Attributes:
        file: relative path.
        span: where, in the decoded text.
        old: what stands there, letter for letter: checked when it is made and when it is applied.
        new: what will.
        finding: fingerprint of the finding it is for.
        role: the part of the address it changes, or what it adds.
    """

    file: str
    span: Span
    old: str
    new: str
    finding: str
    role: OneOf["host", "port", "scheme", "expression", "import"] = "host"


class Outcome(Value):
    """A finding, what it stands for, and what is done about it.

    Attributes:
        finding: the finding.
        resolution: what it stands for; None where it was not asked (kept fields).
        edited: whether the plan changes it.
        reason: why not, from the closed set; None where it is edited.
        why: that reason in words.
        new: the address as it will read (`orders:80`); "" where it is not edited.
        warnings: what a human should know although the edit is made.
    """

    finding: Finding
    resolution: Resolution | None = None
    edited: bool = False
    reason: Reason | None = None
    why: str = ""
    new: str = ""
    warnings: tuple[str, ...] = ()


class FileChange(Value):
    """All edits of one file.

    Attributes:
        path: relative path.
        before: SHA-256 of the bytes that the edits rest on.
        after: SHA-256 of the bytes that they give.
        edits: in order of place.
    """

    path: str
    before: str
    after: str
    edits: tuple[Edit, ...]


class NewFile(Value):
    """A file that the plan adds.

    Attributes:
        path: relative path.
        content: its text, written as UTF-8.
        purpose: one line: what it is for.
        findings: fingerprints of the findings that need it.
    """

    path: str
    content: str
    purpose: str = ""
    findings: tuple[str, ...] = ()


class Check(Value):
    """One step of the proof (SEMANTICS.md section 5).

    Attributes:
        name: "names", "syntax", "render" or "again".
        subject: the file, chart or finding it is about.
        state: "passed", "failed", or "unasked" where it could not be asked.
        message: what was compared, or how it differs.
    """

    name: OneOf["names", "syntax", "render", "again"]
    subject: str
    state: OneOf["passed", "failed", "unasked"]
    message: str = ""


class Plan(Value):
    """The findings, what they stand for, and every change, before a byte is written.

    Attributes:
        format_version: of this document's shape.
        tool_version: of the tool that made it.
        outcomes: every finding, in order of file and place.
        changes: the files to edit, by path.
        files: the files to add, by path.
        checks: the proof.
        notes: what a report must say about whole files.
        passed_over: how many files each rule passed over, by the rule's name.
        files_read: how many were looked into.
        inventory: SHA-256 of each inventory the plan rests on, by its name.
    """

    format_version: int = 1
    tool_version: str = ""
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[FileChange, ...] = ()
    files: tuple[NewFile, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()
    passed_over: dict[str, int] = {}
    files_read: int = 0
    inventory: dict[str, str] = {}
