"""The heartbeat: a ref that is replaced, on no branch, says when `watch` looked last."""

import asyncio
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pairctl.engine import (
    Asking,
    Event,
    HeartbeatRefused,
    Heartbeats,
    HeartbeatTaken,
    OutageBegan,
    PassResult,
    Reconciler,
    Settings,
    SystemClock,
    watch,
)
from pairctl.exits import Exit
from pairctl.problem import PairctlError
from pairctl.records import Heartbeat, parse_heartbeat, render_heartbeat
from pairctl.repo import Repository
from pairctl.repo.replaced_ref import ReplacedRef
from repo_factory import STATUS, Box, git
from scenario_factory import World, world

REF = f"refs/pairctl/heartbeat/{STATUS}"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Minutes(SystemClock):
    """A clock on which a minute and a bit passes whenever it is asked how late it is."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def monotonic(self) -> float:
        self.passed_s += 7
        return super().monotonic() + self.passed_s


class Hours(SystemClock):
    """A clock on which hours pass whenever it is asked how late it is."""

    passed_s = 0.0

    def monotonic(self) -> float:
        self.passed_s += 7200
        return super().monotonic() + self.passed_s


MOST_PASSES = 100


def watch_passes(
    w: World,
    count: int,
    *,
    beats: int = 0,
    location: str = "",
    listener: list[Event] | None = None,
) -> list[str]:
    """Watch for so many passes, minutes apart; gives where the heartbeat stood after each.

    They go on until so many `beats` were seen: a busy machine writes one for longer than a pass.
    """
    stood: list[str] = []

    async def work(reconciler: Reconciler, settings: Settings) -> None:
        hearts = Heartbeats(settings, REF)

        def ended(_: PassResult | PairctlError) -> None:
            stood.append(beat(w.box))
            has_all = len({*stood} - {""}) >= beats or len(stood) >= MOST_PASSES
            if len(stood) >= count and has_all:
                settings.stop.request()

        watching = watch(
            reconciler, settings, ended, every_s=0.3, asking=Asking(600, 600), heartbeats=hearts
        )
        await watching
        stood.append(beat(w.box))

    heard = listener.append if listener is not None else (lambda _: None)
    w.with_engine(work, location=location, clock=Minutes(), listener=heard)
    return stood


def beat(box: Box) -> str:
    """Give the commit of the heartbeat at the bare repository; empty where there is none."""
    return git(box.bare, "for-each-ref", "--format=%(objectname)", REF)


@pytest.mark.parametrize("where", ["a clone", "a clone URL", "a bare repository"])
def test_a_settled_world_makes_no_commit_and_the_heartbeat_moves(
    tmp_path: Path, where: str
) -> None:
    """It is replaced by what has no history; the status branch stays where it is."""
    with world(tmp_path) as w:
        w.apply()
        location = {
            "a clone": str(w.box.clone),
            "a clone URL": w.box.url,
            "a bare repository": str(w.box.bare),
        }[where]
        before = w.tip, w.log()
        refs = git(w.box.clone, "for-each-ref", "--format=%(refname)")
        stood = watch_passes(w, 4, beats=2, location=location)
        assert (w.tip, w.log()) == before
        assert len(set(stood) - {""}) >= 2
        assert git(w.box.bare, "rev-list", "--count", stood[-1]) == "1"
        found = parse_heartbeat(git(w.box.bare, "show", f"{stood[-1]}:heartbeat.yaml").encode())
        assert found is not None
        assert (found.writer, dict(found.counts)) == ("first", {"Paired": 1})
        assert found.commit == git(w.box.bare, "rev-parse", "main")
        if where == "a clone":
            assert subprocess.run(
                ["git", "cat-file", "-e", stood[-1]],
                cwd=w.box.clone,
                check=False,
                capture_output=True,
            ).returncode, "the clone's own objects were added to"
        assert git(w.box.clone, "for-each-ref", "--format=%(refname)") == refs


def test_a_heartbeat_that_is_refused_is_said_once_and_is_no_failure(tmp_path: Path) -> None:
    """The remote has its rules; passes come through all the same."""
    with world(tmp_path) as w:
        w.apply()
        w.box.hook("update", f'[ "$1" != {REF} ]')
        events: list[Event] = []
        stood = watch_passes(w, 8, listener=events)
        assert set(stood) == {""}
        assert not any(isinstance(one, OutageBegan) for one in events)
        (refused,) = [one for one in events if isinstance(one, HeartbeatRefused)]
        assert REF in refused.message


def test_a_heartbeat_that_is_taken_again_is_said_once(tmp_path: Path) -> None:
    """From then on a refusal is news again."""
    with world(tmp_path) as w:
        w.apply()
        events: list[Event] = []

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            result = await reconciler.run_pass(stays=True)
            hearts = Heartbeats(settings, REF)
            for script in ("exit 1", "exit 1", "exit 0", "exit 0", "exit 1"):
                w.box.hook("update", script)
                git(w.box.bare, "update-ref", "-d", REF)  # else one of the same second is there
                hearts.beat(result)
                await hearts.aclose()

        w.with_engine(work, clock=Hours(), listener=events.append)
        told = [type(one) for one in events if isinstance(one, HeartbeatRefused | HeartbeatTaken)]
        assert told == [HeartbeatRefused, HeartbeatTaken, HeartbeatRefused]


def put(box: Box, at: datetime, **changes: str) -> None:
    """Put a heartbeat to the remote, as a `watch` somewhere else does."""
    said = {"writer": "edge-a-1f", "host": "edge-a", "version": "0.1.0", "commit": "c" * 40}
    heartbeat = Heartbeat(at=at, **{**said, **changes}, counts={"Paired": 2})  # type: ignore[arg-type]

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            content = render_heartbeat(heartbeat, str)
            await repository.write_replaced(REF, "heartbeat.yaml", content, now=NOW)

    asyncio.run(story())


def test_status_says_when_and_by_whom_the_last_look_was(tmp_path: Path) -> None:
    """For people on one line, for machines as JSON, and by an exit code of its own for alarms."""
    with world(tmp_path) as w:
        w.apply()
        assert "last look" not in w.run("status", rules=False).stderr
        unknown = w.run("status", "--max-age", "15m", rules=False)
        assert (unknown.returncode, "not known" in unknown.stderr) == (Exit.STALE, True)

        put(w.box, datetime.now(UTC) - timedelta(minutes=5))
        young = w.run("status", "--max-age", "15m", rules=False)
        assert young.returncode == Exit.OK
        assert "5 min ago) by edge-a-1f on edge-a" in young.stderr
        old = w.run("status", "--max-age", "4m", "-o", "json", rules=False)
        assert old.returncode == Exit.STALE
        look = json.loads(old.stdout)["lastLook"]
        assert (look["writer"], look["counts"]) == ("edge-a-1f", {"Paired": 2})
        assert 300 <= look["ageSeconds"] < 1000

        none = w.run("status", "--max-age", "15m", "--heartbeat", "none", rules=False)
        assert none.returncode == Exit.STALE
        wrong = w.run("status", "--max-age", "soon", rules=False)
        assert (wrong.returncode, "15m" in wrong.stderr) == (Exit.ERROR, True)


@pytest.mark.parametrize("where", ["a clone", "a clone URL", "a bare repository"])
def test_a_heartbeat_never_moves_a_branch_by_another_name(tmp_path: Path, where: str) -> None:
    """Somebody has made its ref a symbolic one: what would be replaced is a branch."""
    with world(tmp_path) as w:
        w.apply()
        git(w.box.bare, "symbolic-ref", REF, "refs/heads/main")
        before, events = git(w.box.bare, "rev-parse", "main"), list[Event]()
        location = {
            "a clone": str(w.box.clone),
            "a clone URL": w.box.url,
            "a bare repository": str(w.box.bare),
        }[where]
        watch_passes(w, 2, location=location, listener=events)
        assert git(w.box.bare, "rev-parse", "main") == before
        refused = [one for one in events if isinstance(one, HeartbeatRefused)]
        assert len(refused) == (where != "a bare repository"), "there it is made a ref of its own"


def test_a_defect_of_the_heartbeat_is_said_and_ends_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would else hear of why the last look is known to nobody."""
    events: list[Event] = []

    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with world(tmp_path) as w:
        w.apply()
        monkeypatch.setattr(Repository, "write_replaced", broken)
        assert len(watch_passes(w, 2, listener=events)) == 3
    (said,) = [one for one in events if isinstance(one, HeartbeatRefused)]
    assert "pairctl has a defect: ZeroDivisionError" in said.message


def test_a_last_look_in_the_future_is_not_known_to_be_young(tmp_path: Path) -> None:
    """Its clock was ahead, or ours is behind by now: a `watch` that died then would never alarm."""
    with world(tmp_path) as w:
        w.apply()
        put(w.box, datetime.now(UTC) + timedelta(hours=3))
        done = w.run("status", "--max-age", "15m", rules=False)
        assert (done.returncode, "from now" in done.stderr) == (Exit.STALE, True)
        assert w.run("status", "--max-age", "4h", rules=False).returncode == Exit.OK


@pytest.mark.parametrize("where", ["a clone", "a bare repository"])
def test_a_heartbeat_after_which_another_run_came_first_is_no_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Somebody has looked, which is all that it is for. That it is so each time is worth saying."""
    with world(tmp_path) as w:
        w.apply()
        events: list[Event] = []
        commit, tried = ReplacedRef._commit, list[int]()

        async def too_late(*given: Any) -> str:
            made = await commit(*given)
            git(w.box.bare, "update-ref", REF, ("main", STATUS)[len(tried) % 2])
            tried.append(len(events))
            return made

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            monkeypatch.setattr(ReplacedRef, "_commit", too_late)
            result = await reconciler.run_pass(stays=True)
            hearts = Heartbeats(settings, REF)
            for _ in range(3):
                hearts.beat(result)
                await hearts.aclose()

        location = str(w.box.clone if where == "a clone" else w.box.bare)
        w.with_engine(
            work,
            location=location,
            clock=Hours(),
            listener=lambda one: events.append(one) if isinstance(one, HeartbeatRefused) else None,
        )
        assert tried == [0, 0, 0]
        assert len(events) == 1


def test_what_is_no_heartbeat_is_not_known(tmp_path: Path) -> None:
    """Whatever somebody put there, nothing is believed, and nothing breaks."""
    with world(tmp_path) as w:
        w.apply()
        git(w.box.bare, "update-ref", REF, "main")
        assert w.run("status", "--max-age", "15m", rules=False).returncode == Exit.STALE


@pytest.mark.parametrize("ref", ["main", "refs/heads/main", "refs/tags/v1", "refs/x", "HEAD"])
def test_a_heartbeat_is_never_written_to_a_branch_or_a_tag(tmp_path: Path, ref: str) -> None:
    """What stands there is replaced without a look: it has to be a ref of its own."""
    with world(tmp_path) as w:
        done = w.run("watch", "--heartbeat", ref)
        assert (done.returncode, "refs/pairctl/heartbeat" in done.stderr) == (Exit.ERROR, True)
        assert w.kinds() == []


def test_doctor_tells_of_a_host_whose_clock_is_ahead(tmp_path: Path) -> None:
    """An age from the future makes no sense; which of the two is wrong, people see."""
    with world(tmp_path) as w:
        w.apply()
        put(w.box, datetime.now(UTC) + timedelta(hours=3))
        done = w.run("doctor", "-o", "json")
        (check,) = [one for one in json.loads(done.stdout)["checks"] if one["name"] == "heartbeat"]
        assert (check["verdict"], "edge-a" in check["message"]) == ("warning", True)


def test_a_heartbeat_is_read_back_as_it_was_written_and_holds_no_secret() -> None:
    """Names of machines come from outside, and are cleaned."""
    one = Heartbeat(NOW, "edge-a-1f", "edge-a", "0.1.0", "c" * 40, {"Paired": 2})
    assert parse_heartbeat(render_heartbeat(one, str)) == one
    cleaned = parse_heartbeat(render_heartbeat(one, lambda text: text.replace("edge", "[...]")))
    assert cleaned is not None
    assert (cleaned.host, cleaned.commit) == ("[...]-a", "c" * 40)
    assert parse_heartbeat(b"kind: Heartbeat\nat: soon\n") is None
