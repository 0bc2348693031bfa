"""The Python scanner."""
