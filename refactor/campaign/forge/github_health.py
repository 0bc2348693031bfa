"""What GitHub says of reviews, checks and conflicts of a pull request, asked at once."""

from __future__ import annotations

from typing import Literal as OneOf

HEALTH = """\
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    mergeable reviewDecision
    latestReviews(first: 100) { nodes { state } }
    commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }
  } }
}"""
CHECKS: dict[str | None, OneOf["passed", "failed", "running", "none"]] = {
    "SUCCESS": "passed",
    "FAILURE": "failed",
    "ERROR": "failed",
    "PENDING": "running",
    "EXPECTED": "running",
    None: "none",
}


def review(
    decision: str | None, states: set[str]
) -> OneOf["approved", "changes asked for", "none"]:
    """Return what reviews say: by the base's rules, and where it has none, by the last of each."""
    if decision == "CHANGES_REQUESTED" or "CHANGES_REQUESTED" in states:
        return "changes asked for"
    if decision == "APPROVED" or (decision is None and "APPROVED" in states):
        return "approved"
    return "none"
