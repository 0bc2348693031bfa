"""The first settings of a repository, from what lies in it."""
