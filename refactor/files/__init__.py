"""The file system's side: what git says of a tree, asked without obeying the tree."""
