"""The clusters in a Palette: listed whole where that is cheap, else the new ones asked for."""

import asyncio
from typing import Any

import pytest

import apis_factory as factory
from apis_factory import Got, answer, serving, wire
from pairctl.apis import Palette
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.pairing import PaletteRequest, RequestState
from pairctl.secrets import Redactor, Secret
from pairctl.spec import PaletteSpec

SEARCH = "/dashboard/spectroclusters/search"


def item(number: int, **status: Any) -> dict[str, Any]:
    """Return a cluster as Palette answers it."""
    return {"metadata": {"uid": f"c{number}", "name": f"store-{number}"}, "status": status}


def paired(number: int) -> PaletteRequest:
    """Return the request of a cluster that is paired."""
    return PaletteRequest(
        f"p{number}", f"u{number}", "", RequestState.PAIRED, cluster_uid=f"c{number}"
    )


def palette(counts: list[int], **one: Any) -> factory.Reaction:
    """Serve lists of so many healthy clusters, one after the other; `one` is a single's status."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        if got.path.endswith(SEARCH):
            start = int(got.query.get("continue", "0"))
            end = min(start + 50, counts[0])
            more = str(end) if end < counts[0] else ""
            items = [item(n, health={"state": "Healthy"}) for n in range(start, end)]
            if not more and len(counts) > 1:
                counts.pop(0)
            await answer(200, {"items": items, "listmeta": {"continue": more}})(got, writer)
        else:
            await answer(200, item(int(got.path.rpartition("/c")[2]), **one))(got, writer)

    return react


def seen_again(reaction: factory.Reaction, *new: int) -> tuple[dict[str, str], list[str]]:
    """See a Palette twice, the second time with clusters that are paired since.

    Gives the health of the new ones, by uid, and the calls that the second time took.
    """

    async def run() -> tuple[dict[str, str], list[str]]:
        lists = ClusterLists()
        async with (
            serving(reaction) as server,
            Palette(server.endpoint, Secret("simulated-key"), wire(redactor=Redactor())) as client,
        ):
            spec = PaletteSpec.model_validate(
                {"endpoint": server.endpoint, "apiKey": {"secret": "key"}}
            )
            await lists.see(spec, client, (), 0.0)
            before = len(server.paths)
            found = await lists.see(spec, client, [paired(number) for number in new], 1.0)
            health = {one.uid: one.health for one in found}
            return {f"c{number}": health[f"c{number}"] for number in new}, server.paths[before:]

    return asyncio.run(run())


def test_a_short_list_is_listed_again_and_tells_the_health() -> None:
    """One page is one call, as asking for one cluster is; only the list has the health."""
    assert seen_again(palette([49, 50]), 49) == ({"c49": "Healthy"}, [f"POST /v1{SEARCH}"])


def test_a_long_list_is_listed_again_for_as_many_new_ones_as_it_has_pages() -> None:
    """Two pages for two clusters: no more calls than one for each."""
    health, calls = seen_again(palette([98, 100]), 98, 99)
    assert health == {"c98": "Healthy", "c99": "Healthy"}
    assert calls == [f"POST /v1{SEARCH}"] * 2


@pytest.mark.parametrize(
    ("one", "health"),
    [
        ({"state": "Running"}, ""),
        ({"state": "Running", "health": {"state": "UnHealthy"}}, "UnHealthy"),
        ({"state": "Running", "health": 7}, ""),
    ],
)
def test_a_cluster_that_is_asked_for_has_the_health_that_the_answer_has(
    one: dict[str, Any], health: str
) -> None:
    """Where a list would take more calls; an answer without a health leaves it unknown."""
    found, calls = seen_again(palette([50], **one), 50)
    assert found == {"c50": health}
    assert calls == ["GET /v1/spectroclusters/c50"]
