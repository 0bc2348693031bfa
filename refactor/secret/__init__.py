"""Where secrets stand in a text: by the names beside them, by their looks, by what a file is."""
