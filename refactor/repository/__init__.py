"""The model of what a repository deploys, and who reads what."""

from refactor.repository.model import Install, Network, Reader

__all__ = ["Install", "Network", "Reader"]
