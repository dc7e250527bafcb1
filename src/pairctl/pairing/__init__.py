"""The life of a pairing: what was observed, what to decide, conditions, claims and status.

Pure functions over frozen data: no I/O, no clock, no randomness that is not an argument.
"""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.pairing.action import Accept, Action, Reject, SendRequest, Withdraw, acceptance_of
    from pairctl.pairing.basis.basis import Basis, basis_of
    from pairctl.pairing.basis.changes import basis_changes
    from pairctl.pairing.case import (
        ACCEPTED_STATES,
        Case,
        Declined,
        Pinned,
        Recorded,
        Refused,
        Sent,
        Unanswered,
        Withdrawn,
        canonical_endpoint,
    )
    from pairctl.pairing.facts.claim import (
        AcceptanceGrounds,
        Claim,
        DatedLook,
        LayerUse,
        Patience,
        ProfileUse,
        UnreadableClaim,
        is_over,
        is_past,
        layer_use,
        profile_use,
    )
    from pairctl.pairing.facts.evidence import (
        CONSOLE,
        UNCLAIMED,
        ClaimEvidence,
        Evidence,
        completed,
        evidence_of,
    )
    from pairctl.pairing.facts.identity import canonical_uid, file_stem, is_same_uid
    from pairctl.pairing.facts.intent import Intent
    from pairctl.pairing.facts.observation import (
        Connection,
        EdgeHost,
        LocalCluster,
        LocalRequest,
        LocalRequestStatus,
        ManagementMode,
        Node,
        Observed,
        PaletteView,
        RequestSnapshot,
        TokenFacts,
    )
    from pairctl.pairing.facts.palette import (
        PaletteCluster,
        PaletteRequest,
        ProfileListing,
        RequestState,
        request_state,
    )
    from pairctl.pairing.facts.phase import Phase
    from pairctl.pairing.fleet.admission import Capacity
    from pairctl.pairing.fleet.decide_all import FleetDecisions, FleetLimits, decide_all
    from pairctl.pairing.fleet.duplicates import conflicting, other_subjects, subject_of
    from pairctl.pairing.fleet.forecast import (
        PairingCost,
        RolloutForecast,
        WaveForecast,
        forecast,
        still_to_accept,
    )
    from pairctl.pairing.fleet.observations import (
        FleetDocuments,
        FleetObservations,
        Looked,
        Subject,
    )
    from pairctl.pairing.fleet.records import FleetRecords
    from pairctl.pairing.fleet.renamed import is_new, renamed
    from pairctl.pairing.fleet.rollout_documents import RolloutDocuments
    from pairctl.pairing.fleet.rollout_facts import rolled_out
    from pairctl.pairing.fleet.rollout_pace import RolloutHistory
    from pairctl.pairing.fleet.rollout_progress import HELD_BY_ROLLOUTS
    from pairctl.pairing.fleet.rollout_state import (
        MemberState,
        RolloutPhase,
        RolloutState,
        Wait,
        WaveState,
    )
    from pairctl.pairing.fleet.rollouts import RolledOut, outside_windows, roll_out
    from pairctl.pairing.fleet.saved_plan import PlanInForce, PlannedStep
    from pairctl.pairing.fleet.stacks import StackGroup, stack_groups
    from pairctl.pairing.fleet.standing import (
        is_same_intent,
        judge,
        judged_again,
        settled_intents,
        touched_since,
        was_paired,
        with_claims,
    )
    from pairctl.pairing.fleet.unrecognized import (
        Unrecognized,
        must_see_all_hosts,
        name_of,
        rejecting,
        unrecognized,
    )
    from pairctl.pairing.lookups import Question, open_question, snapshot_uid
    from pairctl.pairing.outcome.conditions import (
        Condition,
        ConditionType,
        Truth,
        false,
        stamped,
        true,
        unknown,
    )
    from pairctl.pairing.outcome.decision import (
        Decision,
        decide,
        is_accepted_in_palette,
        is_over_in_palette,
        is_spent,
    )
    from pairctl.pairing.outcome.holds import (
        held_as_duplicate,
        held_by_cap,
        held_for_turn,
        held_unsent,
        held_while_acting,
    )
    from pairctl.pairing.outcome.invalid import invalid_status
    from pairctl.pairing.outcome.paired_before import paired_before
    from pairctl.pairing.outcome.status import Status, status_of, with_health
    from pairctl.pairing.proof.configuration import ShownChange, ShownDifference, reviewed_line
    from pairctl.pairing.proof.explanation import with_explain
    from pairctl.pairing.proof.proof import (
        Proof,
        declared_stack_differs,
        prove,
        resolve_profile,
        select,
    )
    from pairctl.pairing.rules.approval import needs_approval
    from pairctl.pairing.rules.decision_table import TABLES
    from pairctl.pairing.rules.ownership import pinned_cluster, request_origin
    from pairctl.pairing.verdict import Pace, Rule, Verdict, is_blocked
else:
    __getattr__ = on_demand(
        __name__,
        {
            "action": "Accept Action Reject SendRequest Withdraw acceptance_of",
            "basis.basis": "Basis basis_of",
            "basis.changes": "basis_changes",
            "case": (
                "ACCEPTED_STATES Case Declined Pinned Recorded Refused Sent Unanswered Withdrawn "
                "canonical_endpoint"
            ),
            "facts.claim": (
                "AcceptanceGrounds Claim DatedLook LayerUse Patience ProfileUse UnreadableClaim "
                "is_over is_past layer_use profile_use"
            ),
            "facts.evidence": "CONSOLE UNCLAIMED ClaimEvidence Evidence completed evidence_of",
            "facts.identity": "canonical_uid file_stem is_same_uid",
            "facts.intent": "Intent",
            "facts.observation": (
                "Connection EdgeHost LocalCluster LocalRequest LocalRequestStatus ManagementMode "
                "Node Observed PaletteView RequestSnapshot TokenFacts"
            ),
            "facts.palette": (
                "PaletteCluster PaletteRequest ProfileListing RequestState request_state"
            ),
            "fleet.admission": "Capacity",
            "fleet.decide_all": "FleetDecisions FleetLimits decide_all",
            "fleet.duplicates": "conflicting other_subjects subject_of",
            "fleet.forecast": "PairingCost RolloutForecast WaveForecast forecast still_to_accept",
            "fleet.observations": "FleetDocuments FleetObservations Looked Subject",
            "fleet.records": "FleetRecords",
            "fleet.renamed": "is_new renamed",
            "fleet.rollout_documents": "RolloutDocuments",
            "fleet.rollout_facts": "rolled_out",
            "fleet.rollout_pace": "RolloutHistory",
            "fleet.rollout_progress": "HELD_BY_ROLLOUTS",
            "fleet.rollout_state": "MemberState RolloutPhase RolloutState Wait WaveState",
            "fleet.rollouts": "RolledOut outside_windows roll_out",
            "fleet.saved_plan": "PlanInForce PlannedStep",
            "fleet.stacks": "StackGroup stack_groups",
            "fleet.standing": (
                "is_same_intent judge judged_again settled_intents touched_since was_paired "
                "with_claims"
            ),
            "fleet.unrecognized": "Unrecognized must_see_all_hosts name_of rejecting unrecognized",
            "lookups": "Question open_question snapshot_uid",
            "outcome.conditions": "Condition ConditionType Truth false stamped true unknown",
            "outcome.decision": (
                "Decision decide is_accepted_in_palette is_over_in_palette is_spent"
            ),
            "outcome.holds": (
                "held_as_duplicate held_by_cap held_for_turn held_unsent held_while_acting"
            ),
            "outcome.invalid": "invalid_status",
            "outcome.paired_before": "paired_before",
            "outcome.status": "Status status_of with_health",
            "proof.configuration": "ShownChange ShownDifference reviewed_line",
            "proof.explanation": "with_explain",
            "proof.proof": "Proof declared_stack_differs prove resolve_profile select",
            "rules.approval": "needs_approval",
            "rules.decision_table": "TABLES",
            "rules.ownership": "pinned_cluster request_origin",
            "facts.phase": "Phase",
            "verdict": "Pace Rule Verdict is_blocked",
        },
    )

__all__ = [
    "ACCEPTED_STATES",
    "CONSOLE",
    "HELD_BY_ROLLOUTS",
    "TABLES",
    "UNCLAIMED",
    "Accept",
    "AcceptanceGrounds",
    "Action",
    "Basis",
    "Capacity",
    "Case",
    "Claim",
    "ClaimEvidence",
    "Condition",
    "ConditionType",
    "Connection",
    "DatedLook",
    "Decision",
    "Declined",
    "EdgeHost",
    "Evidence",
    "FleetDecisions",
    "FleetDocuments",
    "FleetLimits",
    "FleetObservations",
    "FleetRecords",
    "Intent",
    "LayerUse",
    "LocalCluster",
    "LocalRequest",
    "LocalRequestStatus",
    "Looked",
    "ManagementMode",
    "MemberState",
    "Node",
    "Observed",
    "Pace",
    "PairingCost",
    "PaletteCluster",
    "PaletteRequest",
    "PaletteView",
    "Patience",
    "Phase",
    "Pinned",
    "PlanInForce",
    "PlannedStep",
    "ProfileListing",
    "ProfileUse",
    "Proof",
    "Question",
    "Recorded",
    "Refused",
    "Reject",
    "RequestSnapshot",
    "RequestState",
    "RolledOut",
    "RolloutDocuments",
    "RolloutForecast",
    "RolloutHistory",
    "RolloutPhase",
    "RolloutState",
    "Rule",
    "SendRequest",
    "Sent",
    "ShownChange",
    "ShownDifference",
    "StackGroup",
    "Status",
    "Subject",
    "TokenFacts",
    "Truth",
    "Unanswered",
    "UnreadableClaim",
    "Unrecognized",
    "Verdict",
    "Wait",
    "WaveForecast",
    "WaveState",
    "Withdraw",
    "Withdrawn",
    "acceptance_of",
    "basis_changes",
    "basis_of",
    "canonical_endpoint",
    "canonical_uid",
    "completed",
    "conflicting",
    "decide",
    "decide_all",
    "declared_stack_differs",
    "evidence_of",
    "false",
    "file_stem",
    "forecast",
    "held_as_duplicate",
    "held_by_cap",
    "held_for_turn",
    "held_unsent",
    "held_while_acting",
    "invalid_status",
    "is_accepted_in_palette",
    "is_blocked",
    "is_new",
    "is_over",
    "is_over_in_palette",
    "is_past",
    "is_same_intent",
    "is_same_uid",
    "is_spent",
    "judge",
    "judged_again",
    "layer_use",
    "must_see_all_hosts",
    "name_of",
    "needs_approval",
    "open_question",
    "other_subjects",
    "outside_windows",
    "paired_before",
    "pinned_cluster",
    "profile_use",
    "prove",
    "rejecting",
    "renamed",
    "request_origin",
    "request_state",
    "resolve_profile",
    "reviewed_line",
    "roll_out",
    "rolled_out",
    "select",
    "settled_intents",
    "snapshot_uid",
    "stack_groups",
    "stamped",
    "status_of",
    "still_to_accept",
    "subject_of",
    "touched_since",
    "true",
    "unknown",
    "unrecognized",
    "was_paired",
    "with_claims",
    "with_explain",
    "with_health",
]
