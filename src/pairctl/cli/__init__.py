"""The command line: commands, and how results are shown. It decides nothing."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line. Loaded here, so that an interrupt while loading ends quietly too."""
    try:
        from pairctl.cli.app import main as run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run()


__all__ = ["main"]
