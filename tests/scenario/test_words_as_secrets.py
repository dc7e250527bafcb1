"""Secrets that are words of pairctl's documents, and a host that calls such a word its token."""

from dataclasses import replace
from pathlib import Path

import pytest

from pairctl.records import parse_status
from scenario_factory import World, quick_palette, world
from sim_factory import PASSWORD, Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2))
WORDS = ("metadata", "lastTransitionTime", "conditions")


def statuses_are_whole(w: World) -> None:
    """Assert that every status can be read, and that no run writes what is written already."""
    files = w.files()
    for number in (1, 2):
        status = parse_status(files[f"status/store-{number}.yaml"])
        assert status is not None
        assert status.name == f"store-{number}"
    tip = w.tip
    w.apply()
    assert w.tip == tip


@pytest.mark.parametrize("word", WORDS)
def test_a_token_that_is_a_word_rewrites_no_status(tmp_path: Path, word: str) -> None:
    """Palette lists it: documents stay what they are, and the cap of an hour holds."""
    tokens = [{"name": "retail", "value": word, "defaultProject": "edge-retail"}]
    palette = quick_palette(registrationTokens=tokens)
    with world(tmp_path, *HOSTS, palette=palette, limits={"acceptancesPerHour": 1}) as w:
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        statuses_are_whole(w)
        assert len(w.effects("accept")) == 1


@pytest.mark.parametrize("word", WORDS)
def test_a_host_that_calls_a_word_its_token_rewrites_no_status(tmp_path: Path, word: str) -> None:
    """What is redacted is not for a host to choose, in its own status or in others'."""

    def invent(w: World) -> None:
        host = w.running.simulation.hosts["store-1"]
        assert host.pairing is not None
        target = replace(host.pairing.target, registration_token=word)
        host.pairing = replace(host.pairing, target=target)

    with world(tmp_path, *HOSTS, fleet=unacknowledged) as w:
        w.apply()
        before = w.files()
        w.running.call(lambda _: invent(w))
        w.apply()
        assert w.files() == before
        statuses_are_whole(w)


def unacknowledged(w: World) -> list[Document]:
    """Write intents whose requests wait."""
    return [w.intent(number, acknowledge=None) for number in (1, 2)]


def test_a_password_that_is_an_intents_name_leaves_its_documents(tmp_path: Path) -> None:
    """The name is no secret any more; what says it stays where it is, and can be read."""
    hosts = [
        host_document(n, users=[{"username": "kairos", "password": "store-00"}]) for n in (1, 2)
    ]
    assert PASSWORD != "store-00"
    login = {"store-local-ui": {"username": "kairos", "password": "store-00"}}

    def named(w: World) -> list[Document]:
        return [w.intent(number, f"store-00-{number}") for number in (1, 2)]

    with world(tmp_path, *hosts, secrets=login, fleet=named) as w:
        w.apply()
        for number in (1, 2):
            status = parse_status(w.files()[f"status/store-00-{number}.yaml"])
            assert status is not None
            assert (status.name, status.phase) == (f"store-00-{number}", "Paired")
        assert "[store-00-1](status/store-00-1.yaml)" in w.files()["STATUS.md"].decode()
