"""Resolutions to edits: only the bytes of host and port change (SEMANTICS.md section 3)."""
