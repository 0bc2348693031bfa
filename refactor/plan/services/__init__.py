"""The Services that are missing, made from their workloads: docs/semantics.md, section 5."""
