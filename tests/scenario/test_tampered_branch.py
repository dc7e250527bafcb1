"""Whoever may write the status branch can hold pairctl back, and make it do nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pairctl.engine import Acting, Event
from pairctl.pairing import canonical_uid
from pairctl.records import render_claim
from scenario_factory import World, world
from sim_factory import Document, host_document

HOSTS = (host_document(1), host_document(2))


def edited(w: World, name: str, **changes: object) -> None:
    """Push a status with other fields than pairctl has written."""
    path = f"status/{name}.yaml"
    document = YAML(typ="safe").load(w.files()[path])
    document["status"].update(changes)
    w.push_status({path: _text(document)})


def _text(document: Document) -> str:
    return json.dumps(document, default=str)


def sent_by_hand(w: World, number: int) -> str:
    """Let a person send a host's request; gives the pairing id."""
    return w.running.call(lambda sim: sim.people.send_request(f"store-{number}"))


def local(w: World, **more: object) -> Document:
    """Write the wish that the first cluster stay local."""
    fields = {"registrationToken": None, "profileMatch": None, "acknowledge": None}
    return w.intent(1, desired="Local", **fields, **more)


def test_an_edited_status_gets_no_other_clusters_request_rejected(tmp_path: Path) -> None:
    """The dark host's record names another's cluster and request: nothing is rejected."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1, acknowledge=None)]) as w:
        w.apply()
        victim = sent_by_hand(w, 2)
        edited(w, "store-1", pairingUid=victim, localUid=w.cluster_uid(2))
        w.running.wait(lambda sim: sim.off("store-1"))
        w.commit(local(w))
        w.apply()
        assert w.effects("reject") == ()
        assert w.told()[0] == "Blocked"


def test_an_edited_status_gets_no_refused_request_sent_again(tmp_path: Path) -> None:
    """That the refusal counts against another generation is not for the record to say."""
    with world(tmp_path, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.apply()
        uid = w.pairing_uid()
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.apply()
        assert w.told() == ("Failed", "RequestRefused")
        edited(w, "store-1", refused={"pairingUid": uid, "generation": "sha256:other"}, sent=None)
        w.apply()
        assert w.told() == ("Failed", "RequestRefused")
        assert w.kinds() == ["request", "reject"]  # the rejection was a person's


def test_an_edited_status_makes_no_request_nobodys(tmp_path: Path) -> None:
    """An intent's own request is its own though the record speaks of another cluster.

    Where one settled intent was not looked at, its host is looked at first.
    """

    def fleet(w: World) -> list[Document]:
        return [
            w.palette(unrecognizedRequests="Reject"),
            w.intent(1),
            w.intent(2, acknowledge=None),
        ]

    with world(tmp_path, *HOSTS, fleet=fleet) as w:
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        edited(
            w,
            "store-2",
            phase="Paired",
            paletteUid=w.status("store-1")["paletteUid"],
            localUid="another",
            pairingUid="another",
        )
        w.apply()
        assert w.effects("reject") == ()


BROKEN: dict[str, Callable[[World], dict[str, str]]] = {
    "rubbish": lambda w: {f"claims/{w.cluster_uid()}.yaml": "}{"},
    "empty": lambda w: {f"claims/{w.cluster_uid()}.yaml": ""},
    "in capitals": lambda w: {f"claims/{w.cluster_uid().upper()}.yaml": "}{"},
    "misnamed": lambda w: {"claims/somewhere.yaml": f"claim: of {w.cluster_uid()}\n"},
    "by intent": lambda _: {"claims/somewhere.yaml": "claim: [\n  intent: store-1\n"},
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_claim_that_cannot_be_read_stops_its_cluster_and_no_other(
    tmp_path: Path, how: str
) -> None:
    """Until a person has looked and deleted the file; then it goes on."""
    with world(tmp_path, *HOSTS) as w:
        files = BROKEN[how](w)
        w.commit(w.intent(1, suspend=True), w.intent(2, suspend=True))
        w.apply()
        w.push_status(files)
        w.commit(w.intent(1), w.intent(2))
        w.apply()
        assert w.told("store-1") == ("Blocked", "ClaimUnreadable")
        assert next(iter(files)) in w.status("store-1")["humanAction"]
        assert w.kinds(1) == []
        assert w.told("store-2") == ("Paired", "Paired")
        w.delete_status(next(iter(files)))
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")


def test_a_claim_of_another_version_that_takes_the_only_place_is_named(tmp_path: Path) -> None:
    """It may be of a request that is on its way: nothing is sent, and the run ends and says why."""
    limits = {"requestsAtOnce": 1}
    with world(tmp_path, limits=limits, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        w.push_status({"claims/elsewhere.yaml": "apiVersion: pairctl/v9\nkind: Claim\n"})
        w.apply()
        assert w.told() == ("Blocked", "ClaimUnreadable")
        assert "claims/elsewhere.yaml" in w.status()["humanAction"]
        assert "requestsAtOnce" in w.status()["message"]
        assert w.writes() == []
        w.delete_status("claims/elsewhere.yaml")
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_claims_that_collide_on_some_file_systems_bind_both(tmp_path: Path) -> None:
    """`ABC.yaml` beside `abc.yaml`: neither is dropped, and the cluster waits for both."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        uid = w.cluster_uid()
        one = w.claim("accept", seconds=60, cluster=uid.upper(), pairing_uid="p1")
        two = replace(w.claim("accept", seconds=60, pairing_uid="p2"), id="0" * 32)
        rendered = {
            f"claims/{uid.upper()}.yaml": render_claim(one).decode(),
            f"claims/{canonical_uid(uid)}.yaml": render_claim(two).decode(),
        }
        w.push_status(rendered)
        w.one_pass()
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.writes() == []
        assert sorted(w.claims) == sorted(rendered)


def test_a_claim_that_disappears_before_the_sending_stops_it(tmp_path: Path) -> None:
    """The branch is read last: the claim that permits the action has to be on it."""
    with world(tmp_path) as w:

        def hear(event: Event) -> None:
            if isinstance(event, Acting):
                w.delete_status(f"claims/{w.cluster_uid()}.yaml")

        result = w.one_pass(listener=hear)
        (outcome,) = result.outcomes.values()
        assert outcome.problem is not None
        assert (outcome.ending, outcome.problem.reason) == ("not sent", "ClaimGone")
        assert w.writes() == []


def test_a_dead_claim_to_accept_goes_only_after_palette_was_looked_at(tmp_path: Path) -> None:
    """Its intent is gone, its time is over: what it came to is seen, and leaves evidence."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1, acknowledge=None)]) as w:
        w.apply()
        uid = w.pairing_uid()
        claim = w.claim("accept", seconds=0.1, pairing_uid=uid, palette=w.palette_place())
        w.push_claim(claim)
        w.running.wait(lambda sim: sim.off("palette"))
        w.commit(w.intent(2, suspend=True))
        w.apply()
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        w.running.wait(lambda sim: sim.on("palette"))
        w.running.call(lambda sim: sim.palette.accept_in_console(uid, "infra", "addons"))
        w.apply()
        assert w.claims == []
        assert f"evidence/{w.cluster_uid()}.yaml" in w.files()
