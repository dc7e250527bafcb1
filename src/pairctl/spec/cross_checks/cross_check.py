"""Documents against each other, check by check. The order of files changes nothing."""

from collections.abc import Callable, Iterator, Sequence

from pairctl.spec.codes import Code
from pairctl.spec.cross_checks.duplicates import (
    duplicate_approvals,
    duplicate_names,
    duplicate_targets,
    names_in_other_case,
    same_acknowledgements,
    same_fingerprints,
)
from pairctl.spec.cross_checks.index import DocumentIndex, Draft, indexed
from pairctl.spec.cross_checks.references import broken_references
from pairctl.spec.cross_checks.rollouts import overlapping_rollouts
from pairctl.spec.cross_checks.secret_uses import refused_uses
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.findings import Finding, any_refuses, finding
from pairctl.spec.nodes import Node, locate
from pairctl.spec.secret_roles import ANY_ROLES, RolesOf

_REFERRING = (
    "ProfileMatch",
    "PairingIntentSet",
    "PairingIntent",
    "PairingApproval",
    "RolloutApproval",
)
"""The kinds that refer to others, each only to kinds before it."""


def cross_check(
    entries: Sequence[IndexEntry],
    root_of: Callable[[IndexEntry], Node],
    refused_files: Sequence[str] = (),
    approvals_folder: str | None = None,
    allowed: RolesOf = ANY_ROLES,
) -> tuple[tuple[Finding, ...], ...]:
    """Return what is wrong with each document, its own findings included, in their order.

    A document that refers to a refused one is refused as well. `root_of` reads a file anew: it is
    asked in the order of the entries, so that a file is read once however much is wrong with it.
    `allowed` is what the operator's file lets secrets serve as.
    """
    documents = indexed(entries, refused_files, approvals_folder)
    drafts = (
        *_errors(documents, allowed),
        *same_acknowledgements(documents),
        *same_fingerprints(documents),
    )
    found = [list(entry.findings) for entry in entries]
    for one in sorted(drafts, key=lambda one: one.entry):
        entry = entries[one.entry]
        span = locate(root_of(entry), one.field).value_span
        found[one.entry].append(
            finding(
                entry.path,
                span,
                one.code,
                one.message,
                one.hint,
                severity=one.severity,
                replacement=one.instead,
                may_follow=one.may_follow,
            )
        )
    return tuple(map(tuple, found))


def _errors(documents: DocumentIndex, allowed: RolesOf) -> list[Draft]:
    drafts = [
        *duplicate_names(documents),
        *duplicate_targets(documents),
        *duplicate_approvals(documents),
        *names_in_other_case(documents),
        *_operators(documents),
        *overlapping_rollouts(documents),
        *refused_uses(documents, allowed),
    ]
    refused = {
        index for index, entry in enumerate(documents.entries) if any_refuses(entry.findings)
    }
    refused.update(one.entry for one in drafts)
    for kind in _REFERRING:
        more = [
            one
            for index, entry in enumerate(documents.entries)
            if entry.kind == kind and (entry.references is not None or entry.row_of)
            for one in broken_references(index, entry, documents, refused)
        ]
        drafts += more
        refused.update(one.entry for one in more)
    return drafts


def _operators(documents: DocumentIndex) -> Iterator[Draft]:
    for index, entry in enumerate(documents.entries):
        if entry.kind == "Operator" and entry.references is not None:
            message = "the operator's file lies where pull requests can change it"
            hint = "keep it on the machine that runs pairctl, and name it with --operator"
            yield Draft(index, ("kind",), Code.OPERATOR_IN_REPOSITORY, message, hint)
