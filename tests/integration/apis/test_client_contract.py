"""Every request that the clients send, held against the vendor's specifications."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from apis_factory import Got, answer, by_path, error, in_turn, serving, wire
from pairctl.apis import Acceptance, ListMayBeCut, ProfileChoice
from pairctl.apis.acting_clients import LocalUIWriter, PaletteWriter
from pairctl.secrets import Credentials, Secret

SPECIFICATIONS = Path(__file__).parents[4] / "shared" / "api"

pytestmark = pytest.mark.skipif(
    not SPECIFICATIONS.is_dir(),
    reason="the vendor's specifications are not beside the project: no folder shared/api",
)

PAIRING_BODIES = {
    "POST /v1/dashboard/clusterpairs/metadata": "v1ClusterPairMetadataFilter",
    "POST /v1/spectroclusters/edge-native/pair": "v1EdgeNativeClusterPairSpcEntity",
    "POST /v1/spectroclusters/edge-native/pair/validate": "v1EdgeNativeClusterPairSpcEntity",
    "GET /v1/clusterpairs/p-1": None,
    "DELETE /v1/clusterpairs/p-1": None,
}
"""The requests whose paths are not published, with their published models."""

OWN_HEADERS = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-type",
               "content-length", "cache-control", "x-request-id"}  # fmt: skip


class Specification:
    """A specification (OpenAPI 2.0) that refuses fields it does not name."""

    def __init__(self, file: str) -> None:
        self.document = json.loads((SPECIFICATIONS / file).read_text())
        self._definitions = {
            name: _closed(schema) for name, schema in self.document["definitions"].items()
        }

    def operation(self, got: Got) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """Return the operation of a request, and its parameters with those of its path."""
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), got.path):
                found = operations[got.method.lower()]
                return found, [*operations.get("parameters", []), *found.get("parameters", [])]
        raise AssertionError(f"{got.path} is in no specification")

    def check_body(self, schema: Mapping[str, Any], body: Any) -> None:
        """Hold a body against a schema of this specification."""
        Draft4Validator({**_closed(schema), "definitions": self._definitions}).validate(body)

    def check_model(self, name: str, body: Any) -> None:
        """Hold a body against a published model."""
        self.check_body({"$ref": f"#/definitions/{name}"}, body)


def _closed(schema: Any) -> Any:
    """Return a schema that knows no fields but its own."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed


def check(specification: Specification, got: Got) -> None:
    """Hold one request against its operation: query, headers and body."""
    operation, parameters = specification.operation(got)
    named = {place: {p["name"]: p for p in parameters if p["in"] == place}
             for place in ("query", "header", "body")}  # fmt: skip
    for name, value in got.query.items():
        _check_text(named["query"][name], value)
    headers = {name.casefold() for name in named["header"]} | OWN_HEADERS
    security = specification.document["securityDefinitions"].values()
    assert set(got.headers) <= headers | {it["name"].casefold() for it in security}
    if operation.get("security"):
        allowed = {name.casefold() for entry in operation["security"] for name in entry}
        assert allowed & set(got.headers)
    _check_body(specification, list(named["body"].values()), got)


def _check_body(specification: Specification, bodies: list[Mapping[str, Any]], got: Got) -> None:
    if not bodies:
        assert got.body == b""
        return
    specification.check_body(bodies[0]["schema"], got.document)


def _check_text(parameter: Mapping[str, Any], value: str) -> None:
    match parameter["type"]:
        case "boolean":
            assert value in ("true", "false")
        case "integer":
            assert 0 < int(value) <= parameter.get("maximum", 2**31)
        case _:
            assert value


def sent_to_a_host() -> list[Got]:
    """Return all that the client of Local UI sends, the renewal included."""
    token = {"Authorization": "jwt", "RefreshToken": "refresh"}
    details = {"metadata": {"id": "c", "name": "store"}, "status": {"clusterState": "Running"}}
    host = by_path(
        {
            "login": answer(200, {"Token": token}),
            "token/renewal": answer(200, token),
            "settings": in_turn(error(401), answer(200, {"managementMode": "local"})),
            "current": answer(200, {"metadata": {"id": "h"}}),
            "cluster/details": answer(200, details),
            "applications": answer(200, {"clusterProfileTemplates": []}),
            "verify-connection": answer(200, {"verified": True}),
            "cluster/pair": answer(201, {"pairingUid": "p-1"}),
            "pair/reject": answer(200, {"message": "done"}),
        }
    )

    async def run() -> list[Got]:
        user = Credentials("kairos", Secret("simulated-password"))
        async with serving(host) as server, LocalUIWriter(server.endpoint, user, wire()) as client:
            await client.observe()
            await client.verify_connection("api.spectrocloud.com", Secret("simulated-token"))
            token = Secret("simulated-token")
            await client.send_request("api.spectrocloud.com", token, request_id="claim-1")
            await client.withdraw(request_id="claim-2")
        return server.got

    return asyncio.run(run())


def sent_to_palette() -> list[Got]:
    """Return all that the client of Palette sends, second pages included."""
    first = {"items": [], "listmeta": {"continue": "next"}}
    pages = in_turn(answer(200, first), answer(200, {"items": []}))
    project = {"metadata": {"name": "edge-retail", "uid": "project-1"}}
    palette = by_path(
        {
            "projects/metadata": answer(200, {"items": [project]}),
            "dashboard/clusterprofiles": pages,
            "edgehosts/tokens": answer(200, {"items": []}),
            "spectroclusters/search": in_turn(answer(200, first), answer(200, {"items": []})),
            "clusterpairs/metadata": answer(200, {"items": _fifty()}),
            "clusterpairs/p-1": answer(200, {"spec": {"profiles": []}}),
            "edge-native/pair": answer(201, {"uid": "c-1"}),
            "pair/validate": answer(200, {}),
            "u1/variables": answer(200, {"variables": []}),
        }
    )

    async def run() -> list[Got]:
        async with (
            serving(palette) as server,
            PaletteWriter(
                server.endpoint, Secret("simulated-key"), wire(), project="edge-retail"
            ) as client,
        ):
            await _use(client)
        return server.got

    return asyncio.run(run())


def _fifty() -> list[dict[str, str]]:
    return [{"pairingUid": f"p{n}", "localClusterUid": "zzz"} for n in range(50)]


async def _use(client: PaletteWriter) -> None:
    choice = ProfileChoice("u1", {"region": "emea", "password": Secret("simulated-value")})
    acceptance = Acceptance("p-1", (choice,), "store-0001", "a store", {"owner": "retail"})
    await client.profiles()
    await client.tokens()
    await client.clusters()
    with pytest.raises(ListMayBeCut):
        await client.requests()
    await client.request("p-1")
    await client.profile_variables("u1")
    await client.validate_acceptance(acceptance)
    await client.accept(acceptance, request_id="claim-3")
    await client.reject("p-1", request_id="claim-4")


def named(requests: list[Got]) -> Iterator[str]:
    """Yield method and path of each."""
    return (f"{got.method} {got.path}" for got in requests)


def test_requests_to_local_ui_are_those_of_the_specification() -> None:
    """Methods, paths, queries, headers and bodies of every call of the client."""
    specification = Specification("local-management-api.json")
    requests = sent_to_a_host()
    for got in requests:
        check(specification, got)
    assert len(set(named(requests))) == 10


def test_requests_to_palette_are_those_of_the_specification() -> None:
    """Published paths by their operations; the others by the published models of their bodies."""
    specification = Specification("palette-api.json")
    requests = sent_to_palette()
    for got, name in zip(requests, named(requests), strict=True):
        if name not in PAIRING_BODIES:
            check(specification, got)
        elif model := PAIRING_BODIES[name]:
            specification.check_model(model, got.document)
        else:
            assert got.body == b""
    assert set(PAIRING_BODIES) <= set(named(requests))
    assert len(set(named(requests))) == 10
    tokens = next(got for got in requests if got.path.endswith("tokens"))
    assert "projectuid" not in tokens.headers
