"""Text and where it stands: bytes to text, views, spans, splices."""
