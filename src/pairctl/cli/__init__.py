"""The command line: commands, and how results are shown. It decides nothing."""

from pairctl.cli.app import main

__all__ = ["main"]
