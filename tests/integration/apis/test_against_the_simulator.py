"""The clients against the simulator: a whole pairing over real HTTPS."""

import asyncio
import time
from pathlib import Path

import pytest

from pairctl.apis import (
    Acceptance,
    ApiFailure,
    Authorities,
    PaletteLimit,
    Pinned,
    ProfileChoice,
    Refused,
    Wire,
)
from pairctl.apis.acting_clients import LocalUIWriter, PaletteWriter
from pairctl.pairing.facts.observation import LocalRequestStatus, ManagementMode
from pairctl.pairing.facts.palette import RequestState
from pairctl.secrets import Credentials, Redactor, Secret
from pairctl.sim import Simulation, load_scenario

QUICKSTART = Path(__file__).parents[3] / "examples" / "quickstart" / "simulation.yaml"


def test_a_pairing_goes_from_a_request_to_a_registered_cluster() -> None:
    """Sent, listed, declined with a wrong selection, accepted with the right one, and paired."""
    asyncio.run(pair())


async def pair() -> None:
    """Pair the first host of the quickstart."""
    scenario = load_scenario(QUICKSTART)
    palette_spec, host_spec = scenario.spec.palette, scenario.hosts()[0]
    user = host_spec.users[0]
    redactor = Redactor()
    async with Simulation.start(scenario, ports="any") as sim:
        palette_at = sim.addresses[palette_spec.endpoint]
        host_at = sim.addresses[host_spec.endpoint]
        pem = sim.ca_pem if isinstance(sim.ca_pem, str) else sim.ca_pem.decode()
        trusting = Wire(redactor, Authorities(pem), PaletteLimit(time.monotonic))
        key = Secret(palette_spec.api_keys[0].key)
        async with (
            PaletteWriter(palette_at.endpoint, key, trusting, project="edge-retail") as palette,
            LocalUIWriter(
                host_at.endpoint,
                Credentials(user.username, Secret(user.password)),
                Wire(redactor, Pinned(host_at.fingerprint)),
            ) as host,
        ):
            await send_and_accept(palette, host, palette_at.endpoint)
            await until_central(host)
            assert [cluster.name for cluster in await palette.clusters()] == [host_spec.name]
        kinds = [effect.kind for effect in sim.journal.effects]
        assert kinds.count("request") == 1
        assert kinds.count("accept") == 1


async def send_and_accept(palette: PaletteWriter, host: LocalUIWriter, endpoint: str) -> None:
    """Send the request, and accept it at the second attempt."""
    token = (await palette.tokens())[0].value
    assert (await host.verify_connection(endpoint, token)).is_verified
    uid = await host.send_request(endpoint, token)
    assert (await host.request()).status is LocalRequestStatus.PAIRING
    listed = await palette.requests()
    assert [(it.pairing_uid, it.state) for it in listed] == [(uid, RequestState.PENDING)]
    cluster, held = await host.cluster(), await palette.request(uid)
    assert (held.stack, held.tags) == (cluster.stack, cluster.tags)
    uids = {it.name: it.latest.uid for it in await palette.profiles() if it.latest}
    wrong = Acceptance(uid, (ProfileChoice(uids["retail-infra"]),), "store-0001")
    assert await palette.validate_acceptance(wrong)
    with pytest.raises(Refused, match="prometheus-grafana"):
        await palette.accept(wrong)
    both = tuple(ProfileChoice(uids[name]) for name in ("retail-infra", "retail-observability"))
    right = Acceptance(uid, both, "store-0001", "a store", {"owner": "retail"})
    assert await palette.validate_acceptance(right) == []
    await palette.accept(right)


async def until_central(host: LocalUIWriter) -> None:
    """Look until the host is managed centrally."""
    for _ in range(10_000):  # a busy machine takes its time
        try:
            if (await host.observe()).management_mode is ManagementMode.CENTRAL:
                return
        except ApiFailure as failure:
            assert failure.is_passing  # noqa: PT017 - any other failure ends the test
        await asyncio.sleep(0.02)
    pytest.fail("the host never became managed centrally")
