"""Workloads: what makes pods, and what a Service for them is made from."""

from __future__ import annotations

from typing import ClassVar

from refactor.inventory.parts import LabelSelector, Part, Template
from refactor.inventory.records import Record
from refactor.model import WorkloadRef


class WorkloadSpec(Part, frozen=True):
    """`spec` of a workload.

    Attributes:
        replicas: how many pods are asked for; None where it does not say.
    """

    replicas: int | None = None
    selector: LabelSelector = LabelSelector()
    template: Template = Template()
    service_name: str = ""


class Workload(Record, frozen=True):
    """A workload."""

    groups: ClassVar[tuple[str, ...]] = ("apps", "extensions")

    spec: WorkloadSpec = WorkloadSpec()

    @property
    def ref(self) -> WorkloadRef:
        """Its identity."""
        return WorkloadRef(self.kind, self.namespace, self.name)

    @property
    def template(self) -> Template:
        """What its pods are made from."""
        return self.spec.template

    @property
    def match_labels(self) -> dict[str, str]:
        """The labels by which it knows its pods."""
        return self.spec.selector.match_labels or {}


class Deployment(Workload, frozen=True, tag="Deployment"):
    """A Deployment."""


class ReplicaSet(Workload, frozen=True, tag="ReplicaSet"):
    """A ReplicaSet, most often a Deployment's."""


class StatefulSet(Workload, frozen=True, tag="StatefulSet"):
    """A StatefulSet."""


class DaemonSet(Workload, frozen=True, tag="DaemonSet"):
    """A DaemonSet."""


class Job(Workload, frozen=True, tag="Job"):
    """A Job."""

    groups: ClassVar[tuple[str, ...]] = ("batch",)


class JobTemplate(Part, frozen=True):
    """`spec.jobTemplate`."""

    spec: WorkloadSpec = WorkloadSpec()


class CronJobSpec(WorkloadSpec, frozen=True):
    """`spec` of a CronJob."""

    job_template: JobTemplate = JobTemplate()


class CronJob(Workload, frozen=True, tag="CronJob"):
    """A CronJob."""

    groups: ClassVar[tuple[str, ...]] = ("batch",)

    spec: CronJobSpec = CronJobSpec()

    @property
    def template(self) -> Template:
        """What its Jobs' pods are made from."""
        return self.spec.job_template.spec.template
