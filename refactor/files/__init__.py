"""The file system's side: what may be written where, and writing it whole."""
