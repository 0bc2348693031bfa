"""The scanner of everything that is read by lines."""
