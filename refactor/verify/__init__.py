"""Whether the Service names that a repository holds lead to a Service, a port and a ready pod."""
