"""The YAML scanner."""
