"""What holds the one-way step back: Palette's own validation, caps, and several answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from endings import EndsAs
from pairctl.sim import Fault
from pairctl.sim.faults import FaultAction
from scenario_factory import ACCEPT, World, document, profile_match, quick_palette, world
from sim_factory import GRAFANA, Document, host_document

HOUSE_RULE = "stores are paired on weekdays only"


def searching(**spec: object) -> Document:
    """Write a selection that is searched for."""
    return document("ProfileMatch", "split", {"palette": "production", "select": "Auto", **spec})


def with_a_variable() -> Document:
    """Describe a Palette of which one profile has a variable."""
    profiles = [one for one in quick_palette()["profiles"] if one["name"] != "full"]
    (addons,) = [one for one in profiles if one["name"] == "addons"]
    others = [one for one in profiles if one is not addons]
    versions = [{**version, "variables": ["size"]} for version in addons["versions"]]
    return quick_palette(profiles=[*others, {**addons, "versions": versions}])


def phases(w: World) -> dict[str, list[str]]:
    """Give the names of the stores by phase and reason."""
    found: dict[str, list[str]] = {}
    for number in (1, 2, 3):
        found.setdefault("/".join(w.told(f"store-{number}")), []).append(f"store-{number}")
    return found


def chosen(w: World) -> list[str]:
    """Name the profiles that the paired cluster got, as the status tells them."""
    return [f"{one['name']} {one['version']}" for one in w.status()["profiles"]]


def test_what_palette_itself_objects_to_is_not_accepted(tmp_path: Path, ends_as: EndsAs) -> None:
    """Its words reach the status; no claim is made in vain; once it is content, it goes on."""
    with world(tmp_path) as w:
        w.running.call(lambda sim: setattr(sim.palette, "objections", (HOUSE_RULE,)))
        w.apply()
        assert w.told() == ("Blocked", "PaletteObjects")
        assert HOUSE_RULE in w.status()["message"]
        assert "- accept" not in w.log()
        assert ACCEPT not in {path for _, path in w.writes()}
        ends_as(w, "palette-objects")
        w.running.call(lambda sim: setattr(sim.palette, "objections", ()))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


@pytest.mark.parametrize("kind", ["answered with 500", "dropped"])
def test_a_question_that_fails_right_before_accepting_is_no_refusal(
    tmp_path: Path, kind: str
) -> None:
    """Nothing was sent, so nothing was declined: the next pass goes on by itself."""
    match = profile_match(variables={"size": "big"})
    with world(tmp_path, palette=with_a_variable(), fleet=lambda w: [match, w.intent()]) as w:
        w.one_pass()
        action: FaultAction = "drop" if kind == "dropped" else "error"
        asked = Fault(action, "palette", "GET", "/v1/clusterprofiles/*/variables", times=3)
        # Asked for both profiles as it looks, as it looks again, and as the acceptance is made.
        w.plan_faults(replace(asked, skip=4))
        result = w.one_pass()
        assert [one.ending for one in result.outcomes.values()] == ["not sent"]
        assert "declined" not in w.status()
        assert w.claims == []
        w.running.call(lambda sim: sim.faults.clear())
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_value_for_a_variable_that_no_profile_has_is_told(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """A typing error in a variable's name is found before the one-way step."""
    with world(tmp_path) as w:
        w.commit(profile_match(variables={"storeNumber": "42"}), w.intent())
        w.apply()
        assert w.told() == ("Blocked", "VariableUnknown")
        assert "storeNumber" in w.status()["message"]
        assert w.kinds() == ["request"]
        ends_as(w, "variable-that-no-profile-has")


def test_a_run_accepts_no_more_than_its_cap(tmp_path: Path, ends_as: EndsAs) -> None:
    """One of three is accepted: the others say what holds them, and the next run goes on."""
    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts, limits={"acceptancesPerRun": 1}) as w:
        w.apply()
        assert phases(w) == {
            "Paired/Paired": ["store-1"],
            "Blocked/TooManyAtOnce": ["store-2", "store-3"],
        }
        status = w.status("store-2")
        assert "allows 1 a run" in status["message"]
        assert "next run" in status["humanAction"]
        assert len(w.effects("accept")) == 1
        ends_as(w, "capped-in-a-run", is_settled=False)
        w.apply()
        assert len(w.effects("accept")) == 2
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.told("store-3") == ("Blocked", "TooManyAtOnce")


def test_an_hour_accepts_no_more_than_its_cap_whoever_runs(tmp_path: Path, ends_as: EndsAs) -> None:
    """The status branch remembers: a second run waits, until the hour is over."""
    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts, limits={"acceptancesPerHour": 2}) as w:
        w.apply()
        w.apply(holder="second")
        assert phases(w) == {
            "Paired/Paired": ["store-1", "store-2"],
            "Blocked/TooManyAtOnce": ["store-3"],
        }
        assert "allows 2 an hour" in w.status("store-3")["message"]
        assert "within the hour" in w.status("store-3")["humanAction"]
        tip = w.tip
        w.apply(holder="third")
        assert w.tip == tip
        ends_as(w, "capped-in-an-hour")
        # An hour later by Palette's clock, and the margin for what that may be off.
        w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", 3600.0 + 600 + 5))
        w.apply(holder="fourth")
        assert phases(w) == {"Paired/Paired": ["store-1", "store-2", "store-3"]}


def test_profiles_are_found_where_none_are_named(tmp_path: Path, ends_as: EndsAs) -> None:
    """`select: Auto` takes the answer with the fewest profiles."""
    with world(tmp_path, fleet=lambda w: [searching(), w.intent()]) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert chosen(w) == ["full 2.0.0"]
        (cluster,) = w.running.simulation.palette.clusters
        assert len(cluster.choices) == 1
        ends_as(w, "profiles-found")


def test_several_answers_are_listed_where_that_is_wanted(tmp_path: Path, ends_as: EndsAs) -> None:
    """`onAmbiguous: Block` sends nothing, and names each answer."""
    with world(tmp_path, fleet=lambda w: [searching(onAmbiguous="Block"), w.intent()]) as w:
        w.apply()
        assert w.told() == ("Blocked", "SeveralMatches")
        message = w.status()["message"]
        assert "full 2.0.0; infra 1.1.0 + addons 1.0.0" in message
        assert w.writes() == []
        ends_as(w, "several-matches")


def test_a_second_answer_that_appears_before_accepting_stops_it(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """The search, too, is made on the profiles as they are when accepting."""
    only = quick_palette(profiles=[p for p in quick_palette()["profiles"] if p["name"] != "full"])
    with world(
        tmp_path,
        palette=only,
        fleet=lambda w: [searching(onAmbiguous="Block"), w.intent(acknowledge=None)],
    ) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")
        w.running.call(lambda sim: sim.palette.publish("addons-too", "1.0.0", (GRAFANA,)))
        w.commit(searching(onAmbiguous="Block"), w.intent())
        w.apply()
        assert w.told() == ("Blocked", "SeveralMatches")
        assert w.kinds() == ["request"]
        ends_as(w, "several-matches-since-the-request")
