"""Palette's paths come out of a recording by shape; nothing else of the recording does."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from har_factory import ACCEPT, LIST, ONE, VALIDATE, Browser
from pairctl.apis import BadRecording, Recording, read_recording
from pairctl.apis import har as har_module
from pairctl.apis.recording import NOT_SEEN

OTHER = {
    "listRequests": "/v1/edge/pairing-requests/search",
    "getRequest": "/v1/edge/pairing-requests/{pairingUid}/details",
    "accept": "/v1/edge/pairings",
    "validate": "/v1/edge/pairings/check",
    "reject": "/v1/edge/pairing-requests/{pairingUid}",
}


def paths(recording: Recording) -> dict[str, str]:
    """Give the paths that were found."""
    return {one.setting: one.path for one in recording.found}


def why(recording: Recording) -> dict[str, str]:
    """Give why others were not."""
    return {one.setting: one.why for one in recording.missing}


def read(browser: Browser) -> Recording:
    """Read what a browser saved."""
    return read_recording(browser.save())


@pytest.mark.parametrize("is_base64", [False, True])
def test_a_pairing_from_beginning_to_end_shows_all_routes(is_base64: bool) -> None:
    """Each is told with the request that shows it, in the order of the operator's file."""
    browser = Browser(is_base64=is_base64).pair()
    recording = read(browser)
    assert paths(recording) == {
        "listRequests": LIST,
        "getRequest": ONE,
        "accept": ACCEPT,
        "validate": VALIDATE,
        "reject": ONE,
    }
    assert recording.missing == ()
    assert recording.is_enough
    assert recording.origin == browser.origin
    for one in recording.found:
        entry = browser.entries[one.number - 1]
        assert (entry["request"]["method"], entry["response"]["status"]) == (one.method, one.status)
        assert one.path.replace("{pairingUid}", browser.pairing_uid) in entry["request"]["url"]


def test_other_paths_than_the_inferred_ones_are_found() -> None:
    """It is the shape that tells, for this is what the command is for."""
    browser = Browser().wander().list_requests(OTHER["listRequests"])
    browser.open_request(OTHER["getRequest"]).accept(OTHER["accept"], OTHER["validate"])
    assert paths(read(browser.reject(OTHER["reject"]))) == OTHER


@pytest.mark.parametrize("seed", range(20))
def test_nothing_of_the_recording_comes_out_but_paths(seed: int) -> None:
    """Headers, cookies, queries, bodies and uids: no canary is in any text of the answer."""
    rng = random.Random(seed)  # noqa: S311 - not for cryptography
    browser = Browser(rng)
    steps: list[Callable[[], Any]] = [
        browser.wander,
        browser.list_requests,
        browser.open_request,
        browser.accept,
        browser.reject,
        lambda: browser.list_requests(f"/v1/projects/{browser.canary()}/clusterpairs"),
        lambda: browser.open_request(f"/v1/pairs/{browser.canary()}/{{pairingUid}}"),
        lambda: browser.accept(f"/v1/pairs/{browser.canary()}"),
        lambda: browser.reject(f"/v1/pairs/{{pairingUid}}/{browser.canary()}"),
    ]
    for step in rng.choices(steps, k=9):
        step()
    told = repr(read(browser))
    assert [canary for canary in browser.canaries if canary in told] == []


def test_what_was_not_done_is_missing_with_why() -> None:
    """The list alone is not enough to accept; no route is made up."""
    recording = read(Browser().wander().list_requests().open_request())
    assert set(paths(recording)) == {"listRequests", "getRequest"}
    assert why(recording) == {name: NOT_SEEN[name] for name in ("accept", "validate", "reject")}
    assert not recording.is_enough


def test_list_and_acceptance_are_enough() -> None:
    """The others have defaults that can wait."""
    assert read(Browser().list_requests().accept(validate="")).is_enough


def test_a_recording_of_something_else_shows_no_route() -> None:
    """Lists of other things, failures and assets are not taken for pairing requests."""
    recording = read(Browser().wander())
    assert (recording.origin, recording.found) == ("", ())
    assert why(recording) == NOT_SEEN


def test_a_recording_without_content_shows_no_list() -> None:
    """Answers tell; where they were not saved, only what was sent can."""
    recording = read(Browser(has_content=False).pair())
    assert "listRequests" not in paths(recording)
    assert not recording.is_enough


def test_a_lone_validation_is_not_taken_for_the_acceptance() -> None:
    """An operator who stopped before the last click did not accept."""
    browser = Browser().list_requests()
    browser.accept().entries.pop()
    recording = read(browser)
    assert paths(recording)["validate"] == VALIDATE
    assert "accept" not in paths(recording)


@pytest.mark.parametrize("answer", [None, {}, {"name": "x"}])
def test_an_acceptance_is_never_taken_for_a_validation(answer: Any) -> None:
    """What is called as a validation is called without a claim: in doubt it is neither."""
    browser = Browser().list_requests()
    browser.accept(OTHER["accept"], validate="", status=200, answer=answer)
    assert set(paths(read(browser))) == {"listRequests"}
    twice = browser.accept(ACCEPT, validate="", body=json.loads(_sent(browser)))
    assert paths(read(twice))["accept"] == ACCEPT
    assert "validate" not in paths(read(twice))


def _sent(browser: Browser) -> str:
    return str(browser.entries[-1]["request"]["postData"]["text"])


def test_an_acceptance_without_a_telling_answer_is_the_one_after_its_validation() -> None:
    """200 with an empty body: the order tells which is which."""
    browser = Browser().list_requests().accept(status=200, answer=None)
    assert paths(read(browser)) == {"listRequests": LIST, "accept": ACCEPT, "validate": VALIDATE}


def test_a_validation_of_something_else_is_not_taken() -> None:
    """It is the same body to another path, before the acceptance."""
    browser = Browser().list_requests().accept()
    later = Browser(random.Random(8)).accept()  # noqa: S311 - not for cryptography
    browser.entries += [later.entries[0]]
    browser.entries[-1]["request"]["url"] = browser.origin + OTHER["validate"]
    assert paths(read(browser))["validate"] == VALIDATE


def test_a_failed_acceptance_is_none() -> None:
    """What Palette refused says nothing about the route."""
    browser = Browser().list_requests().accept(status=404, answer={"code": "x"})
    assert "accept" not in paths(read(browser))


def test_the_last_acceptable_sighting_counts() -> None:
    """A path that the operator's file would refuse does not hide one that it takes."""
    browser = Browser().list_requests().list_requests("/v1/everything")
    recording = read(browser)
    assert paths(recording) == {"listRequests": LIST}
    assert recording.found[0].number == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v2/clusterpairs/list", "starts with /v1/"),
        ("/v1/everything", "must say `pair`"),
        ("/v1/clusterpairs/{pairingUid}/list", "no placeholder"),
        ("/v1/projects/65f0c2a1b3d4e5f601234567/pairs", "names some object"),
        ("/v1/pairs/../tokens", "names some object"),
        ("/v1/pairs/%2e%2e/tokens", "names some object"),
        ("/v1//pairs", "names some object"),
        ("/v1/pairs/\n  accept: x", "names some object"),
        ("/v1/pairs/{pairingUid}{x}", "names some object"),
    ],
)
def test_a_path_that_the_operators_file_refuses_is_missing(path: str, words: str) -> None:
    """The rules are the same in both places; the path itself is not shown."""
    recording = read(Browser().list_requests(path))
    assert recording.found == ()
    assert words in why(recording)["listRequests"]
    assert path not in why(recording)["listRequests"]


def test_a_rejection_by_another_verb_is_told() -> None:
    """The operator's file cannot say it, so a person is to know."""
    browser = Browser().list_requests().reject("/v1/clusterpairs/{pairingUid}/reject", "POST")
    assert "POST, and pairctl can only send DELETE" in why(read(browser))["reject"]


def test_pairing_ids_of_another_server_mean_nothing() -> None:
    """One origin is read by itself; two that both show a pairing are refused."""
    browser = Browser().list_requests()
    browser.origin = "https://other.example:8443"
    alone = browser.open_request()
    assert paths(read(alone)) == {"listRequests": LIST}
    with pytest.raises(BadRecording, match=r"palette\.example, https://other\.example:8443"):
        read(browser.accept())


@pytest.mark.parametrize(
    "origin",
    [
        "http://palette.example",
        "https://key@palette.example",
        "https://palette.example\\@evil.example",
        "https://2130706433",
        "wss://palette.example",
        "data:",
    ],
)
def test_only_https_servers_with_one_reading_count(origin: str) -> None:
    """What cannot be an endpoint cannot be Palette's API."""
    with pytest.raises(BadRecording, match="no request to an https server"):
        read(Browser(origin=origin).pair())


def hostile(depth: int = 100_000) -> list[tuple[str, bytes]]:
    """Give files that are no recordings."""
    return [
        ("empty", b""),
        ("text", b"canary"),
        ("binary", bytes(range(256))),
        ("half", Browser().pair().save()[:-20]),
        ("null", b"null"),
        ("a list", b"[]"),
        ("no log", b"{}"),
        ("log is text", b'{"log": "canary"}'),
        ("no entries", b'{"log": {}}'),
        ("entries are text", b'{"log": {"entries": "canary"}}'),
        ("nothing in it", b'{"log": {"entries": []}}'),
        ("rubbish in it", b'{"log": {"entries": [null, 1, "canary", [], {}, {"request": 1}]}}'),
        ("deep", b'{"log": {"entries": ' + b"[" * depth + b"]" * depth + b"}}"),
        ("deep objects", b'{"log":' * depth + b"1" + b"}" * depth),
        ("a huge number", b'{"log": {"entries": [' + b"9" * 5000 + b"]}}"),
        ("another encoding", Browser().pair().save().decode().encode("utf-16")),
    ]


@pytest.mark.parametrize("content", [c for _, c in hostile()], ids=[name for name, _ in hostile()])
def test_what_is_no_recording_is_told_without_its_content(content: bytes) -> None:
    """It is untrusted: never a traceback, and never a word of it."""
    with pytest.raises(BadRecording) as caught:
        read_recording(content)
    assert "canary" not in repr(caught.value)
    assert caught.value.problem.hint


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: entry.pop("request"),
        lambda entry: entry.update(response=None),
        lambda entry: entry["response"].update(status="never"),
        lambda entry: entry["response"].update(content={"text": 7}),
        lambda entry: entry["request"].update(url=["x"]),
        lambda entry: entry["request"].update(url="https://[::1"),
        lambda entry: entry["response"]["content"].update(text="{", encoding=""),
        lambda entry: entry["response"]["content"].update(text="[" * 100_000 + "pairingUid"),
        lambda entry: entry["response"]["content"].update(text="pairingUid", encoding="base64"),
        lambda entry: entry["response"]["content"].update(text='"pairingUid \\ud800"'),
        lambda entry: entry["response"]["content"].update(text='{"items": [{"pairingUid": 7}]}'),
        lambda entry: entry["response"]["content"].update(text='{"items": {"pairingUid": "x"}}'),
    ],
)
def test_a_broken_entry_costs_itself_only(spoil: Callable[[Any], Any]) -> None:
    """Browsers and proxies save odd things beside what matters."""
    browser = Browser().list_requests(OTHER["listRequests"])
    spoil(browser.entries[0])
    assert paths(read(browser.list_requests().accept())) == {
        "listRequests": LIST,
        "accept": ACCEPT,
        "validate": VALIDATE,
    }


def test_bodies_that_are_deep_but_readable_do_no_harm() -> None:
    """Depth is bounded where it is compared, too."""
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    browser = Browser().list_requests()
    body = browser.acceptance()
    body["spec"]["profiles"] = deep
    text = json.dumps(body)
    browser.accept()
    for entry in browser.entries[1:]:
        entry["request"]["postData"]["text"] = text
    try:
        assert read(browser).found
    except BadRecording as error:
        assert "deeply" in str(error)  # noqa: PT017 - either is fine, a RecursionError is not


def test_spoiled_bytes_are_read_or_refused_in_words() -> None:
    """A recording that was cut, patched or shuffled never ends in anything but BadRecording."""
    rng, content = random.Random(1), Browser().pair().save()  # noqa: S311 - not for cryptography
    for _ in range(300):
        spoiled = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            at, length = rng.randrange(len(spoiled)), rng.randrange(40)
            spoiled[at : at + length] = rng.choices(b'{}[]",:0\\/e-\xff', k=rng.randrange(4))
        try:
            read_recording(bytes(spoiled))
        except BadRecording as error:
            assert error.problem.hint  # noqa: PT017 - either is fine, another exception is not


def test_a_byte_order_mark_is_no_hindrance() -> None:
    """Some proxies write one."""
    assert read_recording(b"\xef\xbb\xbf" + Browser().pair().save()).is_enough


def test_a_recording_has_bounds() -> None:
    """Size, requests and parts are counted before anything is built of them."""
    with pytest.raises(BadRecording, match="larger than 64 MiB"):
        read_recording(b" " * (har_module.MAX_RECORDING_BYTES + 1))
    with pytest.raises(BadRecording, match="more parts"):
        read_recording(b'{"log": {"entries": [' + b"[]," * har_module.MAX_BRACKETS + b"[]]}}")
    many = b'{"log": {"entries": [' + b"0," * har_module.MAX_ENTRIES + b"0]}}"
    with pytest.raises(BadRecording, match="more than 50000 requests"):
        read_recording(many)


def test_a_body_has_bounds() -> None:
    """A body that would fill the memory is not read; the rest of the recording is."""
    browser = Browser().list_requests().accept()
    text = '{"items": [{"pairingUid": "x"}], "more": [' + "[]," * har_module.MAX_BODY_BRACKETS
    browser.entries[0]["response"]["content"]["text"] = text + "[]]}"
    assert set(paths(read(browser))) == {"accept", "validate"}
