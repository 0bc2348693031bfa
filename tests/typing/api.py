"""The types of `refactor.api`, as a program sees them: mypy reads this, and nothing runs it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from refactor import api

settings = api.load_settings(Path())
cluster = api.load_inventory("cluster.json", Path("more.json"), settings=settings)
assert_type(settings, api.Settings)
assert_type(cluster, api.Inventory)

found = api.scan("repository", inventory=cluster, settings=settings)
assert_type(found, api.Scan)
assert_type(found.findings, tuple[api.Finding, ...])
assert_type(found.findings[0].port, int | None)
assert_type(found.notes, tuple[api.Note, ...])

plan = api.plan(Path("repository"), cluster, paths=["deploy"], namespace="shop", unproven=True)
assert_type(plan, api.Plan)
assert_type(plan.outcomes, tuple[api.Outcome, ...])
assert_type(plan.outcomes[0].finding, api.Finding)
assert_type(plan.changes, tuple[api.FileChange, ...])
assert_type(plan.changes[0].edits, tuple[api.Edit, ...])
assert_type(plan.files, tuple[api.NewFile, ...])
assert_type(plan.services, tuple[api.NewService, ...])

assert_type(api.apply(plan, "repository", allow_dirty=True), api.Applied)
assert_type(api.undo("repository").files, tuple[str, ...])
assert_type(api.check("repository", base="origin/main"), tuple[api.Finding, ...])

try:
    api.undo("elsewhere")
except api.RefactorError as error:
    assert_type(str(error), str)
