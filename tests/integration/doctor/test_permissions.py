"""`doctor` and what a key may do: Palette's word for it is inferred: it warns, and never fails."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from doctor_factory import PALETTE, Found, look
from pairctl.doctor import Verdict
from pairctl.sim import Fault
from scenario_factory import document, quick_palette, world
from sim_factory import KEY

ME = "/v1/users/me"
UPDATE, DELETE, TOKENS = "clusterPair.update", "clusterPair.delete", "edgeToken.list"
VIEWER = ("clusterPair.get", "clusterPair.list")
EDITOR = (*VIEWER, UPDATE)
STOLEN = document(
    "PairingIntent",
    "stolen-box",
    {"desired": "Rejected", "palette": "production", "request": {"pairingUid": "p-1"}},
)


def with_key(**key: Any) -> dict[str, Any]:
    """Describe a Palette whose one key is like this."""
    return quick_palette(apiKeys=[{"key": KEY, **key}])


def verdicts(found: Found, names: Sequence[str] = (UPDATE, DELETE)) -> list[Verdict]:
    """Give how these checks of Palette ended."""
    return [found.check(PALETTE, name).verdict for name in names]


def test_a_key_that_cannot_accept_is_told_which_role_to_ask_for(tmp_path: Path) -> None:
    """Cluster Editor accepts; what nothing needs is no warning; and the key's refusal agrees."""
    with world(tmp_path, palette=with_key(permissions=VIEWER)) as w:
        found = look(w)
        assert found.failed == []
        assert verdicts(found) == [Verdict.WARNING, Verdict.OK]
        check = found.check(PALETTE, UPDATE)
        assert "store-1" in check.message
        assert "Cluster Editor" in check.hint
        assert "edge-retail" in check.hint
        assert "no intent needs it" in found.check(PALETTE, DELETE).message
        w.apply()
        assert w.told() == ("Blocked", "Forbidden")
        assert "Cluster Editor" in w.status()["humanAction"]


def test_a_key_that_cannot_reject_is_told_where_an_intent_wants_that(tmp_path: Path) -> None:
    """Cluster Admin rejects; an editor's key is enough for the rest."""
    with world(tmp_path, palette=with_key(permissions=EDITOR)) as w:
        assert verdicts(look(w)) == [Verdict.OK, Verdict.OK]
        w.commit(w.intent(), STOLEN)
        found = look(w)
        assert (found.failed, verdicts(found)) == ([], [Verdict.OK, Verdict.WARNING])
        assert "stolen-box" in found.check(PALETTE, DELETE).message
        assert "Cluster Admin" in found.check(PALETTE, DELETE).hint
        w.commit(w.palette(unrecognizedRequests="Reject"), w.intent())
        assert "unrecognizedRequests" in look(w).check(PALETTE, DELETE).message


def test_a_person_who_accepts_needs_no_permission_of_the_key(tmp_path: Path) -> None:
    """`acceptance: Console`: that the key cannot accept is no warning."""
    with world(tmp_path, palette=with_key(permissions=VIEWER)) as w:
        w.commit(w.palette(acceptance="Console"), w.intent())
        assert verdicts(look(w)) == [Verdict.OK, Verdict.OK]


def test_a_key_that_cannot_read_tokens_is_told_where_one_is_named(tmp_path: Path) -> None:
    """Tenant Viewer reads them; the check of the token itself says the same."""
    with world(tmp_path, palette=with_key(tenantPermissions=[])) as w:
        found = look(w)
        assert found.check(PALETTE, TOKENS).verdict is Verdict.WARNING
        assert "Tenant Viewer" in found.check(PALETTE, TOKENS).hint
        assert found.failed == [(PALETTE, "token retail")]
        assert "Tenant Viewer" in found.check(PALETTE, "token retail").hint


def test_permissions_of_another_project_do_not_count(tmp_path: Path) -> None:
    """What the key may do elsewhere accepts nothing here."""
    lab = {"projectPermissions": {"some-other-uid": list(EDITOR)}}
    tenant = {"tenantPermissions": {"t": list(VIEWER)}}
    with world(tmp_path, palette=with_key(me={"status": {**lab, **tenant}})) as w:
        assert verdicts(look(w)) == [Verdict.WARNING, Verdict.OK]


def test_permissions_of_the_tenant_count_in_each_project(tmp_path: Path) -> None:
    """A tenant's role holds everywhere, as Palette's pages on permissions say."""
    everywhere = {"status": {"tenantPermissions": {"t": [*EDITOR, DELETE, TOKENS]}}}
    with world(tmp_path, palette=with_key(me=everywhere)) as w:
        assert verdicts(look(w), (UPDATE, DELETE, TOKENS)) == [Verdict.OK] * 3


@pytest.mark.parametrize(
    "me",
    [
        {},
        [],
        "Robin",
        7,
        {"status": None},
        {"status": "active"},
        {"status": {"projectPermissions": None}},
        {"status": {"projectPermissions": list(EDITOR), "tenantPermissions": 1}},
        {"status": {"projectPermissions": {"p": {"clusterPair": ["update"]}}}},
        {"status": {"projectPermissions": {"p": [7, None, ["clusterPair.update"]]}}},
        {"status": {"tenantPermissions": {"t": ["ALL"]}}},
    ],
    ids=str,
)
def test_an_answer_that_is_not_understood_proves_nothing(tmp_path: Path, me: Any) -> None:
    """An odd shape, or one that does not know what the key has just done: not seen, no warning."""
    with world(tmp_path, palette=with_key(me=me)) as w:
        found = look(w)
        assert (found.failed, found.names(Verdict.WARNING)) == ([], [])
        assert verdicts(found, (UPDATE, DELETE, TOKENS)) == [Verdict.SKIPPED] * 3
        assert ME in found.check(PALETTE, UPDATE).message


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "error", "status": 403},
        {"action": "error", "status": 404},
        {"action": "error", "status": 401},
        {"action": "error", "status": 500},
        {"action": "html"},
        {"action": "huge"},
        {"action": "redirect"},
        {"action": "drop"},
        {"action": "cut"},
    ],
    ids=str,
)
def test_a_call_that_does_not_work_costs_nothing_else(
    tmp_path: Path, fault: dict[str, Any]
) -> None:
    """Refused, not served, or broken: the other checks are made, and none fails for it."""
    with world(tmp_path) as w:
        w.plan_faults(Fault(server="palette", path=ME, times=99, **fault))
        found = look(w)
        assert (found.failed, found.names(Verdict.WARNING)) == ([], [])
        assert verdicts(found) == [Verdict.SKIPPED] * 2
        assert found.check(PALETTE, "token retail").verdict is Verdict.OK


def test_a_palette_without_the_call_is_looked_at_as_before(tmp_path: Path) -> None:
    """404: only accepting and rejecting show what the key may do."""
    with world(tmp_path, palette=with_key(tellsPermissions=False)) as w:
        found = look(w)
        assert found.failed == []
        assert verdicts(found) == [Verdict.SKIPPED] * 2
        assert "only accepting and rejecting show it" in found.check(PALETTE, UPDATE).message


def test_nothing_of_the_person_is_shown(tmp_path: Path) -> None:
    """Neither a name nor an address leaves the answer, in text or JSON."""
    with world(tmp_path) as w:
        for options in ((), ("--format", "json")):
            done = w.run("doctor", *options)
            assert UPDATE in done.stdout
            for word in ("Robin", "robin@", KEY):
                assert word not in done.stdout + done.stderr
        assert ME in [one.path for one in w.running.simulation.journal.received]
