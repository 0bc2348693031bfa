"""The chart as Helm sees it: rendered by Helm's own engine, and asked what its values are for.

Nothing here parses Go templates to learn what they mean: the engine renders, and what comes out
is read. Nothing here writes outside temporary directories, and nothing uses the network.
"""
