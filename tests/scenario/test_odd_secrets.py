"""No secret of any shape gets out, whoever says it again, and in whatever spelling."""

import json
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from driver_factory import Driver, output_file
from forge_factory import NUMBER, serve
from har_factory import Browser
from odd_secrets import ENCODINGS, ODD_SECRETS
from pairctl.sim import Fault
from scenario_factory import PROGRAM, World, profile_match, quick_palette, world
from sim_factory import GRAFANA, INFRA_PACKS, Document, host_document

PASSWORDS = [
    "apostrophe",
    "grapheme joiner",
    "tag",
    "at",
    "slash",
    "percent",
    "like JSON",
    "200 characters",
    "signs beyond ASCII",
]
"""The shapes that a password may have: one host each."""

KEY = "key-it's\"@/%41\\<&>{}=:-5e1c"
TOKEN = 'tok-"it\'s"@/%41\\u0041&amp;-9b2d'
VARIABLE = "-----BEGIN x-----\nfirst 'line' of 7d1a\n\tsecond \"line\" of 8c3e\n"
LISTED = {f"login-{number}": ODD_SECRETS[shape] for number, shape in enumerate(PASSWORDS, 1)}
ALL: Mapping[str, str] = {
    **LISTED,
    "palette-production": KEY,
    "retail": TOKEN,
    "grafana": VARIABLE.strip(),
}
LOUD = {"PAIRCTL_LOG_LEVEL": "debug"}
SECRETS = {
    **{name: {"username": "kairos", "password": value} for name, value in LISTED.items()},
    "palette-production": KEY,
    "grafana": VARIABLE,
}
BATCHES = [list(ENCODINGS)[at : at + 6] for at in range(0, len(ENCODINGS), 6)]


def spelled(value: str, encodings: Iterable[str]) -> str:
    """Spell a value in several ways, as much as fits into a message that is shown whole."""
    output = ""
    for name in encodings:
        more = f" ; {ENCODINGS[name](value)}"
        output += more if len(output) + len(more) < 450 else ""
    return f"refused{output}."


def forms(value: str) -> set[bytes]:
    """List what a secret may look like where it leaks, with and without spaces."""
    lines = [line for line in value.splitlines() if len(line) >= 12]
    texts = {encode(one) for encode in ENCODINGS.values() for one in (value, *lines)}
    solid = {"".join(text.split()) for text in texts}
    return {text.encode() for text in texts | solid if len(text) >= 8}


FORMS = {name: forms(value) for name, value in ALL.items()}


def found_in(texts: Iterable[bytes]) -> list[str]:
    """Name the secrets that are found in what left, each with the form that gave it away."""
    found = set()
    for text in texts:
        for held in (text, b"".join(text.split())):
            found |= {f"{name}: {form!r}" for name in FORMS for form in FORMS[name] if form in held}
    return sorted(found)


def left_behind(w: World) -> Iterator[bytes]:
    """Give all objects of both repositories, and all files, but secrets and hooks."""
    for place in (w.box.bare, w.box.clone):
        command = ["git", "cat-file", "--batch-all-objects", "--batch"]
        yield subprocess.run(command, cwd=place, capture_output=True, check=True).stdout
    for path in sorted(w.root.rglob("*")):
        is_ours = path.is_relative_to(w.secrets) or path.parent.name == "hooks"
        if path.is_file() and not is_ours:
            yield path.read_bytes()


def palette_of_odd_secrets() -> Document:
    """Describe a Palette whose key and token are odd."""
    addons = {"version": "1.0.0", "packs": [GRAFANA], "variables": ["grafana-password"]}
    infra = {"version": "1.0.0", "packs": list(INFRA_PACKS)}
    return quick_palette(
        apiKeys=[{"key": KEY}],
        registrationTokens=[{"name": "retail", "value": TOKEN, "defaultProject": "edge-retail"}],
        profiles=[
            {"name": "infra", "type": "infra", "versions": [infra]},
            {"name": "addons", "type": "add-on", "versions": [addons]},
        ],
    )


def host_of_odd_secrets(number: int) -> Document:
    """Describe a host that says its password wherever it may say something."""
    value = LISTED[f"login-{number}"]
    host = host_document(number, users=[{"username": "kairos", "password": value}])
    texts = {name: encode(value) for name, encode in ENCODINGS.items()}
    host["cluster"]["description"] = " ".join(texts.values())
    host["cluster"]["tags"] = {**texts, value: "a tag"}
    host["agentVersion"] = f"v4 {value}"
    return host


def documents(w: World) -> list[Document]:
    """Write an intent for each host, with its own login."""
    match = profile_match(variables={"grafana-password": {"secret": "grafana"}})
    intents = [
        w.intent(n, localUI=w.local_ui(n) | {"credentials": {"secret": f"login-{n}"}})
        for n in range(1, len(PASSWORDS) + 1)
    ]
    return [match, *intents]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    """Run a world in which every secret is odd, and said again wherever a server can."""
    hosts = [host_of_odd_secrets(number) for number in range(1, len(PASSWORDS) + 1)]
    palette = palette_of_odd_secrets()
    with world(tmp_path, *hosts, palette=palette, secrets=SECRETS, fleet=documents) as w:
        yield w


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """Keep a process that runs the program."""
    with Driver() as running:
        yield running


def said(driver: Driver, w: World, *commands: str, **env: str) -> list[bytes]:
    """Run commands with all logs on; gives all that each of them said."""
    output = []
    for command in commands:
        name, *more = command.split()
        rules = w.rules if name in ("doctor", "discover") else []
        driver.run(w, name, *rules, *more, env={**LOUD, **env})
        output.append(output_file(w).read_bytes())
        assert b"Traceback" not in output[-1]
    return output


def faults(encodings: Iterable[str]) -> list[Fault]:
    """Let every server refuse what it is asked, and spell a secret out."""
    names = list(encodings)
    whole = f"{spelled(KEY, names)} {spelled(VARIABLE, names[:2])}"
    hosts = [
        Fault("error", f"store-{n}", "GET", "*/settings", times=2, status=status,
              message=spelled(LISTED[f"login-{n}"], names))
        for n, status in ((n, 400 if n % 2 else 500) for n in range(1, len(PASSWORDS) + 1))
    ]  # fmt: skip
    token = spelled(TOKEN, names)  # it is known once Palette has listed it
    verify = Fault("error", "*", "POST", "*/verify-connection", status=400, message=token, times=3)
    palette = Fault("error", "palette", "GET", "*/metadata", status=400, message=whole)
    return [*hosts, verify, palette]


def test_whoever_says_a_secret_again_is_not_repeated(driver: Driver, place: World) -> None:
    """Every command and sink, with servers that spell secrets out in all fields, in every way."""
    output = said(driver, place, "validate", "plan --out ../plan.json", "plan --format json")
    output += said(driver, place, "plan --format markdown", "doctor --hosts")
    for encodings in BATCHES:
        place.plan_faults(*faults(encodings))
        output += said(driver, place, "plan", "apply --format json")
        place.plan_faults(*faults(encodings))
        output += said(driver, place, "doctor --hosts --format json")
        place.running.call(lambda sim: sim.faults.clear())
    assert any(b"redacted" in one for one in output)
    assert found_in(output) == []
    output = said(driver, place, "apply --wait --interval 0.1 --timeout 60", "status", "apply")
    assert set(place.kinds()) == {"request", "accept"}
    names = [f"store-{number}" for number in range(1, len(PASSWORDS) + 1)]
    output += said(driver, place, "status --format json", *(f"status {name}" for name in names))
    output += said(driver, place, "explain store-1", "explain store-1 --format json", "approve")
    output += said(driver, place, "discover", "plan --offline --format json")
    assert found_in(output) == []
    assert found_in(left_behind(place)) == []


def test_a_hook_that_says_a_secret_is_not_repeated(driver: Driver, place: World) -> None:
    """A refused push ends the run, and is shown by what knows the secrets of that run."""
    hook = place.box.bare / "hooks" / "pre-receive"
    script = place.root / "hooks" / "says"
    script.parent.mkdir()
    output = []
    for encodings in BATCHES:
        words = "\n".join(spelled(value, encodings) for value in (KEY, LISTED["login-1"]))
        script.write_text(words, encoding="utf-8")
        hook.write_text(
            "#!/bin/sh\ncat >/dev/null\n"
            f'cat "{script}" >&2\n'
            "echo 'see https://bot:p@ss/wo@rd@git.example/x?private_token=a-token-of-gits' >&2\n"
            "exit 1\n"
        )
        hook.chmod(0o755)
        output += said(driver, place, "apply")
    assert all(b"PushRefused" in one or b"refused" in one for one in output)
    assert any(b"redacted" in one for one in output)
    assert any(b"git.example/x?private_token=" in one for one in output)
    assert not any(b"wo@rd" in one or b"a-token-of-gits" in one for one in output)
    assert found_in(output) == []


def test_a_watch_says_no_secret(place: World) -> None:
    """Its log, and what it writes, over several passes."""
    place.plan_faults(*faults(BATCHES[0]), *faults(BATCHES[1]))
    log = place.root / "watch.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*PROGRAM, "watch", *place.rules, "--interval", "0.2"],
            cwd=place.box.clone,
            env={**place.environment, **LOUD},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2400):  # a busy machine takes its time
            if set(place.kinds()) == {"request", "accept"} or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert set(place.kinds()) == {"request", "accept"}
    assert found_in([log.read_bytes()]) == []
    assert found_in(left_behind(place)) == []


def test_a_comment_says_no_secret(driver: Driver, place: World) -> None:
    """Neither what a plan says, nor the forge's own token, wherever it stands."""
    (plan,) = said(driver, place, "plan --format markdown")
    with serve() as forge:
        token = forge.environment["GITHUB_TOKEN"]
        body = plan.partition(b"<!-- pairctl-plan -->")[2].decode()
        text = f"<!-- pairctl-plan -->{body}\n" + spelled(token, ENCODINGS)
        (place.box.clone / "plan.md").write_text(text, encoding="utf-8")
        event = place.root / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": NUMBER}}))
        env = {**forge.environment, "GITHUB_EVENT_PATH": str(event)}
        output = said(driver, place, "comment plan.md", **env)
        (comment,) = forge.comments
        output.append(comment["body"].encode())
    assert found_in(output) == []
    assert not any(form in one for form in forms(token) for one in output)


def test_a_recording_says_no_secret(driver: Driver, place: World) -> None:
    """A browser's recording is full of them; only paths come out of it."""
    browser = Browser().pair()
    for entry, value in zip(browser.entries, [*ALL.values()] * len(browser.entries), strict=False):
        for header in (*entry["request"]["headers"], *entry["response"]["headers"]):
            header["value"] = value
        entry["request"]["cookies"] = [{"name": value, "value": value}]
        entry["response"]["statusText"] = spelled(value, ENCODINGS)
    har = place.root / "secrets" / "pairing.har"
    har.write_bytes(browser.save())
    output = said(driver, place, f"routes --har {har}")
    assert any(b"listRequests" in one for one in output)
    assert found_in(output) == []
