"""Swap hard-coded machine addresses for Kubernetes Service names, with proof."""

__version__ = "0.1.0"
