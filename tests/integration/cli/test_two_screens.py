"""What an operator sees of a fleet of 4,000: each command's output is within two screens.

Counted are the lines that stand on a terminal, a line that is wider than it as many as it takes; of
a pipe its lines. The repository, and a pass over it that may call nobody, are real. What a pass of
many causes comes to is made up: no 4,000 clusters are paired here.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli_factory import Done, git, pairctl
from pairctl.cli.commands.validate import _brief, _report
from pairctl.cli.plan_markdown import MOST_CHARACTERS, cost, plan_markdown
from pairctl.cli.plan_view import show_plan
from pairctl.cli.progress import Progress
from pairctl.cli.status_view import show_statuses
from pairctl.engine import Kept, PassStarted, plan_document
from pairctl.engine.desired.source import Source, resolve_intents
from pairctl.engine.plan.offline import remembered_plan
from pairctl.pairing import Phase, Status
from pairctl.records import Ledger
from pairctl.spec import list_folder, load, read_listed
from pairctl.validation import ReadingCache, Request, Validation, validate_folder
from plan_factory import make_document, make_planned
from screen_factory import MODES, Mode, lines_on, screen_in

SIZE, SCREENS, IN_A_FILE = 4_000, 48, 100
SHARED = """\
apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {name: production}
spec: {endpoint: "https://palette.example.com", apiKey: {secret: palette-production}}
---
apiVersion: pairctl/v1alpha1
kind: ProfileMatch
metadata: {name: retail}
spec: {palette: production, profiles: [{name: retail-infra}]}
---
apiVersion: pairctl/v1alpha1
kind: Rollout
metadata: {name: emea}
spec:
  select: {matchLabels: {fleet: emea}}
  waves:
    - {name: canary, select: {matchLabels: {wave: "0"}}, gate: Approval}
    - {name: first, select: {matchLabels: {wave: "1"}}}
    - {name: rest}
  pace: {perHour: 60}
  windows: [{days: [tue, wed], from: "02:00", to: "05:00", timeZone: Europe/Lisbon}]
"""
INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {{name: store-{number:05}, labels: {{fleet: emea, wave: "{wave}"}}}}
spec:
  desired: {desired}
  palette: production
  localUI: {{endpoint: "https://10.{high}.{low}.1:5080", credentials: {{secret: store-local-ui}}}}
  registrationToken: {{fromPalette: edge-retail}}
  profileMatch: {match}
  acknowledge: {{centralManagementOnly: "store-{number:05}"}}
"""
PHASES = (
    (Phase.PAIRED, "Paired", "managed centrally as {name}", ""),
    (
        Phase.BLOCKED,
        "LayersDiffer",
        "grafana is 40.3.{few} in the cluster and 44.3.1",
        "publish it",
    ),
    (Phase.BLOCKED, "Unreachable", "https://{name}.example.com: no answer", "check the address"),
    (Phase.BLOCKED, "NodeUnhealthy", "node-{few} of {name} is not healthy", "repair node-{few}"),
    (Phase.FAILED, "RequestRefused", "request of {name}: refused for {few} reasons", "settle it"),
    (Phase.ACCEPTED, "ChangingOver", "the host changes over", ""),
)


def name(number: int) -> str:
    """Name an intent."""
    return f"store-{number:05}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 4,000 intents; of each hundred one has a wrong word, and two refer to nothing."""
    root = tmp_path_factory.mktemp("fleet")
    (root / "shared.yaml").write_text(SHARED)
    for first in range(0, SIZE, IN_A_FILE):
        documents = []
        for number in range(first, first + IN_A_FILE):
            high, low = divmod(number, 250)
            desired = "Piared" if number % 100 == 7 else "Paired"
            match = "retial" if number % 100 in (8, 9) else "retail"
            documents.append(
                INTENT.format(
                    number=number, wave=number % 3, desired=desired, match=match, high=high, low=low
                )
            )
        (root / f"fleet-{first:05}.yaml").write_text("---\n".join(documents))
    return root


@pytest.fixture(scope="module")
def passed(folder: Path) -> Done:
    """Commit them, and make a pass without an operator's file: no server may be called."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a fleet")
    return pairctl("apply", cwd=folder, env={"LC_ALL": "C"})


@pytest.fixture(scope="module")
def validation(folder: Path) -> Validation:
    """Judge the documents once."""
    return validate_folder(Request(folder), ReadingCache.open(None))


@pytest.fixture(scope="module")
def source(folder: Path) -> Source:
    """Read the documents as a commit's."""
    listing = list_folder(folder, "")
    declared = load([read_listed(folder, one) for one in listing.files])
    return Source("c" * 40, declared, resolve_intents(declared))


def statuses() -> dict[str, Status]:
    """Make up what a pass came to: every sixth is paired, the others are held back or under way."""
    found = {}
    for number in range(SIZE):
        phase, reason, message, action = PHASES[number % len(PHASES)]
        few = number % 7
        found[name(number)] = Status(
            name(number),
            phase,
            "g",
            "c",
            reason,
            message.format(name=name(number), few=few),
            waiting_for="" if action else "the host",
            human_action=action.format(few=few),
        )
    return found


def within_two_screens(mode: Mode, capsys: pytest.CaptureFixture[str]) -> str:
    """Hold what was shown against two screens; gives it."""
    captured = capsys.readouterr()
    shown = captured.out + captured.err
    lines = lines_on(shown, mode.columns)
    assert len(lines) <= SCREENS, "\n".join(lines)
    assert mode.columns is None or max(map(len, lines)) <= mode.columns
    assert mode.locale != "C" or shown.isascii()
    return shown


@pytest.fixture(params=MODES.values(), ids=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    """Each way in which output is read."""
    found: Mode = request.param
    return found


def test_status(
    mode: Mode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dozens of causes: the counts of all, what has room, and how much there is beside it."""
    screen = screen_in(mode, monkeypatch, capsys)
    show_statuses(screen, statuses())
    shown = within_two_screens(mode, capsys)
    assert shown.startswith("4000 intents: ")
    assert "667 Paired" in shown.replace("\n  ", " ")
    assert "more cause" in shown


def test_apply(
    mode: Mode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines of its progress in a log, and the statuses that it ends with."""
    screen = screen_in(mode, monkeypatch, capsys)
    found = statuses()
    with Progress(screen, now=lambda: 0.0) as progress:
        progress(PassStarted("commit", tuple(found)))
        for one in found.values():
            progress(Kept(one.name, one))
    show_statuses(screen, found)
    assert "4000 of 4000 at rest" in within_two_screens(mode, capsys)


def test_a_pass_and_the_statuses_that_it_wrote(folder: Path, passed: Done) -> None:
    """Of real commands in a pipe: 80 intents that refer to nothing have one cause."""
    status = pairctl("status", cwd=folder, env={"LC_ALL": "C"})
    for done in (passed, status):
        shown = done.out + done.err
        assert len(shown.splitlines()) <= SCREENS, shown
        assert shown.isascii()
        assert "3880 Blocked, EndpointNotAllowed: store-00000" in done.out
        assert "80 Blocked, Invalid: store-00008, store-00009" in done.out
        assert "40 Blocked, Invalid: store-00007, store-00107" in done.out
    assert (passed.code, status.code) == (3, 0)
    assert git(folder, "rev-list", "--count", "pairctl-status").strip() == "1"


def test_plan(
    source: Source, mode: Mode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a fleet that was never seen: one cause of most of it, and what is refused."""
    screen = screen_in(mode, monkeypatch, capsys)
    plan = remembered_plan(source, Ledger(), None, now=datetime(2030, 1, 1, tzinfo=UTC))
    show_plan(screen, plan_document(plan))
    shown = " ".join(within_two_screens(mode, capsys).split())
    assert "4000 intents: " in shown
    assert "3880 not known" in shown
    assert "rollout emea Waiting: 3880 of 3960 to accept for good" in shown
    assert shown.index("rollout emea") < shown.index("NotSeenYet: ")
    assert "wave first: " in shown


def test_plan_of_one_rollout(
    source: Source, mode: Mode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside dozens of causes what cannot be undone comes first; in a comment too, which fits."""
    screen = screen_in(mode, monkeypatch, capsys)
    plan = remembered_plan(source, Ledger(), None, now=datetime(2030, 1, 1, tzinfo=UTC))
    intents = [
        make_planned(
            one.name,
            phase=one.phase,
            reason=one.reason,
            message=one.message,
            humanAction=one.human_action,
            leadsOneWay=True,
        )
        for one in statuses().values()
    ]
    document = make_document(*intents, rollouts=plan_document(plan).rollouts)
    show_plan(screen, document)
    shown = " ".join(within_two_screens(mode, capsys).split())
    assert shown.index("to accept for good") < shown.index("LayersDiffer: store")
    assert "more cause" in shown
    comment = plan_markdown(document)
    assert cost(comment) <= MOST_CHARACTERS
    assert " not approved, 2030-01-01 02:00Z |" in comment
    assert comment.index("Rollout `emea`") < comment.index("LayersDiffer")


def test_validate(
    validation: Validation,
    mode: Mode,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each finding once, with the documents that have it."""
    screen = screen_in(mode, monkeypatch, capsys)
    report = _report(validation)
    monkeypatch.setattr(screen.out.file, "isatty", lambda: mode.columns is not None)
    screen.pieces(_brief(screen, report))
    shown = within_two_screens(mode, capsys)
    assert "40 intents: store-00007, store-00107" in shown
    assert "80 intents: store-00008, store-00009" in shown
