"""`pairctl pair`: one intent at a person's pace, at a real terminal, against simulated servers."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pairctl.spec import SourceFile, load_operator
from pty_factory import Session, at_terminal, in_one_line
from readme_factory import commands_of
from scenario_factory import ACCEPT, World, document, quick_palette, world
from sim_factory import KEY, PASSWORD, TOKEN, host_document

GUIDE = Path(__file__).parents[2] / "docs" / "first-pairing.md"
LOOK, REQUEST, TAKE = "Look? [y]es / [q]uit:", "Request? [y]es / [q]uit:", "Accept? [y]es / [q]uit:"
NAME = "type the cluster's name (store-1):"
OTHER_ACCEPT = "/v1/edge/pairings"
OTHER_LIST = "/v1/edge/pairing-requests/search"


@contextmanager
def pairing(w: World, *more: str) -> Iterator[Session]:
    """Run `pairctl pair store-1` at a terminal."""
    arguments = ["pair", "store-1", *w.rules, *more]
    with at_terminal(arguments, w.box.clone, w.environment) as session:
        yield session


def answer(session: Session, *pairs: tuple[str, str]) -> None:
    """Wait for each question, and answer it."""
    for question, line in pairs:
        session.until(question)
        session.type(line)


def transcript(w: World, folder: str = "t") -> tuple[str, dict[str, object]]:
    """Give a transcript in both of its forms."""
    files = w.box.clone / folder / "pairing-store-1"
    return files.with_suffix(".md").read_text(), json.loads(files.with_suffix(".json").read_text())


def test_a_cluster_is_paired_step_by_step(tmp_path: Path) -> None:
    """Both sides end paired; the transcript holds every request, and no secret."""
    with world(tmp_path) as w:
        with pairing(w, "--transcript", "t") as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), (TAKE, "y"), (NAME, "store-1"))
            assert session.end() == 0, session.text
        assert w.kinds() == ["request", "accept"]
        assert w.told()[0] == "Paired"
        assert w.claims == []
        page, data = transcript(w)
        listed = [
            (one["method"], one["path"])
            for one in data["entries"]  # type: ignore[attr-defined]
            if "number" in one
        ]
        received = w.running.simulation.journal.received
        agents = [one for one in received if one.user_agent.startswith("pairctl/")]
        assert sorted(listed) == sorted((one.method, one.path) for one in agents)
        assert f"POST {ACCEPT}" in page
        for text in (session.text, page, json.dumps(data)):
            assert not [secret for secret in (KEY, PASSWORD, TOKEN, "eyJ") if secret in text]
            assert f"accept: {ACCEPT}" in text


def test_a_wrong_path_stops_the_run_until_it_is_set(tmp_path: Path) -> None:
    """Nothing is sent while the list does not answer; its path in the operator's file mends it."""
    palette = quick_palette(pairing={"acceptSeconds": 0.0, "paths": {"listRequests": OTHER_LIST}})
    # Not monitored: the monitor knows the list by the path that the simulator usually has.
    with world(tmp_path, palette=palette, monitored=False) as w:
        with pairing(w, "--transcript", "t") as session:
            answer(session, (LOOK, "y"))
            assert session.end() == 3, session.text
        assert w.writes() == []
        assert "pairctl routes --har FILE" in in_one_line(session.text)
        assert "listRequests: POST /v1/dashboard/clusterpairs/metadata" in session.text
        block = session.text[session.text.index("\nroutes:") :].split("transcript:")[0]
        indented = "".join(f"  {line}\n" for line in block.strip().split("\n"))
        spec = "apiVersion: pairctl/v1alpha1\nkind: Operator\nmetadata: {name: o}\nspec:\n"
        suggested = load_operator(SourceFile("operator.yaml", (spec + indented).encode()))
        assert "put-here" in suggested.spec.routes.list_requests
        set_routes = w.operator_spec | {"routes": {"listRequests": OTHER_LIST}}
        w.operator.write_text(json.dumps(document("Operator", "tests", set_routes)))
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), (TAKE, "y"), (NAME, "store-1"))
            assert session.end() == 0, session.text
        assert "not published, set in the operator's file" in in_one_line(session.text)
        assert w.told()[0] == "Paired"


def test_a_wrong_path_of_the_acceptance_accepts_nothing(tmp_path: Path) -> None:
    """It is declined, and told with what to do; set, and with another attempt, it pairs."""
    palette = quick_palette(pairing={"acceptSeconds": 0.0, "paths": {"accept": OTHER_ACCEPT}})
    # Not monitored: the monitor knows the acceptance by the path that the simulator usually has.
    with world(tmp_path, palette=palette, monitored=False) as w:
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), (TAKE, "y"), (NAME, "store-1"))
            assert session.end() == 3, session.text
        assert (w.kinds(), w.claims) == (["request"], [])
        said = in_one_line(session.text)
        assert "accept: /v1/put-here-the-recorded-path-of-pairing" in said
        assert "`attempt` in the intent is raised" in said
        set_routes = w.operator_spec | {"routes": {"accept": OTHER_ACCEPT}}
        w.operator.write_text(json.dumps(document("Operator", "tests", set_routes)))
        w.commit(w.intent(1, attempt=2))
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (TAKE, "y"), (NAME, "store-1"))
            assert session.end() == 0, session.text
        assert w.kinds() == ["request", "accept"]


def test_a_wait_can_be_left(tmp_path: Path) -> None:
    """It says what it waits for; leaving takes nothing back, and the next run goes on."""
    palette = quick_palette(pairing={"acceptSeconds": 0.0, "arriveSeconds": 3600.0})
    with world(tmp_path, palette=palette) as w:
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), ("to leave, type q and Enter", "q"))
            assert session.end() == 3, session.text
        assert "to arrive in Palette" in in_one_line(session.text)
        assert w.status()["phase"] == "Requested"


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    """Neither a server nor the repository; it needs no terminal, and shows what would be sent."""
    with world(tmp_path) as w:
        done = w.run("pair", "store-1", "--dry-run", "--transcript", "t")
        assert done.returncode == 2, done.stderr
        assert w.writes() == []
        assert w.kinds() == []
        assert w.tip == ""
        assert "to send: POST /v1/edge-mgmt/cluster/pair at" in in_one_line(done.stdout)
        assert f"to send: POST {ACCEPT}" in in_one_line(done.stdout)
        assert not [secret for secret in (KEY, PASSWORD, TOKEN) if secret in done.stdout]
        assert transcript(w)[1]["isDryRun"] is True
        assert "more lines, in the transcript" in done.stdout
        again = w.run("pair", "store-1", "--dry-run")
        assert "more lines: --transcript FOLDER keeps them" in again.stdout


def test_quitting_before_what_cannot_be_undone_accepts_nothing(tmp_path: Path) -> None:
    """The request stays pending, no claim is left, and it is said what stands; the next goes on."""
    with world(tmp_path) as w:
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), (TAKE, "q"))
            assert session.end() == 3, session.text
        assert w.kinds() == ["request"]
        assert w.claims == []
        assert "what stands now: Requested" in in_one_line(session.text)
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (TAKE, "y"), (NAME, "store-1"))
            assert session.end() == 0, session.text
        assert w.kinds() == ["request", "accept"]


@pytest.mark.parametrize("typed", ["y", "store-2", ""])
def test_only_the_clusters_name_confirms(tmp_path: Path, typed: str) -> None:
    """The second confirmation is the name; another line, an empty one too, accepts nothing."""
    with world(tmp_path) as w:
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (REQUEST, "y"), (TAKE, "y"), (NAME, typed))
            assert session.end() == 3, session.text
        assert w.kinds() == ["request"]
        assert w.claims == []


def test_without_a_terminal_it_is_refused(tmp_path: Path) -> None:
    """Nobody could be asked: nothing is looked at, and it says what to do."""
    with world(tmp_path) as w:
        done = w.run("pair", "store-1")
        assert done.returncode == 1
        assert "--dry-run" in done.stderr
        assert w.running.simulation.journal.received == ()


def test_other_intents_are_left_alone_and_still_count(tmp_path: Path) -> None:
    """No other host is called, no other status changes; a cluster of two intents is held back."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts) as w:
        w.commit(w.intent(1), w.intent(2, desired="Local"))
        w.one_pass()
        before = w.files()["status/store-2.yaml"]
        w.commit(w.intent(1), w.intent(2))
        started = len(w.running.simulation.journal.received)
        with pairing(w) as session:
            answer(session, (LOOK, "y"), (TAKE, "q"))
            assert session.end() == 3, session.text
        received = w.running.simulation.journal.received[started:]
        assert "store-2" not in {one.server for one in received}
        assert w.files()["status/store-2.yaml"] == before
        other = w.intent(2, cluster={"uid": w.cluster_uid(1)})
        w.commit(w.intent(1, cluster={"uid": w.cluster_uid(1)}), other)
        done = w.run("pair", "store-1", "--dry-run")
        assert done.returncode == 3, done.stdout
        assert "DuplicateTarget" in done.stdout


def test_an_existing_transcript_is_not_written_over(tmp_path: Path) -> None:
    """Unless that is asked for; it is refused before a server is called."""
    with world(tmp_path) as w:
        options = ("pair", "store-1", "--dry-run", "--transcript", "t")
        assert w.run(*options).returncode == 2
        calls = len(w.running.simulation.journal.received)
        refused = w.run(*options)
        assert (refused.returncode, "exists" in refused.stderr) == (1, True)
        assert len(w.running.simulation.journal.received) == calls
        assert w.run(*options, "--overwrite").returncode == 2


def test_the_guide_is_what_happens(tmp_path: Path) -> None:
    """Its commands end as it says, and the questions are those that it shows, in its order."""
    answers = {LOOK: "y", REQUEST: "y", TAKE: "y", NAME: "store-1"}
    with world(tmp_path) as w:
        env = w.environment | {
            "PAIRCTL_OPERATOR": str(w.operator),
            "PAIRCTL_SECRETS_DIR": str(w.secrets),
        }
        commands = commands_of(GUIDE.read_text())
        assert len(commands) == 5
        for command in commands:
            program, *arguments = shlex.split(command.line)
            assert program == "pairctl"
            with at_terminal(arguments, w.box.clone, env) as session:
                for words in command.words:
                    session.until(words)
                    session.type(next(a for question, a in answers.items() if question in words))
                assert session.end() == command.code, session.text
        assert w.told()[0] == "Paired"


def test_a_person_is_told_what_was_answered_where_it_cannot_be_recorded(tmp_path: Path) -> None:
    """It is tried again first, which is said; then it ends, with the pairing id at its end."""
    with world(tmp_path) as w:
        with pairing(w) as session:
            answer(session, (LOOK, "y"))
            session.until(REQUEST)
            w.box.hook("update", "git log -1 --format=%s \"$3\" | grep -q '^Claim' || exit 1")
            session.type("y")
            assert session.end() == 1, session.text
        said = in_one_line(session.text)
        assert "not on record yet, tried again for a while" in said
        assert f"done, pairing id {w.pairing_uid()}" in said
        assert w.kinds() == ["request"]
