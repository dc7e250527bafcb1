"""What survives a loss of power: names, beside the bytes that they stand for.

Git puts files to disk where `core.fsync` says so (see `environment`), and never the folders that
they are renamed in: the content is safe then, and the branch may still be back where it was.
"""

import os
from pathlib import Path

from pairctl.repo.git_dirs import common_dir_of


def sync_folder(folder: Path) -> None:
    """Put what has been renamed, made or deleted in a folder to disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_ref(git_dir: Path, ref: str) -> None:
    """Put to disk where a full ref name stands, also where Git keeps refs as tables.

    Raises OSError.
    """
    common = common_dir_of(git_dir)
    above = [common / one for one in list(Path(ref).parents)[:-1]]
    for folder in (*above, common / "reftable"):
        if folder.is_dir():
            sync_folder(folder)
