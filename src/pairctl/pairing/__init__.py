"""The life of a pairing: what was observed, what to decide, conditions, claims and status.

Pure functions over frozen data: no I/O, no clock, no randomness that is not an argument.
"""

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
from pairctl.pairing.facts.evidence import ClaimEvidence, Evidence, completed, evidence_of
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
from pairctl.pairing.fleet.observations import FleetDocuments, FleetObservations, Looked, Subject
from pairctl.pairing.fleet.records import FleetRecords
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
    held_as_duplicate,
    held_by_cap,
    held_for_turn,
    held_unsent,
    held_while_acting,
    is_accepted_in_palette,
    is_over_in_palette,
    is_spent,
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
from pairctl.pairing.verdict import Pace, Phase, Rule, Verdict, is_blocked

__all__ = [
    "ACCEPTED_STATES",
    "HELD_BY_ROLLOUTS",
    "TABLES",
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
    "true",
    "unknown",
    "unrecognized",
    "was_paired",
    "with_claims",
    "with_explain",
    "with_health",
]
