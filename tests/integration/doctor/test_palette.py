"""`doctor` at Palette and Git: each thing that can be wrong is told by its own check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from doctor_factory import PALETTE, look
from pairctl.doctor import Verdict
from pairctl.problem import PairctlError
from pairctl.sim import Fault
from repo_factory import git
from scenario_factory import World, profile_match, quick_palette, world
from sim_factory import KEY, TOKEN, host_document

NOWHERE = "sha256:" + "0" * 64
LIST = "/v1/dashboard/clusterpairs/metadata"
FORBIDDEN = {"action": "error", "server": "palette", "status": 403, "times": 99}


def token(**changes: Any) -> dict[str, Any]:
    """Describe a Palette with one registration token."""
    described = {"name": "retail", "value": TOKEN, "defaultProject": "edge-retail", **changes}
    return quick_palette(registrationTokens=[described])


def in_days(days: float) -> str:
    """Write an instant that many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def with_palette(w: World, **spec: Any) -> None:
    """Commit the usual intent with a Palette that is written otherwise."""
    w.commit(w.palette(**spec), w.intent())


def test_where_all_is_well_nothing_fails_or_warns(tmp_path: Path) -> None:
    """Every check is made, but those that only writing could answer."""
    with world(tmp_path) as w:
        found = look(w, hosts=True)
        assert found.names(Verdict.FAILED) == found.names(Verdict.WARNING) == []
        assert found.names(Verdict.SKIPPED) == ["push", "clusterPair.get"]
        assert found.names(Verdict.OK, PALETTE) == [
            "destination", "secret", "dns", "tcp", "tls", "api-key", "clock", "project",
            "profiles", "match full", "match split", "clusters", "pairing-routes",
            "clusterPair.list", "clusterPair.update", "clusterPair.delete", "edgeToken.list",
            "token retail",
        ]  # fmt: skip
        assert found.names(Verdict.OK, "host/store-1") == [
            "destination", "secret", "dns", "tcp", "tls", "login", "clock", "mode", "cluster",
            "connection",
        ]  # fmt: skip
        assert found.names(Verdict.OK, "git") == ["ref", "documents", "status-branch"]


def test_a_look_changes_nothing(tmp_path: Path) -> None:
    """The servers see logins and reading calls, and no ref moves anywhere."""
    with world(tmp_path) as w:
        before = [git(folder, "for-each-ref") for folder in (w.box.bare, w.box.clone)]
        look(w, hosts=True)
        assert [git(folder, "for-each-ref") for folder in (w.box.bare, w.box.clone)] == before
        assert {effect.kind for effect in w.running.simulation.journal.effects} == {"login"}
        assert w.writes() == []


def test_a_wrong_key_is_told_once_and_used_no_further(tmp_path: Path) -> None:
    """A 401 fails the key; what needs it is not asked."""
    with world(tmp_path, secrets={"palette-production": "not-the-key"}) as w:
        found = look(w)
        assert found.failed == [(PALETTE, "api-key")]
        assert "InvalidApiKey" in found.check(PALETTE, "api-key").message
        assert found.check(PALETTE, "api-key").hint
        assert found.check(PALETTE, "project").verdict is Verdict.SKIPPED
        assert found.check(PALETTE, "clock").verdict is Verdict.OK
        assert len(w.running.simulation.journal.received) == 1


def test_an_unknown_project_is_told_with_the_nearest_names(tmp_path: Path) -> None:
    """A typing error is seen at once."""
    with world(tmp_path) as w:
        with_palette(w, project="edge-retial")
        found = look(w)
        assert found.failed == [(PALETTE, "project")]
        assert "edge-retial" in found.check(PALETTE, "project").message
        assert "edge-retail" in found.check(PALETTE, "project").hint


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"active": False}, "not active"),
        ({"expiresAt": in_days(-1)}, "expired"),
        ({"defaultProject": "lab"}, "leads to project"),
        ({"name": "another"}, "no registration token named retail"),
    ],
)
def test_a_token_that_cannot_be_used_fails(
    tmp_path: Path, changes: dict[str, Any], word: str
) -> None:
    """Inactive, expired, of another project, or not there: told before anything is sent."""
    with world(tmp_path, palette=token(**changes)) as w:
        found = look(w)
        assert found.failed == [(PALETTE, "token retail")]
        assert word in found.check(PALETTE, "token retail").message
        assert found.check(PALETTE, "token retail").hint


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"expiresAt": in_days(3)}, "expires in 3 days"), ({"defaultProject": None}, "no default")],
)
def test_a_token_that_works_for_now_is_a_warning(
    tmp_path: Path, changes: dict[str, Any], word: str
) -> None:
    """Less than a week left, or no default project: it works, and may surprise."""
    with world(tmp_path, palette=token(**changes)) as w:
        found = look(w)
        assert (found.failed, found.names(Verdict.WARNING)) == ([], ["token retail"])
        assert word in found.check(PALETTE, "token retail").message


def test_a_key_without_the_tenant_cannot_look_tokens_up(tmp_path: Path) -> None:
    """Tokens are the tenant's: the missing permission is named."""
    keys = [{"key": KEY, "tenant": False}]
    with world(tmp_path, palette=quick_palette(apiKeys=keys)) as w:
        found = look(w)
        assert found.failed == [(PALETTE, "token retail")]
        assert "edgeToken.list" in found.check(PALETTE, "token retail").hint


def test_a_token_given_as_a_secret_needs_no_lookup(tmp_path: Path) -> None:
    """Where the key cannot list tokens, a secret's token is taken with a warning."""
    keys = [{"key": KEY, "tenant": False}]
    with world(tmp_path, palette=quick_palette(apiKeys=keys), secrets={"token": TOKEN}) as w:
        w.commit(w.intent(registrationToken={"secret": "token"}))
        found = look(w, hosts=True)
        assert (found.failed, found.names(Verdict.WARNING)) == ([], ["token token"])


def test_another_certificate_than_the_pinned_one_is_told_with_both(tmp_path: Path) -> None:
    """Nothing but a handshake is made; the one that is served could be pinned."""
    with world(tmp_path) as w:
        real = w.palette()["spec"]["tls"]["fingerprint"]
        with_palette(w, tls={"fingerprint": NOWHERE})
        found = look(w)
        assert found.failed == [(PALETTE, "tls")]
        assert NOWHERE in found.check(PALETTE, "tls").message
        assert real in found.check(PALETTE, "tls").message
        assert w.running.simulation.journal.received == ()


def test_a_certificate_that_is_not_trusted_is_told_with_what_to_pin(tmp_path: Path) -> None:
    """The fingerprint in the hint, written into the document, is the one that works."""
    with world(tmp_path) as w:
        real = w.palette()["spec"]["tls"]["fingerprint"]
        spec = {key: value for key, value in w.palette()["spec"].items() if key != "tls"}
        w.commit({**w.palette(), "spec": spec}, w.intent())
        found = look(w)
        assert found.failed == [(PALETTE, "tls")]
        assert f'tls: {{fingerprint: "{real}"}}' in found.check(PALETTE, "tls").hint
        with_palette(w, tls={"fingerprint": real})
        assert look(w).failed == []


def test_the_fingerprint_is_told_before_there_is_a_secret(tmp_path: Path) -> None:
    """The way is looked at without the key; calls that need it are not made."""
    with world(tmp_path) as w:
        (w.secrets / "palette-production").unlink()
        found = look(w)
        assert found.failed == [(PALETTE, "secret")]
        assert str(w.secrets / "palette-production") in found.check(PALETTE, "secret").hint
        assert found.check(PALETTE, "tls").verdict is Verdict.OK
        assert found.check(PALETTE, "api-key").verdict is Verdict.SKIPPED
        assert w.running.simulation.journal.received == ()


def test_an_insecure_palette_is_a_warning_with_what_to_pin(tmp_path: Path) -> None:
    """Allowed by the operator's file, and still told."""
    with world(tmp_path, insecureTls=["127.0.0.1"]) as w:
        real = w.palette()["spec"]["tls"]["fingerprint"]
        with_palette(w, tls={"insecure": True})
        found = look(w)
        assert found.names(Verdict.WARNING, PALETTE) == ["tls"]
        assert real in found.check(PALETTE, "tls").hint


def test_an_endpoint_that_no_rule_allows_is_not_connected_to(tmp_path: Path) -> None:
    """Refused before any connection, with the line that would allow it."""
    with world(tmp_path) as w:
        found = look(w, hosts=True, allowed=[])
        assert found.failed == [(PALETTE, "destination"), ("host/store-1", "destination")]
        assert "--allow-host '127.0.0.1:" in found.check(PALETTE, "destination").hint
        assert found.names(Verdict.OK, PALETTE) == []
        assert w.running.simulation.journal.received == ()


def test_a_secret_bound_elsewhere_is_not_sent(tmp_path: Path) -> None:
    """The server may be called and is looked at; the key stays here."""
    with world(tmp_path) as w:
        w.operator_spec["secrets"]["palette-production"] = {"hosts": ["192.0.2.1"]}
        found = look(w)
        assert found.failed == [(PALETTE, "destination")]
        assert found.check(PALETTE, "tls").verdict is Verdict.OK
        assert w.running.simulation.journal.received == ()


def test_a_name_without_an_address_fails_at_dns(tmp_path: Path) -> None:
    """The step that fails is the one that is told, and the next are skipped."""
    with world(tmp_path) as w:
        with_palette(w, endpoint="https://palette.invalid")
        found = look(w, allowed=["palette.invalid"])
        assert found.failed == [(PALETTE, "dns")]
        assert found.names(Verdict.SKIPPED, PALETTE)[:2] == ["tcp", "tls"]


def test_a_palette_that_is_down_fails_at_tcp(tmp_path: Path) -> None:
    """A refused connection is told as such."""
    with world(tmp_path) as w:
        w.running.wait(lambda sim: sim.off("palette"))
        found = look(w)
        assert found.failed == [(PALETTE, "tcp")]
        assert "refused" in found.check(PALETTE, "tcp").message


@pytest.mark.parametrize(("behind_s", "word"), [(600, "10 min ahead of"), (-600, "10 min behind")])
def test_clocks_that_differ_are_a_warning(tmp_path: Path, behind_s: float, word: str) -> None:
    """By the `Date` of the servers' answers; within a minute is fine."""
    with world(tmp_path) as w:
        found = look(w, hosts=True, behind_s=behind_s)
        assert found.names(Verdict.WARNING) == ["clock", "clock"]
        assert word in found.check(PALETTE, "clock").message
        assert word in found.check("host/store-1", "clock").message
        assert look(w, behind_s=40).names(Verdict.WARNING) == []


def test_expiry_is_judged_by_palettes_clock(tmp_path: Path) -> None:
    """A clock that is a year behind does not keep an expired token alive."""
    with world(tmp_path, palette=token(expiresAt=in_days(-1))) as w:
        found = look(w, behind_s=365 * 86_400)
        assert "expired" in found.check(PALETTE, "token retail").message


@pytest.mark.parametrize(
    ("acceptance", "verdict"),
    [("Auto", Verdict.WARNING), ("Api", Verdict.FAILED), ("Console", Verdict.OK)],
)
def test_routes_that_do_not_answer_mean_the_console(
    tmp_path: Path, acceptance: str, verdict: Verdict
) -> None:
    """What it means depends on how requests are to be accepted."""
    with world(tmp_path, palette=quick_palette(pairing={"routes": False})) as w:
        with_palette(w, acceptance=acceptance)
        found = look(w)
        assert found.check(PALETTE, "pairing-routes").verdict is verdict
        assert ("console" in found.check(PALETTE, "pairing-routes").message) == (
            acceptance != "Api"
        )
        assert found.check(PALETTE, "clusterPair.list").verdict is Verdict.SKIPPED


def test_a_missing_permission_is_named(tmp_path: Path) -> None:
    """A 403 on the list is the permission clusterPair.list, not a dead route."""
    with world(tmp_path) as w:
        w.plan_faults(Fault(path=LIST, **FORBIDDEN))
        found = look(w)
        assert found.failed == [(PALETTE, "clusterPair.list")]
        assert "clusterPair.list" in found.check(PALETTE, "clusterPair.list").hint
        assert found.check(PALETTE, "pairing-routes").verdict is Verdict.OK


def test_a_pending_request_shows_the_permission_to_read_one(tmp_path: Path) -> None:
    """With a request in the list, reading it is tried: allowed, or refused."""
    with world(tmp_path) as w:
        w.commit(w.intent(acknowledge=None))
        w.apply()
        uid = w.pairing_uid()
        assert uid in look(w).check(PALETTE, "clusterPair.get").message
        w.plan_faults(Fault(path=f"/v1/clusterpairs/{uid}", **FORBIDDEN))
        found = look(w)
        assert found.failed == [(PALETTE, "clusterPair.get")]
        assert w.kinds() == ["request"]


@pytest.mark.parametrize(
    ("profiles", "word"),
    [
        ([{"name": "infra", "version": "1.0.0"}, "addons"], "its latest version is 1.1.0"),
        (["infra", "adons"], "no profile named adons"),
    ],
)
def test_a_match_with_profiles_that_cannot_be_selected_fails(
    tmp_path: Path, profiles: list[Any], word: str
) -> None:
    """The guard, and names that Palette does not have."""
    with world(tmp_path) as w:
        w.commit(w.palette(), profile_match(profiles=profiles), w.intent())
        found = look(w)
        assert found.failed == [(PALETTE, "match split")]
        assert word in found.check(PALETTE, "match split").message


def test_the_secret_of_a_profile_variable_is_looked_for(tmp_path: Path) -> None:
    """It would be missed only at the one-way step."""
    with world(tmp_path) as w:
        match = profile_match(variables={"password": {"secret": "grafana"}, "region": "emea"})
        w.commit(w.palette(), match, w.intent())
        assert look(w).failed == [(PALETTE, "secret grafana")]


def test_a_ref_that_is_not_there_leaves_nothing_to_reach(tmp_path: Path) -> None:
    """The repository is told, and no server is called."""
    with world(tmp_path) as w:
        done = w.run("doctor", "--ref", "nope")
        assert done.returncode == 3
        assert "nope" in done.stdout
        assert w.running.simulation.journal.received == ()


def test_documents_that_cannot_be_used_are_told_with_their_place(tmp_path: Path) -> None:
    """The rest is looked at all the same."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        broken = w.intent(2) | {"spec": {**w.intent(2)["spec"], "nope": 1}}
        w.commit(w.intent(), broken)
        found = look(w)
        assert found.failed == [("git", "documents")]
        assert "fleet.yaml:" in found.check("git", "documents").message
        assert found.check(PALETTE, "api-key").verdict is Verdict.OK
        assert look(w, "store-2").failed == [("git", "documents"), ("host/store-2", "document")]


def test_a_name_that_the_commit_does_not_have_is_an_error(tmp_path: Path) -> None:
    """It is told with the nearest names, and nothing is called."""
    with world(tmp_path) as w:
        with pytest.raises(PairctlError, match="store-11") as told:
            look(w, "store-11")
        assert "store-1" in told.value.problem.hint
        assert w.running.simulation.journal.received == ()


def test_a_clone_url_is_looked_at_too(tmp_path: Path) -> None:
    """The status branch is read where it is kept."""
    with world(tmp_path) as w:
        w.apply()
        found = look(w, location=w.box.url)
        assert found.failed == []
        assert w.tip[:7] in found.check("git", "status-branch").message
