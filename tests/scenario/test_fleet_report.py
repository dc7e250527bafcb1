"""`pairctl report --html`: the page of a real status branch, written by real passes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli_factory import git, pairctl
from rollout_factory import fleet, rollout
from scenario_factory import World, document, profile_match, world
from sim_factory import Document, host_document
from unpacked import unpacked

HOSTS = (host_document(1), host_document(2))


def two(w: World) -> list[Document]:
    """Write an intent that pairs, and one whose selection lacks a layer."""
    match = {"palette": "production", "profiles": [{"name": "infra"}]}
    second = w.intent(2, profileMatch="short")
    labelled = {**second, "metadata": {**second["metadata"], "labels": {"wave": "rest"}}}
    short = document("ProfileMatch", "short", match)
    return [profile_match(), short, w.intent(1), labelled]


def page_of(w: World, *more: str) -> str:
    """Return the page that the program writes to standard output."""
    done = w.run("report", "--html", "-", *more, rules=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def clusters(page: str) -> dict[str, dict[str, Any]]:
    """Return the data of each cluster on a page, by its name."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return {one["name"]: one for one in unpacked(json.loads(found[1]))}


@pytest.fixture
def applied(tmp_path: Path) -> Any:
    """Run the servers, and a pass until nothing is under way."""
    with world(tmp_path, *HOSTS, fleet=two) as w:
        assert w.run("apply", "--wait", "--interval", "0.1").returncode == 3
        yield w


def test_the_page_says_what_is_on_record(applied: World) -> None:
    """Phases, both stacks, evidence of the acceptance, the two commits; no server is asked."""
    before = len(applied.effects())
    page = page_of(applied)
    found = clusters(page)
    assert {name: one["phase"] for name, one in found.items()} == {
        "store-1": "Paired",
        "store-2": "Blocked",
    }
    verdicts = {row["verdict"] for row in found["store-2"]["match"]["rows"]}
    assert "missing" in verdicts
    assert found["store-2"]["action"]
    (evidence,) = found["store-1"]["evidence"]
    assert evidence["title"] == "paired"
    assert "carried out" in dict(evidence["fields"])
    assert applied.tip[:12] in page
    assert len(applied.effects()) == before


def test_the_same_record_is_the_same_page(applied: World) -> None:
    """Two runs write the same bytes; a moment stands in it only where it is given."""
    page = page_of(applied)
    assert page_of(applied) == page
    later = page_of(applied, "--made-at", "2026-03-01T10:00:00+01:00")
    assert "2026-03-01 09:00:00 UTC" in later
    assert "page made" not in page


def test_what_is_paired_is_exported_for_terraform(applied: World) -> None:
    """One `import` block, of the paired cluster by its uid in Palette; no server is asked."""
    before = len(applied.effects())
    done = applied.run("export", "terraform", rules=False)
    assert done.returncode == 0, done.stderr
    (cluster,) = applied.running.simulation.palette.clusters
    assert f'id = "{cluster.uid}:project"' in done.stdout
    assert done.stdout.count("import {") == 1
    assert len(applied.effects()) == before
    assert "not paired" not in done.stderr
    named = applied.run("export", "terraform", "store-1", "store-2", rules=False)
    assert (named.returncode, named.stdout.count("import {")) == (3, 1)
    assert "store-2 is not paired, and left out" in named.stderr


def test_labels_and_names_select(applied: World) -> None:
    """A page of some: by a label of the documents, or by names; an unknown one is refused."""
    assert list(clusters(page_of(applied, "-l", "wave=rest"))) == ["store-2"]
    assert list(clusters(page_of(applied, "store-1"))) == ["store-1"]
    done = applied.run("report", "--html", "-", "store-9", rules=False)
    assert done.returncode == 1
    assert "store-9" in done.stderr


def test_an_intent_without_a_status_is_on_the_page(applied: World) -> None:
    """What is committed and was not looked at yet is shown so."""
    applied.commit(*two(applied), applied.intent(2, "store-new"))
    assert clusters(page_of(applied))["store-new"]["phase"] == "Unrecorded"


def test_a_file_is_written_and_replaced(applied: World, tmp_path: Path) -> None:
    """The page goes into the file that is named, with the title that is given."""
    file = tmp_path / "page.html"
    file.write_text("old")
    done = applied.run("report", "--html", str(file), "--title", "A & <B>", rules=False)
    assert done.returncode == 0, done.stderr
    assert "<h1>A &amp; &lt;B&gt;</h1>" in file.read_text()
    assert "wrote 2 clusters" in done.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "give --html FILE"),
        (("--html", "nowhere/page.html"), "there is no folder nowhere"),
        (("--html", "-", "--made-at", "yesterday"), "no moment with a time zone"),
        (("--html", "-", "--made-at", "2026-03-01T09:00:00"), "no moment with a time zone"),
    ],
)
def test_what_cannot_be_done_is_said_first(
    tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    """An output or a moment that cannot be is refused, with what to give, before any work."""
    done = pairctl("report", *given, cwd=tmp_path)
    assert done.code == 1
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_repository_without_a_status_branch_is_told(tmp_path: Path) -> None:
    """There is no page of nothing: what has to run first is said."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "m")
    done = pairctl("report", "--html", "-", cwd=tmp_path)
    assert done.code == 1
    assert "no branch pairctl-status" in done.err
    assert done.out == ""


def test_a_rollout_is_drawn_as_its_waves(tmp_path: Path) -> None:
    """Each wave has its members by state; a cluster knows its wave; a halt or a wait is said."""
    hosts = tuple(host_document(number) for number in (1, 2, 3))
    with world(tmp_path, *hosts) as w:
        w.commit(*fleet(w, {1: "rest", 2: "canary", 3: "rest"}), rollout())
        w.run("apply")
        assert waves(page_of(w)) == [
            ("canary", "current", "1 under way"),
            ("rest", "coming", "2 held"),
        ]
        assert w.run("apply", "--wait", "--interval", "0.1").returncode == 0
        page = page_of(w)
        assert waves(page) == [("canary", "done", "1 paired"), ("rest", "done", "2 paired")]
        assert "<p>Complete</p>" in page
        assert {name: one["wave"] for name, one in clusters(page).items()} == {
            "store-1": "rest",
            "store-2": "canary",
            "store-3": "rest",
        }


def waves(page: str) -> list[tuple[str, str, str]]:
    """Return the waves that a page draws: name, where each is, and its members in words."""
    wave = r'<li class="wave \w+".*?">([\w-]+)</a> <span class="state">(\w+)</span>(.*?)</li>'
    return [
        (name, state, ", ".join(re.findall(r'<span class="phase \w*">(.*?)</span>', rest)))
        for name, state, rest in re.findall(wave, page, re.DOTALL)
    ]
