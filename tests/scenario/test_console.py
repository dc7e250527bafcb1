"""Where Palette's pairing routes do not answer, pairctl does everything but the click."""

from pathlib import Path

import pytest

from endings import EndsAs
from scenario_factory import World, profile_match, quick_palette, world

WITHOUT_ROUTES = quick_palette(pairing={"routes": False, "acceptSeconds": 0.0})


def click(w: World) -> None:
    """Accept in the simulated console as the status says."""
    w.running.call(lambda sim: sim.palette.accept_in_console(w.pairing_uid(), "infra", "addons"))


@pytest.mark.parametrize("acceptance", ["Auto", "Console"])
def test_a_person_is_told_what_to_click_and_the_end_is_seen(
    tmp_path: Path, acceptance: str, ends_as: EndsAs
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
        ends_as(w, f"console-{acceptance.lower()}-waits")
        click(w)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        ends_as(w, f"console-{acceptance.lower()}-paired")


def test_the_status_has_all_that_a_person_types_into_the_wizard(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Names, tags, variables and values: in the status, or the name of where they are."""
    match = profile_match(
        variables={"region": "emea", "password": {"secret": "grafana"}},
        values=[{"pack": "edge-k8s", "file": "values/k8s.yaml"}],
        configuration="Any",
    )
    cluster = {"name": "shop-lisbon", "description": "by the river", "tags": {"owner": "retail"}}
    with world(
        tmp_path,
        palette=WITHOUT_ROUTES,
        secrets={"grafana": "a-secret-of-grafana"},
        fleet=lambda w: [match, w.intent(cluster=cluster)],
    ) as w:
        w.apply()
        assert w.told() == ("Requested", "WaitingForConsole")
        assert "a-secret-of-grafana" not in w.status()["humanAction"]
        ends_as(w, "console-with-everything")


def test_without_the_acknowledgement_nobody_is_told_to_click(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """The one-way click is not asked for before the intent says that it is understood."""
    with world(tmp_path, palette=WITHOUT_ROUTES, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")
        ends_as(w, "console-not-acknowledged")


def test_acceptance_by_the_api_needs_the_routes(tmp_path: Path, ends_as: EndsAs) -> None:
    """`acceptance: Api` never falls back to a person in silence."""
    with world(
        tmp_path,
        palette=WITHOUT_ROUTES,
        fleet=lambda w: [w.palette(acceptance="Api"), w.intent()],
    ) as w:
        w.apply()
        assert w.told() == ("Blocked", "PairingRoutesUnknown")
        assert "routes" in w.status()["humanAction"]
        ends_as(w, "api-without-routes")


def taken_back(w: World) -> str:
    """Let a request be sent, then withdrawn at a host that cannot tell Palette; gives its id."""
    w.apply()
    uid = w.pairing_uid()
    w.running.simulation.hosts["store-1"].reaches_palette = False
    fields = {"registrationToken": None, "profileMatch": None, "acknowledge": None}
    w.commit(w.intent(desired="Local", **fields))
    w.apply()
    w.running.simulation.hosts["store-1"].reaches_palette = True
    return uid


def test_a_withdrawn_request_that_may_be_left_in_palette_is_named(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Without the routes nobody sees what is left in Palette: the status keeps the pairing id."""
    with world(tmp_path, palette=WITHOUT_ROUTES) as w:
        uid = taken_back(w)
        assert w.told() == ("Local", "Local")
        assert w.status()["withdrawn"]["pairingUid"] == uid
        assert uid in w.status()["humanAction"]
        assert w.kinds() == ["request", "withdraw"]
        ends_as(w, "console-withdrawn", left=uid)


@pytest.mark.parametrize("withdrawn_by", ["pairctl", "a person"])
def test_no_second_request_is_sent_while_the_first_may_be_in_palette(
    tmp_path: Path, withdrawn_by: str
) -> None:
    """`Paired` again waits for a person who has looked in Palette, and says so by `attempt`."""
    with world(tmp_path, palette=WITHOUT_ROUTES) as w:
        if withdrawn_by == "pairctl":
            uid = taken_back(w)
            w.commit(w.intent())
        else:
            w.apply()
            uid = w.pairing_uid()
            w.running.simulation.hosts["store-1"].pairing = None
        w.apply()
        assert w.told() == ("Blocked", "MayBeLeftInPalette")
        assert uid in w.status()["message"]
        assert "`attempt: 2`" in w.status()["humanAction"]
        before = w.kinds()
        w.apply()
        assert w.kinds() == before
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Requested", "WaitingForConsole")
        assert w.kinds() == [*before, "reject", "request"]
        assert "withdrawn" not in w.status()
