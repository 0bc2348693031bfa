"""The proof of a plan, a step a module: names, syntax, render, again."""
