"""`pairctl routes`: from a recording to the operator's file."""

import json
import textwrap
from pathlib import Path

import pytest

from cli_factory import Done, pairctl
from har_factory import ACCEPT, LIST, ONE, VALIDATE, Browser
from pairctl.spec import OperatorSpec, PairingRoutes, SourceFile, load_operator
from sim_factory import Site, in_site

HEAD = "apiVersion: pairctl/v1alpha1\nkind: Operator\nmetadata: {name: x}\nspec:\n"


def routes(folder: Path, content: bytes) -> Done:
    """Run the command on a recording."""
    (folder / "pairing.har").write_bytes(content)
    return pairctl("routes", "--har", "pairing.har", cwd=folder)


def as_operator(block: str) -> OperatorSpec:
    """Put the block where it belongs, and load the file."""
    text = HEAD + textwrap.indent(block, "  ")
    return load_operator(SourceFile("operator.yaml", text.encode())).spec


def test_what_is_printed_goes_into_the_operators_file(tmp_path: Path) -> None:
    """All routes, each with the request that shows it; nothing is told beside."""
    accept = "/v1/edge/pairings"
    browser = Browser().list_requests().open_request().accept(accept).reject()
    done = routes(tmp_path, browser.save())
    assert (done.code, done.err) == (0, "")
    assert as_operator(done.out).routes == PairingRoutes(accept=accept)
    assert "# request 4: POST, answered with 201\n  accept: /v1/edge/pairings\n" in done.out
    assert "# request 1: POST, answered with 200, the default\n" in done.out
    assert "https://palette.example" in done.out


def test_what_is_missing_is_told_in_both_places(tmp_path: Path) -> None:
    """Exit code 3 where nothing could be accepted with it, and what to do while recording."""
    done = routes(tmp_path, Browser().list_requests("/v1/pairs/list").save())
    assert done.code == 3
    assert as_operator(done.out).routes == PairingRoutes.model_validate(
        {"listRequests": "/v1/pairs/list"}
    )
    assert "# accept was not found: no POST" in done.out
    assert f"the default holds: {ACCEPT}" in done.out
    assert "not found: accept: no POST" in done.err
    assert "do: accept a request to its end while recording" in done.err


def test_what_is_not_essential_may_be_missing(tmp_path: Path) -> None:
    """With list and acceptance a pairing can go on; the rest is told all the same."""
    done = routes(tmp_path, Browser().list_requests().accept(validate="").save())
    assert done.code == 0
    assert "not found: validate" in done.err


def test_a_recording_with_none_of_it_still_prints_a_block(tmp_path: Path) -> None:
    """What is printed is always YAML that loads."""
    done = routes(tmp_path, Browser().wander().save())
    assert done.code == 3
    assert as_operator(done.out).routes == PairingRoutes()


def test_no_secret_of_the_recording_is_shown(tmp_path: Path) -> None:
    """Each header, cookie, query, body and uid of the recording is a canary."""
    browser = Browser().pair()
    browser.list_requests(f"/v1/projects/{browser.canary()}/pairs").reject(method="POST")
    done = routes(tmp_path, browser.save())
    assert done.code == 0
    assert len(browser.canaries) > 100
    assert [it for it in browser.canaries if it in done.out + done.err] == []


@pytest.mark.parametrize(
    "content",
    [b"", b"canary", b'{"log": ' * 100_000, b'{"log": {"entries": []}}', b"\xff\xfe\x00canary"],
)
def test_a_bad_file_is_an_error_in_words(tmp_path: Path, content: bytes) -> None:
    """Never a traceback, and nothing of the file."""
    done = routes(tmp_path, content)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert "do: " in done.err
    assert "Traceback" not in done.err
    assert "canary" not in done.err


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Missing, a folder, or without an end."""
    assert pairctl("routes", "--har", "nowhere.har", cwd=tmp_path).code == 1
    assert pairctl("routes", "--har", ".", cwd=tmp_path).code == 1
    done = pairctl("routes", "--har", "/dev/zero", cwd=tmp_path)
    assert done.code == 1
    assert "larger than 64 MiB" in done.err
    assert pairctl("routes", cwd=tmp_path).code == 1


def test_a_name_of_a_file_says_nothing_in_the_block(tmp_path: Path) -> None:
    """A name with line breaks cannot write into the operator's file."""
    name = "x\n  accept: pair"
    (tmp_path / name).write_bytes(Browser().list_requests().save())
    done = pairctl("routes", "--har", name, cwd=tmp_path)
    assert done.code == 3
    assert as_operator(done.out).routes == PairingRoutes()
    assert "\n  accept:" not in done.out


def test_a_pairing_in_the_simulator_is_recognised(tmp_path: Path) -> None:
    """What a console would have said to the simulated Palette, with its own answers."""
    browser = Browser()

    async def story(site: Site) -> None:
        browser.pairing_uid = await site.pair()
        browser.origin = site.address("palette")
        body = site.acceptance(browser.pairing_uid, "infra", "addons", name="store-1")
        path = ONE.format(pairingUid=browser.pairing_uid)
        for method, where, sent in [
            ("POST", LIST, {"filter": {}}),
            ("GET", path, None),
            ("POST", VALIDATE, body),
            ("POST", ACCEPT, body),
        ]:
            answer = await site.palette(method, where, json=sent)
            browser.call(method, where, answer.status_code, sent, answer.json())

    in_site(story)
    done = routes(tmp_path, browser.save())
    assert done.code == 0, done.err
    assert as_operator(done.out).routes == PairingRoutes()
    assert done.out.count(", the default\n") == 4
    assert json.dumps(browser.pairing_uid) not in done.out
