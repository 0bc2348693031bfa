"""What is to be done: edits, outcomes, new files, the proof, the plan."""

from __future__ import annotations

import datetime
from typing import Annotated, TypeAlias
from typing import Literal as OneOf

import msgspec

from refactor.model.base import Reason, Value
from refactor.model.found import Finding, Note
from refactor.model.resolved import Resolution, ServiceRef, WorkloadRef
from refactor.text.view import Span


class Edit(Value, frozen=True):
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
    role: OneOf["host", "port", "scheme", "expression", "import", "layout", "service", "tpl"] = (
        "host"
    )


class Outcome(Value, frozen=True, omit_defaults=False):
    """A finding, what it stands for, and what is done about it.

    Attributes:
        finding: the finding.
        resolution: what it stands for; None where it was not asked (kept fields).
        edited: whether the plan changes it.
        reason: why not, from the closed set; None where it is edited.
        why: that reason in words.
        new: the address as it will read (`orders:80`); "" where it is not edited.
        warnings: what a human should know although the edit is made.
        reaches: where Helm puts a chart's value, a place each ("Deployment shop/web, env URL").
        readers: the programs that get the text, and how that is known; of a chart's, see `reaches`.
    """

    finding: Finding
    resolution: Resolution | None = None
    edited: bool = False
    reason: Reason | None = None
    why: str = ""
    new: str = ""
    warnings: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


class FileChange(Value, frozen=True):
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


class NewFile(Value, frozen=True):
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


class NewService(Value, frozen=True):
    """A Service that the plan makes, or gives a port (docs/semantics.md, section 5).

    Attributes:
        service: its identity in the cluster.
        workload: whose pods it selects.
        file: where its manifest goes, among the plan's files or changes; "" where the workload's
            manifest is not in this repository, and the Service is only reported.
        manifest: the Service's own text as that file will hold it; of a chart, its template.
        ports: what clients may dial from now on.
        extends: whether the Service exists and only gains ports.
        findings: fingerprints of the findings that need it.
        warnings: what a human should know of it.
        elsewhere: why its manifest is not made in this repository; "" where it is.
    """

    service: ServiceRef
    workload: WorkloadRef
    file: str = ""
    manifest: str = ""
    ports: tuple[int, ...] = ()
    extends: bool = False
    findings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    elsewhere: str = ""


class ObjectChange(Value, frozen=True):
    """One field that differs in what Kubernetes gets, or a whole object that is new.

    Attributes:
        source: the manifest's file, or the chart with the release it was rendered for.
        object: "Deployment shop/web".
        path: `spec.template.spec.containers[web].env[URL].value`; "" for the object as a whole.
        before: the field as it was; "" where it is added.
        after: the field as it will be; "" where it is removed.
    """

    source: str
    object: str
    path: str
    before: str = ""
    after: str = ""


class Check(Value, frozen=True):
    """One step of the proof (docs/semantics.md, section 6).

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


Moment: TypeAlias = Annotated[datetime.datetime, msgspec.Meta(tz=True)]
"""A time with its zone."""


class Origin(Value, frozen=True):
    """One inventory that a plan rests on.

    Attributes:
        name: the file as given, or "cluster NAME".
        taken: when the cluster was read; where the file does not say, when it was last written.
        stated: whether the file itself says so.
        namespaces: the only ones it covers; none stands for all.
    """

    name: str
    taken: Moment | None = None
    stated: bool = False
    namespaces: tuple[str, ...] = ()


class Basis(Value, frozen=True):
    """What a plan was made from.

    Attributes:
        made: when the plan was made.
        origins: the inventories.
        namespace: of the programs that read files which do not say theirs; "" for not known.
        commit: the commit that was checked out, "" outside git.
        settings: the settings file, "" for none.
        web: the page of the repository's remote, without credentials; "" for not known.
        within: the path of the plan's root in the repository, with a slash behind; "" at its root.
    """

    made: Moment | None = None
    origins: tuple[Origin, ...] = ()
    namespace: str = ""
    commit: str = ""
    settings: str = ""
    web: str = ""
    within: str = ""


class Plan(Value, frozen=True, omit_defaults=False):
    """The findings, what they stand for, and every change, before a byte is written.

    Attributes:
        format_version: of this document's shape.
        tool_version: of the tool that made it.
        outcomes: every finding, in order of file and place.
        changes: the files to edit, by path.
        files: the files to add, by path.
        services: the Services to make or to extend, by namespace and name.
        objects: the changes as Kubernetes will see them, of manifests and of rendered charts.
        checks: the proof.
        notes: what a report must say about whole files.
        passed_over: how many files each rule passed over, by the rule's name.
        files_read: how many were looked into.
        inventory: SHA-256 of each inventory the plan rests on, by its name.
        basis: what it was made from, for its readers.
    """

    format_version: int = 1
    tool_version: str = ""
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[FileChange, ...] = ()
    files: tuple[NewFile, ...] = ()
    services: tuple[NewService, ...] = ()
    objects: tuple[ObjectChange, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()
    passed_over: dict[str, int] = msgspec.field(default_factory=dict)
    files_read: int = 0
    inventory: dict[str, str] = msgspec.field(default_factory=dict)
    basis: Basis = Basis()
