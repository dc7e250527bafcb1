"""Odd worlds for the laws of `decide`: a pairing at some stage, with a few things not as usual.

Few at a time, so that the rows far down the decision tables are reached as well as the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from layers_factory import make_profile
from pairctl.layers import UNSAID, Configuration, Form, Layer, LayerConfiguration, Leaf
from pairctl.pairing import (
    Case,
    Connection,
    Decision,
    EdgeHost,
    Intent,
    LocalRequestStatus,
    ManagementMode,
    Node,
    Observed,
    PaletteCluster,
    PaletteView,
    Pinned,
    Recorded,
    Refused,
    RequestState,
    Sent,
    TokenFacts,
    Unanswered,
    UnreadableClaim,
    Withdrawn,
    basis_of,
    decide,
)
from pairctl.pairing.facts.observation import PackState
from pairctl.problem import Problem
from pairctl.spec import Acceptance, Desired, PairingIntentSpec
from pairctl.spec.kinds import Acknowledge, PairingRequestReference
from pairing_factory import (
    ADD_ON,
    ELSEWHERE,
    HOST,
    INFRA_PROFILE,
    NOW,
    PALETTE,
    PROBLEM,
    STACK,
    make_approval,
    make_claim,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_listing,
    make_match,
    make_request,
    make_snapshot,
    make_view,
)

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """What is wanted, what is seen, and what is on record."""

    intent: Intent
    observed: Observed
    recorded: Recorded

    def decided(self) -> Decision:
        """Decide on it."""
        return decide(self.intent, self.observed, self.recorded, now=NOW)


INTENTS = {desired: make_intent(desired) for desired in Desired}
GOOD_TOKEN = TokenFacts("edge-retail", is_active=True)
NEWER = make_profile(ADD_ON.name, "addon/prometheus-grafana 50.0.0", version="2.0.0")
REGISTERED = (PaletteCluster("palette-42", "store-0042"),)
REGISTERED_AND_WELL_OR_NOT = [
    (PaletteCluster("palette-42", "store-0042", health=word),)
    for word in ("Healthy", "UnHealthy", "Degraded")
]
CHANGED = (LayerConfiguration(STACK[0], Configuration(Form.VALUES, Leaf("int", "3"))),)
USUAL: Facts = {
    "desired": Desired.PAIRED,
    "generation": "one",
    "acceptance": Acceptance.AUTO,
    "match": make_match(),
    "suspend": False,
    "replace_request": False,
    "acknowledge": INTENTS[Desired.PAIRED].spec.acknowledge,
    "request": "usual",
    "host": True,
    "management_mode": ManagementMode.LOCAL,
    "installation_mode": "airgap",
    "appliance_type": "",
    "cluster": True,
    "uid": "local-42",
    "name": "store-0042",
    "state": "Running",
    "nodes": (Node("n", "Running", is_healthy=True),),
    "host_count": None,
    "packs": (),
    "is_reboot_pending": False,
    "is_healthy": True,
    "stack": STACK,
    "status": None,
    "request_uid": "u1",
    "endpoint": PALETTE,
    "entry": None,
    "other_entry": None,
    "routes_answer": True,
    "problem": None,
    "profiles": make_view().profiles,
    "clusters": (),
    "token": GOOD_TOKEN,
    "connection": Connection(is_verified=True),
    "snapshot": make_snapshot(),
    "objections": (),
    "brought": (),
    "require_approval": False,
    "approval": None,
    "tags": None,
    "attempt": 1,
    "named_uid": None,
    "named_host": None,
    "adopts": True,
    "adopts_after_s": 0.0,
    "claim": None,
    "is_over": False,
    "unreadable": None,
    "sent": None,
    "withdrawn": None,
    "refused": None,
    "unanswered": None,
    "pinned": None,
    "pairing_uid": "",
    "local_uid": "",
    "palette_uid": "",
    "requested_at": None,
    "accepted_at": None,
}
UIDS = ("u1", "u2")
ENTRIES = [
    make_entry(
        state,
        pairing_uid=uid,
        local_uid=local_uid,
        word=state.value,
        cluster_uid=cluster,
        created_at=NOW.isoformat(),
    )
    for state, uid, local_uid, cluster in product(
        RequestState, UIDS, ("local-42", "", "other"), ("", "palette-42")
    )
]
CLAIMS = [
    make_claim(action, pairing_uid=uid, cluster=cluster, intent=intent)
    for action, uid, cluster, intent in product(
        ("request", "accept", "withdraw", "reject", "reboot"),
        ("", *UIDS),
        ("local-42", "LOCAL-42", "other"),
        ("store-0042", "another"),
    )
]
ODD: Mapping[str, list[Any]] = {
    "desired": [Desired.LOCAL, Desired.REJECTED],
    "generation": ["two"],
    "acceptance": [Acceptance.API, Acceptance.CONSOLE],
    "match": [
        make_match(configuration="Same"),
        make_match(configuration="Any"),
        make_match(reviewed=["sha256:" + "0" * 64]),
        make_match(valuesFrom="Local"),
        make_match(profiles=None, select="Auto"),
        make_match(profiles=None, select="Auto", onAmbiguous="Block"),
        make_match(layers=[{"name": "x", "version": "1"}]),
        make_match(profiles=[{"name": INFRA_PROFILE.name}]),
    ],
    "suspend": [True],
    "replace_request": [True],
    "acknowledge": [
        None,
        Acknowledge(centralManagementOnly="store-0007"),
        Acknowledge(centralManagementOnly="store-0042", applianceType="palette"),
    ],
    "request": [
        None,
        PairingRequestReference(tags={"shop": "42"}),
        PairingRequestReference(pairingUid="u1"),
        PairingRequestReference(pairingUid="u2"),
    ],
    "host": [None, PROBLEM],
    "management_mode": [ManagementMode.CENTRAL],
    "installation_mode": ["", "connected"],
    "appliance_type": ["palette"],
    "cluster": [None],
    "uid": ["", "other"],
    "name": ["store-0007"],
    "state": ["", "Error"],
    "host_count": [0, 1, 3],
    "packs": [(PackState("p", "Installing"),), (PackState("p", "Splendid"),)],
    "is_reboot_pending": [True],
    "nodes": [(), (Node("n", "Running", is_healthy=False),), (Node("n", "", is_healthy=True),)],
    "is_healthy": [False],
    "stack": [(), STACK[1:], (*STACK, STACK[-1]), (*STACK, Layer("addon", "x", UNSAID))],
    "status": [None, *LocalRequestStatus],
    "request_uid": ["u2", ""],
    "endpoint": [ELSEWHERE, f"HTTPS://{PALETTE}:443/", f"http://{PALETTE}"],
    "entry": [None, *ENTRIES],
    "other_entry": ENTRIES,
    "routes_answer": [False],
    "problem": [PROBLEM],
    "profiles": [(), (make_listing(INFRA_PROFILE), make_listing(NEWER))],
    "clusters": [(), REGISTERED, *REGISTERED_AND_WELL_OR_NOT],
    "token": [None, PROBLEM, TokenFacts("t", is_active=False), TokenFacts("t", None, NOW)],
    "connection": [None, PROBLEM, Connection(is_verified=False)],
    "snapshot": [
        None,
        PROBLEM,
        make_snapshot(stack=()),
        make_snapshot(stack=STACK[1:]),
        make_snapshot(local_uid=""),
        make_snapshot(local_uid="other"),
        make_snapshot(local_uid="LOCAL-42"),
        make_snapshot(name=""),
        make_snapshot(name="store-0007"),
        make_snapshot(host_uids=()),
        make_snapshot(host_uids=("host-7",)),
    ],
    "attempt": [2, 3],
    "named_uid": ["local-42", "LOCAL-42", "other"],
    "named_host": ["host-1", "host-7"],
    "adopts": [False],
    "adopts_after_s": [120.0],
    "is_over": [True],
    "unreadable": [
        UnreadableClaim("claims/local-42.yaml", ""),
        UnreadableClaim("claims/x.yaml", "rubbish about u1"),
        UnreadableClaim("claims/other.yaml", "nothing"),
    ],
    "sent": [Sent(uid, attempt) for uid, attempt in product(UIDS, (1, 2))],
    "withdrawn": [
        Withdrawn(uid, attempt, palette)
        for uid, attempt, palette in product(UIDS, (1, 2), (PALETTE, ELSEWHERE))
    ],
    "objections": [None, PROBLEM, ("no such variable",)],
    "brought": [None, CHANGED],
    "require_approval": [True],
    "approval": ["of this", make_approval()],
    "tags": [PROBLEM, {}, {"u1": {"shop": "42"}}, {uid: {"shop": "42"} for uid in UIDS}],
    "pinned": [Pinned(*seen) for seen in product(("local-42", "other"), (HOST, "moved"), (1, 2))],
    "claim": CLAIMS,
    "unanswered": [
        Unanswered(action, seen, "claim-1", count, "x")
        for action, seen, count in product(("request", "accept"), ("one", "two"), (1, 3))
    ],
    "refused": [Refused(uid, seen) for uid, seen in product(UIDS, ("", "one", "two"))],
    "pairing_uid": ["u1", "u2"],
    "local_uid": ["local-42", "other"],
    "palette_uid": ["palette-42"],
    "requested_at": [NOW - timedelta(days=1), NOW],
    "accepted_at": [NOW - timedelta(days=1), NOW],
}
PENDING: Facts = {
    "status": LocalRequestStatus.PAIRING,
    "entry": make_entry(created_at=NOW.isoformat()),
}
CENTRAL: Facts = {"management_mode": ManagementMode.CENTRAL, "clusters": REGISTERED}
DARK: Facts = {"host": PROBLEM, "pairing_uid": "u1", "local_uid": "local-42"}
ASKING: Facts = {**PENDING, "require_approval": True}
STAGES: list[Facts] = [
    {},
    PENDING,
    PENDING,
    ASKING,
    {**ASKING, "approval": "of this"},
    {"match": make_match(configuration="Same"), "brought": CHANGED},
    {**PENDING, "status": LocalRequestStatus.REJECTED},
    CENTRAL,
    {"desired": Desired.LOCAL},
    {"desired": Desired.LOCAL, **PENDING},
    {"desired": Desired.LOCAL, **PENDING, **DARK},
    {"desired": Desired.REJECTED, **PENDING},
]


def make_world(facts: Facts) -> World:
    """Make the world of these facts; what they leave out is as usual."""
    it = {**USUAL, **facts}
    spec_fields = ("attempt", "suspend", "replace_request", "acknowledge", "request")
    usual = INTENTS[it["desired"]]
    if it["request"] == "usual":
        it["request"] = usual.spec.request
    intent = replace(
        usual,
        generation=it["generation"],
        palette=usual.palette.model_copy(
            update={name: it[name] for name in ("acceptance", "require_approval")}
        ),
        match=it["match"],
        spec=_spec(usual.spec.model_copy(update={name: it[name] for name in spec_fields}), it),
        adopts_requests=it["adopts"],
        adopts_after_s=it["adopts_after_s"],
    )
    asked = ("token", "connection", "snapshot", "objections", "tags", "brought")
    looks = {name: it[name] for name in asked}
    observed = Observed(palette=_view(it), host=_host(it), **looks)
    on_record = (
        "sent",
        "withdrawn",
        "refused",
        "unanswered",
        "pinned",
        "pairing_uid",
        "local_uid",
        "palette_uid",
    )
    times = ("requested_at", "accepted_at")
    recorded = Recorded(
        claims=(it["claim"],) if it["claim"] else (),
        over=frozenset({it["claim"].id}) if it["claim"] and it["is_over"] else frozenset(),
        unreadable=(it["unreadable"],) if it["unreadable"] else (),
        **{name: it[name] for name in (*on_record, *times)},
    )
    digest = basis_of(Case(intent, observed, recorded, now=NOW)).digest
    approval = make_approval(digest) if it["approval"] == "of this" else it["approval"]
    return World(replace(intent, approval=approval), observed, recorded)


def _spec(spec: PairingIntentSpec, it: Facts) -> PairingIntentSpec:
    """Let the intent name cluster and host by their uids, where the facts say so."""
    local_ui = spec.local_ui
    if local_ui and it["named_host"]:
        local_ui = local_ui.model_copy(update={"host_uid": it["named_host"]})
    cluster = spec.cluster.model_copy(update={"uid": it["named_uid"]})
    return spec.model_copy(update={"local_ui": local_ui, "cluster": cluster})


def _host(it: Facts) -> EdgeHost | Problem | None:
    if it["host"] is not True:
        return it["host"]  # type: ignore[no-any-return]  # a Problem or None, by the table above
    cluster_fields = ("uid", "name", "state", "nodes", "host_count", "is_healthy", "stack", "packs")
    cluster_fields += ("is_reboot_pending",)
    cluster = make_cluster(**{name: it[name] for name in cluster_fields})
    where = {"pairing_uid": it["request_uid"], "palette_endpoint": it["endpoint"]}
    return make_host(
        management_mode=it["management_mode"],
        installation_mode=it["installation_mode"],
        appliance_type=it["appliance_type"],
        cluster=cluster if it["cluster"] else None,
        request=make_request(it["status"], **where) if it["status"] else None,
    )


def _view(it: Facts) -> PaletteView:
    entries = tuple(entry for entry in (it["entry"], it["other_entry"]) if entry)
    return PaletteView(
        profiles=it["profiles"],
        requests=entries if it["routes_answer"] else None,
        clusters=it["clusters"],
        problem=it["problem"],
        dated_at=NOW,
    )


_ANY_VALUE = st.sampled_from([name for name in ODD if name != "desired"]).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(ODD[name]))
)


@st.composite
def worlds(draw: st.DrawFn, **fixed: Any) -> World:
    """Draw a stage of a pairing and up to five odd things; `fixed` facts stay as given."""
    stage = draw(st.sampled_from(STAGES))
    changes = draw(st.lists(_ANY_VALUE, max_size=5))
    return make_world({**stage, **dict(changes), **fixed})
