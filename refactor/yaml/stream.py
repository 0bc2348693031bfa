"""Where one document of a YAML stream ends and the next begins; no parser is loaded for it."""

from __future__ import annotations

import re

MARKER = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
"""A line that begins so ends a document, wherever it stands (YAML 1.2.2, 9.1.2)."""
