"""The status branch as files: statuses, claims, what was observed, STATUS.md; written and read."""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.records.branch_guard import foreign_paths, refuse_foreign, refuse_source
    from pairctl.records.claim_files import (
        CLAIMS_FOLDER,
        claim_path,
        parse_claim,
        render_claim,
        unreadable_claim,
    )
    from pairctl.records.evidence_files import (
        EVIDENCE_FOLDER,
        evidence_data,
        evidence_path,
        parse_evidence,
        render_evidence,
    )
    from pairctl.records.heartbeat import (
        HEARTBEAT_FILE,
        Heartbeat,
        heartbeat_data,
        heartbeat_ref,
        parse_heartbeat,
        render_heartbeat,
    )
    from pairctl.records.known_files import KnownFiles
    from pairctl.records.ledger import (
        BRANCH_FILE,
        Ledger,
        parse_branch,
        parse_ledger,
        read_ledger,
        render_branch,
    )
    from pairctl.records.observed import (
        ObservedCluster,
        ObservedConfiguration,
        ObservedPalette,
        cluster_document,
        cluster_file,
        observed_cluster,
        observed_palette,
        palette_document,
        palette_file,
    )
    from pairctl.records.record import (
        OWN_KEYS,
        OWN_KEYS_OF_ROLLOUTS,
        Record,
        changes_on,
        claim_file,
        message_of,
    )
    from pairctl.records.rollout_record import (
        ROLLOUTS_FOLDER,
        RecordedRollout,
        RecordedWave,
        RolloutStatus,
        parse_rollout,
        read_rollouts,
        recorded_rollout,
        recorded_rollouts,
        rollout_data,
        rollout_path,
        rollout_schema,
    )
    from pairctl.records.status_files import parse_status, render_status, status_data, status_path
    from pairctl.records.summary import render_summary
    from pairctl.records.yaml_text import parse_yaml, render_document, render_yaml
else:
    __getattr__ = on_demand(
        __name__,
        {
            "branch_guard": "foreign_paths refuse_foreign refuse_source",
            "claim_files": "CLAIMS_FOLDER claim_path parse_claim render_claim unreadable_claim",
            "evidence_files": (
                "EVIDENCE_FOLDER evidence_data evidence_path parse_evidence render_evidence"
            ),
            "heartbeat": (
                "HEARTBEAT_FILE Heartbeat heartbeat_data heartbeat_ref parse_heartbeat "
                "render_heartbeat"
            ),
            "known_files": "KnownFiles",
            "ledger": "BRANCH_FILE Ledger parse_branch parse_ledger read_ledger render_branch",
            "observed": (
                "ObservedCluster ObservedConfiguration ObservedPalette cluster_document "
                "cluster_file observed_cluster observed_palette palette_document palette_file"
            ),
            "record": "OWN_KEYS OWN_KEYS_OF_ROLLOUTS Record changes_on claim_file message_of",
            "rollout_record": (
                "ROLLOUTS_FOLDER RecordedRollout RecordedWave RolloutStatus parse_rollout "
                "read_rollouts recorded_rollout recorded_rollouts rollout_data rollout_path "
                "rollout_schema"
            ),
            "status_files": "parse_status render_status status_data status_path",
            "summary": "render_summary",
            "yaml_text": "parse_yaml render_document render_yaml",
        },
    )

__all__ = [
    "BRANCH_FILE",
    "CLAIMS_FOLDER",
    "EVIDENCE_FOLDER",
    "HEARTBEAT_FILE",
    "OWN_KEYS",
    "OWN_KEYS_OF_ROLLOUTS",
    "ROLLOUTS_FOLDER",
    "Heartbeat",
    "KnownFiles",
    "Ledger",
    "ObservedCluster",
    "ObservedConfiguration",
    "ObservedPalette",
    "Record",
    "RecordedRollout",
    "RecordedWave",
    "RolloutStatus",
    "changes_on",
    "claim_file",
    "claim_path",
    "cluster_document",
    "cluster_file",
    "evidence_data",
    "evidence_path",
    "foreign_paths",
    "heartbeat_data",
    "heartbeat_ref",
    "message_of",
    "observed_cluster",
    "observed_palette",
    "palette_document",
    "palette_file",
    "parse_branch",
    "parse_claim",
    "parse_evidence",
    "parse_heartbeat",
    "parse_ledger",
    "parse_rollout",
    "parse_status",
    "parse_yaml",
    "read_ledger",
    "read_rollouts",
    "recorded_rollout",
    "recorded_rollouts",
    "refuse_foreign",
    "refuse_source",
    "render_branch",
    "render_claim",
    "render_document",
    "render_evidence",
    "render_heartbeat",
    "render_status",
    "render_summary",
    "render_yaml",
    "rollout_data",
    "rollout_path",
    "rollout_schema",
    "status_data",
    "status_path",
    "unreadable_claim",
]
