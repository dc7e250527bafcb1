"""The loop: observe, decide, act, report. It decides nothing itself; `pairing` does."""

from pairctl.engine.access import Access, Keys, WritingAccess
from pairctl.engine.approvals import Approvable, read_approvable
from pairctl.engine.change import ChangeKind
from pairctl.engine.clock import Clock, SystemClock
from pairctl.engine.event import (
    Acted,
    Acting,
    Decided,
    Event,
    Kept,
    Listener,
    PassStarted,
    Recorded,
    unheard,
)
from pairctl.engine.evidence import (
    EvidenceReport,
    Examined,
    read_evidence,
    verify_evidence,
)
from pairctl.engine.explanation import Explanation, explain_observed
from pairctl.engine.hand import Ending, Outcome
from pairctl.engine.mandate import Mandate, PlanMoved
from pairctl.engine.offline import ONLY_CREDENTIALS_TELL, plan_offline
from pairctl.engine.plan import Plan, make_plan
from pairctl.engine.plan_document import (
    PlanDocument,
    PlannedIntent,
    PlannedSecret,
    PlanSummary,
    plan_schema,
)
from pairctl.engine.plan_file import PlanRefused, read_plan, write_plan
from pairctl.engine.planned import plan_document, planned_action
from pairctl.engine.profile_document import LEFT_OUT, profile_document
from pairctl.engine.reconcile import PassResult, Reconciler
from pairctl.engine.settings import Settings
from pairctl.engine.source import Source, SourceEmpty, read_source, resolve_intents
from pairctl.engine.status_branch import read_records
from pairctl.engine.stop import Stop, stopping_on_signals
from pairctl.engine.uncommitted import uncommitted
from pairctl.engine.verification import Finding, Law, Result
from pairctl.engine.watch import run_until_settled, watch

__all__ = [
    "LEFT_OUT",
    "ONLY_CREDENTIALS_TELL",
    "Access",
    "Acted",
    "Acting",
    "Approvable",
    "ChangeKind",
    "Clock",
    "Decided",
    "Ending",
    "Event",
    "EvidenceReport",
    "Examined",
    "Explanation",
    "Finding",
    "Kept",
    "Keys",
    "Law",
    "Listener",
    "Mandate",
    "Outcome",
    "PassResult",
    "PassStarted",
    "Plan",
    "PlanDocument",
    "PlanMoved",
    "PlanRefused",
    "PlanSummary",
    "PlannedIntent",
    "PlannedSecret",
    "Reconciler",
    "Recorded",
    "Result",
    "Settings",
    "Source",
    "SourceEmpty",
    "Stop",
    "SystemClock",
    "WritingAccess",
    "explain_observed",
    "make_plan",
    "plan_document",
    "plan_offline",
    "plan_schema",
    "planned_action",
    "profile_document",
    "read_approvable",
    "read_evidence",
    "read_plan",
    "read_records",
    "read_source",
    "resolve_intents",
    "run_until_settled",
    "stopping_on_signals",
    "uncommitted",
    "unheard",
    "verify_evidence",
    "watch",
    "write_plan",
]
