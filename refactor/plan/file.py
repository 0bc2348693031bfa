"""A saved plan: one JSON document, checked before anything in it is believed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from refactor.errors import RefactorError
from refactor.files.names import stays_inside
from refactor.files.whole import write_output
from refactor.model import Plan

FORMAT_VERSION = 1
_LIMIT = 1 << 30
"""Bytes of a plan; one of a million findings has some 700 MB."""


def save(plan: Plan, path: Path) -> None:
    """Write a plan as JSON."""
    data = msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"
    try:
        write_output(path, data)
    except OSError as error:
        message = f"the plan cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(path)) from error


def load(path: Path) -> Plan:
    """Read a saved plan."""
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        message = f"the plan cannot be read ({error.strerror})"
        raise RefactorError(message, where=str(path)) from error
    if len(data) > _LIMIT:
        message = "is too large for a plan"
        raise RefactorError(message, where=str(path))
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = "is not a plan file"
        raise RefactorError(
            message, where=str(path), remedy="make one with `refactor plan --out FILE`"
        ) from error
    if plan.format_version != FORMAT_VERSION or not plan.tool_version:
        message = f"is not a plan file (expected format {FORMAT_VERSION})"
        raise RefactorError(
            message, where=str(path), remedy="make one with `refactor plan --out FILE`"
        )
    for named in (*(c.path for c in plan.changes), *(file.path for file in plan.files)):
        if not stays_inside(named):
            message = "the plan is damaged: this is not a path within the repository"
            raise RefactorError(message, where=repr(named))
    return plan
