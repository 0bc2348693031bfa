"""The file system's side: what may be written where, writing it whole, and what git says."""
