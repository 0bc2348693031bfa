"""YAML as plain data, and the facts of Kubernetes objects: pods, mounts, kustomizations."""
