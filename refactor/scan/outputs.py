"""What was written down about a repository and lies in it: reports, and dumps of clusters.

They are full of addresses that no program dials. An edited report would be wrong.
"""

from __future__ import annotations

import re

_HEAD = 2000
"""Bytes within which a file says what it is."""

_REPORTS = re.compile(
    rb'\s*\{\s*"format_version":\s*\d+,\s*"tool_version":'  # a plan
    rb'|\s*\{\s*"(?:\$schema|version)":.*?"runs":'  # SARIF, of any tool
    rb'|\s*\[\s*\{\s*"description":[^\n]*?,\s*"check_name":\s*"hard-coded-'  # code quality
    rb'|\s*\{\s*"source":\s*\{\s*"name":\s*"refactor"'  # reviewdog's format
    rb"|\s*(?:<\?xml[^<>]*>\s*)?<testsuites?[\s>]",  # JUnit, of any tool
    re.DOTALL,
)
# A List as kubectl and `refactor inventory` print it, with pods that run.
_LIST = re.compile(rb'\s*\{\s*"apiVersion":\s*"v1",\s*(?:"kind":\s*"List",\s*)?"items":\s*\[')


def of_output(path: str, data: bytes) -> str:
    """Return the rule that passes a file over for what wrote it, "" for none.

    Args:
        data: its bytes.
    """
    if not path.endswith((".json", ".sarif", ".xml")):
        return ""
    if _REPORTS.match(data[:_HEAD]):
        return "report"
    return "inventory" if _LIST.match(data[:_HEAD]) and b'"podIP"' in data else ""
