"""Fleets for the laws of `decide_all`: intents about few clusters, seen now, earlier, or not.

Clusters are few, so that intents meet at them; each intent has a host of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from pairctl.pairing import (
    Claim,
    Decision,
    Evidence,
    FleetDecisions,
    FleetDocuments,
    FleetLimits,
    FleetObservations,
    FleetRecords,
    Intent,
    Looked,
    Observed,
    PaletteView,
    Patience,
    Phase,
    PlanInForce,
    Status,
    UnreadableClaim,
    decide,
    decide_all,
)
from pairctl.spec import Desired, PaletteSpec, UnrecognizedRequests
from pairing_factory import (
    NOW,
    PROBLEM,
    make_claim,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_palette,
    make_request,
    make_snapshot,
    make_view,
)

CLUSTERS = ("c1", "c2", "c3")
NAMES = ("a", "b", "c", "d", "e")
STAGES = ("new", "pending", "pending", "pending", "dark", "local")
SIGHTS = ("now", "now", "now", "earlier", "settled", "unseen", "broken")
FIRM = Patience(lifetime_s=120, margin_s=600, stays=True)


@dataclass(frozen=True)
class Member:
    """One intent of a fleet: which cluster its host shows, and how it was seen.

    `names_cluster` is whether the intent names it by its uid; `is_recorded` whether its status is
    on the branch, with the cluster as it was last seen.
    """

    name: str
    cluster: str
    stage: str = "pending"
    sight: str = "now"
    names_cluster: bool = False
    is_recorded: bool = False

    @cached_property
    def intent(self) -> Intent:
        """The document, resolved."""
        desired = Desired.LOCAL if self.stage == "local" else Desired.PAIRED
        where = f"https://{self.name}.example:5080"
        made = make_intent(
            desired,
            acknowledge={"centralManagementOnly": self.cluster},
            localUI={"endpoint": where, "credentials": {"secret": "local-ui"}},
            cluster={"uid": self.cluster} if self.names_cluster else {},
        )
        return replace(made, name=self.name)

    def observed(self, view: PaletteView) -> Observed:
        """What a look at the intent shows."""
        if self.stage == "dark":
            return make_observed(PROBLEM, view)
        request = None if self.stage == "new" else make_request(pairing_uid=request_of(self))
        cluster = make_cluster(uid=self.cluster, name=self.cluster)
        host = make_host(uid=f"host-{self.name}", cluster=cluster, request=request)
        snapshot = make_snapshot(name=self.cluster, local_uid=self.cluster, host_uids=(host.uid,))
        return make_observed(host, view, snapshot=snapshot)

    @property
    def status(self) -> Status:
        """What is on record of it."""
        phase = Phase.PAIRED if self.sight == "settled" else Phase.BLOCKED
        uids = {"local_uid": self.cluster, "pairing_uid": request_of(self)}
        return Status(self.name, phase, self.intent.generation, "c" * 40, **uids)


def request_of(member: Member) -> str:
    """Return the pairing id of the request of a member's cluster."""
    return f"r-{member.cluster}"


@dataclass(frozen=True)
class Fleet:
    """Intents, the Palette that all of them name, and what is on record beside their statuses.

    `unknown` are ids of claims that were made after all looks began.
    """

    members: tuple[Member, ...]
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unreadable: tuple[UnreadableClaim, ...] = ()
    unknown: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    rejects: bool = False
    alien_request: bool = False
    limits: FleetLimits = field(default_factory=FleetLimits)

    @cached_property
    def palette(self) -> PaletteSpec:
        """The Palette's document."""
        rejects = UnrecognizedRequests.REJECT if self.rejects else UnrecognizedRequests.REPORT
        return make_palette().model_copy(update={"unrecognized_requests": rejects})

    @cached_property
    def view(self) -> PaletteView:
        """What Palette lists: a pending request of each cluster that has sent one."""
        sent = {m.cluster: request_of(m) for m in self.members if m.stage in ("pending", "local")}
        if self.alien_request:
            sent["alien"] = "r-alien"
        return make_view(
            *(
                make_entry(pairing_uid=uid, local_uid=cluster, name=cluster)
                for cluster, uid in sorted(sent.items())
            )
        )

    @cached_property
    def documents(self) -> FleetDocuments:
        """The documents of the commit."""
        usable = {m.name: m.intent for m in self.members if m.sight != "broken"}
        broken = tuple(m.name for m in self.members if m.sight == "broken")
        names = frozenset(m.name for m in self.members)
        return FleetDocuments(usable, {"production": self.palette}, names, broken)

    @cached_property
    def records(self) -> FleetRecords:
        """The status branch at its tip; claims that are `over` were first read long ago."""
        recorded = [m for m in self.members if m.is_recorded or m.sight == "settled"]
        return FleetRecords(
            {m.name: m.status for m in recorded},
            self.claims,
            self.unreadable,
            self.evidence,
            read_s=1000.0,
            first_s={c.id: 0.0 if c.id in self.over else 1000.0 for c in self.claims},
            patience=FIRM,
        )

    @cached_property
    def known(self) -> FleetRecords:
        """The status branch as it was when looking began."""
        claims = tuple(claim for claim in self.claims if claim.id not in self.unknown)
        return replace(self.records, claims=claims)

    @cached_property
    def observations(self) -> FleetObservations:
        """What was seen of each intent."""
        view, known = self.view, self.known
        looks, standing, kept = {}, {}, {}
        for one in self.members:
            observed = one.observed(view)
            match one.sight:
                case "now":
                    looks[one.name] = Looked(observed, NOW, known.claim_ids)
                case "earlier":
                    record = known.record_of(one.intent, view)
                    standing[one.name] = decide(one.intent, observed, record, now=NOW)
                case "settled":
                    kept[one.name] = one.status
        return FleetObservations(looks, standing, kept, {"production": view})

    def decided(self, plan: PlanInForce | None = None, **changes: Any) -> FleetDecisions:
        """Decide for all; changes are other arguments of `decide_all`."""
        given = {
            "documents": self.documents,
            "records": self.records,
            "observations": self.observations,
            "limits": self.limits,
        }
        return decide_all(**{**given, **changes}, plan=plan, now=NOW)

    def of(self, name: str) -> Member:
        """Return a member by its name."""
        return next(one for one in self.members if one.name == name)


def claim_of(decision: Decision) -> Claim:
    """Return the claim that an action is done under."""
    action, case = decision.action, decision.case
    assert action
    return make_claim(
        action.verb,
        id=f"claim-of-{case.intent.name}",
        cluster=action.local_uid,
        intent=case.intent.name,
        pairing_uid=action.pairing_uid,
    )


def evidence_of_cluster(cluster: str, *, is_complete: bool) -> Evidence:
    """Return the evidence of an acceptance of a cluster that was first read just now."""
    paired_at = NOW if is_complete else None
    who = {"id": f"e-{cluster}", "intent": "gone", "pairing_uid": f"r-{cluster}"}
    where = {"palette": "api.spectrocloud.com", "branch": "branch"}
    return Evidence(cluster, **who, **where, seen_at=NOW, paired_at=paired_at)


def acting(decided: FleetDecisions) -> Mapping[str, Decision]:
    """Return the decisions whose action is done now."""
    return {name: decided.decisions[name] for name in decided.acting}


@st.composite
def fleets(
    draw: st.DrawFn,
    *,
    sights: tuple[str, ...] = SIGHTS,
    stages: tuple[str, ...] = STAGES,
    is_apart: bool = False,
    **fixed: Any,
) -> Fleet:
    """Draw a fleet of up to five intents, with claims and evidence; `fixed` fields stay.

    Where it `is_apart`, each intent has a cluster of its own.
    """
    members = tuple(
        Member(
            name,
            f"c-{name}" if is_apart else draw(st.sampled_from(CLUSTERS)),
            draw(st.sampled_from(stages)),
            draw(st.sampled_from(sights)),
            names_cluster=draw(st.integers(0, 4)) == 0,
            is_recorded=draw(st.booleans()),
        )
        for name in NAMES[: draw(st.integers(1, len(NAMES)))]
    )
    places = (*CLUSTERS, "elsewhere")
    claims = tuple(
        make_claim(
            draw(st.sampled_from(("accept", "accept", "request"))),
            id=f"claim-{number}",
            cluster=cluster,
            intent=draw(st.sampled_from((*NAMES, "gone"))),
            pairing_uid=f"r-{cluster}",
        )
        for number, cluster in enumerate(draw(st.lists(st.sampled_from(places), max_size=2)))
    )
    ids = [claim.id for claim in claims]
    proven = draw(st.lists(st.sampled_from((*places, "another")), unique=True, max_size=3))
    drawn = {
        "claims": claims,
        "evidence": tuple(evidence_of_cluster(c, is_complete=draw(st.booleans())) for c in proven),
        "unreadable": draw(st.sampled_from([(), (), (UnreadableClaim("claims/x.yaml", "?"),)])),
        "unknown": frozenset(draw(st.sets(st.sampled_from(ids))) if ids else ()),
        "over": frozenset(draw(st.sets(st.sampled_from(ids))) if ids else ()),
        "rejects": draw(st.booleans()),
        "alien_request": draw(st.booleans()),
    }
    return Fleet(members, **{**drawn, **fixed})
