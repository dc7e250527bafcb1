"""What a run remembers changes nothing: beside it goes one that forgets all that it worked out.

Both see the same worlds, on status branches of their own. What they decide, say and write is the
same, whatever others do to branch, documents and secrets in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from fleet_worlds import CLUSTERS, FIRM, STAGES, Member, evidence_of_cluster, request_of
from pairctl.engine.apply.recorder import Minutes, record_of_pass
from pairctl.engine.observe.first_reads import FirstReads
from pairctl.engine.observe.fleet import FleetLook
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.requeue import Requeue
from pairctl.pairing import (
    Capacity,
    Decision,
    FleetDocuments,
    FleetLimits,
    FleetObservations,
    Intent,
    Looked,
    PaletteView,
    Status,
    decide_all,
    judge,
    settled_intents,
)
from pairctl.records import (
    KnownFiles,
    Ledger,
    changes_on,
    claim_path,
    evidence_path,
    parse_ledger,
    render_claim,
    render_evidence,
)
from pairctl.repo import StatusTree
from pairctl.secrets import Redactor
from pairing_factory import NOW, make_claim, make_entry, make_palette, make_view

NAMES = ("a", "b", "c")
EVERY_S = 2.0
TOKENS = ("Running", "others go first", "retail-infra", "no answer within", "store-0042")
"""What Palette may list as tokens for a while: words that statuses and layers have in them."""

Event = tuple[Any, ...]


@dataclass
class World:
    """What both runs see: documents, hosts, Palette's tokens, and the time."""

    members: dict[str, Member]
    generations: dict[str, int] = field(default_factory=dict)
    commit: int = 0
    tokens: tuple[str, ...] = ()
    at_s: float = 1000.0

    @property
    def intents(self) -> dict[str, Intent]:
        """The documents of the commit, by name: a name may be given to another host."""
        return {
            name: replace(
                one.intent,
                name=name,
                generation=f"sha256:{one.name}{self.generations.get(name, 0)}",
            )
            for name, one in self.members.items()
        }

    def view(self) -> PaletteView:
        """What Palette lists."""
        sent = {m.cluster: m for m in self.members.values() if m.stage in ("pending", "local")}
        return make_view(
            *(
                make_entry(pairing_uid=request_of(m), local_uid=cluster, name=cluster)
                for cluster, m in sorted(sent.items())
            )
        )


@dataclass(frozen=True)
class Came:
    """What a pass came to."""

    decisions: Mapping[str, Any]
    acting: tuple[str, ...]
    standing: frozenset[str]
    statuses: Mapping[str, Status]
    changes: Mapping[str, bytes | None]


class Run:
    """A run with a status branch of its own, whose commits are kept; it may forget."""

    def __init__(self, *, forgets: bool) -> None:
        self.forgets = forgets
        self.commits: list[dict[str, bytes]] = [{}]
        self.tip = 0
        self.known, self.redactor = KnownFiles(), Redactor()
        self.requeue, self.first_reads = Requeue(), FirstReads()

    @property
    def files(self) -> dict[str, bytes]:
        """The files at the tip."""
        return self.commits[self.tip]

    def put(self, changes: Mapping[str, bytes | None]) -> None:
        """Commit changes, by whomever."""
        after = {**self.files, **changes}
        self.commits.append({path: body for path, body in after.items() if body is not None})
        self.tip = len(self.commits) - 1

    def forget(self, world: World) -> None:
        """Let nothing stay but what was seen."""
        self.known, self.redactor = KnownFiles(), Redactor()
        self.redactor.learn_tokens("production", world.tokens)
        seen = self.requeue._seen
        self.requeue._seen = {n: replace(s, decision=bare(s.decision)) for n, s in seen.items()}

    def ledger(self) -> Ledger:
        """Read the branch."""
        tree = StatusTree(str(self.tip), self.files)
        return self.known.read_at(str(self.tip), lambda: parse_ledger(tree, self.known))

    def do_pass(
        self, world: World, view: PaletteView, due: frozenset[str], *, is_lost: bool
    ) -> Came:
        """Do a pass that looks at those that are due, and at all that nothing stands of."""
        if self.forgets:
            self.forget(world)
        now, now_s, intents = NOW + timedelta(seconds=world.at_s), world.at_s, world.intents
        views, ledger = {"production": view}, self.ledger()
        records = self.first_reads.records(ledger, now_s, FIRM)
        kept = settled_intents(intents, records, views, now=now)
        standing = self.requeue.standing(intents, records, views, now_s)
        looks, looked = {}, {}
        for name in sorted(
            (intents.keys() - standing.keys() - kept.keys()) | (due & intents.keys())
        ):
            observed = world.members[name].observed(view)
            looks[name] = Look(observed, now_s, now)
            seen = Looked(observed, now, records.claim_ids, now_s)
            looked[name] = replace(seen, decision=judge(intents[name], seen, records))
        documents = FleetDocuments(intents, {"production": make_palette()}, frozenset(intents))
        stands = {name: one for name, one in standing.items() if name not in looked}
        kept = {name: one for name, one in kept.items() if name not in looked}
        observations = FleetObservations(looked, stands, kept, views)
        limits = FleetLimits(capacity=Capacity(at_hosts=2, at_palette=1, requests=2))
        decided = decide_all(documents, records, observations, limits, now=now)
        source: Any = SimpleNamespace(
            commit=f"{world.commit:040}",
            intents=intents,
            names=frozenset(intents),
            invalid={},
            is_partial=False,
            declared=SimpleNamespace(rejected=()),
        )
        look = FleetLook(documents, observations, looks)
        minutes = Minutes(source, records, ledger, look, decided, decided.decisions)
        record = record_of_pass(minutes, now, "branch")
        clean, state = self.redactor.redact, self.redactor.state
        changes = changes_on(ledger, record, clean, self.known, state)
        if changes and not is_lost:
            self.put(changes)
        self.requeue.note(minutes.looked_at, frozenset(intents), EVERY_S)
        return Came(
            {n: (one.verdict, one.conditions) for n, one in decided.decisions.items()},
            decided.acting,
            frozenset(standing),
            record.statuses,
            changes,
        )


def bare(decision: Decision) -> Decision:
    """Return an equal decision that knows nothing of what followed from it."""
    return replace(decision, case=replace(decision.case))


def edited(body: bytes, how: str) -> bytes | None:
    """Return a file as somebody has edited it."""
    match how:
        case "delete":
            return None
        case "break":
            return b"{"
        case "comment":
            return b"# looked at\n" + body
        case _:
            words = body.replace(b"Blocked", b"Failed").replace(b"prometheus", b"other")
            return words.replace(b"'True'", b"'False'")


@dataclass(frozen=True)
class Meanwhile:
    """What happens between two passes, to the world or to each of the branches."""

    world: World
    runs: tuple[Run, ...]

    def happen(self, kind: str, *given: Any) -> None:
        """Let it happen."""
        getattr(self, kind)(*given)

    def changed(self, name: str) -> None:
        """A commit changes an intent."""
        self.world.commit += 1
        self.world.generations[name] = self.world.generations.get(name, 0) + 1

    def swapped(self, one: str, other: str) -> None:
        """A commit has two intents swap their names."""
        members = self.world.members
        if {one, other} <= members.keys():
            self.world.commit += 1
            members[one], members[other] = members[other], members[one]

    def renamed(self, name: str) -> None:
        """A commit gives an intent another name, or the one of before."""
        self.world.commit += 1
        members = self.world.members.items()
        self.world.members = {n.swapcase() if n.lower() == name else n: m for n, m in members}

    def shown(self, name: str, stage: str) -> None:
        """A host shows something else."""
        if name in self.world.members:
            self.world.members[name] = replace(self.world.members[name], stage=stage)

    def listed(self, tokens: tuple[str, ...]) -> None:
        """Palette lists other tokens: some are learned, others forgotten."""
        self.world.tokens = tokens
        for run in self.runs:
            run.redactor.learn_tokens("production", tokens)

    def reset(self, back: int) -> None:
        """The branch is put back to an older tip."""
        for run in self.runs:
            run.tip = max(0, run.tip - back)

    def edited(self, number: int, how: str) -> None:
        """A file of the branch is edited by hand."""
        for run in self.runs:
            if paths := sorted(run.files):
                path = paths[number % len(paths)]
                run.put({path: edited(run.files[path], how)})

    def claimed(self, action: str, cluster: str, name: str) -> None:
        """Another run claims an action, or closes its claim."""
        uid = f"{action}-{cluster}-{name}"
        made = make_claim(action, id=uid, cluster=cluster, intent=name, pairing_uid=f"r-{cluster}")
        for run in self.runs:
            path = claim_path(cluster)
            run.put({path: None if path in run.files else render_claim(made)})

    def proven(self, cluster: str) -> None:
        """Another run leaves evidence of an acceptance."""
        made = evidence_of_cluster(cluster, is_complete=False)
        for run in self.runs:
            run.put({evidence_path(cluster): render_evidence(made)})


names, clusters = st.sampled_from(NAMES), st.sampled_from(CLUSTERS)
EVENTS = st.one_of(
    st.tuples(st.just("changed"), names),
    st.tuples(st.just("swapped"), names, names).filter(lambda one: one[1] != one[2]),
    st.tuples(st.just("renamed"), names),
    st.tuples(st.just("shown"), names, st.sampled_from(STAGES)),
    st.tuples(
        st.just("listed"), st.sets(st.sampled_from(TOKENS), max_size=2).map(sorted).map(tuple)
    ),
    st.tuples(st.just("reset"), st.integers(1, 3)),
    st.tuples(
        st.just("edited"),
        st.integers(0, 20),
        st.sampled_from(("delete", "break", "comment", "change")),
    ),
    st.tuples(st.just("claimed"), st.sampled_from(("accept", "request")), clusters, names),
    st.tuples(st.just("proven"), clusters),
)
PASSES = st.lists(
    st.tuples(
        st.lists(EVENTS, max_size=2),
        st.sampled_from((0.5, 0.5, 3.0, 40.0, 700.0)),
        st.frozensets(names, max_size=1),
        st.sampled_from((False, False, False, True)),
    ),
    min_size=3,
    max_size=8,
)
FLEETS = st.tuples(
    *(
        st.builds(
            Member,
            st.just(name),
            clusters,
            st.sampled_from(STAGES),
            names_cluster=st.booleans(),
        )
        for name in NAMES
    )
)


@examples(150)
@given(FLEETS, PASSES)
def test_a_run_that_remembers_does_and_writes_what_one_does_that_forgets(
    fleet: tuple[Member, ...], passes: list[tuple[list[Event], float, frozenset[str], bool]]
) -> None:
    """After each pass, whatever has happened before it."""
    world = World({one.name: one for one in fleet})
    runs = Run(forgets=False), Run(forgets=True)
    for events, seconds, due, is_lost in passes:
        for event in events:
            Meanwhile(world, runs).happen(*event)
        world.at_s += seconds
        view = world.view()
        came = [run.do_pass(world, view, due, is_lost=is_lost) for run in runs]
        assert came[0] == came[1]
        assert runs[0].files == runs[1].files
