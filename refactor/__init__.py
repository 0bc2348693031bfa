"""Swap hard-coded machine addresses for Kubernetes Service names, with proof."""

DISTRIBUTION = "kube-refactor"
"""What pip calls it; a package `refactor` of another distribution has no such name."""
__version__ = "0.1.0"
