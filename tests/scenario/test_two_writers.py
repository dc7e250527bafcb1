"""Two reconcilers on one repository, without any lock but the claims."""

import asyncio
import random
from pathlib import Path

import pytest

from pairctl.engine import Concluded, Event, PassResult, run_until_settled
from scenario_factory import PATIENCE_S, World, world
from sim_factory import host_document

SEEDS = range(8)


def both(w: World, seed: int) -> tuple[PassResult, PassResult]:
    """Run two reconcilers at the same time, each from a clone of its own, one a little later."""
    chance = random.Random(seed)  # noqa: S311 - spreads starts, guards nothing
    other = str(w.box.another_clone("other"))

    async def one(holder: str, location: str, delay_s: float) -> PassResult:
        await asyncio.sleep(delay_s)
        async with w.engine(holder=holder, location=location, seed=seed) as (reconciler, settings):
            return await run_until_settled(reconciler, settings, every_s=0.1)

    async def run() -> tuple[PassResult, PassResult]:
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(
                one("first", str(w.box.clone), chance.uniform(0, 0.2)),
                one("second", other, chance.uniform(0, 0.2)),
            )

    return asyncio.run(run())


@pytest.mark.parametrize("seed", SEEDS)
def test_two_at_once_act_once(tmp_path: Path, seed: int) -> None:
    """Whoever comes first, each cluster gets one request and one acceptance, and both see it."""
    hosts = [host_document(number) for number in (1, 2)]
    with world(tmp_path, *hosts) as w:
        results = both(w, seed)
        for number in (1, 2):
            assert w.kinds(number) == ["request", "accept"]
            assert w.told(f"store-{number}") == ("Paired", "Paired")
        assert w.claims == []
        for result in results:
            assert {status.phase for status in result.statuses.values()} == {"Paired"}
        tip = w.tip
        w.apply()
        assert w.tip == tip


@pytest.mark.parametrize("is_remote", [False, True])
def test_two_programs_at_once_act_once(tmp_path: Path, is_remote: bool) -> None:
    """Two real processes, in clones or by clone URL, end with the same world, both at exit 0."""
    with world(tmp_path) as w:
        other = w.box.another_clone("other")
        where = ["--repository", w.box.url] if is_remote else []
        children = [
            w.start("apply", "--wait", "--interval", "0.1", *where, cwd=folder)
            for folder in (w.box.clone, other)
        ]
        told = [child.communicate(timeout=PATIENCE_S)[0] for child in children]
        assert [child.returncode for child in children] == [0, 0], "\n\n".join(told)
        assert w.kinds() == ["request", "accept"]
        assert w.told() == ("Paired", "Paired")
        assert w.claims == []


def test_a_record_that_loses_its_race_takes_back_no_no_that_another_run_met(
    tmp_path: Path,
) -> None:
    """It is laid upon the new tip, and what holds an intent back there stays."""
    path = "status/store-2.yaml"
    noted = (
        "  declined:\n    action: accept\n    generation: {}\n    reason: Refused\n"
        "    message: we will not\n"
    )
    left = [path]

    def hear(event: Event) -> None:
        if isinstance(event, Concluded) and left:
            text, generation = w.files()[left.pop()].decode(), w.status("store-2")["generation"]
            w.push_status({path: text.rstrip("\n") + "\n" + noted.format(generation)})

    hosts = [host_document(number) for number in (1, 2)]
    with world(tmp_path, *hosts, limits={"acceptancesAtOnce": 0}) as w:
        w.apply()
        w.commit(w.intent(1, suspend=True), w.intent(2))
        w.one_pass(listener=hear)
        assert w.told("store-1")[0] == "Waiting"
        assert w.status("store-2")["declined"]["message"] == "we will not"
        w.one_pass()
        assert w.told("store-2") == ("Blocked", "Refused")
