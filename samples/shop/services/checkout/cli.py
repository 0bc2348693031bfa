"""The command line of checkout."""

import argparse


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", default="0.0.0.0")
    parser.add_argument("--orders-host", default="10.42.1.11")
    parser.add_argument("--orders-port", type=int, default=8080, help="not that of 10.42.1.11")
    return parser.parse_args()
