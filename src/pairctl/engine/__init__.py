"""The loop: observe, decide, act, report. It decides nothing itself; `pairing` does."""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.engine.apply.executor import Ending, Outcome
    from pairctl.engine.apply.gate import Gate
    from pairctl.engine.apply.heartbeats import Heartbeats
    from pairctl.engine.apply.loop import SOON_S, USUAL_ASKING, Asking, run_until_settled, watch
    from pairctl.engine.apply.pass_result import PassResult
    from pairctl.engine.apply.reconciler import Reconciler
    from pairctl.engine.apply.step_by_step import run_step_by_step
    from pairctl.engine.apply.writing_access import WritingAccess
    from pairctl.engine.desired.change import ChangeKind
    from pairctl.engine.desired.source import Source, SourceEmpty, read_source, resolve_intents
    from pairctl.engine.desired.uncommitted import uncommitted
    from pairctl.engine.observe.access import Access, Keys
    from pairctl.engine.observe.last_look import read_heartbeat
    from pairctl.engine.observe.status_branch import read_records
    from pairctl.engine.plan.document import (
        PlanDocument,
        PlannedIntent,
        PlannedRollout,
        PlannedSecret,
        PlannedWave,
        PlanSummary,
        plan_schema,
    )
    from pairctl.engine.plan.file import PlanRefused, read_plan, refuse_other_file, write_plan
    from pairctl.engine.plan.offline import ONLY_CREDENTIALS_TELL, plan_offline
    from pairctl.engine.plan.plan import Plan, make_plan, plan_one
    from pairctl.engine.plan.planned import plan_document, planned_action
    from pairctl.engine.plan.preview import Preview, acceptance_to_come, preview_of
    from pairctl.engine.plan.saved_plan import SavedPlan, StalePlan
    from pairctl.engine.queries.approvals import Approvable, Approvals, read_approvable
    from pairctl.engine.queries.evidence import (
        EvidenceReport,
        Examined,
        read_evidence,
        verify_evidence,
    )
    from pairctl.engine.queries.evidence_laws import Finding, Law, Result
    from pairctl.engine.queries.evidence_words import evidence_fields
    from pairctl.engine.queries.explain import (
        Explanation,
        Explanations,
        Reviewing,
        explain_observed,
        explain_selected,
    )
    from pairctl.engine.queries.fleet_publications import FleetPublications, explain_fleet
    from pairctl.engine.queries.fleet_record import (
        FleetRecord,
        IntentRecord,
        RolloutRecord,
        read_fleet_record,
    )
    from pairctl.engine.queries.inventory import (
        Contact,
        Login,
        Seen,
        Site,
        Survey,
        contact_all,
        survey,
    )
    from pairctl.engine.queries.profile_export import LEFT_OUT, profile_document
    from pairctl.engine.queries.rollout_progress import RolloutProgress, rollout_progress
    from pairctl.engine.queries.wave_approvals import WaveApproval, read_wave_approval
    from pairctl.engine.runtime.clock import Clock, SystemClock
    from pairctl.engine.runtime.events import (
        Acted,
        Acting,
        Concluded,
        Decided,
        Event,
        HeartbeatRefused,
        HeartbeatTaken,
        Kept,
        Listener,
        OutageBegan,
        OutageEnded,
        PassStarted,
        Recorded,
        Unrecorded,
        unheard,
    )
    from pairctl.engine.runtime.settings import Settings
    from pairctl.engine.runtime.stop import Stop, stopping_on_signals
else:
    __getattr__ = on_demand(
        __name__,
        {
            "apply.executor": "Ending Outcome",
            "apply.gate": "Gate",
            "apply.heartbeats": "Heartbeats",
            "apply.loop": "SOON_S USUAL_ASKING Asking run_until_settled watch",
            "apply.pass_result": "PassResult",
            "apply.reconciler": "Reconciler",
            "apply.step_by_step": "run_step_by_step",
            "apply.writing_access": "WritingAccess",
            "desired.change": "ChangeKind",
            "desired.source": "Source SourceEmpty read_source resolve_intents",
            "desired.uncommitted": "uncommitted",
            "observe.access": "Access Keys",
            "observe.last_look": "read_heartbeat",
            "observe.status_branch": "read_records",
            "plan.document": (
                "PlanDocument PlannedIntent PlannedRollout PlannedSecret PlannedWave PlanSummary "
                "plan_schema"
            ),
            "plan.file": "PlanRefused read_plan refuse_other_file write_plan",
            "plan.offline": "ONLY_CREDENTIALS_TELL plan_offline",
            "plan.plan": "Plan make_plan plan_one",
            "plan.planned": "plan_document planned_action",
            "plan.preview": "Preview acceptance_to_come preview_of",
            "plan.saved_plan": "SavedPlan StalePlan",
            "queries.approvals": "Approvable Approvals read_approvable",
            "queries.evidence": "EvidenceReport Examined read_evidence verify_evidence",
            "queries.evidence_laws": "Finding Law Result",
            "queries.evidence_words": "evidence_fields",
            "queries.explain": (
                "Explanation Explanations Reviewing explain_observed explain_selected"
            ),
            "queries.fleet_publications": "FleetPublications explain_fleet",
            "queries.fleet_record": "FleetRecord IntentRecord RolloutRecord read_fleet_record",
            "queries.inventory": "Contact Login Seen Site Survey contact_all survey",
            "queries.profile_export": "LEFT_OUT profile_document",
            "queries.rollout_progress": "RolloutProgress rollout_progress",
            "queries.wave_approvals": "WaveApproval read_wave_approval",
            "runtime.clock": "Clock SystemClock",
            "runtime.events": (
                "Acted Acting Concluded Decided Event HeartbeatRefused HeartbeatTaken Kept "
                "Listener OutageBegan "
                "OutageEnded PassStarted Recorded Unrecorded unheard"
            ),
            "runtime.settings": "Settings",
            "runtime.stop": "Stop stopping_on_signals",
        },
    )

__all__ = [
    "LEFT_OUT",
    "ONLY_CREDENTIALS_TELL",
    "SOON_S",
    "USUAL_ASKING",
    "Access",
    "Acted",
    "Acting",
    "Approvable",
    "Approvals",
    "Asking",
    "ChangeKind",
    "Clock",
    "Concluded",
    "Contact",
    "Decided",
    "Ending",
    "Event",
    "EvidenceReport",
    "Examined",
    "Explanation",
    "Explanations",
    "Finding",
    "FleetPublications",
    "FleetRecord",
    "Gate",
    "HeartbeatRefused",
    "HeartbeatTaken",
    "Heartbeats",
    "IntentRecord",
    "Kept",
    "Keys",
    "Law",
    "Listener",
    "Login",
    "OutageBegan",
    "OutageEnded",
    "Outcome",
    "PassResult",
    "PassStarted",
    "Plan",
    "PlanDocument",
    "PlanRefused",
    "PlanSummary",
    "PlannedIntent",
    "PlannedRollout",
    "PlannedSecret",
    "PlannedWave",
    "Preview",
    "Reconciler",
    "Recorded",
    "Result",
    "Reviewing",
    "RolloutProgress",
    "RolloutRecord",
    "SavedPlan",
    "Seen",
    "Settings",
    "Site",
    "Source",
    "SourceEmpty",
    "StalePlan",
    "Stop",
    "Survey",
    "SystemClock",
    "Unrecorded",
    "WaveApproval",
    "WritingAccess",
    "acceptance_to_come",
    "contact_all",
    "evidence_fields",
    "explain_fleet",
    "explain_observed",
    "explain_selected",
    "make_plan",
    "plan_document",
    "plan_offline",
    "plan_one",
    "plan_schema",
    "planned_action",
    "preview_of",
    "profile_document",
    "read_approvable",
    "read_evidence",
    "read_fleet_record",
    "read_heartbeat",
    "read_plan",
    "read_records",
    "read_source",
    "read_wave_approval",
    "refuse_other_file",
    "resolve_intents",
    "rollout_progress",
    "run_step_by_step",
    "run_until_settled",
    "stopping_on_signals",
    "survey",
    "uncommitted",
    "unheard",
    "verify_evidence",
    "watch",
    "write_plan",
]
