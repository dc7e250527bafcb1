"""Lets `python -m pairctl` run the command line."""

from pairctl.cli import main

if __name__ == "__main__":
    main()
