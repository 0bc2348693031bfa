"""What places are for: rows of data (`*.toml`), and the matcher that reads them.

A row states conditions, and all of them must hold; the first row that holds decides. Nothing is
loaded before the first address is found: a clean tree needs no rules.
"""
