"""What the program lets itself do by the system."""

import subprocess
import sys

SCRIPT = """
import atexit, resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (128, min(hard, 512) if hard > 0 else 512))
names = resource.RLIMIT_NOFILE, resource.RLIMIT_CORE
atexit.register(lambda: print([resource.getrlimit(name) for name in names]))
from pairctl.cli import main
sys.argv = ["pairctl", "--version"]
main()
"""


def test_it_opens_as_many_files_as_it_may_and_leaves_no_core_dump() -> None:
    """The usual limit of 1,024 files is less than the hosts of a fleet; a dump holds secrets."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[(512, 512), (0, 0)]"
