"""The Services that are missing, made from their workloads: SEMANTICS.md section 4."""
