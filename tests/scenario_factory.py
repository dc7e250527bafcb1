"""A whole world in miniature: servers, a repository, secrets, rules, and pairctl on it."""

import asyncio
import io
import json
import os
import random
import secrets
import subprocess
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ruamel.yaml import YAML

import warm
from monitor import Monitor, Watched
from pairctl.apis import ExchangeLog
from pairctl.engine import (
    Acting,
    Clock,
    Event,
    Keys,
    Listener,
    PassResult,
    Reconciler,
    SavedPlan,
    Settings,
    SystemClock,
    WritingAccess,
    run_until_settled,
    unheard,
)
from pairctl.pairing import Claim
from pairctl.records import claim_path, render_claim
from pairctl.repo import Repository
from pairctl.secrets import Destinations, Redactor, SecretStore
from pairctl.sim import (
    Effect,
    EffectKind,
    Fault,
    Scenario,
    Simulation,
    ThreadedSimulation,
    run_in_thread,
)
from pairctl.sim.answers import RefusalError
from pairctl.spec import OperatorSpec
from repo_factory import STATUS, Box, git, make_box
from sim_factory import (
    KEY,
    PALETTE,
    PASSWORD,
    Document,
    host_document,
    make_scenario,
    palette_document,
)

T = TypeVar("T")
API = "pairctl/v1alpha1"
ENDING = ("request", "withdraw", "accept", "reject")
TIMING = {
    "requestSeconds": 6,
    "lookSeconds": 3,
    "actSeconds": 6,
    "settleSeconds": 0.3,
    "adoptAfterSeconds": 0,
}
PATIENCE_S = 240.0
EVERY_S = 0.1

PAIR = "/v1/edge-mgmt/cluster/pair"
WITHDRAW = "/v1/edge-mgmt/cluster/pair/reject"
ACCEPT = "/v1/spectroclusters/edge-native/pair"
WRITING = {("POST", PAIR), ("POST", WITHDRAW), ("POST", ACCEPT)}


def quick_palette(**changes: Any) -> Document:
    """Describe a Palette that pairs at once and knows no limits."""
    quick = {"pairing": {"acceptSeconds": 0.0}, "limits": {"enabled": False}}
    return palette_document(**(quick | changes))


class HurryingClock(SystemClock):
    """Counts each pause between passes as forty: a claim is over after a few of them.

    For worlds in which nothing takes effect late: that would take as long as ever. What is waited
    for within a pass counts as it is: a look would be too old.
    """

    _ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s

    async def sleep(self, delay_s: float) -> None:
        await super().sleep(delay_s)
        if delay_s == EVERY_S:
            self._ahead_s += 39 * delay_s


@dataclass(frozen=True)
class World:
    """Servers that run, a bare repository with a clone, secrets and the operator's file."""

    root: Path
    running: ThreadedSimulation
    box: Box
    monitor: Monitor
    operator_spec: Document = field(default_factory=dict)

    # What operators write

    def palette(self, name: str = "production", **spec: Any) -> Document:
        """Write a Palette, pinned to the one that runs."""
        fields = {"project": "edge-retail", "apiKey": {"secret": "palette-production"}}
        return document("Palette", name, {**self.pinned(PALETTE), **fields, **spec})

    def intent(self, number: int = 1, name: str = "", **spec: Any) -> Document:
        """Write an intent for a host, which wants it paired and says all that this needs."""
        fields = {
            "desired": "Paired",
            "palette": "production",
            "localUI": self.local_ui(number),
            "registrationToken": {"fromPalette": "retail"},
            "profileMatch": "split",
            "acknowledge": {"centralManagementOnly": f"store-{number}"},
        }
        given = {key: value for key, value in (fields | spec).items() if value is not None}
        return document("PairingIntent", name or f"store-{number}", given)

    def local_ui(self, number: int = 1) -> Document:
        """Write where a host is."""
        where = self.pinned(f"https://127.0.0.1:{5080 + number}")
        return where | {"credentials": {"secret": "store-local-ui"}}

    def pinned(self, endpoint: str) -> Document:
        """Write a declared endpoint as it really is, with its certificate."""
        address = self.running.simulation.addresses[endpoint]
        return {"endpoint": address.endpoint, "tls": {"fingerprint": address.fingerprint}}

    def commit(self, *documents: Document, **more: Document | str) -> str:
        """Commit documents as the whole fleet, with the usual Palette and matches beside them."""
        return self.box.commit({"fleet.yaml": self.fleet(*documents), **_texts(more)})

    def fleet(self, *documents: Document) -> str:
        """Write a file of documents; Palette and matches are added where none is among them."""
        kinds = {document["kind"] for document in documents}
        usual = [] if "Palette" in kinds else [self.palette()]
        usual += [] if "ProfileMatch" in kinds else [profile_match(), FULL]
        return "---\n".join(json.dumps(one, indent=1) + "\n" for one in [*usual, *documents])

    # Running pairctl

    @asynccontextmanager
    async def engine(
        self,
        *,
        holder: str = "first",
        location: str = "",
        listener: Listener = unheard,
        clock: Clock | None = None,
        seed: int = 1,
        saved_plan: SavedPlan | None = None,
        log: ExchangeLog | None = None,
    ) -> AsyncIterator[tuple[Reconciler, Settings]]:
        """Open a reconciler with all that a run has, in this process."""
        redactor = Redactor()
        spec = OperatorSpec.model_validate(self.operator_spec)
        bound = {name: use.hosts for name, use in spec.secrets.items()}
        store = SecretStore(self.secrets, {}, redactor)
        keys = Keys(store, Destinations.of_operator(bound), redactor)
        ticking = clock or SystemClock()
        opened = await Repository.open(location or str(self.box.clone))
        async with (
            opened as repository,
            WritingAccess(keys, spec, ticking, holder=holder, log=log) as access,
        ):
            settings = Settings(
                repository,
                holder,
                operator=spec,
                clock=ticking,
                rng=random.Random(seed),  # noqa: S311 - spreads retries, guards nothing
                clean=redactor.redact,
                known_secrets=lambda: redactor.state,
                listener=listener,
            )
            yield Reconciler(settings, access, saved_plan), settings

    def apply(self, **options: Any) -> PassResult:
        """Do passes until all is settled."""
        return self.with_engine(lambda r, s: run_until_settled(r, s, every_s=EVERY_S), **options)

    def one_pass(self, **options: Any) -> PassResult:
        """Do one pass."""
        return self.with_engine(lambda reconciler, _: reconciler.run_pass(), **options)

    def with_engine(
        self, work: Callable[[Reconciler, Settings], Awaitable[T]], **options: Any
    ) -> T:
        """Do something with a reconciler, from a synchronous test."""

        async def run() -> T:
            async with (
                asyncio.timeout(PATIENCE_S),
                self.engine(**options) as (reconciler, settings),
            ):
                return await work(reconciler, settings)

        return asyncio.run(run())

    def push_status(self, files: Mapping[str, str]) -> Path:
        """Push changed files to the status branch, from a clone of somebody else's; gives it."""
        theirs = self.root / "theirs"
        if not theirs.exists():
            self.box.another_clone("theirs")
        git(theirs, "fetch", "--quiet", "origin")
        git(theirs, "checkout", "--quiet", "-B", STATUS, f"origin/{STATUS}")
        for name, content in files.items():
            (theirs / name).parent.mkdir(exist_ok=True)
            (theirs / name).write_text(content)
        git(theirs, "add", "--all")
        git(theirs, "commit", "--quiet", "--allow-empty", "--message", "by hand")
        git(theirs, "push", "--quiet", "origin", STATUS)
        return theirs

    def claim(self, action: str, *, seconds: float, number: int = 1, **changes: Any) -> Claim:
        """Make a claim of somebody else's on a cluster, which lasts for some seconds."""
        made = Claim(
            id=secrets.token_hex(16),
            cluster=self.cluster_uid(number),
            intent=f"store-{number}",
            action=action,
            attempt=1,
            holder="another",
            lifetime_seconds=seconds,
            made_at=datetime.now(UTC),
        )
        return replace(made, **changes)

    def delete_status(self, path: str) -> None:
        """Delete a file of the status branch, from a clone of somebody else's."""
        theirs = self.push_status({})
        git(theirs, "rm", "--quiet", path)
        git(theirs, "commit", "--quiet", "--message", "by hand")
        git(theirs, "push", "--quiet", "origin", STATUS)

    def palette_place(self) -> str:
        """Give host and port of the Palette, as claims name it."""
        return str(self.pinned(PALETTE)["endpoint"]).removeprefix("https://")

    def push_claim(self, claim: Claim) -> None:
        """Put a claim on the status branch, as another writer would."""
        self.push_status({claim_path(claim.cluster): render_claim(claim).decode()})

    def run(
        self, command: str, *more: str, env: Mapping[str, str] | None = None, rules: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run the real program to its end."""
        is_slow = "--wait" in more and "--interval" not in more
        pace = ("--interval", str(EVERY_S)) if is_slow else ()
        return warm.finished(
            [command, *(self.rules if rules else ()), *pace, *more],
            cwd=self.box.clone,
            env={**self.environment, **(env or {})},
            timeout_s=PATIENCE_S,
        )

    def start(self, command: str, *more: str, cwd: Path | None = None) -> "subprocess.Popen[str]":
        """Start the real program, and leave it running."""
        return warm.started(
            [command, *self.rules, *more],
            cwd=cwd or self.box.clone,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def rules(self) -> list[str]:
        """The options that say where secrets are and where they may go."""
        return ["--operator", str(self.operator), "--secrets-dir", str(self.secrets)]

    @property
    def operator(self) -> Path:
        return self.root / "operator.yaml"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def environment(self) -> dict[str, str]:
        """A child's whole environment: nothing of the user's gets in."""
        scratch = self.root / "scratch"
        scratch.mkdir(exist_ok=True)
        return {"PATH": os.environ["PATH"], "HOME": str(scratch), "TMPDIR": str(scratch)}

    # What came of it

    def files(self, commit: str = STATUS) -> dict[str, bytes]:
        """Give the files of the status branch at the bare repository; none where it is not."""
        if not git(self.box.bare, "for-each-ref", f"refs/heads/{STATUS}"):
            return {}
        done = subprocess.run(
            ["git", "archive", "--format=tar", commit],
            cwd=self.box.bare,
            capture_output=True,
            check=True,
        )
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
            members = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
            return {name: file.read() for name, file in members if file}

    def status(self, name: str = "store-1", commit: str = STATUS) -> Document:
        """Give the `status` of an intent as the status branch holds it."""
        content = self.files(commit)[f"status/{name}.yaml"]
        return dict(YAML(typ="safe").load(content)["status"])

    def told(self, name: str = "store-1") -> tuple[str, str]:
        """Give phase and reason of an intent."""
        status = self.status(name)
        return status["phase"], status["reason"]

    @property
    def claims(self) -> list[str]:
        """The claim files at the tip of the status branch."""
        return [path for path in self.files() if path.startswith("claims/")]

    @property
    def tip(self) -> str:
        """The commit that the status branch stands at; empty where there is none."""
        return git(self.box.bare, "for-each-ref", "--format=%(objectname)", f"refs/heads/{STATUS}")

    def log(self, ref: str = STATUS) -> str:
        """Give all commits of a branch at the bare repository, newest first, with messages."""
        return git(self.box.bare, "log", "--format=%H%n%B", f"refs/heads/{ref}")

    def effects(self, *kinds: EffectKind) -> tuple[Effect, ...]:
        """Give what was done to the world for good, logins left out."""
        return self.running.simulation.journal.effects_of(*(kinds or ENDING))

    def kinds(self, number: int | None = None) -> list[str]:
        """Give the kinds of all that was done for good, of all clusters or of one."""
        uid = self.cluster_uid(number) if number else ""
        return [e.kind for e in self.effects() if not uid or e.cluster_uid == uid]

    def cluster_uid(self, number: int = 1) -> str:
        """Give a local cluster's uid on its host."""
        cluster = self.running.simulation.hosts[f"store-{number}"].cluster
        assert cluster is not None
        return cluster.uid

    def writes(self) -> list[tuple[str, str]]:
        """Give the requests that arrived at routes that change something, in order."""
        received = self.running.simulation.journal.received
        return [
            (one.method, one.path)
            for one in received
            if (one.method, one.path) in WRITING or one.method == "DELETE"
        ]

    def pairing_uid(self, number: int = 1) -> str:
        """Give the pairing id that a host holds."""
        pairing = self.running.simulation.hosts[f"store-{number}"].pairing
        assert pairing is not None
        return pairing.uid

    def mode(self, number: int = 1) -> str:
        """Tell who manages a host."""
        return self.running.call(lambda sim: sim.hosts[f"store-{number}"].management_mode)

    def plan_faults(self, *faults: Fault) -> None:
        """Let requests to come go wrong."""
        self.running.call(lambda sim: sim.faults.add(*faults))


def document(kind: str, name: str, spec: Mapping[str, Any]) -> Document:
    """Write a document of any kind."""
    return {"apiVersion": API, "kind": kind, "metadata": {"name": name}, "spec": dict(spec)}


PROGRAM = warm.PROGRAM


def profile_match(
    name: str = "split", profiles: Sequence[Any] = ("infra", "addons"), **spec: Any
) -> Document:
    """Write a selection of profiles, by their names or in full."""
    named = [{"name": one} if isinstance(one, str) else one for one in profiles]
    return document("ProfileMatch", name, {"palette": "production", "profiles": named, **spec})


FULL = profile_match("full", ("full",))


def once_acting(verb: str, change: Callable[[], object]) -> Callable[[Event], None]:
    """Make a listener that changes the world just before the first action of this kind."""
    left = [change]

    def hear(event: Event) -> None:
        if isinstance(event, Acting) and event.action.verb == verb and left:
            left.pop()()

    return hear


@contextmanager
def world(
    root: Path,
    *hosts: Document,
    palette: Document | None = None,
    secrets: Mapping[str, str | Mapping[str, str]] | None = None,
    fleet: Callable[[World], Sequence[Document]] | None = None,
    timing: Mapping[str, float] | None = None,
    monitored: bool = True,
    object_format: str = "sha1",
    **operator: Any,
) -> Iterator[World]:
    """Run a world until the block ends. `fleet` gives its documents; left out: one intent a host.

    `operator` are more fields of the operator's file, `secrets` more files of the secrets folder.
    The repositories have object ids of an `object_format`, as Git calls it.
    At the end of the block the monitor holds its rules against all that happened, unless the world
    is not `monitored`: then the test says why.
    """
    described = list(hosts) or [host_document()]
    scenario = make_scenario(*described, palette=palette or quick_palette())
    values = DEFAULT_SECRETS | dict(secrets or {})
    spec = {
        "secrets": {name: {"hosts": ["127.0.0.1"]} for name in values},
        "timing": {**TIMING, **(timing or {})},
        **operator,
    }
    with run_in_thread(scenario) as running:
        box = Box(root)
        monitor = Monitor(box.bare, box.clone, root / "operator.yaml")
        made = World(root, running, box, monitor, spec)
        numbers = [int(one["name"].rpartition("-")[2]) for one in described]
        documents = fleet(made) if fleet else [made.intent(number) for number in numbers]
        files = {"fleet.yaml": made.fleet(*documents)}
        make_box(root, files, object_format=object_format)
        made.operator.write_text(json.dumps(document("Operator", "tests", spec)))
        write_secrets(made.secrets, values)
        made.monitor.watch(watched(running, scenario))
        yield made
        if monitored:
            made.monitor.check()


def watched(running: ThreadedSimulation, scenario: Scenario) -> Watched:
    """Tell the monitor what it sees of a simulation."""
    sim = running.simulation
    declared = {scenario.spec.palette.endpoint: "palette"}
    declared |= {host.endpoint: host.name for host in scenario.hosts()}
    at = {urlsplit(sim.addresses[one].endpoint).port or 0: name for one, name in declared.items()}

    def clusters(server: str) -> frozenset[str]:
        host = sim.hosts.get(server)
        if host is None or host.cluster is None:
            return frozenset()
        with suppress(RefusalError):
            return frozenset({host.cluster.uid.casefold(), host.shown_cluster().uid.casefold()})
        return frozenset({host.cluster.uid.casefold()})

    def dark() -> frozenset[str]:
        servers = sim._servers.items()
        return frozenset(name for name, server in servers if not server.listener.is_online)

    return Watched(
        journal=sim.journal,
        ports=at,
        clusters=clusters,
        palette_time=sim.palette.clock.at,
        dark=dark,
    )


NO_UIDS = ["../status/store-2", "-a", "a b\nc", "x" * 2000]
"""What a cluster may call itself that could lead out of a folder, or to no file at all."""


def call_cluster(sim: Simulation, number: int, uid: str) -> None:
    """Let a host's cluster say that this is its uid."""
    host = sim.hosts[f"store-{number}"]
    assert host.cluster is not None
    host.cluster = replace(host.cluster, uid=uid)


def plan_of(w: World, *more: str) -> Document:
    """Make a plan with the real program; gives it as JSON has it."""
    done = w.run("plan", "--format", "json", *more)
    assert done.returncode in (0, 2, 3), done.stderr
    return dict(json.loads(done.stdout))


def on_a_branch(w: World, *documents: Document, **more: Document | str) -> None:
    """Commit a change on a branch of its own, as a pull request has it."""
    git(w.box.clone, "checkout", "--quiet", "-B", "change", "main")
    files = {"fleet.yaml": w.fleet(*documents)}
    files |= {
        name: text if isinstance(text, str) else json.dumps(text) for name, text in more.items()
    }
    for name, text in files.items():
        (w.box.clone / name).write_text(text)
    git(w.box.clone, "add", "--all")
    git(w.box.clone, "commit", "--quiet", "--allow-empty", "--message", "a change")


DEFAULT_SECRETS: Mapping[str, str | Mapping[str, str]] = {
    "palette-production": KEY,
    "store-local-ui": {"username": "kairos", "password": PASSWORD},
}


def write_secrets(folder: Path, values: Mapping[str, str | Mapping[str, str]]) -> None:
    """Write secrets as Kubernetes mounts them: a file, or a folder with a file a key."""
    folder.mkdir(exist_ok=True)
    for name, value in values.items():
        if isinstance(value, str):
            (folder / name).write_text(value)
        else:
            write_secrets(folder / name, value)


def _texts(files: Mapping[str, Document | str]) -> dict[str, str]:
    return {
        name: text if isinstance(text, str) else json.dumps(text) for name, text in files.items()
    }
