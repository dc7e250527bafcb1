"""The life of a pairing: what was observed, what to decide, conditions, claims and status.

Pure functions over frozen data: no I/O, no clock, no randomness that is not an argument.
"""

from pairctl.pairing.action import Accept, Action, Reject, SendRequest, Withdraw, acceptance_of
from pairctl.pairing.approval import needs_approval
from pairctl.pairing.basis import Basis, basis_of
from pairctl.pairing.basis_changes import basis_changes
from pairctl.pairing.case import Case, Declined, Pinned, Recorded, Refused, Sent, place
from pairctl.pairing.claim import (
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
from pairctl.pairing.condition import Condition, ConditionType, Truth, false, stamped, true, unknown
from pairctl.pairing.decision import (
    TABLES,
    Decision,
    decide,
    held_as_twin,
    held_by_cap,
    is_accepted_in_palette,
    is_over_in_palette,
    is_spent,
)
from pairctl.pairing.evidence import ClaimEvidence, Evidence, completed, evidence_of
from pairctl.pairing.identity import canonical_uid, file_stem, is_same_uid
from pairctl.pairing.intent import Intent
from pairctl.pairing.invalid import invalid_status
from pairctl.pairing.observation import (
    Connection,
    EdgeHost,
    LocalCluster,
    LocalRequest,
    LocalRequestStatus,
    ManagementMode,
    Node,
    Observed,
    PaletteCluster,
    PaletteRequest,
    PaletteView,
    ProfileListing,
    RequestSnapshot,
    RequestState,
    TokenFacts,
    request_state,
)
from pairctl.pairing.ownership import request_origin
from pairctl.pairing.proof import (
    Proof,
    declared_stack_differs,
    prove,
    resolve_profile,
    select,
)
from pairctl.pairing.question import Question, open_question, snapshot_uid
from pairctl.pairing.status import Status, status_of
from pairctl.pairing.unrecognized import Unrecognized, name_of, rejecting, unrecognized
from pairctl.pairing.verdict import Pace, Phase, Rule, Verdict

__all__ = [
    "TABLES",
    "Accept",
    "AcceptanceGrounds",
    "Action",
    "Basis",
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
    "Intent",
    "LayerUse",
    "LocalCluster",
    "LocalRequest",
    "LocalRequestStatus",
    "ManagementMode",
    "Node",
    "Observed",
    "Pace",
    "PaletteCluster",
    "PaletteRequest",
    "PaletteView",
    "Patience",
    "Phase",
    "Pinned",
    "ProfileListing",
    "ProfileUse",
    "Proof",
    "Question",
    "Recorded",
    "Refused",
    "Reject",
    "RequestSnapshot",
    "RequestState",
    "Rule",
    "SendRequest",
    "Sent",
    "Status",
    "TokenFacts",
    "Truth",
    "UnreadableClaim",
    "Unrecognized",
    "Verdict",
    "Withdraw",
    "acceptance_of",
    "basis_changes",
    "basis_of",
    "canonical_uid",
    "completed",
    "decide",
    "declared_stack_differs",
    "evidence_of",
    "false",
    "file_stem",
    "held_as_twin",
    "held_by_cap",
    "invalid_status",
    "is_accepted_in_palette",
    "is_over",
    "is_over_in_palette",
    "is_past",
    "is_same_uid",
    "is_spent",
    "layer_use",
    "name_of",
    "needs_approval",
    "open_question",
    "place",
    "profile_use",
    "prove",
    "rejecting",
    "request_origin",
    "request_state",
    "resolve_profile",
    "select",
    "snapshot_uid",
    "stamped",
    "status_of",
    "true",
    "unknown",
    "unrecognized",
]
