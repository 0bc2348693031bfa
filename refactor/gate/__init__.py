"""The gate: which hard-coded addresses are new, by a baseline and by what a branch changed."""
