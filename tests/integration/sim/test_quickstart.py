"""The example's world is what the README tells of it."""

import asyncio
from pathlib import Path

import httpx
import pytest

from pairctl.sim import PairTarget, Simulation, load_scenario
from pairctl.sim.answers import RefusalError

FILE = Path(__file__).parents[3] / "examples" / "quickstart" / "simulation.yaml"
TOKEN = "simulated-registration-token-edge-retail"
BOTH = ("retail-infra", "retail-observability")


def _outcome(host: str, *profiles: str) -> str:
    """Pair a host and accept it with profiles: tell `paired`, or why not."""

    async def run() -> str:
        async with Simulation.start(load_scenario(FILE), ports="any") as sim:
            endpoint = sim.addresses["https://127.0.0.1:5443"].endpoint
            try:
                pairing = await sim.hosts[host].pair(PairTarget(endpoint, TOKEN))
                sim.palette.accept_in_console(pairing.uid, *profiles)
            except RefusalError as refusal:
                return refusal.message
            return "paired"

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("host", "profiles", "words"),
    [
        ("store-0001", BOTH, "paired"),
        ("store-0002", ("retail-full",), "paired"),
        ("store-0003", BOTH, "pack addon prometheus-grafana 40.3.1 of the local cluster"),
        ("store-0004", BOTH, "prometheus-grafana 44.3.1 of the selected profiles is not in"),
        ("store-0004", BOTH[:1], "paired"),
        ("store-0005", BOTH, "not all nodes of cluster store-0005 are healthy"),
        ("store-0006", BOTH, "paired"),
    ],
)
def test_each_store_ends_as_its_comment_says(
    host: str, profiles: tuple[str, ...], words: str
) -> None:
    """The demo shows each way to end by the simulator's rules, not by luck."""
    assert words in _outcome(host, *profiles)


def test_the_declared_ports_are_those_of_the_documents() -> None:
    """Palette at 5443, the stores at 5081 to 5086, all on 127.0.0.1."""
    scenario = load_scenario(FILE)
    endpoints = [scenario.spec.palette.endpoint, *(host.endpoint for host in scenario.hosts())]
    assert [httpx.URL(endpoint).port for endpoint in endpoints] == [5443, *range(5081, 5087)]
