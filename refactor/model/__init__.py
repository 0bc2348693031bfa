"""The nouns: small immutable values that every stage takes and gives.

Everything here encodes to JSON by `msgspec`, which is also where the plan's schema comes from.
Spans are half-open offsets in code points of a file's decoded text (see `source`).
"""

from refactor.model.base import REASONS, REMEDIES, Reason, Refusal, Stage, Value
from refactor.model.found import Address, Dial, Document, Finding, Literal, Note, Scanned
from refactor.model.planned import (
    Basis,
    Check,
    Edit,
    FileChange,
    NewFile,
    NewService,
    ObjectChange,
    Origin,
    Outcome,
    Plan,
)
from refactor.model.resolved import (
    Ambiguous,
    MissingService,
    Resolution,
    ServiceRef,
    Target,
    Unresolved,
    WorkloadRef,
)

__all__ = [
    "REASONS",
    "REMEDIES",
    "Address",
    "Ambiguous",
    "Basis",
    "Check",
    "Dial",
    "Document",
    "Edit",
    "FileChange",
    "Finding",
    "Literal",
    "MissingService",
    "NewFile",
    "NewService",
    "Note",
    "ObjectChange",
    "Origin",
    "Outcome",
    "Plan",
    "Reason",
    "Refusal",
    "Resolution",
    "Scanned",
    "ServiceRef",
    "Stage",
    "Target",
    "Unresolved",
    "Value",
    "WorkloadRef",
]
