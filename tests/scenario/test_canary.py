"""No secret's value gets out: not to a screen, a log, a commit, or a file, in no form."""

import base64
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from driver_factory import Driver, output_file
from pairctl.sim import Fault
from scenario_factory import ACCEPT, PAIR, World, profile_match, quick_palette, world, write_secrets
from sim_factory import GRAFANA, INFRA_PACKS, Document, host_document

APPLY = "apply --wait --interval 0.1 --timeout 8"
STEPS = "pair --dry-run --transcript steps --overwrite"
LOUD = {"PAIRCTL_LOG_LEVEL": "debug"}
VERIFY = f"{PAIR}/verify-connection"
LOGIN = "/v1/users/default/login"


def canary(kind: str) -> str:
    """Make a secret that is found again in any form, with signs that formats have to escape."""
    return f'{kind}-{secrets.token_hex(8)}+/"\\&=%'


API_KEY, PASSWORD, TOKEN, OWN_TOKEN, VARIABLE, BAD_PASSWORD = map(
    canary, ("key", "pw", "token", "own", "variable", "bad")
)
ALL = (API_KEY, PASSWORD, TOKEN, OWN_TOKEN, VARIABLE, BAD_PASSWORD)
VALUES = {
    "palette-production": API_KEY,
    "store-local-ui": {"username": "kairos", "password": PASSWORD},
    "bad-local-ui": {"username": "kairos", "password": BAD_PASSWORD},
    "own-token": OWN_TOKEN,
    "grafana": VARIABLE,
}


def forms(value: str) -> set[str]:
    """List what a secret may look like where it leaks."""
    content = value.encode()
    return {
        value,
        base64.b64encode(content).decode().rstrip("="),
        base64.urlsafe_b64encode(content).decode().rstrip("="),
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        content.hex(),
        content.hex().upper(),
        repr(value)[1:-1],
        value.split("-")[1][:16],
    }


def echo(value: str) -> str:
    """Write a server's message that tells a secret in every form."""
    told = sorted(forms(value) - {value.split("-")[1][:16]})
    return "refused: " + " ; ".join(told)


def found_in(texts: Iterator[bytes] | list[bytes]) -> list[str]:
    """Name the secrets that are found, each with the form that gave it away."""
    wanted = {(value.split("-")[0], form.encode()) for value in ALL for form in forms(value)}
    return sorted({f"{kind}: {form!r}" for text in texts for kind, form in wanted if form in text})


def all_objects(repository: Path) -> bytes:
    """Give every object of a repository, reachable or not."""
    done = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"],
        cwd=repository,
        capture_output=True,
        check=True,
    )
    return done.stdout


def left_behind(w: World) -> Iterator[bytes]:
    """Give all that is on the disk after the runs, but the secrets themselves."""
    yield all_objects(w.box.bare)
    yield all_objects(w.box.clone)
    for path in sorted(w.root.rglob("*")):
        if path.is_file() and not path.is_relative_to(w.secrets):
            yield path.read_bytes()


def palette_with_canaries() -> Document:
    """Describe a Palette whose key, tokens and variables are canaries."""
    tokens = {"retail": TOKEN, "own": OWN_TOKEN}
    versions = {
        "infra": {"version": "1.0.0", "packs": list(INFRA_PACKS)},
        "addons": {"version": "1.0.0", "packs": [GRAFANA], "variables": ["grafana-password"]},
    }
    kinds = {"infra": "infra", "addons": "add-on"}
    return quick_palette(
        apiKeys=[{"key": API_KEY}],
        registrationTokens=[
            {"name": name, "value": value, "defaultProject": "edge-retail"}
            for name, value in tokens.items()
        ],
        profiles=[{"name": n, "type": kinds[n], "versions": [v]} for n, v in versions.items()],
    )


def host_with_canaries(number: int = 1) -> Document:
    """Describe a host whose password is a canary."""
    return host_document(number, users=[{"username": "kairos", "password": PASSWORD}])


def documents(w: World) -> list[Document]:
    """Write intents for two hosts: one token is Palette's, one is a secret."""
    match = profile_match(variables={"grafana-password": {"secret": "grafana"}})
    own = {"registrationToken": {"secret": "own-token"}}
    return [match, w.intent(1), w.intent(2, **own)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    """Run a world in which every secret is a canary."""
    hosts = [host_with_canaries(1), host_with_canaries(2)]
    palette = palette_with_canaries()
    with world(tmp_path, *hosts, palette=palette, secrets=VALUES, fleet=documents) as w:
        yield w


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """Keep a process that runs the program."""
    with Driver() as running:
        yield running


def said(driver: Driver, w: World, *commands: str) -> list[bytes]:
    """Run commands with all logs on; gives all that each of them said."""
    told = []
    for command in commands:
        driver.run(w, *command.split(), env=LOUD)
        told.append(output_file(w).read_bytes())
    return told


def test_a_whole_pairing_tells_no_secret(driver: Driver, place: World) -> None:
    """Every command, with debug logs: screens, commits and files are free of every secret."""
    told = said(driver, place, f"{STEPS} store-2", "validate", "plan", "plan --format json")
    told += said(driver, place, f"{APPLY} --format json")
    told += said(
        driver,
        place,
        f"{STEPS} store-1",
        "apply",
        "plan",
        "status",
        "status store-1",
        "explain store-1",
        "report --html -",
        "export terraform",
    )
    told += said(driver, place, "plan --offline --format markdown", "approve")
    assert sorted(place.kinds()) == ["accept", "accept", "request", "request"]
    assert any(b"debug" in one for one in told)
    assert found_in(told) == []
    assert found_in(left_behind(place)) == []


def test_no_child_is_given_a_secret(driver: Driver, place: World) -> None:
    """Neither as an argument, which every user of a machine can see, nor in its environment."""
    git, heard = place.root / "bin" / "git", place.root / "children.log"
    git.parent.mkdir()
    real = shutil.which("git")
    git.write_text(f'#!/bin/sh\nprintf "%s\\n" "$0 $*" "$(env)" >>"{heard}"\nexec "{real}" "$@"\n')
    git.chmod(0o755)
    env = {"PATH": f"{git.parent}:{os.environ['PATH']}", "PAIRCTL_SECRET_OF_THIS": API_KEY}
    assert driver.run(place, *APPLY.split(), env=env) == 0
    told = heard.read_bytes()
    assert b" push " in told
    assert b"GIT_TERMINAL_PROMPT=0" in told
    assert found_in([told]) == []


ECHOES = {
    "Palette tells the key": (API_KEY, "palette", "POST", "/v1/dashboard/clusterprofiles"),
    "Palette tells the key to a project": (API_KEY, "palette", "GET", "*/projects/metadata"),
    "Palette tells the token": (TOKEN, "palette", "GET", "/v1/clusterpairs/*"),
    "Palette tells the variable": (VARIABLE, "palette", "POST", ACCEPT),
    "the host tells the password at login": (PASSWORD, "store-*", "POST", LOGIN),
    "the host tells the password later": (PASSWORD, "store-*", "GET", "*/settings"),
    "the host tells Palette's token": (TOKEN, "store-1", "POST", VERIFY),
    "the host tells the token it was paired with": (TOKEN, "store-1", "POST", PAIR),
    "the host tells a token of the secrets": (OWN_TOKEN, "store-2", "POST", PAIR),
}


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("who", ECHOES)
def test_a_server_that_tells_a_secret_is_not_repeated(
    driver: Driver, place: World, who: str, status: int
) -> None:
    """A secret in an error's message, in every form, goes no further than pairctl."""
    value, server, method, path = ECHOES[who]
    fault = Fault("error", server, method, path, times=99, status=status, message=echo(value))
    place.plan_faults(fault)
    told = said(driver, place, f"{STEPS} store-1", f"{STEPS} store-2", "plan", APPLY)
    told += said(driver, place, f"{STEPS} store-1", "status store-1", "status store-2")
    assert any(b"redacted" in one for one in [*told, *place.files().values()])
    assert found_in(told) == []
    assert found_in(left_behind(place)) == []


def test_a_cluster_that_is_named_after_secrets_is_planned_without_them(
    driver: Driver, tmp_path: Path
) -> None:
    """What a host says goes into plans and comments; the plan still binds what it says."""
    host = host_with_canaries()
    host["cluster"]["description"] = echo(TOKEN)
    host["cluster"]["tags"] = {PASSWORD[:40]: echo(API_KEY)}
    with world(tmp_path, host, palette=palette_with_canaries(), secrets=VALUES) as w:
        told = said(driver, w, "plan --out ../plan.json", "plan --format json")
        told += said(driver, w, "plan --format markdown", "apply --plan ../plan.json")
        assert w.kinds() == ["request"]
        told += said(driver, w, "plan --format json", APPLY, "plan --offline --format json")
        assert b"redacted" in (w.root / "plan.json").read_bytes()
        assert found_in(told) == []
        assert found_in(left_behind(w)) == []


WRONG = {
    "a password that is refused": {"store-local-ui": VALUES["bad-local-ui"]},
    "a key with a line in it": {"palette-production": f"{API_KEY}\nmore"},
    "a key beyond ASCII": {"palette-production": f"{API_KEY}é"},
    "a key that is refused": {"palette-production": BAD_PASSWORD},
    "a login without a colon": {"store-local-ui": PASSWORD},
    "a token that Palette does not know": {"own-token": BAD_PASSWORD},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_secret_that_is_wrong_is_not_shown(driver: Driver, place: World, what: str) -> None:
    """A secret that cannot be used is told by its place, never by its value."""
    for name in WRONG[what]:
        login = place.secrets / name
        if login.is_dir():
            for file in login.iterdir():
                file.unlink()
            login.rmdir()
    write_secrets(place.secrets, WRONG[what])
    told = said(driver, place, "plan", "apply")
    assert place.kinds() == [] or what == "a token that Palette does not know"
    assert found_in(told) == []
    assert found_in(left_behind(place)) == []


def test_another_certificate_gets_no_secret(driver: Driver, place: World) -> None:
    """Where another certificate is served than the one pinned, nothing is sent."""
    place.running.wait(lambda sim: sim.change_certificate("palette"))
    place.running.wait(lambda sim: sim.change_certificate("store-1"))
    told = said(driver, place, "plan", "apply")
    servers = {one.server for one in place.running.simulation.journal.received}
    assert servers <= {"store-2"}
    assert place.kinds() == []
    assert found_in(told) == []
    assert found_in(left_behind(place)) == []
