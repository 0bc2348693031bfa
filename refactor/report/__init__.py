"""A plan as something to read: text for terminals, JSON for programs."""
