"""Answers made up from the vendor's own schemas, given by real servers to the real clients."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from apis_factory import Got, Reaction, answer, error, serving, wire
from fuzzing.answers import (
    KINDS,
    SECRET,
    by_specification,
    hold_facts,
)
from layers_factory import make_profile
from pairctl.apis import Acceptance, ApiFailure, LocalUI, Palette, ProfileChoice
from pairctl.apis.acting_clients import LocalUIWriter
from pairctl.pairing import LocalRequest
from pairctl.pairing.facts.observation import EdgeHost
from pairctl.secrets import Credentials, Redactor, Secret
from vendor_contract import MISSING, is_at_hand

pytestmark = pytest.mark.skipif(not is_at_hand(), reason=MISSING)

NUMBERS = range(150)
USER = Credentials("kairos", Secret("simulated-password"))
KEY = Secret("simulated-key")
TOKEN = Secret("simulated-token")
PLACE = "api.spectrocloud.com"
PROFILE = make_profile("any", "k8s/edge-k8s 1.31.0")
ACCEPTANCE = Acceptance("p-1", (ProfileChoice("u1"),), "store-0042", "", {})


@dataclass
class Answers:
    """What a server answers: usual documents by the end of the path, of which one is made up.

    Where it `refuses_once`, the next token that it sees is refused, as if it had run out.
    """

    usual: Mapping[str, Any]
    made_up: dict[str, Any] = field(default_factory=dict)
    refuses_once: bool = False

    async def react(self, got: Got, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        if self.refuses_once and got.path.endswith("/settings"):
            self.refuses_once = False
            await error(401, "the token has run out")(got, writer)
            return
        documents = {**self.usual, **self.made_up}
        found = [document for end, document in documents.items() if got.path.endswith(end)]
        reaction: Reaction = answer(200, found[-1]) if found else error(404, "there is none")
        await reaction(got, writer)


HOST: Mapping[str, Any] = {
    "/login": {"Token": {"Authorization": "jwt", "RefreshToken": "refresh"}},
    "/renewal": {"Authorization": "jwt", "RefreshToken": "refresh"},
    "/settings": {"installationMode": "airgap", "managementMode": "local"},
    "/edgehosts/current": {"metadata": {"id": "host-1"}},
    "/cluster/details": {"metadata": {"id": "local-42", "name": "store-0042"}},
    "/cluster/applications": {"clusterProfileTemplates": []},
}
GOOD: Mapping[str, dict[str, Any]] = {
    "projects": {"metadata": {"uid": "good", "name": "good"}},
    "profiles": {"metadata": {"uid": "good", "name": "good"}},
    "clusters": {"metadata": {"uid": "good", "name": "good"}},
    "tokens": {"metadata": {"uid": "good", "name": "good"}, "spec": {"token": "simulated-good"}},
    "requests": {"pairingUid": "good", "localClusterUid": "good", "name": "good"},
}
"""An item that each made-up list holds beside those that are made up."""


@dataclass(frozen=True)
class Ask:
    """How a client comes to read one kind of answer: the end of the path, and what is asked."""

    path: str
    ask: Callable[[Any], Awaitable[Any]]


async def _observe(client: LocalUI) -> EdgeHost:
    return await client.observe()


async def _cluster(client: LocalUI) -> Any:
    return (await client.observe()).cluster


async def _layers(client: LocalUI) -> Any:
    return list(await client.layers())


async def _request(client: LocalUI) -> LocalRequest | None:
    return (await client.observe()).request


async def _send(client: LocalUIWriter) -> str:
    return await client.send_request(PLACE, TOKEN, request_id="claim-1")


HOST_ASKS: Mapping[str, Ask] = {
    "settings": Ask("/settings", _observe),
    "host": Ask("/edgehosts/current", _observe),
    "cluster": Ask("/cluster/details", _cluster),
    "applications": Ask("/cluster/applications", _layers),
    "pair details": Ask("/pair/details", _request),
    "connection": Ask("/verify-connection", lambda it: it.verify_connection(PLACE, TOKEN)),
    "sent request": Ask("/cluster/pair", _send),
    "login": Ask("/login", _observe),
    "renewal": Ask("/renewal", _observe),
}


async def _tokens(client: Palette) -> Any:
    return [token.facts for token in await client.tokens()]


PALETTE_ASKS: Mapping[str, Ask] = {
    "projects": Ask("/projects/metadata", lambda it: it.project_uid("good")),
    "profiles": Ask("/dashboard/clusterprofiles", lambda it: it.profiles()),
    "clusters": Ask("/spectroclusters/search", lambda it: it.clusters()),
    "tokens": Ask("/edgehosts/tokens", _tokens),
    "requests": Ask("/clusterpairs/metadata", lambda it: it.requests()),
    "request": Ask("/clusterpairs/p-1", lambda it: it.request("p-1")),
    "variables": Ask("/variables", lambda it: it.profile_variables("u1")),
    "packs": Ask("/packs", lambda it: it.profile_values(PROFILE)),
    "validation": Ask("/pair/validate", lambda it: it.validate_acceptance(ACCEPTANCE)),
}


@cache
def each_of(kind: str) -> Sequence[Any]:
    """Return what comes of each made-up answer of a kind: facts, or the failure that it is."""
    is_host, asks = kind in HOST_ASKS, {**HOST_ASKS, **PALETTE_ASKS}[kind]
    answers = Answers(HOST if is_host else {})
    to = wire(redactor=knowing_the_secret())

    async def come_of(client: Any, document: Any) -> Any:
        answers.made_up = {asks.path: document}
        answers.refuses_once = kind == "renewal"
        try:
            return await asks.ask(client)
        except ApiFailure as failure:
            return failure

    async def run() -> list[Any]:
        made = [made_up(kind, number) for number in NUMBERS]
        async with serving(answers.react) as server:
            if not is_host:
                async with Palette(server.endpoint, KEY, to) as palette:
                    return [await come_of(palette, document) for document in made]
            came = []
            for document in made:  # a host's client keeps what the host has told it
                async with LocalUIWriter(server.endpoint, USER, to) as client:
                    came.append(await come_of(client, document))
            return came

    return asyncio.run(run())


def made_up(kind: str, number: int) -> Any:
    """Return an answer that fits the vendor's schema; a list has a good item first."""
    document = by_specification(KINDS[kind], number)
    if kind in GOOD:
        document["items"] = [GOOD[kind], *document["items"]]
        document.pop("listmeta", None)
    return document


def knowing_the_secret() -> Redactor:
    """Return a redactor that knows the secret which hides in made-up texts."""
    redactor = Redactor()
    redactor.learn(SECRET)
    return redactor


@pytest.mark.parametrize("kind", [*HOST_ASKS, *PALETTE_ASKS])
def test_whatever_fits_the_schema_is_read_or_refused_in_words(kind: str) -> None:
    """Facts that can be shown and stop no other intent, or reason, message and hint."""
    for came in each_of(kind):
        hold_facts(came, knowing_the_secret())


@pytest.mark.parametrize("kind", GOOD)
def test_an_odd_item_of_palette_hides_no_other(kind: str) -> None:
    """A list is read item by item: what one of them lacks is that one's own trouble."""
    for came in each_of(kind):
        assert not isinstance(came, ApiFailure), came.problem
        if kind != "projects":
            assert any("good" in _names(one) for one in came)


def _names(one: Any) -> set[str]:
    return {getattr(one, name, "") for name in ("name", "uid", "pairing_uid")}


def test_every_model_that_is_read_has_made_up_answers() -> None:
    """A kind of answer that is added comes under the same laws."""
    assert {*HOST_ASKS, *PALETTE_ASKS} == set(KINDS)
