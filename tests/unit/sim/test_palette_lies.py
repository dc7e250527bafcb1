"""Lies of Palette, as functions over what is so."""

from dataclasses import replace
from datetime import UTC, datetime

from pairctl.sim import Answers, Application, EdgeHostRef, PairingRequest
from pairctl.sim.palette.lies import as_listed, as_shown

AT = datetime(2027, 1, 15, tzinfo=UTC)


def _request(name: str, uid: str) -> PairingRequest:
    application = Application(
        name=name,
        cluster_name=name,
        local_cluster_uid=f"cluster-of-{name}",
        local_cluster_token="",
        labels={},
        annotations={},
        registration_token="",
        profiles=(),
        hosts=(EdgeHostRef(f"edge-of-{name}", "node-1"),),
        agent_version="v4.9.0",
    )
    return PairingRequest(uid, application, None, AT, AT)


LISBON = _request("lisbon", "aaa")
PORTO = _request("porto", "bbb")
NEWER = _request("porto", "ccc")
EVERY = (LISBON, PORTO, NEWER)


def test_the_truth_changes_nothing() -> None:
    """Unless told otherwise, both answers are the request itself."""
    assert [as_listed(one, EVERY, Answers()) for one in EVERY] == list(EVERY)
    assert [as_shown(one, EVERY, Answers()) for one in EVERY] == list(EVERY)


def test_a_request_is_named_by_its_id_or_its_cluster() -> None:
    """Pairing id, cluster's uid and cluster's name; of several, the newest stands in."""
    for key in ("aaa", "cluster-of-lisbon", "lisbon"):
        for other in ("porto", "cluster-of-porto", "ccc"):
            answers = Answers(gives_pairing_uid_of={key: other})
            assert as_listed(LISBON, EVERY, answers).uid == "ccc"
            assert as_listed(PORTO, EVERY, answers) == PORTO


def test_a_swapped_snapshot_leaves_the_pairing_id() -> None:
    """The answer is about the request that was asked for, with what another one's host sent."""
    swapped = Answers(swap={"aaa": "porto", "bbb": "aaa"})
    assert as_shown(LISBON, EVERY, swapped) == replace(LISBON, application=NEWER.application)
    assert as_shown(PORTO, EVERY, swapped) == replace(PORTO, application=LISBON.application)
    assert as_shown(NEWER, EVERY, swapped) == NEWER
    assert as_listed(LISBON, EVERY, swapped) == LISBON
    assert as_shown(LISBON, EVERY, Answers(swap={"aaa": "nowhere"})) == LISBON


def test_a_word_that_names_no_request_stands_for_itself() -> None:
    """A cluster that has sent no request can be named as well."""
    answers = Answers(lists_uid_of={"lisbon": "elsewhere"}, lists_name_of={"lisbon": "faro"})
    listed = as_listed(LISBON, EVERY, answers).application
    assert (listed.local_cluster_uid, listed.cluster_name) == ("elsewhere", "faro")
    assert as_shown(LISBON, EVERY, answers) == LISBON


def test_lies_add_up() -> None:
    """Another's uid in capitals under another's pairing id."""
    answers = Answers(
        lists_uid_of={"lisbon": "porto"},
        gives_pairing_uid_of={"lisbon": "bbb"},
        in_capitals=("lisbon",),
    )
    listed = as_listed(LISBON, EVERY, answers)
    assert (listed.uid, listed.application.local_cluster_uid) == ("bbb", "CLUSTER-OF-PORTO")
