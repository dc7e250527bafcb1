"""The life of a pairing: what was observed, what to decide, conditions, claims and status.

Pure functions over frozen data: no I/O, no clock, no randomness that is not an argument.
"""

from pairctl.pairing.acceptance import acceptance_of
from pairctl.pairing.action import Accept, Action, Reject, SendRequest, Withdraw
from pairctl.pairing.basis import Basis, basis_of
from pairctl.pairing.basis_changes import basis_changes
from pairctl.pairing.case import Case, Declined, Pinned, Recorded, Refused, place
from pairctl.pairing.claim import Claim, claim_for
from pairctl.pairing.condition import Condition, ConditionType, Truth, false, stamped, true, unknown
from pairctl.pairing.decision import TABLES, Decision, decide, held_as_twin, held_by_cap, is_spent
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
from pairctl.pairing.proof import (
    Proof,
    declared_stack_differs,
    prove,
    resolve_profile,
    select,
)
from pairctl.pairing.question import Question, open_question
from pairctl.pairing.status import ProfileUse, Status, status_of
from pairctl.pairing.unrecognized import Unrecognized, name_of, rejecting, unrecognized
from pairctl.pairing.verdict import Pace, Phase, Rule, Verdict

__all__ = [
    "TABLES",
    "Accept",
    "Action",
    "Basis",
    "Case",
    "Claim",
    "Condition",
    "ConditionType",
    "Connection",
    "Decision",
    "Declined",
    "EdgeHost",
    "Intent",
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
    "Status",
    "TokenFacts",
    "Truth",
    "Unrecognized",
    "Verdict",
    "Withdraw",
    "acceptance_of",
    "basis_changes",
    "basis_of",
    "claim_for",
    "decide",
    "declared_stack_differs",
    "false",
    "held_as_twin",
    "held_by_cap",
    "invalid_status",
    "is_spent",
    "name_of",
    "open_question",
    "place",
    "prove",
    "rejecting",
    "request_state",
    "resolve_profile",
    "select",
    "stamped",
    "status_of",
    "true",
    "unknown",
    "unrecognized",
]
