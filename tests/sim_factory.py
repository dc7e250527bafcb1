"""Small simulated worlds for tests, and a client that calls them over real HTTPS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from pairctl.sim import (
    Effect,
    EffectKind,
    Entry,
    LocalProfile,
    Pack,
    Received,
    Scenario,
    Simulation,
)

PALETTE = "https://127.0.0.1:5443"
KEY = "simulated-api-key"
TOKEN = "simulated-registration-token"
PASSWORD = "simulated-password"
EDGE = "/v1/edge-mgmt"
INFRA_PACKS = (
    Pack("csi-aws-ebs", "1.20.0", "csi"),
    Pack("cni-calico", "3.25.1", "cni"),
    Pack("edge-k8s", "1.31.0", "k8s"),
    Pack("edge-native-ubuntu", "22.04", "os"),
)
GRAFANA = Pack("prometheus-grafana", "44.3.1", "addon")
OLD_GRAFANA = Pack("prometheus-grafana", "40.3.1", "addon")
HELLO = Pack("hello-universe", "2.0.0", "addon")
LOCAL_PROFILES = (
    LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS),
    LocalProfile("store-addons", "add-on", "1.0.0", (GRAFANA,)),
)

Document = dict[str, Any]


@dataclass
class Clock:
    """Time that moves only when a test says so."""

    seconds: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def profile(name: str, kind: str, *versions: tuple[str, tuple[Pack, ...]], **more: Any) -> Document:
    """Describe a profile of Palette with its published versions."""
    listed = [{"version": version, "packs": list(packs)} for version, packs in versions]
    return {"name": name, "type": kind, "versions": listed} | more


def palette_document(**changes: Any) -> Document:
    """Describe a Palette that can pair the default host."""
    return {
        "endpoint": PALETTE,
        "projects": [{"name": "edge-retail"}, {"name": "lab"}],
        "apiKeys": [{"key": KEY}],
        "registrationTokens": [{"name": "retail", "value": TOKEN, "defaultProject": "edge-retail"}],
        "profiles": [
            profile("infra", "infra", ("1.0.0", INFRA_PACKS[:3]), ("1.1.0", INFRA_PACKS)),
            profile("addons", "add-on", ("1.0.0", (GRAFANA,)), project="edge-retail"),
            profile("full", "cluster", ("2.0.0", (*INFRA_PACKS, GRAFANA))),
        ],
        "pairing": {"acceptSeconds": 5},
    } | changes


def answering(**pairing: Any) -> Document:
    """Describe the same Palette where it answers otherwise about pairing requests."""
    return palette_document(pairing={"acceptSeconds": 5, **pairing})


def host_document(number: int = 1, **changes: Any) -> Document:
    """Describe a host whose cluster is fit to be paired."""
    return {
        "name": f"store-{number}",
        "endpoint": f"https://127.0.0.1:{5080 + number}",
        "users": [{"username": "kairos", "password": PASSWORD}],
        "cluster": {
            "name": f"store-{number}",
            "description": "a store",
            "tags": {"region": "emea"},
            "profiles": list(LOCAL_PROFILES),
        },
    } | changes


def lies_about(host: str, *what: str, **more: Any) -> Document:
    """Describe what a host of a simulation file says of another, as if it were its own."""
    return {"lies": {"about": host, "what": list(what), **more}}


def make_scenario(
    *hosts: Document, palette: Document | None = None, faults: tuple[Document, ...] = ()
) -> Scenario:
    """Make a scenario of one Palette and, unless told otherwise, one host."""
    return Scenario.model_validate(
        {
            "apiVersion": "pairctl/v1alpha1",
            "kind": "Simulation",
            "spec": {
                "palette": palette or palette_document(),
                "hosts": list(hosts) or [host_document()],
                "faults": list(faults),
            },
        }
    )


@dataclass
class Site:
    """A running simulation, its clock, and a client that trusts it."""

    sim: Simulation
    client: httpx.AsyncClient
    clock: Clock
    jwts: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """Tell where a server is: `palette`, or a host."""
        port = 5443 if name == "palette" else 5080 + int(name.rpartition("-")[2])
        return self.sim.addresses[f"https://127.0.0.1:{port}"].endpoint

    async def palette(
        self, method: str, path: str, *, project: str | None = "edge-retail", **options: Any
    ) -> httpx.Response:
        """Call Palette with the API key, in a project or (None) in the tenant's scope."""
        headers = {"ApiKey": KEY}
        uid = self.sim.palette.access.project_uid(project)
        if uid is not None:
            headers["ProjectUid"] = uid
        url = self.address("palette") + path
        return await self.client.request(method, url, headers=headers, **options)

    async def login(self, host: str = "store-1", password: str = PASSWORD) -> httpx.Response:
        """Log in to Local UI and remember the JWT."""
        body = {"username": "kairos", "password": password}
        url = f"{self.address(host)}/v1/users/default/login?setCookie=false"
        answer = await self.client.post(url, json=body)
        if answer.is_success:
            self.jwts[host] = answer.json()["Token"]["Authorization"]
        return answer

    async def host(
        self, method: str, path: str, host: str = "store-1", **options: Any
    ) -> httpx.Response:
        """Call Local UI under /v1/edge-mgmt, logged in."""
        if host not in self.jwts:
            await self.login(host)
        url = self.address(host) + EDGE + path
        headers = {"Authorization": self.jwts[host]}
        return await self.client.request(method, url, headers=headers, **options)

    def target(self, **changes: Any) -> Document:
        """Make the body of a pairing request that Palette would take."""
        return {"paletteEndpoint": self.address("palette"), "registrationToken": TOKEN} | changes

    async def pair(self, host: str = "store-1") -> str:
        """Send a pairing request and return its pairing id."""
        answer = await self.host("POST", "/cluster/pair", host, json=self.target())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["pairingUid"])

    def acceptance(self, pairing_uid: str, *names: str, **metadata: Any) -> Document:
        """Make the body that accepts a request with the latest versions of these profiles."""
        found = [self.sim.palette.catalog.find(name) for name in names]
        uids = [{"uid": entry.shown.uid} for entry in found if entry is not None]
        return {"metadata": metadata, "spec": {"pairingUid": pairing_uid, "profiles": uids}}

    async def accept(self, pairing_uid: str, *names: str, **metadata: Any) -> httpx.Response:
        """Accept a request with the latest versions of these profiles."""
        body = self.acceptance(pairing_uid, *names, **metadata)
        return await self.palette("POST", "/v1/spectroclusters/edge-native/pair", json=body)

    async def says(self, host: str = "store-1") -> Document:
        """Give what Local UI answers, by the topics that a host can lie about."""
        pairing, details, applications, itself = [
            (await self.host("GET", path, host)).json()
            for path in (
                "/cluster/pair/details",
                "/cluster/details",
                "/cluster/applications",
                "/edgehosts/current",
            )
        ]
        profiles = applications["clusterProfileTemplates"]
        return {
            "request": pairing.get("pairingUid"),
            "uid": details["metadata"]["id"],
            "name": details["metadata"]["name"],
            "host": itself["metadata"]["id"],
            "layers": [pack["name"] for profile in profiles for pack in profile["packs"]],
        }

    async def shown(self, pairing_uid: str) -> Document:
        """Give one pairing request as Palette answers it."""
        answer = await self.palette("GET", f"/v1/clusterpairs/{pairing_uid}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def listed(self, **wanted: str) -> list[Document]:
        """Give the pairing requests that Palette lists, where each given field is equal."""
        body = {"filter": {name: {"eq": value} for name, value in wanted.items()}}
        answer = await self.palette("POST", "/v1/dashboard/clusterpairs/metadata", json=body)
        return list(answer.json()["items"])

    async def states(self) -> list[str]:
        """List the states of all requests that Palette lists."""
        return [item["state"] for item in await self.listed()]


@asynccontextmanager
async def site(scenario: Scenario | None = None) -> AsyncIterator[Site]:
    """Run a scenario on free ports, with a clock that stands still."""
    clock = Clock()
    async with Simulation.start(scenario or make_scenario(), ports="any", clock=clock) as sim:
        context = ssl.create_default_context(cadata=sim.ca_pem)
        async with httpx.AsyncClient(verify=context, trust_env=False, timeout=10) as client:
            yield Site(sim, client, clock)


def when_first(sim: Simulation, fits: Callable[[Entry], bool], act: Callable[[], object]) -> None:
    """Act when the first entry that fits comes into the journal, before its server goes on.

    A request is heard of before it is looked at, and an effect before it is answered: what is done
    then comes between the last look and what was sent, or right after it.
    """
    is_done = False

    def hear(entry: Entry) -> None:
        nonlocal is_done
        if not is_done and fits(entry):
            is_done = True
            act()

    sim.journal.listen(hear)


def arrives(method: str, path: str) -> Callable[[Entry], bool]:
    """Tell a request by its method and path, at any server."""
    return lambda entry: (
        isinstance(entry, Received)
        and (entry.method, entry.path)
        == (
            method,
            path,
        )
    )


def is_applied(kind: EffectKind) -> Callable[[Entry], bool]:
    """Tell an effect by its kind."""
    return lambda entry: isinstance(entry, Effect) and entry.kind == kind


async def until(is_so: Callable[[], object]) -> None:
    """Wait, in small steps, for something that another task brings about."""
    for _ in range(20_000):  # a busy machine takes its time
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it did not come about")


def in_site(story: Callable[[Site], Awaitable[None]], scenario: Scenario | None = None) -> None:
    """Tell a story in a running simulation, from a synchronous test."""

    async def run() -> None:
        async with site(scenario) as running:
            await story(running)

    asyncio.run(run())
