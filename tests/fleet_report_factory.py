"""Records of made-up fleets for the tests of the report, and its page in a real browser."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from evidence_factory import EVIDENCE
from layers_factory import INFRA, MONITORING, make_stack
from pairctl.engine import Explanation, FleetRecord, IntentRecord
from pairctl.fleet_report import Campaign, Heading, Wave, WaveProgress, render_page, report_document
from pairctl.layers import Profile, Proposals, Stack, match, propose, side_by_side
from pairctl.pairing import Condition, ConditionType, Phase, ProfileUse, Proof, Status, Truth, prove
from pairing_factory import ADD_ON, INFRA_PROFILE, NOW, make_listing, make_match

OLD_MONITORING = "addon/prometheus-grafana 40.3.1"
COMMIT, TIP = "c" * 40, "d" * 40
HEADING = Heading("Pairings", "0.1.0")
_REGIONS = ("emea", "apac", "amer")
_WAVES = ("canary", "first", "rest")


def make_explanation(name: str, *layers: str) -> Explanation:
    """Explain a cluster of these layers by the two usual profiles."""
    proof, rows, proposals = _explained(make_stack(*(layers or (*INFRA, MONITORING))))
    return Explanation(name, f"cluster-of-{name}", proof, rows, proposals)


def _explained(stack: Stack) -> tuple[Proof, Any, Proposals]:
    profiles: tuple[Profile, ...] = (INFRA_PROFILE, ADD_ON)
    proof = prove(stack, make_match(), [make_listing(one) for one in profiles])
    rows = side_by_side(stack, proof.match or match(stack, ()))
    return proof, rows, propose(stack, profiles, proof.match)


def make_status(name: str, phase: Phase = Phase.PAIRED, **changes: Any) -> Status:
    """Return a status with all conditions; those of a settled one are True."""
    truth = Truth.TRUE if phase is Phase.PAIRED else Truth.FALSE
    conditions = tuple(
        Condition(
            kind, truth, "Good" if truth is Truth.TRUE else "LayersDiffer", "", "sha256:1", NOW
        )
        for kind in ConditionType
    )
    fields: dict[str, Any] = {"reason": phase.value, "local_uid": f"uid-of-{name}"}
    return Status(
        name=name,
        phase=phase,
        generation="sha256:1",
        source_commit=COMMIT,
        conditions=conditions,
        **(fields | changes),
    )


BLOCKED = {
    "phase": Phase.BLOCKED,
    "reason": "LayersDiffer",
    "message": "prometheus-grafana is 40.3.1 in the cluster and 44.3.1 in retail-observability",
    "waiting_for": "layer prometheus-grafana 40.3.1 in a latest profile version",
    "human_action": "publish retail-observability with prometheus-grafana 40.3.1",
}
REQUESTED = {
    "phase": Phase.REQUESTED,
    "reason": "AwaitingAcceptance",
    "waiting_for": "the acceptance of its pairing request",
}
DARK = {
    "phase": Phase.BLOCKED,
    "reason": "LocalUIUnreachable",
    "message": "Local UI does not answer",
    "waiting_for": "an answer of Local UI",
    "human_action": "see that the host runs and can be reached",
}
FAILED = {
    "phase": Phase.FAILED,
    "reason": "RequestRejected",
    "message": "the pairing request was rejected in Palette",
    "human_action": "raise `attempt` in the intent to send another one",
}


def make_record(*intents: IntentRecord, **changes: Any) -> FleetRecord:
    """Return the record of these intents."""
    fields: dict[str, Any] = {
        "ref": "main",
        "commit": COMMIT,
        "committed_at": NOW,
        "status_branch": "pairctl-status",
        "tip": TIP,
        "recorded_at": NOW + timedelta(minutes=5),
        "intents": intents,
    }
    return FleetRecord(**(fields | changes))


def make_intent_record(name: str, **changes: Any) -> IntentRecord:
    """Return the record of an intent: paired, with its evidence, unless said otherwise."""
    said = changes.pop("status", make_status(name))
    fields: dict[str, Any] = {
        "status": said,
        "desired": "Paired",
        "palette": "production",
        "endpoint": "https://10.0.42.10:5080",
        "labels": {"region": "emea"},
    }
    return IntentRecord(name, **(fields | changes))


def make_fleet(size: int) -> FleetRecord:
    """Return a fleet of many sorts: of seven, four are paired, one each asks, differs, is dark."""
    good, bad = make_explanation("x"), make_explanation("x", *INFRA, OLD_MONITORING)
    use = ProfileUse("retail-infra", "3.2.0", "uid-1")
    records = []
    for number in range(1, size + 1):
        name = f"store-{number:04}"
        kind = (BLOCKED, REQUESTED, DARK)[number % 7] if number % 7 < 3 else {}
        kind = FAILED if number % 50 == 0 else kind
        differs = kind is BLOCKED
        explained = replace(bad if differs else good, name=name, cluster=f"{name}-cluster")
        grounds = replace(EVIDENCE.grounds, name=name) if EVIDENCE.grounds else None
        proven = replace(EVIDENCE, intent=name, cluster=f"u-{number}", grounds=grounds)
        records.append(
            make_intent_record(
                name,
                status=make_status(name, **{"profiles": (use,), **kind}),
                endpoint=f"https://10.{number // 250}.{number % 250}.10:5080",
                palette="production" if number % 5 else "lab",
                labels={"region": _REGIONS[number % 3], "wave": _WAVES[min(number * 9 // size, 2)]},
                explanation=None if kind is DARK else explained,
                seen_at=NOW,
                evidence=() if kind else (proven,),
            )
        )
    return make_record(*records)


def make_campaign(record: FleetRecord) -> Campaign:
    """Return a campaign of three waves over a fleet: one done, one under way, one to come."""
    states = (WaveProgress.DONE, WaveProgress.CURRENT, WaveProgress.COMING)
    when = ("", "Tue and Wed 02:00 to 05:00 Europe/Lisbon", "at the earliest 2026-03-04 02:00 UTC")
    notes = ("", "waits for 2 acceptances", "waits for wave first")
    waves = []
    for number, wave in enumerate(_WAVES):
        members: dict[str, list[str]] = {}
        for one in record.intents:
            if one.labels.get("wave") == wave and one.status:
                members.setdefault(one.status.phase, []).append(one.name)
        waves.append(Wave(wave, states[number], members, when[number], notes[number]))
    return Campaign("emea", waves, "20 at once, 60 an hour; it ends about 2026-03-05.")


def make_page(record: FleetRecord, campaigns: Sequence[Campaign] = ()) -> str:
    """Return the page of a record."""
    return render_page(report_document(record, HEADING, campaigns))
