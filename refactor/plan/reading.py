"""Puts what the repository says of its readers beside what a plan is made of."""

from __future__ import annotations

from refactor.files.globs import Patterns
from refactor.plan.charts.session import Charts
from refactor.plan.job import PlanJob
from refactor.repository.repository import Repository


def with_readers(job: PlanJob, charts: Charts) -> PlanJob:
    """Return the job with what the repository says of who reads its files; nothing is read yet."""
    included, homes = Patterns(job.settings.include), job.homes
    repository = Repository(
        lambda: charts.files,
        charts.read,
        lambda path: homes.of(path).namespace,
        lambda path: bool(charts.tops(path)),
        included.covers,
        lambda path: homes.of(path).inventory,
    )
    charts.installs, charts.deployed = repository.of_chart, repository.of_file
    return job._replace(homes=homes.with_repository(repository))
