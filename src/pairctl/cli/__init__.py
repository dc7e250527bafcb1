"""The command line: commands, and how results are shown. It decides nothing."""

import gc
import sys

INTERRUPTED = 130
COLLECT_AFTER = 50_000
"""How many objects are made before the collector looks through all of them: nearly all are kept."""


def main() -> None:
    """Run the command line. Loaded here, so that an interrupt while loading ends quietly too."""
    gc.disable()  # nothing of what is loaded goes again; `app` turns it on when a command is there
    gc.set_threshold(COLLECT_AFTER)
    try:
        from pairctl.cli.app import main as run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    try:
        run()
    finally:
        gc.freeze()  # the process ends, and all goes with it: it need not be looked through before


__all__ = ["main"]
