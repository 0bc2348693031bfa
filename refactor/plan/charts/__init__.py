"""What a repository's charts say about the addresses in them, asked of Helm."""
