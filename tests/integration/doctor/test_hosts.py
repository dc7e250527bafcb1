"""`doctor` at edge hosts: the login is tried once, and each thing that is wrong is told."""

from pathlib import Path
from typing import Any

import pytest

from doctor_factory import PALETTE, look
from pairctl.doctor import Verdict
from pairctl.sim import EffectKind, Fault
from scenario_factory import World, world
from sim_factory import TOKEN, host_document

HOST = "host/store-1"
UNHEALTHY = {"nodes": [{"name": "node-1"}, {"name": "node-2", "healthy": False}]}


def with_cluster(**changes: Any) -> dict[str, Any]:
    """Describe a host whose cluster is not as it should be."""
    described = host_document()
    return described | {"cluster": {**described["cluster"], **changes}}


def logins(w: World, kind: EffectKind) -> int:
    """Count the logins that were tried."""
    return len(w.effects(kind))


def test_hosts_are_looked_at_only_when_asked_for(tmp_path: Path) -> None:
    """Without a name and without --hosts no edge host is called; a name means its host alone."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        assert {check.subject for check in look(w).examination.checks} == {"git", PALETTE}
        assert logins(w, "login") == 0
        named = look(w, "store-2")
        assert {c.subject for c in named.examination.checks} == {"git", PALETTE, "host/store-2"}
        both = look(w, hosts=True)
        assert [c.subject for c in both.examination.checks if c.name == "login"] == [
            "host/store-1",
            "host/store-2",
        ]


def test_a_host_that_is_down_fails_at_tcp_and_costs_the_others_nothing(tmp_path: Path) -> None:
    """One dark site is one failed check."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.running.wait(lambda sim: sim.off("store-1"))
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "tcp")]
        assert found.check("host/store-2", "connection").verdict is Verdict.OK


def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    """Accounts lock after a few failures."""
    wrong = {"store-local-ui": {"username": "kairos", "password": "wrong-password"}}
    with world(tmp_path, secrets=wrong) as w:
        found = look(w, "store-1", hosts=True)
        assert found.failed == [(HOST, "login")]
        assert "correct the secret" in found.check(HOST, "login").hint
        assert found.names(Verdict.SKIPPED, HOST) == ["mode", "cluster", "connection"]
        assert (logins(w, "login-refused"), logins(w, "login")) == (1, 0)


def test_credentials_that_are_no_credentials_send_no_login(tmp_path: Path) -> None:
    """A secret without a password is told by its place; the way is looked at all the same."""
    with world(tmp_path, secrets={"store-local-ui": "only-one-word"}) as w:
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "secret")]
        assert found.check(HOST, "tls").verdict is Verdict.OK
        assert logins(w, "login-refused") == 0


@pytest.mark.parametrize(
    ("changes", "word"),
    [(UNHEALTHY, "node-2"), ({"state": "Provisioning"}, "Provisioning, not Running")],
)
def test_a_cluster_that_is_not_well_fails(
    tmp_path: Path, changes: dict[str, Any], word: str
) -> None:
    """The unhealthy node, or the state, is named."""
    with world(tmp_path, with_cluster(**changes)) as w:
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "cluster")]
        assert word in found.check(HOST, "cluster").message
        assert found.check(HOST, "cluster").hint


def test_a_host_without_a_cluster_is_told(tmp_path: Path) -> None:
    """There is nothing to pair, and nobody to ask for the way to Palette."""
    with world(tmp_path, host_document(cluster=None)) as w:
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "cluster")]
        assert found.names(Verdict.SKIPPED, HOST) == ["connection"]


def test_hosts_that_do_not_reach_palette_fail(tmp_path: Path) -> None:
    """By the host's own check, in its own words."""
    with world(tmp_path, host_document(reachesPalette=False)) as w:
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "connection")]
        assert "not all hosts of the cluster" in found.check(HOST, "connection").message


def test_without_a_usable_token_the_way_to_palette_is_not_tried(tmp_path: Path) -> None:
    """What is wrong with the token is told once, at Palette; the host is not given it."""
    with world(tmp_path) as w:
        w.commit(w.intent(registrationToken={"fromPalette": "nope"}))
        found = look(w, hosts=True)
        assert found.failed == [(PALETTE, "token nope")]
        assert "nope" in found.check(HOST, "connection").message
        paths = [one.path for one in w.running.simulation.journal.received]
        assert not any(path.endswith("verify-connection") for path in paths)


def test_a_token_that_the_host_may_not_get_is_not_sent_there(tmp_path: Path) -> None:
    """A secret goes only where it is bound to."""
    with world(tmp_path, secrets={"token": TOKEN}) as w:
        w.operator_spec["secrets"]["token"] = {"hosts": ["192.0.2.1"]}
        w.commit(w.intent(registrationToken={"secret": "token"}))
        found = look(w, hosts=True)
        assert (HOST, "connection") in found.failed
        assert "may not be sent" in found.check(HOST, "connection").message


def test_a_connected_host_is_a_warning(tmp_path: Path) -> None:
    """It is judged by how it is managed; the mode may tell of a wrong host."""
    with world(tmp_path, host_document(installationMode="connected")) as w:
        found = look(w, hosts=True)
        assert found.names(Verdict.WARNING) == ["mode"]
        assert "connected mode" in found.check(HOST, "mode").message


def test_a_paired_host_has_nothing_left_to_check(tmp_path: Path) -> None:
    """Central management is told, and no token is handed over any more."""
    with world(tmp_path) as w:
        w.apply()
        found = look(w, hosts=True)
        assert found.failed == []
        assert "centrally" in found.check(HOST, "mode").message
        assert found.names(Verdict.SKIPPED, HOST) == ["cluster", "connection"]


def test_an_intent_without_a_host_says_so(tmp_path: Path) -> None:
    """`desired: Rejected` needs no edge host."""
    with world(tmp_path) as w:
        needless = dict.fromkeys(
            ("localUI", "registrationToken", "profileMatch", "acknowledge"), None
        )
        w.commit(w.intent(desired="Rejected", request={"pairingUid": "p-1"}, **needless))
        found = look(w, hosts=True)
        assert found.failed == []
        assert found.names(Verdict.SKIPPED, HOST) == ["destination"]


def test_a_host_that_answers_with_something_else_is_told(tmp_path: Path) -> None:
    """A portal in the way is one failed check, not the end of the look."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("html", server="store-1", path="*/settings", times=9))
        found = look(w, hosts=True)
        assert found.failed == [(HOST, "mode")]
        assert "not JSON" in found.check(HOST, "mode").message


def test_how_far_the_look_is_can_be_shown(tmp_path: Path) -> None:
    """A fleet takes minutes: each server that was looked at counts, whatever came of it."""
    counts: list[tuple[int, int]] = []
    with world(tmp_path, host_document(1), host_document(2)) as w:
        look(w, hosts=True, counts=counts)
    assert counts == [(done, 3) for done in range(4)]
