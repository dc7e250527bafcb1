"""The client of Palette: pages to their end, scopes, and facts that hold no secrets."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import apis_factory as factory
from apis_factory import Got, answer, by_path, error, serving, wire
from pairctl.apis import (
    Acceptance,
    ApiFailure,
    Forbidden,
    ListMayBeCut,
    NoSuchRoute,
    OutcomeUnknown,
    PagingLoop,
    Palette,
    ProfileChoice,
    ProjectAmbiguous,
    ProjectNotFound,
    Refused,
    RouteClosed,
    UnexpectedAnswer,
)
from pairctl.apis.acting_clients import PaletteWriter
from pairctl.apis.routes import Operation
from pairctl.layers import Layer
from pairctl.pairing.facts.observation import RequestSnapshot
from pairctl.pairing.facts.palette import RequestState
from pairctl.secrets import Redactor, Secret
from pairctl.spec import PairingRoutes
from pairctl.text import is_plain

KEY = Secret("simulated-api-key")
PROJECTS = "/projects/metadata"
PROFILES = "/dashboard/clusterprofiles"
TOKENS = "/edgehosts/tokens"
CLUSTERS = "/spectroclusters/search"
REQUESTS = "/clusterpairs/metadata"


def projects(*pairs: tuple[str, str]) -> factory.Reaction:
    """Answer with projects, each a name and a uid."""
    items = [{"metadata": {"name": name, "uid": uid}} for name, uid in pairs]
    return answer(200, {"items": items})


SAME = {"cloudType": "edge-native", "type": "infra", "packs": []}


def paged(items: list[dict[str, Any]], moved: int = 0) -> factory.Reaction:
    """Answer in pages of 50; `moved` items of a page come again on the next one."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        assert got.query["limit"] == "50"
        start = int(got.query.get("continue", "0"))
        more = str(start + 50) if start + 50 < len(items) else ""
        page = items[max(0, start - moved if start else 0) : start + 50]
        await answer(200, {"items": page, "listmeta": {"continue": more}})(got, writer)

    return react


def clusters(count: int) -> list[dict[str, Any]]:
    """Return clusters as Palette lists them."""
    return [
        {"metadata": {"uid": f"c{n}", "name": f"store-{n:04}"}, "status": {"state": "Running"}}
        for n in range(count)
    ]


def requests(count: int, prefix: str = "ab") -> list[dict[str, Any]]:
    """Return pairing requests as Palette lists them."""
    return [
        {
            "pairingUid": f"p{n}",
            "localClusterUid": f"{prefix}{n:03x}",
            "name": f"store-{n}",
            "state": "Pending",
            "creationTimestamp": "2026-01-01T00:00:00.000Z",
        }
        for n in range(count)
    ]


def unpaged(items: list[dict[str, Any]], *, honest: bool = True) -> factory.Reaction:
    """Answer with the first 50 that the filter admits, and not whether there are more."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        chosen = got.document["filter"].get("localClusterUid", {}).get("beginsWith", "")
        admitted = [item for item in items if item["localClusterUid"].startswith(chosen)]
        await answer(200, {"items": (admitted if honest else items)[:50]})(got, writer)

    return react


def ordered(items: list[dict[str, Any]]) -> factory.Reaction:
    """Answer as `unpaged`, in the order that is asked for: what is cut off is at its end."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        (order,) = (one["order"] for one in got.document["sort"])
        turned = sorted(
            items, key=lambda item: str(item["creationTimestamp"]), reverse=order == "desc"
        )
        await unpaged(turned)(got, writer)

    return react


def profile(name: str = "retail-infra", **changes: Any) -> dict[str, Any]:
    """Return a profile as Palette lists it, in its latest version 3.2.0."""
    summary = {
        "version": "3.2.0",
        "versions": [{"uid": "u310", "version": "3.1.0"}, {"uid": "u320", "version": "3.2.0"}],
        "published": {
            "type": "infra",
            "packs": [
                {"name": "edge-k8s", "layer": "k8s", "version": "1.31.0", "tag": "1.31.x"},
                {"name": "cni-calico", "layer": "cni", "version": "", "tag": "3.25.1"},
            ],
        },
        **changes,
    }
    metadata = {"uid": "u320", "name": name, "annotations": {"scope": "project"}}
    return {"metadata": metadata, "specSummary": summary}


def asked(
    reaction: factory.Reaction, call: Callable[[PaletteWriter], Any], **options: Any
) -> tuple[Any, factory.Served]:
    """Make one call of a fresh client; return its answer or failure, and the server."""
    redactor = options.pop("redactor", None) or Redactor()

    async def run() -> tuple[Any, factory.Served]:
        async with (
            serving(reaction) as server,
            PaletteWriter(server.endpoint, KEY, wire(redactor=redactor), **options) as client,
        ):
            try:
                return await call(client), server
            except ApiFailure as failure:
                return failure, server

    return asyncio.run(run())


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 101])
def test_all_pages_are_read(count: int) -> None:
    """Whatever the number of items, none is left out and none is asked for twice."""
    found, server = asked(by_path({CLUSTERS: paged(clusters(count))}), lambda it: it.clusters())
    assert [cluster.uid for cluster in found] == [f"c{n}" for n in range(count)]
    assert len(server.got) == max(1, -(-count // 50))


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"state": "Healthy"}, "Healthy"),
        ({"state": "UnHealthy", "conditions": None, "agentVersion": 7}, "UnHealthy"),
        ({"state": "on fire\x1b[31m"}, "on fire\ufffd[31m"),
        ({}, ""),
        (None, ""),
        ("Healthy", ""),
        ([1], ""),
        ({"state": None}, ""),
        ({"state": 5}, "(int)"),
        ({"state": {"word": "Healthy"}}, "(dict)"),
    ],
)
def test_health_is_read_and_an_odd_one_costs_nothing_else(told: Any, word: str) -> None:
    """Palette's word for a cluster's health, as it is: the list is whole, whatever stands there."""
    items = clusters(2)
    items[0]["status"]["health"] = told
    found, _ = asked(by_path({CLUSTERS: paged(items)}), lambda it: it.clusters())
    assert [(one.uid, one.state, one.health) for one in found] == [
        ("c0", "Running", word),
        ("c1", "Running", ""),
    ]


def test_an_item_that_moves_between_pages_is_there_once() -> None:
    """Lists change while they are read: duplicates are folded by uid."""
    reaction = by_path({CLUSTERS: paged(clusters(101), moved=3)})
    found, _ = asked(reaction, lambda it: it.clusters())
    assert sorted({cluster.uid for cluster in found}) == sorted(cluster.uid for cluster in found)
    assert len(found) == 101


@pytest.mark.parametrize("changes", [{"version": "3.1.0"}, {"published": {**SAME, "packs": []}}])
def test_a_profile_that_is_listed_in_two_ways_cannot_be_chosen(changes: dict[str, Any]) -> None:
    """One uid, and two stacks: which of them an acceptance would bring is not known."""
    items = [profile(), profile(), profile(**changes)]
    found, _ = asked(by_path({PROFILES: paged(items)}), lambda it: it.profiles())
    assert [listing.latest for listing in found] == [None, None]
    assert all("more than once" in listing.why_not for listing in found)
    alike, _ = asked(by_path({PROFILES: paged(items[:2])}), lambda it: it.profiles())
    assert [listing.latest.uid for listing in alike] == ["u320"]


def test_all_that_is_said_of_one_request_is_kept() -> None:
    """It may be listed twice, and not alike; the same twice is there once."""
    items = [*requests(1), *requests(1), requests(1)[0] | {"localClusterUid": "other"}]
    found, _ = asked(by_path({REQUESTS: answer(200, {"items": items})}), lambda it: it.requests())
    assert [request.local_uid for request in found] == ["ab000", "other"]


def test_pages_that_lead_back_end_in_a_failure() -> None:
    """The same continue token again would go on for ever."""
    circle = answer(200, {"items": clusters(1), "listmeta": {"continue": "again"}})
    failure, server = asked(by_path({CLUSTERS: circle}), lambda it: it.clusters())
    assert type(failure) is PagingLoop
    assert len(server.got) == 2


def test_a_project_is_found_by_name_or_uid() -> None:
    """It is looked up once, and then named in every call that belongs to it."""
    reaction = by_path(
        {PROJECTS: projects(("edge-retail", "p1"), ("x", "p2")), CLUSTERS: paged([])}
    )

    async def twice(client: Palette) -> None:
        await asyncio.gather(client.clusters(), client.clusters())

    for project in ("edge-retail", "p1"):
        _, server = asked(reaction, twice, project=project)
        assert [got.headers.get("projectuid") for got in server.got] == [None, "p1", "p1"]
        assert all(got.headers["apikey"] == KEY.reveal() for got in server.got)


def test_a_project_that_is_not_there_has_near_names() -> None:
    """A slip of the pen is easy to see."""
    reaction = by_path({PROJECTS: projects(("edge-retail", "p1"))})
    failure, _ = asked(reaction, lambda it: it.project_uid("edge-retial"))
    assert type(failure) is ProjectNotFound
    assert "edge-retail" in failure.problem.hint


def test_a_project_name_that_is_there_twice_is_no_choice() -> None:
    """The uids are named, so that one can be written."""
    reaction = by_path({PROJECTS: projects(("same", "p1"), ("same", "p2"))})
    failure, _ = asked(reaction, lambda it: it.project_uid("same"))
    assert type(failure) is ProjectAmbiguous
    assert "p1, p2" in failure.problem.hint


def test_a_profile_is_its_latest_published_version() -> None:
    """With the uid of that version; a tag stands in where no version is said."""
    found, _ = asked(by_path({PROFILES: paged([profile()])}), lambda it: it.profiles())
    latest = found[0].latest
    assert (latest.uid, latest.version, latest.type) == ("u320", "3.2.0", "infra")
    assert latest.layers == (
        Layer("cni", "cni-calico", "3.25.1"),
        Layer("k8s", "edge-k8s", "1.31.0"),
    )
    assert found[0].scope == "project"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"published": None}, "draft"),
        ({"versions": []}, "uid"),
        ({"versions": [{"uid": "other", "version": "3.2.0"}]}, "uid"),
        ({"version": ""}, "uid"),
        ({"published": {"packs": [{"name": "x", "layer": "os"}]}}, "no version"),
    ],
)
def test_a_profile_that_cannot_be_chosen_says_why(changes, why: str) -> None:
    """Drafts, and lists that do not say which uid is the latest, are never guessed."""
    found, _ = asked(by_path({PROFILES: paged([profile(**changes)])}), lambda it: it.profiles())
    assert found[0].latest is None
    assert why in found[0].why_not


@pytest.mark.parametrize(("changes", "status", "why"), [
    ({"published": {**SAME, "cloudType": "Azure"}}, {}, "cloud type Azure"),
    ({}, {"isPublished": False}, "draft"),
    ({}, {"pack": {"disabled": 1}}, "disabled"),
    ({}, {"pack": {"deleted": 2}}, "deleted"),
    ({"draft": SAME}, {}, "draft"),
    ({"published": SAME, "draft": SAME}, {}, ""),
    ({"draft": SAME, "versions": [{"uid": "u320", "version": "3.2.0"},
                                  {"uid": "u1", "version": "3.10.0"}]}, {}, ""),
    ({"published": {**SAME, "cloudType": "all"}}, {"isPublished": True, "pack": {}}, ""),
    ({"published": {"type": "infra", "packs": []}}, {"pack": {"disabled": 0}}, ""),
])  # fmt: skip
def test_a_profile_that_no_edge_cluster_can_have_is_listed_as_such(
    changes: Any, status: Any, why: str
) -> None:
    """Another cloud's, an unpublished, or one with a pack that its registry took away."""
    item = {**profile(**changes), "status": status}
    found, _ = asked(by_path({PROFILES: paged([item])}), lambda it: it.profiles())
    assert (found[0].latest is None) is bool(why)
    assert why in found[0].why_not


def test_a_cloud_type_that_is_not_known_is_only_doubted() -> None:
    """Palette's words for clouds are not published: its own validation judges."""
    item = profile(published={**SAME, "cloudType": "acme-cloud"})
    found, _ = asked(by_path({PROFILES: paged([item])}), lambda it: it.profiles())
    assert found[0].latest
    assert "acme-cloud" in found[0].doubt


@pytest.mark.parametrize(
    "expiry", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-10:00"]
)
def test_the_first_and_the_last_year_stand_for_never(expiry: str) -> None:
    """Wherever it was midnight: the end of all clocks is no error of arithmetic."""
    item = {"metadata": {"uid": "t1"}, "spec": {"token": "canary-token", "expiry": expiry}}
    found, _ = asked(
        by_path({TOKENS: answer(200, {"items": [item]})}), lambda palette: palette.tokens()
    )
    assert found[0].facts.expires_at is None


def test_tokens_are_asked_for_in_the_tenant() -> None:
    """No project is named, and the value is a secret from the first moment."""
    items = [
        {"metadata": {"uid": "t1", "name": "a"},
         "spec": {"token": "canary-token", "expiry": "2030-01-01T00:00:00Z",
                  "defaultProject": {"uid": "p1"}},
         "status": {"isActive": True}},
        {"metadata": {"uid": "t2", "name": "b"},
         "spec": {"token": "canary-other", "expiry": "0001-01-01T00:00:00Z"}},
    ]  # fmt: skip
    redactor = Redactor()
    found, server = asked(
        by_path({TOKENS: answer(200, {"items": items})}),
        lambda it: it.tokens(),
        project="edge-retail",
        redactor=redactor,
    )
    assert "projectuid" not in server.got[0].headers
    assert found[0].value == Secret("canary-token")
    assert found[0].facts.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert (found[0].facts.is_active, found[0].facts.default_project) == (True, "p1")
    assert (found[1].facts.is_active, found[1].facts.expires_at) == (False, None)
    assert "canary" not in repr(found) + redactor.redact("canary-token canary-other")


@pytest.mark.parametrize(
    "gone",
    [error(404), answer(404, raw=b"x"), answer(405, raw=b"<html>", content_type="text/html")],
)
def test_pairing_routes_that_do_not_answer_are_not_an_empty_list(gone) -> None:
    """None says "not known"; an empty tuple would say "no requests"."""
    found, _ = asked(by_path({REQUESTS: gone}), lambda it: it.requests())
    assert found is None


def test_pairing_requests_are_facts() -> None:
    """States are open words, mapped where they are known."""
    items = [*requests(2), {"pairingUid": "x", "state": "Wondering"}]
    found, _ = asked(by_path({REQUESTS: answer(200, {"items": items})}), lambda it: it.requests())
    assert [request.state for request in found] == [
        RequestState.PENDING,
        RequestState.PENDING,
        RequestState.UNKNOWN,
    ]
    assert (found[0].pairing_uid, found[0].local_uid) == ("p0", "ab000")
    assert found[2].word == "Wondering"


@pytest.mark.parametrize("count", [0, 49, 51, 120])
def test_a_list_that_is_no_full_page_is_whole(count: int) -> None:
    """Pages hold 50: fewer are all, and more prove that this list is not cut at 50."""
    whole = answer(200, {"items": requests(count)})
    found, server = asked(by_path({REQUESTS: whole}), lambda it: it.requests())
    assert len(found) == count
    assert len(server.got) == 1


@pytest.mark.parametrize("count", [50, 51, 137])
def test_a_list_that_may_be_cut_is_asked_for_in_parts(count: int) -> None:
    """Exactly a full page: the parts together are the whole."""
    found, _ = asked(by_path({REQUESTS: unpaged(requests(count))}), lambda it: it.requests())
    assert {request.pairing_uid for request in found} == {f"p{n}" for n in range(count)}


@pytest.mark.parametrize(("count", "calls"), [(50, 2), (51, 50)])
def test_a_full_page_that_is_the_same_from_its_other_end_is_whole(count: int, calls: int) -> None:
    """One more call in place of dozens; a list that is cut shows others, and is asked in parts."""
    made = [
        item | {"creationTimestamp": f"2026-01-01T00:{n // 60:02}:{n % 60:02}.000Z"}
        for n, item in enumerate(requests(count))
    ]
    found, server = asked(by_path({REQUESTS: ordered(made)}), lambda it: it.requests())
    assert {request.pairing_uid for request in found} == {f"p{n}" for n in range(count)}
    assert len(server.got) <= calls if count == 50 else len(server.got) > calls


def test_a_server_that_ignores_the_filter_cannot_be_trusted_to_be_whole() -> None:
    """No second page, no parts: nothing is concluded from what is not in the list."""
    reaction = by_path({REQUESTS: unpaged(requests(80), honest=False)})
    failure, _ = asked(reaction, lambda it: it.requests())
    assert type(failure) is ListMayBeCut


def test_a_list_that_does_have_pages_is_read_by_them() -> None:
    """Should Palette page its requests after all, they are all read."""
    found, _ = asked(by_path({REQUESTS: paged_requests(120)}), lambda it: it.requests())
    assert len(found) == 120


def paged_requests(count: int) -> factory.Reaction:
    """Answer in pages, also where no limit is asked for."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        start = int(got.query.get("continue", "0"))
        more = str(start + 50) if start + 50 < count else ""
        page = requests(count)[start : start + 50]
        await answer(200, {"items": page, "listmeta": {"continue": more}})(got, writer)

    return react


def shrinking(times: int, *, says: Callable[[int, int], Any]) -> factory.Reaction:
    """Answer in pages of a list whose first request is gone after its first page was read."""
    gone = 0

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        nonlocal gone
        start = int(got.query.get("continue", "0"))
        if start and gone < times:
            gone += 1
        items = requests(120)[gone:]
        page, more = items[start : start + 50], str(start + 50) if start + 50 < len(items) else ""
        meta = {"continue": more, "count": says(len(items), len(page))}
        await answer(200, {"items": page, "listmeta": meta})(got, writer)

    return react


def test_a_list_that_gets_shorter_while_it_is_read_is_read_again() -> None:
    """What comes after a request that is gone moves up, and one of them is on no page."""
    reaction = shrinking(1, says=lambda whole, _: whole)
    found, _ = asked(by_path({REQUESTS: reaction}), lambda it: it.requests())
    assert {request.pairing_uid for request in found} == {f"p{n}" for n in range(1, 120)}


def test_a_list_that_gets_shorter_without_end_is_not_whole() -> None:
    """Nothing is decided on it."""
    reaction = shrinking(100, says=lambda whole, _: whole)
    failure, _ = asked(by_path({REQUESTS: reaction}), lambda it: it.requests())
    assert type(failure) is ListMayBeCut
    assert "none of them" in str(failure)


def test_pages_that_show_fewer_than_they_say_are_not_the_whole_list() -> None:
    """The one that is on no page may be another one of a cluster that is about to be paired."""
    reaction = shrinking(0, says=lambda whole, _: whole + 1)
    failure, server = asked(by_path({REQUESTS: reaction}), lambda it: it.requests())
    assert type(failure) is ListMayBeCut
    assert len(server.got) == 10  # without a page's size first: then its three pages, three times


@pytest.mark.parametrize("says", [lambda _, page: page, lambda *_: None, lambda *_: "many"])
def test_a_list_that_does_not_say_how_long_it_is_is_read_once(says: Any) -> None:
    """A count of the page, or none, proves nothing."""
    found, server = asked(by_path({REQUESTS: shrinking(0, says=says)}), lambda it: it.requests())
    assert len(found) == 120
    assert len(server.got) == 4  # without a page's size first: then its three pages


def test_the_layers_of_a_request_are_read_without_its_secrets() -> None:
    """The cluster's token and the pack server's secret have no place in what is kept of it."""
    redactor = Redactor()
    packs = [{"name": "cni-calico", "layer": "cni", "tag": "3.25.1"}]
    document = {
        "metadata": {"labels": {"shop": "42"}, "annotations": {"description": "a shop"}},
        "spec": {
            "profiles": [{"packs": packs, "packServerSecret": "canary-server"}],
            "clusterMeta": {"localClusterToken": "canary-cluster"},
        },
    }
    found, server = asked(
        by_path({"/clusterpairs/p-1": answer(200, document)}),
        lambda it: it.request("p-1"),
        redactor=redactor,
    )
    assert found == RequestSnapshot(
        (Layer("cni", "cni-calico", "3.25.1"),), "a shop", {"shop": "42"}
    )
    assert server.paths == ["GET /v1/clusterpairs/p-1"]
    assert "canary" not in repr(found)
    assert redactor.count == 1  # the API key: what is redacted is not for an answer to choose


@pytest.mark.parametrize("uid", ["../spectroclusters/x", "a/b", "", ".", "a?b", "x" * 129, "a%2fb"])
def test_a_hostile_uid_is_refused_before_any_io(uid: str) -> None:
    """It never becomes part of a path."""
    for call in (lambda it: it.reject(uid), lambda it: it.request(uid)):
        failure, server = asked(by_path({}), call)
        assert type(failure) is RouteClosed
        assert server.connections == 0


ACCEPTANCE = Acceptance(
    pairing_uid="p-1",
    profiles=(
        ProfileChoice("u320", {"b": Secret("canary-value"), "a": "plain"}),
        ProfileChoice("u9"),
    ),
    name="store-0001",
    description="a store",
    tags={"owner": "retail"},
)


def test_an_acceptance_is_sent_once_with_all_that_was_chosen() -> None:
    """Tags are labels, the description is an annotation (specification)."""
    nothing, server = asked(
        by_path({"/pair": answer(201, {"uid": "c1"})}), lambda it: it.accept(ACCEPTANCE)
    )
    assert nothing is None
    assert server.paths == ["POST /v1/spectroclusters/edge-native/pair"]
    assert server.got[0].document == {
        "metadata": {
            "name": "store-0001",
            "labels": {"owner": "retail"},
            "annotations": {"description": "a store"},
        },
        "spec": {
            "pairingUid": "p-1",
            "profiles": [
                {
                    "uid": "u320",
                    "variables": [
                        {"name": "a", "value": "plain"},
                        {"name": "b", "value": "canary-value"},
                    ],
                },
                {"uid": "u9", "variables": []},
            ],
        },
    }


@pytest.mark.parametrize("effect", ["accept", "reject"])
@pytest.mark.parametrize(
    "bad",
    [
        factory.reset,
        factory.cut,
        error(500),
        error(504),
        answer(200, raw=b"<", content_type="text/html"),
    ],
)
def test_an_effect_with_a_lost_answer_is_unknown(effect: str, bad) -> None:
    """Neither is sent a second time."""
    reaction = by_path({"/pair": bad, "/p-1": bad})

    async def act(client: PaletteWriter) -> None:
        await (client.accept(ACCEPTANCE) if effect == "accept" else client.reject("p-1"))

    failure, server = asked(reaction, act)
    assert isinstance(failure, OutcomeUnknown)
    assert len(server.got) == 1


def test_a_path_that_is_not_there_names_its_setting() -> None:
    """The paths are inferred: the operator's file can say the right one."""
    failure, _ = asked(
        by_path({"/pair": answer(404, raw=b"404 page not found", content_type="text/plain")}),
        lambda it: it.accept(ACCEPTANCE),
    )
    assert type(failure) is NoSuchRoute
    assert "spec.routes.accept" in failure.problem.hint


def test_a_missing_permission_is_named() -> None:
    """What the key's user lacks is in the hint."""
    failure, _ = asked(by_path({"/p-1": error(403)}), lambda it: it.reject("p-1"))
    assert type(failure) is Forbidden
    assert "clusterPair.delete" in failure.problem.hint


def test_paths_of_the_operator_are_used() -> None:
    """All calls about pairing requests go where the operator says."""
    routes = PairingRoutes.model_validate({"reject": "/v1/other/pairings/{pairingUid}"})
    _, server = asked(by_path({"/p-1": answer(204)}), lambda it: it.reject("p-1"), pairing=routes)
    assert server.paths == ["DELETE /v1/other/pairings/p-1"]


def test_what_palette_finds_wrong_is_told_line_by_line() -> None:
    """A 200 may hold errors; nothing of a secret variable comes back."""
    found = {
        "profiles": [
            {
                "packs": {
                    "results": [{"name": "calico", "errors": [{"message": "bad canary-value"}]}]
                }
            },
            {"packs": {"results": [{"name": "fine", "errors": []}]}},
        ],
        "machinePools": {"results": [{"errors": [{"code": "TooSmall"}]}]},
    }
    reaction = by_path({"/pair/validate": answer(200, found)})
    messages, _ = asked(reaction, lambda it: it.validate_acceptance(ACCEPTANCE))
    assert messages == ["calico: bad [redacted]", "TooSmall"]


@pytest.mark.parametrize("fine", [answer(200, {}), answer(204), answer(200, {"profiles": None})])
def test_an_acceptance_without_faults_has_no_messages(fine) -> None:
    """Nothing found is nothing told."""
    reaction = by_path({"/pair/validate": fine})
    assert asked(reaction, lambda it: it.validate_acceptance(ACCEPTANCE))[0] == []


@pytest.mark.parametrize(
    ("said", "message"),
    [({"code": "Invalid", "message": "no such profile", "ref": ""}, "Invalid: no such profile"),
     ({"message": "no such profile"}, "no such profile"), ({"code": "Invalid"}, "Invalid")],
)  # fmt: skip
def test_an_error_in_a_200_is_an_objection(said: dict[str, str], message: str) -> None:
    """It is not read as a judgement that found nothing."""
    reaction = by_path({"/pair/validate": answer(200, said)})
    assert asked(reaction, lambda it: it.validate_acceptance(ACCEPTANCE))[0] == [message]


@pytest.mark.parametrize("said", [{"uid": "x"}, {"items": []}, {"error": "no"}, [], "fine"])
def test_what_is_no_judgement_finds_nothing_valid(said: Any) -> None:
    """What else answers at this path, which is not published, says nothing of the acceptance."""
    reaction = by_path({"/pair/validate": answer(200, said)})
    failure, _ = asked(reaction, lambda it: it.validate_acceptance(ACCEPTANCE))
    assert isinstance(failure, UnexpectedAnswer)


def test_a_refused_validation_is_a_message() -> None:
    """A 400 is what Palette finds wrong, too."""
    reaction = by_path({"/pair/validate": error(400, "no such profile")})
    messages, _ = asked(reaction, lambda it: it.validate_acceptance(ACCEPTANCE))
    assert len(messages) == 1
    assert "no such profile" in messages[0]


def test_a_reading_client_cannot_accept() -> None:
    """Its table holds no effect: `plan` cannot write."""

    async def run() -> None:
        async with serving(by_path({})) as server, Palette(server.endpoint, KEY, wire()) as client:
            assert not hasattr(client, "accept")
            for operation in (Operation.ACCEPT_REQUEST, Operation.REJECT_REQUEST):
                with pytest.raises(RouteClosed):
                    await client._channel.call(operation)
            assert server.connections == 0

    asyncio.run(run())


def test_variables_of_a_profile_are_names() -> None:
    """As many as there are; null is none."""
    document = {"variables": [{"name": "region"}, {"name": "size", "defaultValue": "s"}]}
    found, _ = asked(
        by_path({"/u320/variables": answer(200, document)}), lambda it: it.profile_variables("u320")
    )
    assert found == ("region", "size")


@pytest.mark.parametrize(("document", "found"), [
    ({}, ()), ({"variables": None}, ()), ({"variables": []}, ()),
    ({"message": "later"}, UnexpectedAnswer), ({"uid": "u320"}, UnexpectedAnswer),
])  # fmt: skip
def test_what_says_nothing_of_variables_is_not_a_profile_without_any(
    document: Any, found: Any
) -> None:
    """The values that an intent gives for them would be left out of the acceptance."""
    seen, _ = asked(
        by_path({"/u320/variables": answer(200, document)}), lambda it: it.profile_variables("u320")
    )
    assert (seen if found == () else type(seen)) == found


@pytest.mark.parametrize("path", [CLUSTERS, PROFILES, REQUESTS])
@pytest.mark.parametrize("items", [[], None])
def test_a_list_that_says_how_long_it_is_and_shows_nothing_is_not_empty(
    items: Any, path: str
) -> None:
    """A server that cannot read what it has must not seem to have nothing."""
    looks = {
        CLUSTERS: lambda it: it.clusters(),
        PROFILES: lambda it: it.profiles(),
        REQUESTS: lambda it: it.requests(),
    }
    told = answer(200, {"items": items, "listmeta": {"continue": "", "count": 3}})
    failure, _ = asked(by_path({path: told}), looks[path])
    assert type(failure) is ListMayBeCut
    assert "3" in failure.problem.message


@pytest.mark.parametrize(("count", "is_whole"), [(1, True), (2, True), (0, True), (3, False)])
def test_requests_that_are_fewer_than_their_list_says_may_be_cut(
    count: int, is_whole: bool
) -> None:
    """One that is not listed must not count as gone."""
    told = answer(200, {"items": requests(2), "listmeta": {"continue": "", "count": count}})
    found, _ = asked(by_path({REQUESTS: told}), lambda it: it.requests())
    assert (type(found) is tuple) is is_whole
    assert (type(found) is ListMayBeCut) is not is_whole


@pytest.mark.parametrize("path", [CLUSTERS, PROFILES, REQUESTS])
@pytest.mark.parametrize(
    "document",
    [{"items": "x"}, {"items": [{}]}, [], "x", 7, None, {}, {"uid": "x"},
     {"code": "Busy", "message": "try later", "details": {}, "ref": ""}],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_unexpected(document: Any, path: str) -> None:
    """Never taken for an empty one."""
    raw = json.dumps(document).encode()
    looks = {
        CLUSTERS: lambda it: it.clusters(),
        PROFILES: lambda it: it.profiles(),
        REQUESTS: lambda it: it.requests(),
    }
    failure, _ = asked(by_path({path: answer(200, raw=raw)}), looks[path])
    assert type(failure) is UnexpectedAnswer


@pytest.mark.parametrize("document", [{"items": None}, {"items": []}, {"listmeta": {"count": 0}}])
def test_a_list_may_be_empty(document: Any) -> None:
    """Where there is none, `items` may be null."""
    found, _ = asked(by_path({REQUESTS: answer(200, document)}), lambda it: it.requests())
    assert found == ()


def test_a_declined_acceptance_says_why() -> None:
    """Palette's message is shown, cleaned of secret values."""
    failure, _ = asked(
        by_path({"/pair": error(400, "value canary-value does not fit")}),
        lambda it: it.accept(ACCEPTANCE),
    )
    assert type(failure) is Refused
    assert "value [redacted] does not fit" in str(failure)


ODD = ("retail\u200b-infra", "retail-infra\u034f", "retail-\ninfra", "\u202eartni", "x" * 300)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_profile_with_an_odd_name_is_no_other_profile(name: str) -> None:
    """It is listed, marked, and cannot be used: made fit, it might be equal to another."""
    items = [profile(), {**profile(name), "metadata": {"uid": "u9", "name": name}}]
    found, _ = asked(by_path({PROFILES: paged(items)}), lambda it: it.profiles())
    assert [one.latest is not None for one in found] == [True, False]
    assert found[1].name != "retail-infra"
    assert is_plain(found[1].name)
    assert len(found[1].name) <= 253


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("what", ["layer", "name", "version"])
def test_a_profile_with_an_odd_layer_cannot_be_used(what: str, name: str) -> None:
    """Whoever made it stops nobody else's; a request that carries one is refused."""
    pack = {"name": "edge-k8s", "layer": "k8s", "version": "1.31.0", what: name}
    odd = profile("odd", published={"type": "infra", "packs": [pack]})
    odd["metadata"]["uid"] = "u321"
    odd["specSummary"]["versions"] = [{"uid": "u321", "version": "3.2.0"}]
    found, _ = asked(by_path({PROFILES: paged([profile(), odd])}), lambda it: it.profiles())
    assert [one.latest is not None for one in found] == [True, False]
    assert "cannot be shown" in found[1].why_not
    document = {"spec": {"profiles": [{"packs": [pack]}]}}
    failure, _ = asked(
        by_path({"/clusterpairs/p-1": answer(200, document)}), lambda it: it.request("p-1")
    )
    assert type(failure) is UnexpectedAnswer


def test_what_one_cluster_calls_itself_does_not_hide_the_others() -> None:
    """Names and ids in a list are chosen by whoever sent a request."""
    loud = "store\n::stop-commands::x" + "x" * 100_000
    items = [
        {"pairingUid": "p1", "localClusterUid": loud, "name": loud, "state": loud,
         "creationTimestamp": loud, "clusterUid": loud},
        {"pairingUid": "p2", "localClusterUid": KEY.reveal(), "name": "store-2",
         "state": "Pend\u200bing"},
        *requests(1),
    ]  # fmt: skip
    found, _ = asked(by_path({REQUESTS: answer(200, {"items": items})}), lambda it: it.requests())
    assert [request.state for request in found] == [
        RequestState.UNKNOWN,
        RequestState.UNKNOWN,
        RequestState.PENDING,
    ]
    assert [request.local_uid for request in found] == ["", "", "ab000"]
    for one in found:
        texts = (one.name, one.word, one.cluster_uid, one.created_at)
        assert all(is_plain(text) and len(text) <= 253 for text in texts)


def test_tags_that_nobody_could_type_are_not_there() -> None:
    """They equal nothing that an intent asks for, and none is made equal to it."""
    document = {
        "metadata": {"labels": {"shop": "4\u200b2", "sh\u034fop": "42", "fine": "42", "odd": {}}},
        "spec": {"profiles": []},
    }
    found, _ = asked(
        by_path({"/clusterpairs/p-1": answer(200, document)}), lambda it: it.request("p-1")
    )
    assert found.tags == {"fine": "42"}


def token_item(name: str, value: str) -> dict[str, Any]:
    """Return a registration token as Palette lists it."""
    return {"metadata": {"uid": name, "name": name}, "spec": {"token": value}}


def test_a_token_that_could_not_be_kept_out_of_texts_is_not_handed_out() -> None:
    """Too short, or without end; what is learned of a list is replaced by the next one."""
    redactor = Redactor()
    lists = [
        [token_item("a", "canary-token-1"), token_item("b", "short"), token_item("c", "x" * 5_000)],
        [token_item("a", "canary-token-2"), token_item("d", "")],
    ]
    told = factory.in_turn(*(answer(200, {"items": items}) for items in lists))

    async def twice(client: Palette) -> list[list[str]]:
        return [[token.facts.name for token in await client.tokens()] for _ in lists]

    found, _ = asked(by_path({TOKENS: told}), twice, redactor=redactor)
    assert found == [["a"], ["a"]]
    assert redactor.redact("canary-token-1 canary-token-2") == "canary-token-1 [redacted]"
    assert redactor.count == 2


def test_a_list_of_tokens_without_end_is_refused() -> None:
    """Nobody could tell which of them are known."""
    items = [token_item(f"t{n}", f"canary-{n:06}") for n in range(5_001)]
    failure, _ = asked(by_path({TOKENS: answer(200, {"items": items})}), lambda it: it.tokens())
    assert type(failure) is UnexpectedAnswer
    assert "5000" in str(failure)


def test_palette_objects_in_few_and_short_words() -> None:
    """Its validation may say anything: the first of it is told, cleaned before it is cut."""
    error_of = {"message": "x" * 480 + f" {KEY.reveal()}\n::stop-commands::x"}
    results = [{"name": "calico", "errors": [error_of] * 100}]
    found = {"profiles": [{"packs": {"results": results}}]}
    messages, _ = asked(
        by_path({"/pair/validate": answer(200, found)}),
        lambda it: it.validate_acceptance(ACCEPTANCE),
    )
    assert len(messages) == 20
    assert all(is_plain(message) and len(message) < 800 for message in messages)
    assert "simul" not in "".join(messages)


def test_the_tags_of_a_request_are_read_whatever_its_layers_are_like() -> None:
    """A name that nobody can compare keeps a request from being accepted, not from being named."""
    pack = {"name": "a\u202eb", "version": "1", "layer": "addon"}
    document = {"metadata": {"labels": {"owner": "x"}}, "spec": {"profiles": [{"packs": [pack]}]}}
    served = by_path({"/clusterpairs/p-1": answer(200, document)})
    assert asked(served, lambda it: it.request_tags("p-1"))[0] == {"owner": "x"}
    assert type(asked(served, lambda it: it.request("p-1"))[0]) is UnexpectedAnswer


def test_a_list_that_says_of_no_item_which_one_it_is_is_unexpected() -> None:
    """One odd item stops nobody; where all of them are, it is another list, and no empty one."""
    odd, good = {"metadata": {"name": "a"}}, {"metadata": {"uid": "c1", "name": "b"}}
    all_odd, _ = asked(by_path({CLUSTERS: paged([odd] * 60)}), lambda it: it.clusters())
    assert type(all_odd) is UnexpectedAnswer
    assert "no item of the list says which one it is" in str(all_odd)
    found, _ = asked(by_path({CLUSTERS: paged([*[odd] * 60, good])}), lambda it: it.clusters())
    assert [one.uid for one in found] == ["c1"]
    for path, call in (
        (REQUESTS, lambda it: it.requests()),
        (TOKENS, lambda it: it.tokens()),
        (PROFILES, lambda it: it.profiles()),
    ):
        failure, _ = asked(by_path({path: answer(200, {"items": [odd]})}), call)
        assert type(failure) is UnexpectedAnswer
