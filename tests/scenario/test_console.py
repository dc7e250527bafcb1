"""Where Palette's pairing routes do not answer, pairctl does everything but the click."""

from pathlib import Path

import pytest

from scenario_factory import World, quick_palette, world

WITHOUT_ROUTES = quick_palette(pairing={"routes": False, "acceptSeconds": 0.0})


def click(w: World) -> None:
    """Accept in the simulated console as the status says."""
    w.running.call(lambda sim: sim.palette.accept_in_console(w.pairing_uid(), "infra", "addons"))


@pytest.mark.parametrize("acceptance", ["Auto", "Console"])
def test_a_person_is_told_what_to_click_and_the_end_is_seen(
    tmp_path: Path, acceptance: str
) -> None:
    """The status names the request and the exact profiles; once a person has clicked: Paired."""
    palette = WITHOUT_ROUTES if acceptance == "Auto" else None
    with world(
        tmp_path,
        palette=palette,
        fleet=lambda w: [w.palette(acceptance=acceptance), w.intent()],
    ) as w:
        result = w.apply()
        status = w.status()
        assert (status["phase"], status["reason"]) == ("Requested", "WaitingForConsole")
        assert result.is_blocked
        for part in (w.pairing_uid(), "infra 1.1.0", "addons 1.0.0"):
            assert part in status["humanAction"]
        tip = w.tip
        w.one_pass()
        assert w.tip == tip
        click(w)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_without_the_acknowledgement_nobody_is_told_to_click(tmp_path: Path) -> None:
    """The one-way click is not asked for before the intent says that it is understood."""
    with world(tmp_path, palette=WITHOUT_ROUTES, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")


def test_acceptance_by_the_api_needs_the_routes(tmp_path: Path) -> None:
    """`acceptance: Api` never falls back to a person in silence."""
    with world(
        tmp_path,
        palette=WITHOUT_ROUTES,
        fleet=lambda w: [w.palette(acceptance="Api"), w.intent()],
    ) as w:
        w.apply()
        assert w.told() == ("Blocked", "PairingRoutesUnknown")
        assert "routes" in w.status()["humanAction"]
