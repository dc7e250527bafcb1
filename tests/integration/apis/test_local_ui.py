"""The client of Local UI: one login, facts out of answers, and effects that are sent once."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

import apis_factory as factory
from apis_factory import answer, by_path, error, in_turn, serving, wire
from pairctl.apis import (
    ApiFailure,
    AuthenticationFailed,
    Forbidden,
    LocalUI,
    LoginUnusable,
    OutcomeUnknown,
    RefusedLogins,
    RouteClosed,
    ServerError,
    Unauthorized,
    UnexpectedAnswer,
    local_ui,
)
from pairctl.apis.acting_clients import LocalUIWriter
from pairctl.apis.limits import HostLimit
from pairctl.apis.routes import Operation
from pairctl.layers import UNSAID, Layer
from pairctl.pairing.facts.observation import LocalRequest, LocalRequestStatus, ManagementMode
from pairctl.secrets import Credentials, Redactor, Secret
from pairctl.text import is_plain

LOGIN = "/login"
RENEWAL = "/token/renewal"
USER = Credentials("kairos", Secret("simulated-password"))
TOKEN = Secret("simulated-registration-token")
PALETTE = "api.spectrocloud.com"


def login(name: str = "first", **more: Any) -> factory.Reaction:
    """Answer a login."""
    token = {"Authorization": f"jwt.{name}", "RefreshToken": f"refresh.{name}"}
    return answer(200, {"Token": token, "IsFirstLogin": False, **more})


def pack(**changes: Any) -> dict[str, Any]:
    """Return a pack of the local cluster."""
    return {"name": "cni-calico", "version": "3.25.1", "layer": "cni", "values": "x: y", **changes}


def running(*packs: Any) -> factory.Reaction:
    """Answer with the packs that run on the cluster."""
    return answer(200, {"clusterProfileTemplates": [{"packs": list(packs)}]})


def cluster(**status: Any) -> dict[str, Any]:
    """Return the details of a healthy cluster."""
    node = {"nodeName": "node-1", "nodeState": "Running", "health": {"status": "Healthy"}}
    return {
        "metadata": {
            "id": "local-1",
            "name": "store-0001",
            "labels": {"region": "emea"},
            "tags": {"owner": "retail", "odd": {"a": 1}, "none": None},
        },
        "status": {
            "clusterState": "Running",
            "health": {"status": "Healthy"},
            "nodePools": [{"nodes": [node]}, {"nodes": None}],
            "kubeconfig": "canary-kubeconfig",
            **status,
        },
    }


def world(**changes: factory.Reaction) -> factory.Reaction:
    """Return a host that is well, with some answers changed by their last path segment."""
    normal: Mapping[str, factory.Reaction] = {
        "login": login(),
        "settings": answer(200, {"installationMode": "airgap", "managementMode": "local"}),
        "current": answer(200, {"metadata": {"id": "host-1"}, "status": {"agentVersion": "v4"}}),
        "cluster/details": answer(200, cluster()),
        "applications": answer(200, {"clusterProfileTemplates": [{"packs": [pack()]}]}),
        "pair/details": error(404, "no pairing"),
        "verify-connection": answer(200, {"verified": True, "message": ""}),
        "cluster/pair": answer(201, {"pairingUid": "pairing-1"}),
        "pair/reject": answer(200, {"message": "withdrawn"}),
    }
    names = {"cluster_details": "cluster/details", "pair_details": "pair/details"}
    names |= {"verify": "verify-connection", "pair": "cluster/pair", "renewal": "token/renewal"}
    return by_path({**normal, **{names.get(key, key): it for key, it in changes.items()}})


def asked(reaction: factory.Reaction, method: str, *arguments: Any, **changes: Any) -> Any:
    """Call one method of a fresh client; return its answer and the server."""

    async def run() -> tuple[Any, factory.Served]:
        async with (
            serving(reaction) as server,
            LocalUIWriter(server.endpoint, USER, wire(**changes)) as client,
        ):
            try:
                return await getattr(client, method)(*arguments), server
            except ApiFailure as failure:
                return failure, server

    return asyncio.run(run())


def test_a_host_is_observed_whole() -> None:
    """Settings, host, cluster with its layers, and the request: facts without secrets."""
    host, _ = asked(world(), "observe")
    assert (host.uid, host.management_mode, host.agent_version) == (
        "host-1",
        ManagementMode.LOCAL,
        "v4",
    )
    assert host.request is None
    assert host.cluster.stack == (Layer("cni", "cni-calico", "3.25.1"),)
    assert host.cluster.tags == {"region": "emea", "owner": "retail"}
    assert [node.is_healthy for node in host.cluster.nodes] == [True]
    assert (host.cluster.uid, host.cluster.state, host.cluster.is_healthy) == (
        "local-1",
        "Running",
        True,
    )
    assert "canary" not in repr(host)


def paths_of_looks(reaction: factory.Reaction, *are_brief: bool) -> list[set[str]]:
    """Look at a host so often with one client; return what each look asked for."""

    async def run() -> list[set[str]]:
        found, known = [], 0
        async with (
            serving(reaction) as server,
            LocalUIWriter(server.endpoint, USER, wire()) as client,
        ):
            for is_brief in are_brief:
                await client.observe(is_brief=is_brief)
                asked_for = {path.rpartition("edge-mgmt/")[2] for path in server.paths[known:]}
                known = len(server.paths)
                found.append({path for path in asked_for if "login" not in path})
        return found

    return asyncio.run(run())


FULL = {"settings", "edgehosts/current", "cluster/details", "cluster/applications"}
BRIEF = {"settings", "cluster/pair/details"}


def test_a_brief_look_asks_for_what_may_change() -> None:
    """Mode and request; the first look of a client is a full one, and so is each that is asked."""
    looks = paths_of_looks(world(), True, True, False, True)
    assert looks == [FULL | BRIEF, BRIEF, FULL | BRIEF, BRIEF]


def test_a_host_that_changed_over_is_looked_at_in_full() -> None:
    """What it was before says nothing about what it is, once somebody else manages it."""
    modes = iter(["local", "local", "central", "central"])

    async def settings(got: factory.Got, writer: asyncio.StreamWriter) -> None:
        await answer(200, {"managementMode": next(modes)})(got, writer)

    looks = paths_of_looks(world(settings=settings), True, True, True, True)
    assert looks == [FULL | BRIEF, BRIEF, FULL | BRIEF, BRIEF]


def test_a_host_without_a_cluster_has_none() -> None:
    """A 404 in the API's words is an answer."""
    host, server = asked(world(cluster_details=error(404, "no cluster")), "observe")
    assert host.cluster is None
    assert not any(path.endswith("applications") for path in server.paths)


def test_a_foreign_404_is_not_the_absence_of_a_request() -> None:
    """A proxy's page must not lead to a second pairing request."""
    page = answer(404, raw=b"<html>", content_type="text/html")
    failure, _ = asked(world(pair_details=page), "observe")
    assert failure.problem.reason == "NotTheApi"


ABSENT = [
    answer(404, {"message": "there is none"}),
    answer(404, {"code": "PairingNotFound"}),
    answer(404, {"code": 404, "message": "path /v1/edge-mgmt/cluster/pair was not found"}),
    answer(404, "there is none"),
    answer(404, raw=b"there is none", content_type="text/plain"),
    answer(404, {}),
    answer(404, raw=b""),
]


@pytest.mark.parametrize("absent", ABSENT)
@pytest.mark.parametrize("what", ["pair_details", "cluster_details", "applications"])
def test_once_the_host_has_answered_any_404_of_its_own_is_an_absence(
    absent: factory.Reaction, what: str
) -> None:
    """The specification leaves every field of an error out, or gives it as a text."""
    host, _ = asked(world(**{what: absent}), "observe")
    assert (host.request, host.cluster is None) == (None, what == "cluster_details")
    assert what != "applications" or host.cluster.stack == ()


@pytest.mark.parametrize("foreign", [
    answer(404, raw=b"<html>", content_type="text/html"),
    answer(404, raw=b"<!doctype html>", content_type="text/plain"),
    answer(404, {"detail": "no upstream"}),
])  # fmt: skip
@pytest.mark.parametrize("what", ["pair_details", "cluster_details", "applications"])
def test_a_page_of_a_proxy_is_never_an_absence(foreign: factory.Reaction, what: str) -> None:
    """It must not lead to a second pairing request."""
    failure, _ = asked(world(**{what: foreign}), "observe")
    assert failure.problem.reason == "NotTheApi"


@pytest.mark.parametrize("method", ["request", "cluster", "layers"])
def test_before_the_host_has_answered_a_bare_404_proves_nothing(method: str) -> None:
    """Anybody may say so of a path: the settings and the host are read first."""
    bare = answer(404, {"message": "there is none"})
    host = world(pair_details=bare, cluster_details=bare, applications=bare)
    failure, _ = asked(host, method)
    assert failure.problem.reason == "NotTheApi"


def test_a_bare_404_of_the_host_itself_is_no_answer() -> None:
    """Nothing is known of a host that does not say who it is."""
    failure, _ = asked(world(current=answer(404, {"message": "no"})), "observe")
    assert failure.problem.reason == "NotTheApi"


EMPTY = {"pairingUid": "", "status": "", "message": "", "insecure": False}


@pytest.mark.parametrize("nothing", [
    answer(200, {}), answer(200, []), answer(200, [{}]), answer(200, raw=b"null"),
    answer(200, EMPTY), answer(204),
])  # fmt: skip
def test_a_request_without_any_field_is_none(nothing: factory.Reaction) -> None:
    """A server may write the object all the same."""
    host, _ = asked(world(pair_details=nothing), "observe")
    assert host.request is None


@pytest.mark.parametrize("odd", [
    answer(200, raw=b""), answer(200, {"status": "Pairing"}), answer(200, [{}, {}]),
    answer(200, raw=b"{}", content_type="text/html"),
])  # fmt: skip
def test_an_answer_that_may_be_a_request_is_not_taken_for_none(odd: factory.Reaction) -> None:
    """In doubt the host is not read: a second pairing request must never be made."""
    failure, _ = asked(world(pair_details=odd), "observe")
    assert isinstance(failure, ApiFailure)


@pytest.mark.parametrize("refused", [
    answer(400, "the token is not known"),
    answer(400, {"message": "the token is not known"}),
    answer(400, raw=b"the token is not known", content_type="text/plain"),
    answer(500, {"code": "Told", "message": "the token is not known"}),
    answer(500, "the token is not known"),
])  # fmt: skip
def test_why_a_connection_is_not_verified_is_in_the_hosts_words(refused: factory.Reaction) -> None:
    """The specification has 400 and 500 for it, in any form."""
    seen, _ = asked(world(verify=refused), "verify_connection", PALETTE, TOKEN)
    assert not seen.is_verified
    assert "the token is not known" in seen.message


@pytest.mark.parametrize("hidden", [error(403), error(404), answer(404, raw=b"x"), error(500)])
def test_a_centrally_managed_host_may_hide_its_cluster(hidden: factory.Reaction) -> None:
    """After a pairing the local operations are no longer permitted."""
    central = answer(200, {"installationMode": "airgap", "managementMode": "central"})
    host, _ = asked(world(settings=central, cluster_details=hidden, pair_details=hidden), "observe")
    assert host.management_mode is ManagementMode.CENTRAL
    assert (host.cluster, host.request) == (None, None)


@pytest.mark.parametrize(
    ("settings", "spec", "mode"),
    [("local", "local", "local"), ("local", None, "local"), (None, "local", "local"),
     ("local", "central", "central"), ("central", "local", "central"),
     (None, "central", "central")],
)  # fmt: skip
def test_a_host_that_says_in_one_place_that_it_is_central_is_central(
    settings: str | None, spec: str | None, mode: str
) -> None:
    """Nothing may be sent to it: it changes over just now, or two nodes of it disagree."""
    current = answer(200, {"metadata": {"id": "host-1"}, "spec": {"managementMode": spec}})
    said = answer(200, {"installationMode": "airgap", "managementMode": settings})
    host, _ = asked(world(settings=said, current=current), "observe")
    assert host.management_mode == mode


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applications": running(pack(version=1.1))}, "version"),
        ({"current": answer(200, {"metadata": {}})}, "metadata.id"),
        ({"settings": answer(200, {"managementMode": "canary"})}, "managementMode"),
        ({"cluster_details": answer(200, {"metadata": {"id": "x", "name": ["canary"]}})},
         "metadata.name"),
    ],
)  # fmt: skip
def test_an_answer_without_what_is_needed_names_the_field(changes, field: str) -> None:
    """The field is named, its value is not."""
    failure, _ = asked(world(**changes), "observe")
    assert type(failure) is UnexpectedAnswer
    assert field in str(failure)
    assert "canary" not in str(failure)


@pytest.mark.parametrize(("changes", "layer"), [
    ({"layer": None}, Layer(UNSAID, "cni-calico", "3.25.1")),
    ({"version": None}, Layer("cni", "cni-calico", UNSAID)),
    ({"version": "", "type": "helm"}, Layer("cni", "cni-calico", UNSAID)),
    ({"name": None}, Layer("cni", UNSAID, "3.25.1")),
    ({"version": None, "type": "manifest"}, Layer("cni", "cni-calico", "")),
    ({"version": "1.0", "type": "manifest"}, Layer("cni", "cni-calico", "1.0")),
])  # fmt: skip
def test_what_a_pack_does_not_say_makes_it_equal_to_none(changes: Any, layer: Layer) -> None:
    """The host can be read all the same. A manifest alone has no version."""
    host, _ = asked(world(applications=running(pack(**changes))), "observe")
    assert host.cluster.stack == (layer,)
    assert layer.is_comparable is (changes.get("type") == "manifest")


def test_a_request_is_a_fact_without_its_token() -> None:
    """The host's answer holds the registration token; it is dropped, and cleaned from messages."""
    redactor = Redactor()
    details = {
        "pairingUid": "pairing-1",
        "paletteEndpoint": PALETTE,
        "registrationToken": "canary-token",
        "insecure": False,
        "status": "pairing",
        "message": "token canary-token is fine",
    }
    found, _ = asked(world(pair_details=answer(200, details)), "request", redactor=redactor)
    assert found == LocalRequest(
        "pairing-1", PALETTE, LocalRequestStatus.PAIRING, "token [redacted] is fine"
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [("Paired", LocalRequestStatus.PAIRED), ("REJECTED", LocalRequestStatus.REJECTED),
     ("Wondering", LocalRequestStatus.UNKNOWN), ("", LocalRequestStatus.UNKNOWN)],
)  # fmt: skip
def test_an_unknown_word_is_not_the_absence_of_a_request(word: str, status) -> None:
    """New words and other case are read; what is not known stays unknown."""
    found, _ = asked(
        world(pair_details=answer(200, {"pairingUid": "p-1", "status": word})), "request"
    )
    assert found.status is status


@pytest.mark.parametrize(
    "document",
    [
        {"pairingUid": "../../spectroclusters/x", "status": "Pairing"},
        {"pairingUid": "", "status": "Pairing"},
        {"status": "Paired"},
        {"uid": "a"},
        {"message": "later"},
        {"pairingUid": "", "paletteEndpoint": "", "status": "", "message": "there is none"},
        {"pairingUid": None, "paletteEndpoint": None, "status": None, "uid": "a"},
        [{"pairingUid": "a"}, {"pairingUid": "b"}],
        [],
        "Pairing",
        None,
    ],
)
def test_a_request_that_makes_no_sense_is_unexpected(document: Any) -> None:
    """No id, a hostile id, several requests: never taken for none."""
    failure, _ = asked(world(pair_details=answer(200, document)), "request")
    assert type(failure) is UnexpectedAnswer


def test_a_list_of_one_request_is_that_request() -> None:
    """Some versions may wrap it."""
    found, _ = asked(
        world(pair_details=answer(200, [{"pairingUid": "p", "status": "Pairing"}])), "request"
    )
    assert found.pairing_uid == "p"


def test_the_connection_is_judged_by_the_host() -> None:
    """A refusal with 400 is a no with a reason, and the token is not echoed."""
    fine, server = asked(world(), "verify_connection", PALETTE, TOKEN)
    assert fine.is_verified
    assert server.got[-1].document == {
        "paletteEndpoint": PALETTE,
        "registrationToken": TOKEN.reveal(),
        "insecure": False,
    }
    redactor = Redactor()
    redactor.learn(TOKEN.reveal())
    refused = error(400, f"token {TOKEN.reveal()}: no route to host")
    bad, _ = asked(world(verify=refused), "verify_connection", PALETTE, TOKEN, redactor=redactor)
    assert not bad.is_verified
    assert "token [redacted]: no route to host" in bad.message


def test_a_pairing_request_is_sent_once() -> None:
    """The host answers with the pairing id."""
    uid, server = asked(world(), "send_request", PALETTE, TOKEN)
    assert uid == "pairing-1"
    assert server.paths.count("POST /v1/edge-mgmt/cluster/pair") == 1


@pytest.mark.parametrize(
    "bad",
    [
        answer(201, {}),
        answer(201, {"pairingUid": ""}),
        answer(201, {"pairingUid": "../x"}),
        answer(201, {"pairingUid": 7}),
        answer(201, raw=b"{"),
        answer(201),
        factory.reset,
        factory.cut,
        error(500, "could not reach palette"),
    ],
)
def test_a_request_without_an_id_in_return_is_unknown(bad: factory.Reaction) -> None:
    """It may well have been sent: the host's own details will tell."""
    failure, server = asked(world(pair=bad), "send_request", PALETTE, TOKEN)
    assert isinstance(failure, OutcomeUnknown)
    assert server.paths.count("POST /v1/edge-mgmt/cluster/pair") == 1


def test_a_withdrawal_is_sent_once() -> None:
    """It has no body, and its answer is a message only."""
    nothing, server = asked(world(), "withdraw")
    assert nothing is None
    assert server.got[-1].body == b""
    assert server.paths.count("POST /v1/edge-mgmt/cluster/pair/reject") == 1


def test_a_reading_client_has_no_way_to_write() -> None:
    """Its table has no writing call, whoever asks for one."""

    async def run() -> None:
        async with serving(world()) as server:
            async with LocalUI(server.endpoint, USER, wire()) as client:
                assert not hasattr(client, "send_request")
                with pytest.raises(RouteClosed):
                    await client._channel.call(Operation.SEND_REQUEST)
            assert server.connections == 0

    asyncio.run(run())


def test_many_tasks_share_one_login() -> None:
    """Fifty at once: one logs in, all go on, without cookies."""

    async def run() -> None:
        async with serving(world()) as server:
            async with LocalUI(server.endpoint, USER, wire()) as client:
                await asyncio.gather(*(client.layers() for _ in range(50)))
            logins = [got for got in server.got if got.path.endswith(LOGIN)]
            assert len(logins) == 1
            assert logins[0].query == {"setCookie": "false"}
            others = [got for got in server.got if not got.path.endswith(LOGIN)]
            assert {got.headers["authorization"] for got in others} == {"jwt.first"}

    asyncio.run(run())


def test_a_token_that_ran_out_is_renewed_once() -> None:
    """A read goes on with the new token; the refresh token is what renews it."""
    renewed = answer(200, {"Authorization": "jwt.second", "RefreshToken": "refresh.second"})
    layers = in_turn(error(401), answer(200, {"clusterProfileTemplates": []}))
    found, server = asked(world(applications=layers, renewal=renewed), "layers")
    assert found == ()
    assert [got.path.rsplit("/", 1)[1] for got in server.got] == [
        "login",
        "applications",
        "renewal",
        "applications",
    ]
    assert server.got[2].document == {"refreshToken": "refresh.first"}
    assert server.got[3].headers["authorization"] == "jwt.second"


@pytest.mark.parametrize("refusal", [error(401), error(404), error(500), answer(200, {})])
def test_a_renewal_that_fails_is_followed_by_one_login(refusal: factory.Reaction) -> None:
    """No usable renewal: log in again, once."""
    layers = in_turn(error(401), answer(200, {}))
    logins = in_turn(login("first"), login("second"))
    found, server = asked(world(applications=layers, renewal=refusal, login=logins), "layers")
    if isinstance(found, LoginUnusable):
        pytest.fail("a renewal without a token should not be the end")
    assert found == ()
    assert server.got[-1].headers["authorization"] == "jwt.second"


def test_a_read_that_stays_unauthorized_ends() -> None:
    """One renewal, one more try, and no loop."""
    renewed = answer(200, {"Authorization": "jwt.second"})
    failure, server = asked(world(applications=error(401), renewal=renewed), "layers")
    assert type(failure) is Unauthorized
    assert len(server.got) == 4


def test_an_effect_with_a_stale_token_is_not_repeated() -> None:
    """It was not applied: the caller looks again, and then sends with a new login."""
    failure, server = asked(world(pair=error(401)), "send_request", PALETTE, TOKEN)
    assert type(failure) is Unauthorized
    assert server.paths.count("POST /v1/edge-mgmt/cluster/pair") == 1


@pytest.mark.parametrize("refusal", [error(400, "bad"), error(401), error(403)])
def test_refused_credentials_are_not_tried_again(refusal: factory.Reaction) -> None:
    """An account may lock after three: one refused login, over clients and passes."""

    async def run() -> None:
        refused = RefusedLogins()
        async with serving(world(login=refusal)) as server:
            for _ in range(3):
                async with LocalUI(server.endpoint, USER, wire(), refused) as client:
                    for _ in range(3):
                        with pytest.raises(AuthenticationFailed):
                            await client.observe()
            assert len(server.got) == 1
            changed = Credentials("kairos", Secret("another-password"))
            async with LocalUI(server.endpoint, changed, wire(), refused) as client:
                with pytest.raises(AuthenticationFailed):
                    await client.observe()
            assert len(server.got) == 2

    asyncio.run(run())


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_in_place_of_a_refused_login_is_told(status: int) -> None:
    """It is not tried again, as accounts lock; and a person looks at what answers for the host."""
    page = answer(status, raw=b"<html>", content_type="text/html")
    failure, _ = asked(world(login=page), "observe")
    assert type(failure) is AuthenticationFailed
    assert "not in the API's own words" in failure.problem.message


def test_a_login_that_breaks_is_not_hammered() -> None:
    """A 500 may stand for a wrong password: it is the client's last login."""

    async def run() -> None:
        async with serving(world(login=error(500))) as server:
            async with LocalUI(server.endpoint, USER, wire()) as client:
                for _ in range(3):
                    with pytest.raises(ServerError):
                        await client.observe()
            assert len(server.got) == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    "bad",
    [
        login(IsFirstLogin=True),
        answer(200, {"Token": {"Authorization": ""}}),
        answer(200, {"Token": None}),
        answer(200, {}),
        answer(200, {"Token": {"Authorization": "two\nlines"}}),
    ],
)
def test_a_login_without_a_usable_token_is_told(bad: factory.Reaction) -> None:
    """A first login, an empty token, no token, one that no header can carry."""
    failure, server = asked(world(login=bad), "observe")
    assert type(failure) is LoginUnusable
    assert len(server.got) == 1


def test_tokens_of_a_login_are_masked_in_what_the_host_says() -> None:
    """A server that echoes the JWT does not get it into a message."""
    echo = error(403, "token jwt.first and refresh.first may not")
    failure, _ = asked(world(applications=echo), "layers")
    assert type(failure) is Forbidden
    assert "token [redacted] and [redacted] may not" in str(failure)


WORDS = ("metadata", "Running", "Pairing", "status", "store-0001", "Unauthorized")


@pytest.mark.parametrize("word", WORDS)
def test_what_is_redacted_is_not_for_a_host_to_choose(word: str) -> None:
    """A word that a host calls its token stays a word wherever else it stands."""
    redactor = Redactor()
    token = {"Authorization": word, "RefreshToken": word}
    changes = {
        "login": answer(200, {"Token": token}),
        "pair_details": answer(200, {"pairingUid": "p-1", "status": "Pairing",
                                     "registrationToken": word}),
        "pair": answer(201, {"pairingUid": "p-1"}),
    }  # fmt: skip
    host, _ = asked(world(**changes), "observe", redactor=redactor)
    assert host.request.status is LocalRequestStatus.PAIRING
    assert (host.cluster.state, host.cluster.name) == ("Running", "store-0001")
    assert redactor.redact(word) == word
    assert redactor.count == 1  # the password of the operator


def test_what_is_kept_of_a_host_that_invents_tokens_stays_the_same() -> None:
    """A watch looks for months: neither the redactor nor the client grows with what a host says."""

    async def run() -> None:
        redactor, number = Redactor(), 0

        async def details(got: factory.Got, writer: asyncio.StreamWriter) -> None:
            nonlocal number
            number += 1
            told = [{"pairingUid": "p-1", "status": "Pairing", "message": f"token-{number:09}",
                     "registrationToken": f"token-{number:09}",
                     "more": [f"invented-{number}-{n}" for n in range(500)]}]  # fmt: skip
            await answer(200, told)(got, writer)

        async with (
            serving(world(pair_details=details)) as server,
            LocalUI(server.endpoint, USER, wire(redactor=redactor)) as client,
        ):
            kept = set()
            for _ in range(40):
                assert (await client.request()).message == "[redacted]"
                kept.add((redactor.count, len(redactor._uses), client._channel.cleaner.count))
            assert max(kept) == (1, len(redactor._uses), 4)
            assert len(kept) <= 3

    asyncio.run(run())


def test_a_host_that_says_its_secrets_again_is_not_repeated() -> None:
    """Its login's tokens, the token it was given, and the one that it holds, in its own texts."""
    told = f"jwt.first refresh.first {TOKEN.reveal()} held-token"
    details = {"pairingUid": "p-1", "status": "Pairing", "registrationToken": "held-token"}
    found, _ = asked(world(pair_details=answer(200, {**details, "message": told})), "request")
    assert found.message == f"[redacted] [redacted] {TOKEN.reveal()} [redacted]"
    refused = error(400, told)
    bad, _ = asked(world(verify=refused), "verify_connection", PALETTE, TOKEN)
    assert "[redacted] [redacted] [redacted] held-token" in bad.message


ODD = ("a\u200bb", "a\nb", "a\u034fb", "\u202eab", "a\U000e0020b", "x" * 300, "x" * 100_000)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("what", ["layer", "name", "version"])
def test_a_layer_that_cannot_be_shown_is_refused(what: str, name: str) -> None:
    """It is compared sign by sign: made fit, it might be equal to another."""
    failure, _ = asked(world(applications=running(pack(**{what: name}))), "layers")
    assert type(failure) is UnexpectedAnswer
    assert len(str(failure)) < 300


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_cluster_whose_name_cannot_be_shown_is_refused(name: str) -> None:
    """The acknowledgement names it, sign by sign; a host that says so stops itself only."""
    odd = cluster()
    odd["metadata"]["name"] = name
    failure, _ = asked(world(cluster_details=answer(200, odd)), "cluster")
    assert type(failure) is UnexpectedAnswer
    assert "metadata.name" in str(failure)
    assert len(str(failure)) < 300


def test_a_cluster_that_gives_a_secret_for_its_id_is_refused() -> None:
    """Ids are names of files on the status branch."""
    odd = cluster()
    odd["metadata"]["id"] = "simulated-password"
    failure, _ = asked(world(cluster_details=answer(200, odd)), "cluster")
    assert type(failure) is UnexpectedAnswer
    details = {"pairingUid": "simulated-password", "status": "Pairing"}
    failure, _ = asked(world(pair_details=answer(200, details)), "request")
    assert type(failure) is UnexpectedAnswer
    assert "simulated-password" not in str(failure)


@pytest.mark.parametrize("word", ["Run\u200bning", "Running\n", "\u2060Running", "Running" * 1000])
def test_a_word_that_looks_like_another_is_not_it(word: str) -> None:
    """A state is never made into one that permits something, whatever is hidden in it."""
    host, _ = asked(world(cluster_details=answer(200, cluster(clusterState=word))), "observe")
    assert host.cluster.state != "Running"
    assert len(host.cluster.state) <= 64
    assert is_plain(host.cluster.state)


def test_all_that_is_kept_of_a_host_is_short_and_plain() -> None:
    """Names of nodes, states, messages and tags: each a line of a bounded length."""
    loud = "line\n::stop-commands::x\n\x1b[2J" + "loud " * 20_000
    node = {"nodeName": loud, "nodeState": loud, "health": {"status": loud, "reason": loud}}
    odd = cluster(
        clusterState=loud,
        clusterStateReason=loud,
        health={"status": loud, "reason": loud},
        nodePools=[{"nodes": [node] * 3}],
    )
    odd["metadata"]["tags"] = {
        loud: "a",
        "b": loud,
        "fine": "tag",
        **{f"t{n}": "" for n in range(999)},
    }
    changes = {
        "cluster_details": answer(200, odd),
        "current": answer(200, {"metadata": {"id": "h"}, "status": {"agentVersion": loud}}),
        "settings": answer(200, {"managementMode": "local", "installationMode": loud}),
        "pair_details": answer(200, {"pairingUid": "p", "status": loud, "paletteEndpoint": loud,
                                     "message": loud}),
    }  # fmt: skip
    host, _ = asked(world(**changes), "observe")
    assert host.cluster.tags["fine"] == "tag"
    assert len(host.cluster.tags) <= 64 + 1
    texts = [host.agent_version, host.installation_mode, host.cluster.message,
             host.request.message, host.request.palette_endpoint,
             *(text for one in host.cluster.nodes for text in (one.name, one.state)),
             *host.cluster.tags, *host.cluster.tags.values()]  # fmt: skip
    assert all(is_plain(text) and len(text) <= 1024 for text in texts)


def test_a_message_is_cleaned_before_it_is_cut() -> None:
    """Half of a secret is recognised by nobody."""
    texts = [f"{'x' * length} simulated-password" for length in (474, 480, 490, 498, 499, 2_020)]
    told = [
        answer(200, {"pairingUid": "p", "status": "Pairing", "message": text}) for text in texts
    ]

    async def run() -> list[str]:
        async with (
            serving(world(pair_details=in_turn(*told))) as server,
            LocalUI(server.endpoint, USER, wire()) as client,
        ):
            return [(await client.request()).message for _ in told]

    assert not [text for text in asyncio.run(run()) if "simul" in text]


@pytest.mark.parametrize(("is_first", "rounds"), [(True, [1, 4]), (False, [5])])
def test_a_slow_host_is_asked_side_by_side(
    monkeypatch: pytest.MonkeyPatch, *, is_first: bool, rounds: list[int]
) -> None:
    """A look is two rounds of calls then, and one where the host is known to be slow."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.0)
    waiting: list[asyncio.Event] = []
    sizes: list[int] = []
    expected: list[int] = []
    healthy = world()

    async def in_rounds(got: factory.Got, writer: asyncio.StreamWriter) -> None:
        """Answer when a whole round of calls has come in: fewer at a time would wait for ever."""
        if expected and "login" not in got.path:
            event = asyncio.Event()
            waiting.append(event)
            if len(waiting) == expected[0]:
                sizes.append(expected.pop(0))
                for one in waiting:
                    one.set()
                waiting.clear()
            await event.wait()
        await healthy(got, writer)

    async def run() -> None:
        async with (
            serving(in_rounds) as server,
            LocalUI(server.endpoint, USER, wire()) as client,
        ):
            alone = await client.observe() if not is_first else None
            expected.extend(rounds)
            seen = await client.observe()
            assert seen.cluster is not None
            assert alone in (None, seen)

    asyncio.run(run())
    assert sizes == rounds


@pytest.mark.parametrize("is_slow", [False, True])
def test_what_is_seen_of_a_host_does_not_depend_on_its_pace(
    monkeypatch: pytest.MonkeyPatch, *, is_slow: bool
) -> None:
    """Side by side or one after the other: the same facts, and the same failures."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.0 if is_slow else 60.0)

    async def run(reaction: factory.Reaction) -> Any:
        async with serving(reaction) as server, LocalUI(server.endpoint, USER, wire()) as client:
            try:
                await client.observe()
                return await client.observe()
            except ApiFailure as failure:
                return type(failure)

    whole = asyncio.run(run(world()))
    assert (whole.uid, whole.request, whole.cluster.name) == ("host-1", None, "store-0001")
    bare = asyncio.run(run(world(cluster_details=error(404), applications=error(404))))
    assert bare.cluster is None
    assert asyncio.run(run(world(pair_details=error(403)))) is Forbidden


def test_a_slow_host_checks_its_connection_beside_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six calls at once; of a host that is not slow it is asked in its turn."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 60.0)
    healthy = world(verify_connection=answer(200, {"verified": True, "message": ""}))
    held: list[asyncio.Event] = []
    is_held = False

    async def held_together(got: factory.Got, writer: asyncio.StreamWriter) -> None:
        """Answer when six calls have come in: fewer at a time would wait for ever."""
        if is_held:
            held.append(asyncio.Event())
            if len(held) == 6:
                for one in held:
                    one.set()
            await held[len(held) - 1].wait()
        await healthy(got, writer)

    async def run() -> None:
        nonlocal is_held
        async with (
            serving(held_together) as server,
            LocalUI(server.endpoint, USER, wire()) as client,
        ):
            await client.observe()
            assert client.connection_ahead("palette.example.com", TOKEN) is None
            monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.0)
            await client.observe()
            is_held = True
            check = client.connection_ahead("palette.example.com", TOKEN)
            assert check is not None
            await client.observe()
            assert (await check).is_verified

    asyncio.run(run())


def test_two_looks_at_a_slow_host_ask_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is through first ends no call of the other, whose answers are its own."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.0)
    healthy = world()

    async def run() -> None:
        calls, is_first_over = 0, asyncio.Event()
        has_begun = [asyncio.Event(), asyncio.Event()]

        async def side_by_side(got: factory.Got, writer: asyncio.StreamWriter) -> None:
            """Answer the first look when all calls of the second one came in, and that after it."""
            nonlocal calls
            if is_counting:
                which, calls = calls // 5, calls + 1
                if calls % 5 == 0:
                    has_begun[which].set()
                await (is_first_over if which else has_begun[1]).wait()
            await healthy(got, writer)

        is_counting = False
        async with (
            serving(side_by_side) as server,
            LocalUI(
                server.endpoint, USER, wire(limit=HostLimit(lambda: 0.0, concurrency=10))
            ) as client,
        ):
            alone = await client.observe()
            is_counting = True
            first = asyncio.create_task(client.observe())
            await has_begun[0].wait()
            second = asyncio.create_task(client.observe())
            assert await first == alone
            is_first_over.set()
            await asyncio.wait([second])
            assert not second.cancelled()
            assert second.result() == alone
            assert calls == 10

    asyncio.run(run())


def test_an_absence_does_not_depend_on_another_look_that_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each look has its own proof that the host is the API: one intent's is not the other's."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 60.0)
    host = world(cluster_details=answer(404, raw=b""))

    async def run() -> None:
        is_at_cluster, has_second_begun = asyncio.Event(), asyncio.Event()
        is_over = asyncio.Event()

        async def overtaken(got: factory.Got, writer: asyncio.StreamWriter) -> None:
            """Hold the first look at its cluster, and the second one at its first call."""
            if got.path.endswith("settings") and is_at_cluster.is_set():
                has_second_begun.set()
                await is_over.wait()
            elif "cluster" in got.path and not is_at_cluster.is_set():
                is_at_cluster.set()
                await has_second_begun.wait()
            await host(got, writer)

        async with serving(overtaken) as server, LocalUI(server.endpoint, USER, wire()) as client:
            first = asyncio.create_task(client.observe())
            await is_at_cluster.wait()
            second = asyncio.create_task(client.observe())
            await asyncio.wait([first])
            is_over.set()
            assert (await first).cluster is None
            assert await second == first.result()

    asyncio.run(run())
