"""What all nouns share: immutability, and the closed set of reasons."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

Reason: TypeAlias = OneOf[
    "ambiguous",
    "unknown-address",
    "port-mismatch",
    "no-port",
    "open-port",
    "stale-address",
    "missing-service",
    "identity",
    "node-bound",
    "outside",
    "kept-field",
    "own",
    "compared",
    "needs-ip",
    "shape",
    "shared-port",
    "escaped",
    "template",
    "unparsable",
    "undecodable",
    "locked",
    "read-only-source",
    "conflict",
    "unproven",
    "ignored",
    "public",
    "new",
]
"""Why an address is not rewritten. The set is closed: every one is counted in every summary."""

REASONS: dict[Reason, str] = {
    "ambiguous": "several Services fit and nothing decides",
    "unknown-address": "no object in the inventory has this address",
    "port-mismatch": "its owner is known, but does not declare this port",
    "no-port": "the owner is known only together with a port, and none is written",
    "open-port": "the port is only known at run time, and the name would need another one",
    "stale-address": "only finished pods, or several objects at several times, had it",
    "missing-service": "the workload has no Service (for that port) yet",
    "identity": "one pod of several is meant and has no name of its own",
    "node-bound": "a DaemonSet's pod stands for its node",
    "outside": "no object of the cluster can stand for it (ingress not asked for, ...)",
    "kept-field": "the field needs an IP or is read outside the pod network",
    "own": "the workload that reads it is the one it stands for: it may listen there",
    "compared": "compared, matched or used as a key: changing it changes logic",
    "needs-ip": "the code that takes it wants an IP",
    "shape": "looks like an address of the cluster but is a version, a CIDR, part of a name, ...",
    "shared-port": "one port literal serves hosts whose new ports differ",
    "escaped": "the source does not hold it letter for letter",
    "template": "part of it is only known when the template renders",
    "unparsable": "its file does not parse, and its kind cannot be edited as text",
    "undecodable": "its bytes are not text",
    "locked": "encrypted or signed: a changed byte breaks it",
    "read-only-source": "a language or file that is reported and not edited",
    "conflict": "two findings want to change the same text",
    "unproven": "a check failed or could not be run",
    "ignored": "a `refactor: ignore` marker, or the settings, say so",
    "public": "a public address outside the inventory",
    "new": "hard-coded, and the gate's baseline does not know it",
}
"""What each reason means."""

REMEDIES: dict[Reason, str] = {
    "ambiguous": "choose one with `mappings` in the settings",
    "unknown-address": "export the inventory again, or add it to `mappings` in the settings",
    "port-mismatch": "use a port that the Service has, or add this one to the Service",
    "no-port": "write the port it connects to",
    "open-port": "write the port as a literal",
    "stale-address": "find out what has replaced it",
    "missing-service": "add a Service for the workload",
    "identity": "give the StatefulSet a governing Service, so that its pods have names",
    "node-bound": "pass `--daemonsets` to use a Service instead",
    "outside": "if a Service stands for it, add it to `mappings` in the settings",
    "own": "leave it where the program listens there; where it dials itself, write the name",
    "shared-port": "give each host its own port",
    "escaped": "write it without escapes, or change it by hand",
    "template": "write it as one literal or one value, or change it by hand",
    "unparsable": "fix the file, then run plan again",
    "undecodable": "save the file as UTF-8, then run plan again",
    "read-only-source": "change it by hand if it should change",
    "conflict": "apply this plan, then run plan again",
    "unproven": "fix what the check says, then run plan again",
}
"""What a person can do about each reason that is not right as it is, where no more is known."""


Stage: TypeAlias = OneOf["find", "role", "readers", "resolve", "services", "name", "edit", "prove"]
"""The stages of a plan, in their order."""


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the nouns: immutable, compared by content, defaults left out of JSON."""


class Refusal(Value, frozen=True):
    """Why an address is not rewritten. A finding may have several; the first decides.

    Attributes:
        stage: the stage that refuses it.
        reason: from the closed set.
        why: the reason in words, with the objects it is about.
        remedy: what a person can do about it; "" for what the reason itself recommends.
    """

    stage: Stage
    reason: Reason
    why: str
    remedy: str = ""
