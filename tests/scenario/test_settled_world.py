"""A settled world costs nothing: no write to an API, no commit, no change of a byte."""

from pathlib import Path

from pairctl.engine import Reconciler, Settings
from pairctl.sim import LocalProfile
from scenario_factory import World, world
from sim_factory import host_document

IDLE_PASSES = 20


def settled(w: World) -> tuple[str, list[tuple[str, str]], int]:
    """Give what must not change any more: the tip, all writes, and all effects."""
    effects = w.running.simulation.journal.effects
    return w.tip, w.writes(), len([e for e in effects if e.kind != "login"])


async def many_passes(reconciler: Reconciler, settings: Settings) -> list[str | None]:
    """Do pass after pass; gives the commits that they made."""
    del settings
    return [(await reconciler.run_pass()).commit for _ in range(IDLE_PASSES)]


def test_idle_passes_write_nothing(tmp_path: Path) -> None:
    """Pass after pass over paired and blocked clusters changes neither the world nor a byte."""
    without_addons = host_document(2)["cluster"] | {"profiles": []}
    hosts = [host_document(1), host_document(2, cluster=without_addons), host_document(3)]
    with world(
        tmp_path,
        *hosts,
        fleet=lambda w: [w.intent(1), w.intent(2), w.intent(3, acknowledge=None)],
    ) as w:
        w.apply()
        before = settled(w)
        assert w.with_engine(many_passes) == [None] * IDLE_PASSES
        assert settled(w) == before
        assert [w.told(f"store-{n}")[0] for n in (1, 2, 3)] == ["Paired", "Blocked", "Blocked"]


def test_a_second_run_of_the_program_says_so_and_writes_nothing(tmp_path: Path) -> None:
    """`apply` over a settled world exits 0, with nothing new; the paired host is left alone."""
    with world(tmp_path) as w:
        w.apply()
        before, asked = settled(w), len(w.running.simulation.journal.received)
        done = w.run("apply")
        assert (done.returncode, settled(w)) == (0, before), done.stderr
        assert "nothing new" in done.stdout
        servers = {one.server for one in w.running.simulation.journal.received[asked:]}
        assert servers == {"palette"}


def test_a_cluster_that_heals_goes_on_by_itself(tmp_path: Path) -> None:
    """What the world blocks, the world frees: no change of the documents, no restart."""
    with world(tmp_path) as w:
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        w.apply()
        assert w.told() == ("Blocked", "NodeUnhealthy")
        assert w.kinds() == []
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1"))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_status_that_somebody_edited_is_told_anew(tmp_path: Path) -> None:
    """The world wins: a status file edited by hand causes nothing, and is written anew."""
    with world(tmp_path) as w:
        w.running.call(
            lambda sim: sim.hosts["store-1"].set_profiles(LocalProfile("x", "infra", "1", ()))
        )
        w.apply()
        good = w.files()
        for content in (
            "phase: Paired\n",
            "][",
            "",
            good["status/store-1.yaml"].decode().replace("Blocked", "Paired"),
        ):
            w.push_status({"status/store-1.yaml": content})
            w.apply()
            assert w.told()[0] == "Blocked"
            assert w.kinds() == []
