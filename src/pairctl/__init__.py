"""pairctl hands locally managed edge clusters over to Palette, from a Git repository."""

__version__ = "0.1.0"
