"""Health in Palette after the pairing: told, and never a reason for commit after commit."""

from pathlib import Path
from typing import Any

from pairctl.engine import Reconciler, Settings
from pairctl.sim.palette_spec import HealthStep
from scenario_factory import World, quick_palette, world


def health(w: World) -> tuple[str, str, str]:
    """Give status, reason and message of the condition, as the status branch has it."""
    told = {one["type"]: one for one in w.status()["conditions"]}["HealthyInPalette"]
    return told["status"], told["reason"], told.get("message", "")


def let_health_be(w: World, word: Any) -> None:
    """Let Palette say this of every paired cluster from now on."""
    steps = (HealthStep(state=word),)
    w.running.call(lambda sim: setattr(sim.palette, "health", steps))


def test_a_paired_cluster_is_followed_until_palette_has_shown_it_healthy(tmp_path: Path) -> None:
    """Unhealthy after the acceptance, then healthy: one commit for each, none for ups and downs."""
    unwell = quick_palette(pairing={"acceptSeconds": 0.0, "health": [{"state": "UnHealthy"}]})

    async def story(reconciler: Reconciler, settings: Settings) -> list[str | None]:
        del settings
        words = (None, "UnHealthy", 7, "Healthy", "UnHealthy", None, "Degraded", "Healthy")
        commits = []
        for word in words:
            let_health_be(w, word)
            commits.append((await reconciler.run_pass()).commit)
        return commits

    with world(tmp_path, palette=unwell) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert health(w)[:2] == ("False", "UnhealthyInPalette")
        row = w.files()["STATUS.md"].decode()
        assert "Palette's cluster list said UnHealthy" in row
        hosts_asked = len(
            [e for e in w.running.simulation.journal.received if e.server != "palette"]
        )
        commits = w.with_engine(story)
        assert [number for number, commit in enumerate(commits) if commit] == [3]
        assert health(w)[:2] == ("True", "HealthyAfterPairing")
        assert "UnHealthy" not in w.files()["STATUS.md"].decode()
        received = w.running.simulation.journal.received
        assert len([e for e in received if e.server != "palette"]) == hosts_asked


def test_a_word_that_is_not_known_is_told_as_it_is(tmp_path: Path) -> None:
    """Nothing is guessed: Unknown, with Palette's word, for people and for machines."""
    odd = quick_palette(pairing={"acceptSeconds": 0.0, "health": [{"state": "Sleepy"}]})
    with world(tmp_path, palette=odd) as w:
        w.apply()
        truth, reason, message = health(w)
        assert (truth, reason) == ("Unknown", "HealthUnknown")
        assert "Sleepy" in message
        shown = w.run("status", "store-1", rules=False).stdout
        assert "HealthyInPalette" in shown
        assert "Sleepy" in shown
        assert "Sleepy" in w.run("status", rules=False).stdout
        assert '"HealthUnknown"' in w.run("status", "--format", "json", rules=False).stdout
