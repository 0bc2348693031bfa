"""Campaigns: one plan over many repositories, carried through as pull requests."""
