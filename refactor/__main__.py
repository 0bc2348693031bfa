"""`python -m refactor`."""

from refactor.cli import main

main()
