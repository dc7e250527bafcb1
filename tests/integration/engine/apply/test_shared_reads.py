"""What many actions of a pass ask Git is asked once: a process of Git costs as much as a call."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import run_until_settled
from sim_factory import host_document, make_scenario, palette_document

FLEET = range(1, 9)


def commands_for_a_fleet(root: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Pair eight clusters of one file; give the commands of Git that pairctl ran for it."""
    found: list[str] = []
    start = subprocess.Popen.__init__

    def noted(self: Any, command: Any, *more: Any, **options: Any) -> None:
        words = [str(word) for word in command]
        if "GIT_CONFIG_GLOBAL=/dev/null" in words:  # the test's own are plain
            found.append(" ".join(words))
        start(self, command, *more, **options)

    async def story() -> None:
        scenario = make_scenario(
            *map(host_document, FLEET), palette=palette_document(pairing={"acceptSeconds": 0.0})
        )
        async with (
            owned_world(root, scenario, *FLEET) as w,
            w.engine(clock=OwnedClock()) as (reconciler, settings),
        ):
            with patch.context() as patched:
                patched.setattr(subprocess.Popen, "__init__", noted)
                await run_until_settled(reconciler, settings)
            assert [len(w.effects(kind)) for kind in ("request", "accept")] == [len(FLEET)] * 2

    run_in_owned_time(story())
    return found


def test_acceptances_of_one_file_ask_its_history_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each claim says which commit asked for it: for all of a file that is the same one."""
    commands = commands_for_a_fleet(tmp_path, monkeypatch)
    assert sum("fleet.yaml" in one and "rev-list" in one for one in commands) == 1
