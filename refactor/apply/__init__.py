"""A plan onto the disk, and back: every file of it, or none."""
