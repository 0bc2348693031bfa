"""`python -m refactor`."""

import sys

# `-m` puts the working directory first, where a stranger's repository may hold a `click.py`.
if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

from refactor.cli import main

main()
