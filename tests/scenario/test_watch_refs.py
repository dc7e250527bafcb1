"""How often `watch` asks a remote for its refs, on a clock that the test owns."""

import asyncio
from pathlib import Path

import pytest

from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import PassResult, watch
from pairctl.problem import PairctlError
from repo_factory import git
from repo_http_factory import serve
from scenario_factory import quick_palette
from sim_factory import host_document, make_scenario


def asked(requests: list[str]) -> int:
    """Count how often refs were asked for: the one thing that every look begins with."""
    return sum("/info/refs?service=git-upload-pack" in one for one in requests)


@pytest.mark.parametrize(
    ("state", "every_s", "for_s"), [("quiet", 10.0, 300.0), ("under way", 2.0, 40.0)]
)
def test_a_remote_is_asked_for_its_refs_at_a_known_pace(
    tmp_path: Path, state: str, every_s: float, for_s: float
) -> None:
    """Every 10 s while all is quiet, every 2 s while something is under way; passes beside it."""
    slow = quick_palette(pairing={"acceptSeconds": 1e9})

    async def story(url: str, requests: list[str]) -> tuple[int, float, int]:
        scenario = make_scenario(host_document(1), palette=slow)
        async with owned_world(tmp_path, scenario, 1) as w:
            git(w.box.bare, "config", "http.receivepack", "true")
            if state == "quiet":
                w.commit(w.intent(suspend=True))
            clock, passes = OwnedClock(), 0
            began: tuple[int, float] = 0, 0.0
            found: list[tuple[int, float, int]] = []
            async with w.engine(location=url, clock=clock) as (reconciler, settings):

                def report(told: PassResult | PairctlError) -> None:
                    assert isinstance(told, PassResult), told
                    nonlocal passes, began
                    passes += 1
                    if passes == 4:
                        began = asked(requests), clock.monotonic()
                    if passes > 4 and clock.monotonic() - began[1] >= for_s:
                        spent_s = clock.monotonic() - began[1]
                        found.append((asked(requests) - began[0], spent_s, passes - 4))
                        settings.stop.request()

                await watch(reconciler, settings, report, every_s=60)
            return found[0]

    git(tmp_path, "init", "--quiet", "--bare", "elsewhere.git")
    with serve(tmp_path / "elsewhere.git") as server:
        url = server.url.replace("elsewhere.git", "origin.git")
        count, spent_s, passes = run_in_owned_time(story(url, server.requests))
    # A pass looks itself: at the intents' branch, and at the status branch.
    assert count <= spent_s / every_s + 3 * passes + 2
    assert count >= spent_s / every_s * 0.8
    if state == "under way":
        assert count <= passes + 2, "the refs are asked for, and asked for again by the next pass"


def test_a_commit_that_was_carried_out_wakes_nobody(tmp_path: Path) -> None:
    """What is merged while something is under way has had its passes when all is quiet again."""

    async def story() -> list[float]:
        scenario = make_scenario(
            *(host_document(1), host_document(2)),
            palette=quick_palette(pairing={"acceptSeconds": 20}),
        )
        async with owned_world(tmp_path, scenario, 1) as w:
            clock, settled = OwnedClock(), list[float]()
            async with w.engine(clock=clock) as (reconciler, settings):

                async def merge() -> None:
                    await asyncio.sleep(10)
                    w.commit(w.intent(1), w.intent(2))
                    await asyncio.sleep(500)
                    settings.stop.request()

                def report(told: PassResult | PairctlError) -> None:
                    assert isinstance(told, PassResult), told
                    settled.extend([clock.monotonic()] if told.is_settled else [])

                merging = asyncio.ensure_future(merge())
                await watch(reconciler, settings, report, every_s=3600)
                await merging
            assert w.told("store-2")[0] == "Paired"
        return settled

    assert len(run_in_owned_time(story())) == 1
