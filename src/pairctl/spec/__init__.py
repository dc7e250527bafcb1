"""What operators write: read with its places, judged, and typed. No network, no Git, no clock."""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.spec.candidates import FileReading, read_file, roots
    from pairctl.spec.codes import Code
    from pairctl.spec.config import Config, ConfigSpec
    from pairctl.spec.config_file import Setting, invalid_config, load_config
    from pairctl.spec.declared import Declared, Loaded, Rejected, generation
    from pairctl.spec.digests import blob_id, digest, digest_of
    from pairctl.spec.document_index import IndexEntry, References, RolloutSelects, RowPlace, Target
    from pairctl.spec.expansion import (
        SET_MARK,
        Expand,
        Expansion,
        expand,
        is_set,
        named_tables,
        no_table,
        row_names,
        row_root,
    )
    from pairctl.spec.field_guide import FieldGuide, find_field, guide_of, near_fields
    from pairctl.spec.fields import (
        API_VERSION,
        Written,
        as_endpoint,
        as_fingerprint,
        as_name,
        canonical_host,
        near_name,
    )
    from pairctl.spec.findings import Finding, Severity, Span, causes_first, unread_file
    from pairctl.spec.folder import (
        FolderFiles,
        Listed,
        Listing,
        Signature,
        list_folder,
        read_folder,
        read_ignore_list,
        read_listed,
        read_table_file,
    )
    from pairctl.spec.foreign import MAX_LOOKED_AT_BYTES, is_foreign_content
    from pairctl.spec.guarded import is_inside, is_stray
    from pairctl.spec.ignoring import IGNORE_FILE, IgnoreList, IgnoreListRefused, ignored_problems
    from pairctl.spec.intent_selection import ALL_INTENTS, IntentSelection
    from pairctl.spec.judgement import Judgement, judge_together, without_values
    from pairctl.spec.kinds import (
        KINDS,
        MODELS,
        Acceptance,
        AllowedPart,
        AnyDocument,
        Desired,
        HaltWhen,
        Inventory,
        LabelSelect,
        Limits,
        LocalUI,
        LocalUIPlace,
        OnAmbiguous,
        Operator,
        OperatorSpec,
        PairingApproval,
        PairingApprovalSpec,
        PairingIntent,
        PairingIntentSet,
        PairingIntentSetSpec,
        PairingIntentSpec,
        PairingRequestReference,
        PairingRoutes,
        Palette,
        PaletteSpec,
        ProfileMatch,
        ProfileMatchSpec,
        ProfileReference,
        RegistrationToken,
        Rollout,
        RolloutApproval,
        RolloutApprovalSpec,
        RolloutPace,
        RolloutSpec,
        SecretReference,
        Selection,
        Suspension,
        Timing,
        Tls,
        UnrecognizedRequests,
        Wave,
        Window,
    )
    from pairctl.spec.loader import load, load_operator
    from pairctl.spec.matches import OnDifference, ValuesFrom
    from pairctl.spec.nodes import MapNode, Node, Scalar, locate
    from pairctl.spec.rollouts import DAYS, Gate, approval_digest, time_zone
    from pairctl.spec.row_columns import RowColumns, columns_of, columns_of_rows
    from pairctl.spec.schema import inlined, inlined_schema, model_schema, schema_of, schemas
    from pairctl.spec.secret_roles import ANY_ROLES, RolesOf, SecretRole, UsedSecret, in_words
    from pairctl.spec.selector import LabelSelector, Requirement, parse_selector
    from pairctl.spec.shape import plain
    from pairctl.spec.source import SourceFile
    from pairctl.spec.source_lines import excerpts
    from pairctl.spec.table_edit import csv_line, with_column
    from pairctl.spec.tables import MAX_TABLE_BYTES, Row, Table, read_table
    from pairctl.spec.templates import columns_in
    from pairctl.spec.wording import nearest, snippet
else:
    __getattr__ = on_demand(
        __name__,
        {
            "candidates": "FileReading read_file roots",
            "codes": "Code",
            "config": "Config ConfigSpec",
            "config_file": "Setting invalid_config load_config",
            "declared": "Declared Loaded Rejected generation",
            "digests": "blob_id digest digest_of",
            "document_index": "IndexEntry References RolloutSelects RowPlace Target",
            "expansion": (
                "SET_MARK Expand Expansion expand is_set named_tables no_table row_names row_root"
            ),
            "field_guide": "FieldGuide find_field guide_of near_fields",
            "fields": (
                "API_VERSION Written as_endpoint as_fingerprint as_name canonical_host near_name"
            ),
            "findings": "Finding Severity Span causes_first unread_file",
            "folder": (
                "FolderFiles Listed Listing Signature list_folder read_folder read_ignore_list "
                "read_listed read_table_file"
            ),
            "foreign": "MAX_LOOKED_AT_BYTES is_foreign_content",
            "guarded": "is_inside is_stray",
            "ignoring": "IGNORE_FILE IgnoreList IgnoreListRefused ignored_problems",
            "intent_selection": "ALL_INTENTS IntentSelection",
            "judgement": "Judgement judge_together without_values",
            "kinds": (
                "KINDS MODELS Acceptance AllowedPart AnyDocument Desired HaltWhen Inventory "
                "LabelSelect Limits LocalUI LocalUIPlace OnAmbiguous Operator OperatorSpec "
                "PairingApproval PairingApprovalSpec PairingIntent PairingIntentSet "
                "PairingIntentSetSpec PairingIntentSpec PairingRequestReference PairingRoutes "
                "Palette PaletteSpec ProfileMatch ProfileMatchSpec ProfileReference "
                "RegistrationToken Rollout RolloutApproval RolloutApprovalSpec RolloutPace "
                "RolloutSpec SecretReference Selection Suspension Timing Tls UnrecognizedRequests "
                "Wave Window"
            ),
            "loader": "load load_operator",
            "matches": "OnDifference ValuesFrom",
            "nodes": "MapNode Node Scalar locate",
            "rollouts": "DAYS Gate approval_digest time_zone",
            "row_columns": "RowColumns columns_of columns_of_rows",
            "schema": "inlined inlined_schema model_schema schema_of schemas",
            "secret_roles": "ANY_ROLES RolesOf SecretRole UsedSecret in_words",
            "selector": "LabelSelector Requirement parse_selector",
            "shape": "plain",
            "source": "SourceFile",
            "source_lines": "excerpts",
            "table_edit": "csv_line with_column",
            "tables": "MAX_TABLE_BYTES Row Table read_table",
            "templates": "columns_in",
            "wording": "nearest snippet",
        },
    )

__all__ = [
    "ALL_INTENTS",
    "ANY_ROLES",
    "API_VERSION",
    "DAYS",
    "IGNORE_FILE",
    "KINDS",
    "MAX_LOOKED_AT_BYTES",
    "MAX_TABLE_BYTES",
    "MODELS",
    "SET_MARK",
    "Acceptance",
    "AllowedPart",
    "AnyDocument",
    "Code",
    "Config",
    "ConfigSpec",
    "Declared",
    "Desired",
    "Expand",
    "Expansion",
    "FieldGuide",
    "FileReading",
    "Finding",
    "FolderFiles",
    "Gate",
    "HaltWhen",
    "IgnoreList",
    "IgnoreListRefused",
    "IndexEntry",
    "IntentSelection",
    "Inventory",
    "Judgement",
    "LabelSelect",
    "LabelSelector",
    "Limits",
    "Listed",
    "Listing",
    "Loaded",
    "LocalUI",
    "LocalUIPlace",
    "MapNode",
    "Node",
    "OnAmbiguous",
    "OnDifference",
    "Operator",
    "OperatorSpec",
    "PairingApproval",
    "PairingApprovalSpec",
    "PairingIntent",
    "PairingIntentSet",
    "PairingIntentSetSpec",
    "PairingIntentSpec",
    "PairingRequestReference",
    "PairingRoutes",
    "Palette",
    "PaletteSpec",
    "ProfileMatch",
    "ProfileMatchSpec",
    "ProfileReference",
    "References",
    "RegistrationToken",
    "Rejected",
    "Requirement",
    "RolesOf",
    "Rollout",
    "RolloutApproval",
    "RolloutApprovalSpec",
    "RolloutPace",
    "RolloutSelects",
    "RolloutSpec",
    "Row",
    "RowColumns",
    "RowPlace",
    "Scalar",
    "SecretReference",
    "SecretRole",
    "Selection",
    "Setting",
    "Severity",
    "Signature",
    "SourceFile",
    "Span",
    "Suspension",
    "Table",
    "Target",
    "Timing",
    "Tls",
    "UnrecognizedRequests",
    "UsedSecret",
    "ValuesFrom",
    "Wave",
    "Window",
    "Written",
    "approval_digest",
    "as_endpoint",
    "as_fingerprint",
    "as_name",
    "blob_id",
    "canonical_host",
    "causes_first",
    "columns_in",
    "columns_of",
    "columns_of_rows",
    "csv_line",
    "digest",
    "digest_of",
    "excerpts",
    "expand",
    "find_field",
    "generation",
    "guide_of",
    "ignored_problems",
    "in_words",
    "inlined",
    "inlined_schema",
    "invalid_config",
    "is_foreign_content",
    "is_inside",
    "is_set",
    "is_stray",
    "judge_together",
    "list_folder",
    "load",
    "load_config",
    "load_operator",
    "locate",
    "model_schema",
    "named_tables",
    "near_fields",
    "near_name",
    "nearest",
    "no_table",
    "parse_selector",
    "plain",
    "read_file",
    "read_folder",
    "read_ignore_list",
    "read_listed",
    "read_table",
    "read_table_file",
    "roots",
    "row_names",
    "row_root",
    "schema_of",
    "schemas",
    "snippet",
    "time_zone",
    "unread_file",
    "with_column",
    "without_values",
]
