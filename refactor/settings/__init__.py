"""The settings of a repository: typed, read with their lines, checked."""
